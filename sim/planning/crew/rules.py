"""From a mission and the week that it names to the rules of its week."""

from __future__ import annotations

from sim.core.week import Activity, Common, Conditions, Group, Over, Person, Physics, WeekRules
from sim.scenario import Scenario
from sim.scenario.week_file import GROUPS, WeekActivity, WeekFile, people_of


def week_rules(scenario: Scenario) -> WeekRules | None:
    """None where the mission names no week."""
    week = scenario.week
    if week is None:
        return None
    people = _people(scenario)
    frame, physics, station = week.frame, week.physics, week.station
    return WeekRules(
        name=week.name,
        people=people,
        groups={name: _group(week, name) for name in GROUPS},
        commons=tuple(
            Common(c.name, c.duration_min, _pair(c.after_waking_h), _pair(c.before_sleep_h), c.awake_least_h, c.work)
            for c in frame.common
        ),
        physics=Physics(
            quiet=60.0 * physics.quiet_min,
            day_sun=physics.day_sun_deg,
            night_sun=physics.night_sun_deg,
            anomaly_centre=(physics.anomaly_latitude_deg, physics.anomaly_longitude_deg),
            anomaly_half_widths=(physics.anomaly_half_widths_deg[0], physics.anomaly_half_widths_deg[1]),
            relay_mask=1000.0 * physics.relay_mask_km,
            margin=physics.margin_s,
            margin_day=physics.margin_s_day,
        ),
        supplies={
            "power": station.power_w,
            "downlink": station.downlink_mbit_s,
            "cold": station.cold_l,
            "up": station.up_kg,
            "down": station.down_kg,
        },
        racks={rack.name: rack.title for rack in week.racks},
        activities=tuple(_activity(a, week, people) for a in week.activities),
        sleep=3600.0 * frame.sleep_h,
        sleep_from=3600.0 * frame.sleep_from_h,
        after_sleep=60.0 * frame.after_sleep_min,
        before_sleep=60.0 * frame.before_sleep_min,
        settle=3600.0 * frame.settle_h,
        science_from=3600.0 * frame.science_from_h,
        last_work=3600.0 * frame.last_work_h,
        wake_before=3600.0 * frame.wake_before_undocking_h,
        adaptation_days=frame.adaptation_days,
        devices=frame.exercise_devices,
        exercise_awake=frame.exercise_awake_least_h,
    )


def _people(scenario: Scenario) -> tuple[Person, ...]:
    """The crew of the mission, the visitor first; a key is the group and a number in it."""
    found: list[Person] = []
    launched, returning = scenario.launch.ship, scenario.return_.ship
    for seat in scenario.crew:
        groups = people_of(launched, returning, seat.ship_up, seat.ship_down)
        number = 1 + sum(person.group == groups[0] for person in found)
        found.append(Person(f"{groups[0]}-{number}", seat.name, seat.role, seat.nation, groups))
    return tuple(sorted(found, key=lambda person: GROUPS.index(person.group)))


def _group(week: WeekFile, name: str) -> Group:
    table = getattr(week.people, name)
    return Group(table.work_min, table.work_first_min, table.exercise_min)


def _activity(a: WeekActivity, week: WeekFile, people: tuple[Person, ...]) -> Activity:
    known = {word: sum(word in person.groups for person in people) for word in a.crew.asked}
    return Activity(
        name=a.name,
        title=a.title,
        discipline=a.discipline,
        minutes=a.duration_min,
        times=a.times,
        optional=a.optional,
        priority=a.priority,
        crew={word: count or known[word] for word, count in a.crew.asked.items()},
        rack=a.rack or "",
        run=a.run_min,
        power=a.power_w,
        downlink=a.downlink_mbit_s,
        cold=a.cold_l,
        up=a.up_kg,
        down=a.down_kg,
        after=a.after,
        gap=_pair(a.gap_h),
        every=_pair(a.every_h),
        after_hatch=_pair(a.after_hatch_h),
        before_undocking=_pair(a.before_undocking_h),
        disturbs=a.disturbs,
        conditions=Conditions(a.quiet, a.light or "", a.anomaly or "", a.relay, _over(a, week)),
    )


def _pair(window) -> tuple[float, float] | None:
    return None if window is None else (float(window[0]), float(window[1]))


def _over(a: WeekActivity, week: WeekFile) -> Over | None:
    if a.over is None:
        return None
    place = next(p for p in week.places if p.name == a.over.place)
    return Over(
        place.name,
        place.title,
        place.latitude_deg,
        place.longitude_deg,
        place.height_m,
        a.over.elevation_deg,
        a.over.duration_s,
    )
