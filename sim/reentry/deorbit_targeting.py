"""Planning of the deorbit burn: its size for the entry angle, its time so that the nominal entry ends over the site."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np

from kernels.entry.dynamics import entry_vehicle
from kernels.entry.guidance import BankSchedule, EntryTarget, predict_from
from kernels.orbit.thrust import burn_duration
from kernels.records import make
from sim.core.flight import Failure
from sim.core.ground_site import Site
from sim.core.root import root, secant
from sim.core.scene import KnownState, State
from sim.core.trajectory import Trajectory, joined
from sim.core.vehicle import Ship
from sim.environment.world import KnownWorld, World
from sim.orbit.propagate import end_state, fly
from sim.orbit.site_passes import Landing, landings

FALL = 120.0  # s, flown at a time while descending: never far below the altitude that is looked for
FIRST_SPAN = 12.0  # m/s to each side of the first guess of the burn
FALL_STEP = 10.0  # s: the air thickens e-fold in 27 s there, which an orbit's step of 60 s does not follow
HIGH, HIGH_STEP = 60e3, 60.0  # m over the altitude, above which an orbit's step does; s
SINK = 200.0  # m/s: half of the height is fallen through in no less time than this takes for it


@dataclass(frozen=True)
class DeorbitPlan:
    """A burn of `dv` m/s backward around `burn_t` s, for the pass of `landing`."""

    landing: Landing
    dv: float
    burn_t: float


@dataclass(frozen=True)
class DeorbitPlanner:
    """`ship` as modelled. `landing_in`: planned time from the plan to overflying the site, s; angles rad; `energy_end`
    J/kg, at which the bank schedule of the entry ends.

    `module_lead` s from orbital module separation to the burn; `entry_altitude` m.
    """

    ship: Ship
    site: Site
    landing_in: float
    module_lead: float
    entry_altitude: float
    entry_angle: float
    bank_start: float
    bank_end: float
    energy_end: float

    def plan(self, state: KnownState, t0: float, world: KnownWorld) -> DeorbitPlan:
        """From the state at `t0` s as tracking found it; Failure where no burn leads to the site."""
        horizon = fly(state, t0, t0 + self.landing_in + 5400.0, world)
        found = landings(horizon, self.site, world, t0 + 4500.0, horizon.end)
        if not found:
            raise Failure(f"no pass over {self.site.name} before {world.zero.plus(horizon.end)}")
        landing = min(found, key=lambda x: abs(x.overflight - t0 - self.landing_in))
        coast = horizon.until(landing.overflight)
        light = replace(state, mass=state.mass - self.ship.orbital_module)
        dv, burn_t = self._solve(coast, light, landing.overflight, world)
        return DeorbitPlan(landing, dv, burn_t)

    def _solve(self, coast: Trajectory, light: KnownState, overflight: float, world: KnownWorld) -> tuple[float, float]:
        """Burn size and middle time: the angle at entry by the size, the end over the site by the time."""
        dv, burn_t = 122.0, overflight - 2150.0
        for trial in range(6):
            dv = self._size(coast, light, burn_t, dv, world, within=FIRST_SPAN if trial == 0 else 0.5)
            miss0 = self._ahead(coast, light, burn_t, dv, world)
            miss1 = self._ahead(coast, light, burn_t + 10.0, dv, world)
            step = secant(10.0, 0.0, miss1, miss0, f"time of the deorbit burn near {world.zero.plus(burn_t)}")
            burn_t += float(np.clip(step, -900.0, 900.0))
            if abs(step) < 0.3:
                break
        else:
            raise Failure(
                f"no time of the deorbit burn brings the nominal entry over {self.site.name}: the sixth trial, at "
                f"{world.zero.plus(burn_t)}, is still {abs(step):.1f} s off"
            )
        return self._size(coast, light, burn_t, dv, world, within=0.5), burn_t

    def _size(
        self, coast: Trajectory, light: KnownState, burn_t: float, initial: float, world: KnownWorld, within: float
    ) -> float:
        @cache  # the ends of the span are asked for twice
        def error(dv: float) -> float:
            r, v, _ = self._entry(coast, light, burn_t, dv, world)
            return entry_angle(r, v) - self.entry_angle

        low, high = initial - within, initial + within
        if not error(low) >= 0.0 >= error(high):
            low, high = initial - FIRST_SPAN, initial + FIRST_SPAN
        while error(low) < 0.0 and low > 60.0:
            low -= 15.0
        while error(high) > 0.0 and high < 300.0:
            high += 15.0
        what = f"deorbit burn for an entry at {math.degrees(self.entry_angle):g} deg"
        return root(error, low, high, 1e-3, what, "{:.0f} m/s".format, "rad")

    def _entry(
        self, coast: Trajectory, light: KnownState, burn_t: float, dv: float, world: KnownWorld
    ) -> tuple[np.ndarray, np.ndarray, float]:
        """Place, velocity and time at the entry interface after a burn of `dv` m/s around `burn_t`."""
        half = 0.5 * burn_duration(dv, light.mass, self.ship.main.thrust, self.ship.main.isp)
        begin = burn_t - max(self.module_lead, half)  # of a trial; the burn of a flight begins after the separation
        self._refuse_outside(coast, begin, burn_t, world)
        r, v, _ = coast.at(begin)
        state = State(r[0], v[0], light.mass, light.cda)
        stop = burn_t + half
        burn = np.array([[burn_t, -dv, 0.0, 0.0]])
        braked = fly(state, begin, stop, world, burn, self.ship.main)
        down = fall(end_state(state, braked), stop, self.entry_altitude, world)
        return down.r[-1], down.v[-1], down.end

    def _refuse_outside(self, coast: Trajectory, at: float, burn_t: float, world: KnownWorld) -> None:
        """Failure where the orbital module would separate before this phase, or after the pass over the site."""
        if not coast.start <= at <= coast.end:
            raise Failure(
                f"the orbital module would separate at {world.zero.plus(at)}, {burn_t - at:.0f} s before a burn at "
                f"{world.zero.plus(burn_t)}; the coast to {self.site.name} is from {world.zero.plus(coast.start)} to "
                f"{world.zero.plus(coast.end)}"
            )

    def _ahead(self, coast: Trajectory, light: KnownState, burn_t: float, dv: float, world: KnownWorld) -> float:
        """Metres that the site lies ahead of where the nominal entry ends; positive: short."""
        r, v, t = self._entry(coast, light, burn_t, dv, world)
        out = np.empty(4)
        predict_from(
            t,
            np.concatenate([r, v]),
            entry_vehicle(self.ship.return_module, self.ship.capsule),
            world.coarse,
            world.wind,
            make(EntryTarget, position=self.site.ecef(), opening_altitude=self.ship.opening_altitude),
            make(BankSchedule, start=self.bank_start, end=self.bank_end, end_energy=self.energy_end),
            1.0,
            out,
        )
        return float(out[1])


def fall(state: State, t: float, altitude: float, world: World) -> Trajectory:
    """The coast from `t` down to an altitude over the ellipsoid, m; Failure where it is not reached within an hour."""

    def height(path: Trajectory, at: float) -> float:
        return float(world.geodetic(at, path.at(at)[0])[2][0]) - altitude

    fine, coarse = (replace(world, step=min(world.step, step)) for step in (FALL_STEP, HIGH_STEP))
    above = float(world.geodetic(t, state.r)[2][0]) - altitude
    if above < 0.0:
        raise Failure(f"the craft is under {altitude / 1000.0:.0f} km already at {world.zero.plus(t)}")
    parts: list[Trajectory] = []
    start = t
    while t < start + 3600.0:
        path = fly(state, t, t + max(FALL, 0.5 * above / SINK), coarse) if above > HIGH else None
        if path is None or height(path, path.end) < HIGH:  # it came into air for which the step is too long
            path = fly(state, t, t + FALL, fine)
        above = height(path, path.end)
        if above < 0.0:
            what = f"fall to {altitude / 1000.0:.0f} km"
            below = int(np.argmax(world.geodetic(path.t, path.r)[2] < altitude))  # the first node that is
            between = float(path.t[max(below - 1, 0)]), float(path.t[below])
            crossing = root(partial(height, path), *between, 1e-6, what, lambda at: str(world.zero.plus(at)))
            return joined([*parts, path.until(crossing)])
        parts.append(path)
        state, t = end_state(state, path), path.end
    raise Failure(
        f"the craft does not fall to {altitude / 1000.0:.0f} km within an hour of {world.zero.plus(start)}: "
        f"it is at {(above + altitude) / 1000.0:.1f} km"
    )


def entry_angle(r: np.ndarray, v: np.ndarray) -> float:
    """Inertial flight-path angle, rad."""
    return math.asin(float(r @ v) / float(np.linalg.norm(r) * np.linalg.norm(v)))
