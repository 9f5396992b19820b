"""A small week, made by hand: three people, a day and a half, one activity for each condition."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from kernels.constants import MU_EARTH, OMEGA_EARTH
from sim.core.epoch import Epoch
from sim.core.trajectory import Trajectory
from sim.core.week import Activity, Conditions, Group, Over, Person, Physics, WeekRules
from sim.environment.world import KnownWorld
from sim.planning.crew.recheck import Flown
from sim.planning.crew.stay import Stay
from tests.worlds import DAY, field, turning, zonal

HOUR = 3600.0
ZERO = Epoch.from_utc("2026-11-04T22:00:00Z")  # 06:00 in Beijing
HATCH, UNDOCKING = 3.0 * HOUR, 36.0 * HOUR
VISITOR = Person("visitor-1", "A", "payload specialist", "Pakistan", ("visitor", "returning", "all"))
NEW = Person("new-1", "B", "commander", "China", ("new", "staying", "all"))
OLD = Person("resident-1", "C", "engineer", "China", ("resident", "returning", "all"))


def world() -> KnownWorld:
    """An Earth that turns steadily, and a Sun that stands still."""
    return KnownWorld(ZERO, 0.0, 3.0 * DAY, field(zonal(), turning(OMEGA_EARTH)), 60.0)


def circle(last: float = 2.0 * DAY) -> Trajectory:
    """A circular orbit of 390 km at 41.5 deg."""
    a, i = 6.768e6, math.radians(41.5)
    n = math.sqrt(MU_EARTH / a**3)
    t = np.arange(0.0, last, 60.0)
    u = n * t
    p = np.array([1.0, 0.0, 0.0]), np.array([0.0, math.cos(i), math.sin(i)])
    r = a * (np.cos(u)[:, None] * p[0] + np.sin(u)[:, None] * p[1])
    v = a * n * (-np.sin(u)[:, None] * p[0] + np.cos(u)[:, None] * p[1])
    return Trajectory(t, r, v, -(n**2) * r, np.full(len(t), 1e5))


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


def stay() -> Stay:
    return Stay(world(), circle(), 0.0, 1.0 * HOUR, HATCH, UNDOCKING)


def flown() -> Flown:
    """Just as forecast."""
    return Flown(circle(), world(), HATCH, UNDOCKING, (("docked", 1.0 * HOUR), ("undocking", UNDOCKING)))


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
