"""A week aboard, as data: what was asked, what was planned, and what of it did not hold. Seconds count from the
mission's zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


@dataclass(frozen=True)
class Person:
    """`groups`: the words by which an activity may ask for this one, the first of them visitor, new or resident."""

    key: str
    name: str
    role: str
    nation: str
    groups: tuple[str, ...]

    @property
    def group(self) -> str:
        return self.groups[0]


@dataclass(frozen=True)
class Group:
    """Minutes a day of working time, the same in the first days, and of exercise."""

    work: int
    work_first: int
    exercise: int


@dataclass(frozen=True)
class Over:
    """A place on the ground, deg and m: a whole pass above `elevation` deg, `duration` s or longer."""

    place: str
    title: str
    latitude: float
    longitude: float
    height: float
    elevation: float
    duration: float


@dataclass(frozen=True)
class Conditions:
    """What must hold: `quiet`, with `light` "day" or "night" below and `anomaly` "avoid" throughout; `anomaly` "cross"
    and `over`: a whole crossing, or pass, lies within."""

    quiet: bool = False
    light: str = ""
    anomaly: str = ""
    relay: bool = False
    over: Over | None = None

    @property
    def orbital(self) -> bool:
        """Whether they depend on where the station is."""
        return bool(self.light or self.anomaly or self.relay or self.over)

    @property
    def words(self) -> str:
        """The same for people; empty without any."""
        lights = {"day": "daylight below", "night": "night below", "": ""}
        anomalies = {"avoid": "outside the anomaly", "cross": "a crossing of the anomaly", "": ""}
        over = f"a pass over {self.over.title} above {self.over.elevation:g} deg" if self.over else ""
        words = (
            "quiet microgravity" if self.quiet else "",
            lights[self.light],
            anomalies[self.anomaly],
            "relay cover" if self.relay else "",
            over,
        )
        return ", ".join(word for word in words if word)


@dataclass(frozen=True)
class Activity:
    """As the week file has it; minutes, hours, W, Mbit/s, litres, kg. `crew`: how many of each word. `rack`: empty for
    none; it goes on for `run` minutes alone."""

    name: str
    title: str
    discipline: str
    minutes: int
    times: int
    optional: bool
    priority: int
    crew: Mapping[str, int]
    rack: str
    run: int
    power: float
    downlink: float
    cold: float
    up: float
    down: float
    after: tuple[str, ...]
    gap: tuple[float, float] | None
    every: tuple[float, float] | None
    after_hatch: tuple[float, float] | None
    before_undocking: tuple[float, float] | None
    disturbs: bool
    conditions: Conditions


@dataclass(frozen=True)
class Physics:
    """What conditions mean; as the week file has it, s and deg, the mask in m."""

    quiet: float
    day_sun: float
    night_sun: float
    anomaly_centre: tuple[float, float]
    anomaly_half_widths: tuple[float, float]
    relay_mask: float
    margin: float
    margin_day: float


@dataclass(frozen=True)
class Common:
    """What all do together on each day that is long enough; minutes and hours."""

    name: str
    minutes: int
    after_waking: tuple[float, float] | None
    before_sleep: tuple[float, float] | None
    awake_least: float
    work: bool


@dataclass(frozen=True)
class WeekRules:
    """What a week is planned and judged by. `supplies`: what there is of power W, downlink Mbit/s, cold litres, up and
    down kg. `racks`: name -> title."""

    name: str
    people: tuple[Person, ...]
    groups: Mapping[str, Group]
    commons: tuple[Common, ...]
    physics: Physics
    supplies: Mapping[str, float]
    racks: Mapping[str, str]
    activities: tuple[Activity, ...]
    sleep: float
    sleep_from: float
    after_sleep: float
    before_sleep: float
    settle: float
    science_from: float
    last_work: float
    wake_before: float
    adaptation_days: int
    devices: int
    exercise_awake: float

    def activity(self, name: str) -> Activity:
        return next(a for a in self.activities if a.name == name)


@dataclass(frozen=True)
class Waking:
    """Between two sleeps, s; the first begins when the hatch opens, the last ends with the undocking."""

    start: float
    end: float

    @property
    def hours(self) -> float:
        return (self.end - self.start) / HOUR


@dataclass(frozen=True)
class Entry:
    """One time of an activity: s; `runs` is when its rack stops; `people` by key."""

    activity: str
    number: int
    start: float
    end: float
    runs: float
    people: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """Sleep, a meal, exercise or a conference; `work`: it counts as working time."""

    kind: str
    title: str
    start: float
    end: float
    people: tuple[str, ...]
    work: bool = False


@dataclass(frozen=True)
class WeekPlan:
    """`lift_off`, `docked`, `hatch`, `undocking`: s, as forecast. `value` of all that is optional and done,
    `bound`: no plan has more; `possible`: if nothing were left out. `left_out`: (activity, how many of its times).
    `strips`: when night, anomaly, passes and so on are forecast, by name."""

    rules: WeekRules
    lift_off: float
    docked: float
    hatch: float
    undocking: float
    waking: tuple[Waking, ...]
    entries: tuple[Entry, ...]
    blocks: tuple[Block, ...]
    left_out: tuple[tuple[str, int], ...]
    value: int
    bound: int
    possible: int
    strips: tuple[tuple[str, tuple[tuple[float, float], ...]], ...]
    solver: str

    @property
    def gap(self) -> float:
        """By what share of it the value may fall short of the best plan's; 0 for an optimal one."""
        return (self.bound - self.value) / self.value if self.value else float(self.bound > 0)

    def people(self, keys: tuple[str, ...]) -> list[Person]:
        return [person for person in self.rules.people if person.key in keys]


@dataclass(frozen=True)
class Broken:
    """What did not hold, of which rule, in words and `by` how much of `unit`; `t` s: when."""

    rule: str
    what: str
    t: float
    by: float
    unit: str


@dataclass(frozen=True)
class WeekRecord:
    """A plan against a flight: how often each rule was asked, and what of it was broken. `shift` s: by how much the day
    of the return moved, with the undocking."""

    plan: WeekPlan
    shift: float
    judged: Mapping[str, int]
    broken: tuple[Broken, ...]
