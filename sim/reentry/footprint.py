"""The footprint of an entry: what the capsule can reach by its bank, and where it falls without lift.

Each point is an entry on one bank angle, held from the entry interface on, as the guidance's own predictor sees it: its
capsule, its steps, its field. Banks from lift up to lift down on both sides; a bank whose load is over the limit is
left out, and the last one within the limit is flown by itself. Between its two ends the edge goes through entries on
that bank that change sides by the guidance's logic, so that they end between the two. Reversals reach what is inside.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kernels.constants import OMEGA_EARTH
from kernels.entry.dynamics import entry_vehicle
from kernels.entry.entry import FIXED, OPENED, EntryControl, entry_log, fly_entry
from kernels.entry.guidance import BankSchedule, EntryTarget
from kernels.orbit.forces import scratch
from kernels.records import Capsule, make
from sim.core.ground_site import Site
from sim.core.landing_area import Footprint
from sim.core.scene import State
from sim.environment.world import KnownWorld

BANKS_DEG = (0.0, 15.0, 30.0, 45.0, 60.0, 75.0, 90.0, 110.0, 140.0, 180.0)  # of one side
STEP = 2.0  # s, as the predictor's
LIMIT = 1800.0  # s
LOAD_SOLVED = 0.02  # g, within which the last bank has the load of the limit
BETWEEN = (0.2, 0.4, 0.6, 0.8)  # of the line from the one end of the steepest bank to the other
EARTH_RADIUS = 6.371e6  # m, of a target so far to a side that its distance does not matter


class _Landed(NamedTuple):
    """One entry: its bank, deg; whether it came down to the opening altitude; where, deg; the greatest load, g."""

    bank: float
    opened: bool
    latitude: float
    longitude: float
    load: float


def footprint(
    t: float, state: State, capsule: Capsule, opening_altitude: float, load_limit: float, world: KnownWorld
) -> Footprint | None:
    """From the state at time `t` s; `opening_altitude` m, `load_limit` g. None where not even the entry without lift
    comes down."""
    entries = _Entries(t, state, capsule, opening_altitude, world)
    ballistic = entries.fly(0.0, 0.0, lift=0.0)
    if not ballistic.opened:
        return None
    flown = {bank: entries.fly(bank, 1.0) for bank in BANKS_DEG}
    flown |= {-bank: entries.fly(bank, -1.0)._replace(bank=-bank) for bank in BANKS_DEG[1:-1]}
    steepest = _steepest(entries, flown, load_limit)
    banks = sorted(bank for bank in flown if flown[bank].opened)
    edge = _edge(entries, flown, steepest)
    return Footprint(
        bank_deg=np.array(banks),
        latitude_deg=np.array([flown[bank].latitude for bank in banks]),
        longitude_deg=np.array([flown[bank].longitude for bank in banks]),
        peak_load_g=np.array([flown[bank].load for bank in banks]),
        edge_latitude_deg=np.array([point.latitude for point in edge]),
        edge_longitude_deg=np.array([point.longitude for point in edge]),
        load_limit_g=load_limit,
        ballistic_latitude_deg=ballistic.latitude,
        ballistic_longitude_deg=ballistic.longitude,
        ballistic_load_g=ballistic.load * math.hypot(1.0, lift_to_drag(capsule)),  # the rolling lift is felt too
    )


def lift_to_drag(capsule: Capsule) -> float:
    """Of the capsule in the thin air where it flies fast."""
    return capsule.cla / capsule.cda


def _steepest(entries: _Entries, flown: dict[float, _Landed], limit: float) -> float:
    """The largest bank, deg, whose load stays within the limit: by the secant between the two that enclose it."""
    loads = [(bank, flown[bank].load) for bank in BANKS_DEG if flown[bank].opened]
    over = next((i for i, (_, load) in enumerate(loads) if load > limit), None)
    if over is None or over == 0:
        return loads[-1][0] if loads and over is None else math.nan
    (low, low_load), (high, high_load) = loads[over - 1], loads[over]
    for _ in range(4):
        bank = low + (limit - low_load) / (high_load - low_load) * (high - low)
        tried = entries.fly(bank, 1.0)
        if abs(tried.load - limit) < LOAD_SOLVED:
            break
        if tried.load > limit:
            high, high_load = bank, tried.load
        else:
            low, low_load = bank, tried.load
    return bank


def _edge(entries: _Entries, flown: dict[float, _Landed], steepest: float) -> list[_Landed]:
    """The outline, from the steepest bank of one side over lift up to that of the other, and back between the two."""
    if math.isnan(steepest):
        return []
    right, left = entries.fly(steepest, 1.0), entries.fly(steepest, -1.0)
    within = [flown[b] for b in sorted(flown) if flown[b].opened and abs(b) < min(steepest, 180.0)]
    ends = _place(right), _place(left)
    between = [entries.fly(steepest, 1.0 if f < 0.5 else -1.0, aim=(1.0 - f) * ends[0] + f * ends[1]) for f in BETWEEN]
    return [left, *within, right, *(point for point in between if point.opened), left]


def _place(landed: _Landed) -> np.ndarray:
    """Where an entry ended, Earth-fixed (3,) m."""
    return Site("", math.radians(landed.latitude), math.radians(landed.longitude), 0.0).ecef()


class _Entries:
    """Entries from one state, each on a fixed bank."""

    def __init__(self, t: float, state: State, capsule: Capsule, opening_altitude: float, world: KnownWorld):
        self.t, self.state, self.capsule, self.world = t, state, capsule, world
        self.opening_altitude = opening_altitude
        c = world.ecef(t)
        r = c @ state.r
        over_ground = c @ state.v - np.cross([0.0, 0.0, OMEGA_EARTH], r)
        right = np.cross(over_ground, r)
        self.right = right / np.linalg.norm(right)

    def fly(self, bank_deg: float, side: float, lift: float = 1.0, aim: np.ndarray | None = None) -> _Landed:
        """On the bank to one side, +1 or -1, kept all the way; with an `aim` (3,), Earth-fixed m, only at first.

        The logic of the guidance changes sides to come to its target across the track. A target at the pole of the
        track lies to the same side all the time, so that it keeps that side.
        """
        aim = EARTH_RADIUS * side * self.right if aim is None else aim
        y, log = np.concatenate([self.state.r, self.state.v]), entry_log(0)
        bank = math.radians(bank_deg)
        forces = self.world.coarse if self.world.coarse is not None else self.world.forces._replace(drag=0)
        status, _ = fly_entry(
            self.t,
            y,
            entry_vehicle(self.state.mass, self.capsule, lift, 1.0),
            forces,
            forces,
            make(EntryTarget, position=aim, opening_altitude=self.opening_altitude),
            make(BankSchedule, start=bank, end=bank, end_energy=0.0),
            make(
                EntryControl,
                guided=FIXED,
                step=STEP,
                limit=LIMIT,
                side=side,
                wind=self.world.wind,
                forecast=self.world.wind,
            ),
            scratch(),
            log,
        )
        latitude, longitude, _ = (float(x[0]) for x in self.world.geodetic(log.end[:1], y[None, :3]))
        return _Landed(bank_deg, bool(status == OPENED), latitude, longitude, float(log.end[3]))
