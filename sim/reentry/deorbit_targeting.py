"""Planning of the deorbit burn: its size for the entry angle, its time so that the nominal entry ends where the
parachutes have to open; and, once the time is lost, the size that still ends there."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import MU_EARTH, R_EQUATOR
from kernels.entry.dynamics import entry_vehicle
from kernels.entry.guidance import BankSchedule, EntryTarget, predict_from
from kernels.orbit.thrust import burn_duration
from kernels.records import make
from sim.core.flight import Failure
from sim.core.ground_site import Site
from sim.core.root import root
from sim.core.scene import KnownState
from sim.core.trajectory import Trajectory
from sim.core.vehicle import Engine, Ship
from sim.environment.world import KnownWorld
from sim.orbit.propagate import end_state, fly
from sim.orbit.site_passes import Landing, landings
from sim.reentry.fall import interface
from sim.reentry.parachute_drift import opening_place

MINIMUM, MAXIMUM = 60.0, 310.0  # m/s, between which the size of the burn is sought
BEFORE_OVERFLIGHT = 2150.0  # s from the middle of the burn to abeam of the site: the first guess
BESIDE_GUESS = 600.0  # s to each side of the pass of a guess
TRIALS = 12
# The first slopes of the angle, rad, and of what is left of the range, m, with the size, m/s, and with the time, s.
SLOPES = np.array([[-3.9e-4, 0.0], [1.1e5, -7.5e3]])
SCALES = np.array([1.0, 10.0])  # m/s and s: steps that count alike
LARGEST = np.array([15.0, 600.0])  # m/s and s, of one step
SOLVED = np.array([3e-6, 150.0])  # rad and m: 0.0002 deg, and 0.02 s of the burn's time
# Near enough where no trial is better: the end of the nominal entry jumps where a change of side comes or goes, so that
# there may be no root; the guidance of the entry makes good fifteen times as much.
CLOSE = np.array([3e-5, 5e3])


@dataclass(frozen=True)
class DeorbitPlan:
    """A burn of `dv` m/s backward around `burn_t` s, for the pass of `landing`; `angle` rad at the entry interface, as
    planned."""

    landing: Landing
    dv: float
    burn_t: float
    angle: float


@dataclass(frozen=True)
class Resized:
    """A burn of `dv` m/s that begins at once: `angle` rad at the entry interface; `ahead` m by which the nominal entry
    ends short of where the parachutes have to open."""

    dv: float
    angle: float
    ahead: float


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

    def plan(
        self, state: KnownState, t0: float, world: KnownWorld, guess: DeorbitPlan | None = None, alone: bool = False
    ) -> DeorbitPlan:
        """From the state at `t0` s as tracking found it; Failure where no burn leads to the site. `guess`: the plan of
        a return that is like this one, whose pass is taken again. `alone`: the orbital module has gone already."""
        if guess is None:
            horizon = fly(state, t0, t0 + self.landing_in + 5400.0, world)
            found = landings(horizon, self.site, world, t0 + 4500.0, horizon.end)
            planned = t0 + self.landing_in
        else:
            planned = guess.landing.overflight
            horizon = fly(state, t0, planned + BESIDE_GUESS, world)
            found = landings(horizon, self.site, world, planned - BESIDE_GUESS, horizon.end)
        if not found:
            raise Failure(f"no pass over {self.site.name} before {world.zero.plus(horizon.end)}")
        landing = min(found, key=lambda x: abs(x.overflight - planned))
        coast = horizon.until(landing.overflight)
        light = state if alone else replace(state, mass=state.mass - self.ship.orbital_module)
        light = replace(light, mass=light.mass - self.ship.turn_propellant(2))
        dv, burn_t, angle = self._solve(coast, light, landing.overflight, world, guess)
        return DeorbitPlan(landing, dv, burn_t, angle)

    def _solve(
        self, coast: Trajectory, light: KnownState, overflight: float, world: KnownWorld, guess: DeorbitPlan | None
    ) -> tuple[float, float, float]:
        """Burn size, middle time and angle: the angle at entry by the size, the end over the site by the time.

        Both at once, by Broyden's method: the slopes of the first trial are those of a circular orbit, and every trial
        corrects them along its own step.
        """
        if guess is None:
            at = overflight - BEFORE_OVERFLIGHT
            x = np.array([self._first_size(coast, at, world), at])
        else:
            x = np.array([guess.dv, overflight + guess.burn_t - guess.landing.overflight])
        slopes, target = SLOPES.copy(), self._target(world)
        f, angle, after = self._off(coast, light, x, world, target, None)
        nearest, best = math.inf, (x, angle)
        for _ in range(TRIALS):
            if (np.abs(f) < SOLVED).all():
                return float(x[0]), float(x[1]), angle
            if (share := float(np.abs(f / CLOSE).max())) < nearest:
                nearest, best = share, (x, angle)
            step = np.clip(-np.linalg.solve(slopes, f), -LARGEST, LARGEST)
            step[0] = min(max(x[0] + step[0], MINIMUM), MAXIMUM) - x[0]
            x, before = x + step, f
            f, angle, after = self._off(coast, light, x, world, target, after)
            scaled = step / SCALES
            if scaled.any():
                change = (f - before - slopes @ step) / float(scaled @ scaled)
                slopes = slopes + np.outer(change, scaled) / SCALES
        if nearest <= 1.0:
            (x, angle) = best
            return float(x[0]), float(x[1]), angle
        if x[0] in (MINIMUM, MAXIMUM):
            what = f"deorbit burn for an entry at {math.degrees(self.entry_angle):g} deg"
            raise Failure(
                f"no {what} between {MINIMUM:.0f} m/s and {MAXIMUM:.0f} m/s: off by {f[0]:+.4g} rad at {x[0]:.0f} m/s"
            )
        raise Failure(
            f"no time of the deorbit burn brings the nominal entry over {self.site.name}: the last of {TRIALS} trials, "
            f"{x[0]:.2f} m/s at {world.zero.plus(float(x[1]))}, is still {f[1] / 1e3:.1f} km short and "
            f"{math.degrees(f[0]):.4f} deg off in the angle"
        )

    def _first_size(self, coast: Trajectory, burn_t: float, world: KnownWorld) -> float:
        """The size, m/s, of an impulse for the entry angle, on Kepler's orbit, which is some m/s off."""
        r, v, _ = coast.at(min(max(burn_t, coast.start), coast.end))
        start, speed, end = float(np.linalg.norm(r[0])), float(np.linalg.norm(v[0])), R_EQUATOR + self.entry_altitude

        def error(dv: float) -> float:
            slow = speed - dv
            cosine = start * slow / (end * math.sqrt(slow**2 + 2.0 * MU_EARTH * (1.0 / end - 1.0 / start)))
            return -math.acos(min(cosine, 1.0)) - self.entry_angle

        what = f"deorbit burn for an entry at {math.degrees(self.entry_angle):g} deg"
        return min(root(error, MINIMUM, 1.1 * MAXIMUM, 1e-2, what, "{:.0f} m/s".format, "rad"), MAXIMUM)

    def _off(
        self,
        coast: Trajectory,
        light: KnownState,
        x: np.ndarray,
        world: KnownWorld,
        target: EntryTarget,
        after: float | None,
    ) -> tuple[np.ndarray, float, float]:
        """By how much a burn `x`, its size and its middle, misses the angle, rad, and the place, m; the angle; and the
        seconds from its end to the interface, which are the guess `after` of the next one."""
        dv, burn_t = float(x[0]), float(x[1])
        half = 0.5 * burn_duration(dv, light.mass, self.ship.main.thrust, self.ship.main.isp)
        begin = burn_t - max(self.module_lead, half)  # of a trial; the burn of a flight begins after the separation
        if not coast.start <= begin <= coast.end:
            raise Failure(
                f"the orbital module would separate at {world.zero.plus(begin)}, {burn_t - begin:.0f} s before a burn "
                f"at {world.zero.plus(burn_t)}; the coast to {self.site.name} is from {world.zero.plus(coast.start)} "
                f"to {world.zero.plus(coast.end)}"
            )
        r, v, _ = coast.at(begin)
        state = replace(light, r=r[0], v=v[0])
        angle, ahead, fell = self._entry(state, begin, dv, burn_t, self.ship.main, world, target, after)
        return np.array([angle - self.entry_angle, ahead]), angle, fell

    def _entry(
        self,
        state: KnownState,
        t: float,
        dv: float,
        burn_t: float,
        engine: Engine,
        world: KnownWorld,
        target: EntryTarget,
        after: float | None,
    ) -> tuple[float, float, float]:
        """Angle at the interface, rad; metres that the place lies ahead of where the nominal entry ends, positive:
        short; and the seconds from the end of the burn to the interface."""
        stop = burn_t + 0.5 * burn_duration(dv, state.mass, engine.thrust, engine.isp)
        braked = fly(state, t, stop, world, np.array([[burn_t, -dv, 0.0, 0.0]]), engine)
        r, v, at = interface(end_state(state, braked), stop, self.entry_altitude, world, after)
        return entry_angle(r, v), self._ahead(r, v, at, world, target), at - stop

    def _ahead(self, r: np.ndarray, v: np.ndarray, t: float, world: KnownWorld, target: EntryTarget) -> float:
        out = np.empty(4)
        predict_from(
            t,
            np.concatenate([r, v]),
            entry_vehicle(self.ship.return_module, self.ship.capsule),
            world.coarse,
            world.wind,
            target,
            make(BankSchedule, start=self.bank_start, end=self.bank_end, end_energy=self.energy_end),
            1.0,
            out,
        )
        return float(out[1])

    def _target(self, world: KnownWorld) -> EntryTarget:
        place = opening_place(self.ship, self.site, world)
        return make(EntryTarget, position=place.ecef(), opening_altitude=self.ship.opening_altitude)

    def resized(self, state: KnownState, t: float, engine: Engine, dv: float, world: KnownWorld) -> Resized | None:
        """The burn from `t` s on whose nominal entry ends where the parachutes have to open, at whatever angle; None
        where that angle would lie outside the ship's corridor, or where a trial does not come down. `dv` m/s: the
        first trial.

        A later burn goes on further along the orbit; a larger one comes down sooner, by some 110 km a m/s.
        """
        target = self._target(world)

        def trial(size: float, after: float | None) -> tuple[float, float, float]:
            middle = t + 0.5 * burn_duration(size, state.mass, engine.thrust, engine.isp)
            return self._entry(state, t, size, middle, engine, world, target, after)

        steep, shallow = self.ship.deorbit.corridor
        slope, before, step, after = float(SLOPES[1, 0]), 0.0, 0.0, None
        for _ in range(1 + TRIALS):
            try:
                angle, ahead, after = trial(dv, after)
            except Failure:  # so late that the burn, as small as it is, leaves the ship in orbit
                return None
            if abs(ahead) < SOLVED[1]:
                return Resized(dv, angle, ahead) if steep <= angle <= shallow else None
            if step != 0.0 and ahead != before:
                slope = (ahead - before) / step
            step = float(np.clip(-ahead / slope, -LARGEST[0], LARGEST[0]))
            if not 1.0 <= dv + step <= MAXIMUM:  # m/s; of a burn that goes on, little may be left
                return None
            before, dv = ahead, dv + step
        return None


def entry_angle(r: np.ndarray, v: np.ndarray) -> float:
    """Inertial flight-path angle, rad."""
    return math.asin(float(r @ v) / float(np.linalg.norm(r) * np.linalg.norm(v)))
