"""Activities, rules and a plan of a week, made by hand: data alone, no solver and no orbit."""

from __future__ import annotations

from dataclasses import replace

from sim.core.week import (
    Activity,
    Block,
    Broken,
    Conditions,
    Entry,
    Group,
    Over,
    Person,
    Physics,
    Waking,
    WeekPlan,
    WeekRecord,
    WeekRules,
)

HOUR, DAY = 3600.0, 86400.0
VISITOR = Person("visitor-1", "A", "payload specialist", "Pakistan", ("visitor", "returning", "all"))
NEW = Person("new-1", "B", "commander", "China", ("new", "staying", "all"))
OLD = Person("resident-1", "C", "engineer", "China", ("resident", "returning", "all"))


def activity(name: str, minutes: int = 60, **other) -> Activity:
    """Of the visitor, once, optional, without conditions; `conditions` by keyword."""
    conditions = {k: other.pop(k) for k in ("quiet", "light", "anomaly", "relay", "over") if k in other}
    made = Activity(
        name=name,
        title=name,
        discipline="materials",
        minutes=minutes,
        times=1,
        optional=True,
        priority=1,
        crew={"visitor": 1},
        rack="",
        run=0,
        power=0.0,
        downlink=0.0,
        cold=0.0,
        up=0.0,
        down=0.0,
        after=(),
        gap=None,
        every=None,
        after_hatch=None,
        before_undocking=None,
        disturbs=False,
        conditions=Conditions(**conditions),
    )
    return replace(made, **other)


def rules(*activities: Activity, **other) -> WeekRules:
    """Whose days have no meals and no exercise, unless `other` says."""
    made = WeekRules(
        name="a made week",
        people=(VISITOR, NEW, OLD),
        groups=dict.fromkeys(("visitor", "new", "resident"), Group(600, 600, 0)),
        commons=(),
        physics=Physics(1800.0, 10.0, -10.0, (-27.0, -48.0), (19.0, 43.0), 100e3, 60.0, 0.0),
        supplies={"power": 1000.0, "downlink": 100.0, "cold": 10.0, "up": 100.0, "down": 100.0},
        racks={"r1": "rack one", "r2": "rack two"},
        activities=activities,
        sleep=8.0 * HOUR,
        sleep_from=22.0 * HOUR,
        after_sleep=0.0,
        before_sleep=0.0,
        settle=2.0 * HOUR,
        science_from=0.0,
        last_work=0.0,
        wake_before=4.0 * HOUR,
        adaptation_days=0,
        devices=2,
        exercise_awake=9.0,
    )
    return replace(made, **other)


KARACHI = Over("karachi", "Karachi", 24.86, 67.0, 20.0, 10.0, 120.0)
EACH = (
    activity("still", quiet=True, rack="r1", run=60, power=600.0, times=2, every=(3.0, 20.0)),
    activity("shake", crew={"new": 1}, disturbs=True, rack="r2", power=300.0),
    activity("photo", 15, light="day", optional=False),
    activity("stars", 10, light="night", anomaly="avoid"),
    activity("dose", 60, anomaly="cross"),
    activity("talk", 30, over=KARACHI, crew={"visitor": 1, "resident": 1}, optional=False),
    activity("link", 40, relay=True, downlink=60.0, crew={"all": 3}),
    activity("second", 30, after=("link",), gap=(1.0, 20.0), cold=4.0, down=30.0),
    activity("welcome", 30, crew={"all": 3}, after_hatch=(0.0, 1.0), optional=False),
    activity("farewell", 30, crew={"all": 3}, before_undocking=(0.5, 1.5), optional=False),
)


def made_record(docked: float, undocking: float) -> WeekRecord:
    """A plan made by hand for a stay of days, with one thing broken"""
    week = rules(*EACH, activity("left", times=2))
    people = (VISITOR.key, NEW.key, OLD.key)
    days = range(int((undocking - docked) / DAY))
    nights = [(docked + DAY * k + 12.0 * HOUR, docked + DAY * k + 20.0 * HOUR) for k in days]
    edges = [docked, *(t for night in nights for t in night), undocking]
    entries, blocks = [], [Block("sleep", "sleep", a, b, people) for a, b in nights]
    for k, start in enumerate(edges[::2]):
        one = EACH[k % len(EACH)]
        for number, name in enumerate((one.name, "photo", "stars"), 1):
            begin = start + (0.5 + 1.5 * number) * HOUR
            end = begin + week.activity(name).minutes * 60.0
            entries.append(Entry(name, number, begin, end, end, people[:number]))
        blocks.append(Block("meal", "lunch", start + HOUR, start + 1.5 * HOUR, people))
        blocks.append(Block("meeting", "conference", start + 1.5 * HOUR, start + 1.75 * HOUR, people, True))
        blocks.append(Block("exercise", "exercise", start + 6.0 * HOUR, start + 7.0 * HOUR, people[:1]))
    plan = WeekPlan(
        rules=week,
        lift_off=docked - 4.0 * HOUR,
        docked=docked,
        hatch=docked + 3.0 * HOUR,
        undocking=undocking,
        waking=tuple(Waking(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)),
        entries=tuple(entries),
        blocks=tuple(blocks),
        left_out=(("left", 2),),
        value=900,
        bound=950,
        possible=1000,
        strips=(("night below", tuple((docked + 5500.0 * k, docked + 5500.0 * k + 2100.0) for k in range(100))),),
        solver="made by hand",
    )
    broken = Broken("passes", "talk: the longest whole pass over Karachi is 90 s of 120 s", docked + DAY, 30.0, "s")
    return WeekRecord(plan, -120.0, {}, (broken,))
