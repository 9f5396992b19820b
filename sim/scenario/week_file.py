"""The week file: who works aboard and how long a day, what there is to work with, and what is to be done when."""

from __future__ import annotations

from typing import Annotated, Literal

from sim.scenario.kinds import Craft, File, Pair, Table, Words, length, within

KIND = "week"
GROUPS = ("visitor", "new", "resident")  # those who come and go with different ships; who comes to stay; who was there
Discipline = Literal[
    "aerospace",
    "astronomy",
    "biology and medicine",
    "ecology",
    "fluid mechanics",
    "materials",
    "microgravity",
    "physics (applied)",
    "radiation in space",
    "duty",
]
Hours = Annotated[float, within(0, 400)]
Window = Pair[Hours]
Minutes = Annotated[int, within(5, 720)]


class Group(Table):
    """Minutes a day. `work_first_min`: the limit of working time in the days of adaptation; `exercise_min` in two
    blocks."""

    work_min: Annotated[int, within(0, 900)]
    work_first_min: Annotated[int, within(0, 900)]
    exercise_min: Annotated[int, within(0, 300)]


class People(Table):
    visitor: Group
    new: Group
    resident: Group


class Common(Table):
    """What all do together on each day that is long enough: it begins `after_waking_h`, or ends `before_sleep_h`."""

    name: Words
    duration_min: Minutes
    after_waking_h: Window | None = None
    before_sleep_h: Window | None = None
    awake_least_h: Annotated[float, within(0, 24)]
    work: bool = False


class Frame(Table):
    """The day, in Beijing time. `sleep_from_h`: clock time; `settle_h`: how soon after the hatch opens the first sleep
    may be; `wake_before_undocking_h`: of the last; `science_from_h`: after the hatch opens, of what is
    optional; `last_work_h`: before the undocking, of all that has no time of its own there; `adaptation_days` from the
    docking on."""

    sleep_from_h: Annotated[float, within(0, 24)]
    sleep_h: Annotated[float, within(4, 12)]
    after_sleep_min: Annotated[int, within(0, 180)]
    before_sleep_min: Annotated[int, within(0, 180)]
    settle_h: Annotated[float, within(0, 24)]
    science_from_h: Annotated[float, within(0, 100)]
    last_work_h: Annotated[float, within(0, 100)]
    wake_before_undocking_h: Annotated[float, within(0, 24)]
    adaptation_days: Annotated[int, within(0, 30)]
    exercise_devices: Annotated[int, within(1, 20)]
    exercise_awake_least_h: Annotated[float, within(0, 24)]
    common: Annotated[tuple[Common, ...], length(0, 12)] = ()


class StationLimits(Table):
    """`power_w` for payloads, all together; `downlink_mbit_s` for video and data of payloads; `cold_l`, `up_kg`,
    `down_kg`: of the whole week, in the ships that come and go."""

    power_w: Annotated[float, within(0, 1e5)]
    downlink_mbit_s: Annotated[float, within(0, 1e5)]
    cold_l: Annotated[float, within(0, 1e4)]
    up_kg: Annotated[float, within(0, 1e5)]
    down_kg: Annotated[float, within(0, 1e5)]


class Rack(Table):
    """A place for one experiment at a time: a rack inside, or an adapter `outside`."""

    name: Craft
    title: Words
    power_w: Annotated[float, within(0, 1e5)]
    outside: bool = False


class WeekPlace(Table):
    name: Craft
    title: Words
    latitude_deg: Annotated[float, within(-90, 90)]
    longitude_deg: Annotated[float, within(-180, 180)]
    height_m: Annotated[float, within(-430, 6000)] = 0.0


class Physics(Table):
    """What the conditions mean. `quiet_min`: from docking, undocking, trim, or what disturbs, before and after;
    `day_sun_deg`, `night_sun_deg`: elevation of the Sun below the station; the South Atlantic Anomaly is an ellipse
    about a centre. `margin_s` and, for each day since the lift-off, `margin_s_day`: by how much sooner and later a
    condition must hold than the plan has it, since the forecast errs."""

    quiet_min: Annotated[float, within(0, 600)]
    day_sun_deg: Annotated[float, within(-20, 60)]
    night_sun_deg: Annotated[float, within(-60, 20)]
    anomaly_latitude_deg: Annotated[float, within(-90, 90)]
    anomaly_longitude_deg: Annotated[float, within(-180, 180)]
    anomaly_half_widths_deg: Pair[Annotated[float, within(1, 90)]]
    relay_mask_km: Annotated[float, within(0, 300)]
    margin_s: Annotated[float, within(0, 3600)]
    margin_s_day: Annotated[float, within(0, 3600)]


class PassOver(Table):
    """A whole pass over a place, above an elevation and no shorter than `duration_s`, lies within the activity."""

    place: Craft
    elevation_deg: Annotated[float, within(0, 80)]
    duration_s: Annotated[float, within(10, 900)]


Count = Annotated[int, within(0, 20)]


class ActivityCrew(Table):
    """How many of which people, 0 for all of those; `returning` go down with the ship that leaves, `staying` do not."""

    visitor: Count | None = None
    new: Count | None = None
    resident: Count | None = None
    returning: Count | None = None
    staying: Count | None = None
    all: Count | None = None

    @property
    def asked(self) -> dict[str, int]:
        """By the words that are given."""
        return {word: count for word, count in self.model_dump().items() if count is not None}


class WeekActivity(Table):
    """`run_min`: how long the rack goes on alone afterwards.
    `optional`: it may be left out, at the price of its `priority` a minute; others must be done. `after`: each time
    follows the same time of those, or the last where it is done once, by `gap_h`; `every_h`: from the begin of one time
    to the next. `disturbs`: it ends the quiet of others. `cold_l`, `up_kg`, `down_kg`: each time."""

    name: Craft
    title: Words
    discipline: Discipline
    duration_min: Minutes
    times: Annotated[int, within(1, 20)] = 1
    optional: bool = False
    priority: Annotated[int, within(1, 10)] = 1
    crew: ActivityCrew
    rack: Craft | None = None
    run_min: Annotated[int, within(0, 4320)] = 0
    power_w: Annotated[float, within(0, 1e5)] = 0.0
    downlink_mbit_s: Annotated[float, within(0, 1e5)] = 0.0
    cold_l: Annotated[float, within(0, 1e3)] = 0.0
    up_kg: Annotated[float, within(0, 1e4)] = 0.0
    down_kg: Annotated[float, within(0, 1e4)] = 0.0
    after: Annotated[tuple[Craft, ...], length(0, 8)] = ()
    gap_h: Window | None = None
    every_h: Window | None = None
    after_hatch_h: Window | None = None
    before_undocking_h: Window | None = None
    disturbs: bool = False
    quiet: bool = False
    light: Literal["day", "night"] | None = None
    anomaly: Literal["avoid", "cross"] | None = None
    relay: bool = False
    over: PassOver | None = None


class WeekFile(File):
    kind: Literal["week"]
    note: Words = ""
    people: People
    frame: Frame
    station: StationLimits
    physics: Physics
    racks: Annotated[tuple[Rack, ...], length(0, 40)] = ()
    places: Annotated[tuple[WeekPlace, ...], length(0, 40)] = ()
    activities: Annotated[tuple[WeekActivity, ...], length(1, 49)]


def people_of(launched: str, returning: str, up: str, down: str) -> tuple[str, ...]:
    """Which words of `crew` hold for one who comes up in the ship `up` and goes down in `down`, in a mission that
    launches one ship and returns another."""
    group = "resident" if up != launched else "new" if down == launched else "visitor"
    return group, "returning" if down == returning else "staying", "all"
