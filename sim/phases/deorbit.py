"""Return to the entry interface: orbital module, deorbit burn, service module.

The speed of the burn is solved for the entry angle, its time so that the nominal entry ends over the site.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from kernels.constants import OMEGA_EARTH
from kernels.entry.dynamics import entry_vehicle
from kernels.entry.guidance import BankSchedule, EntryTarget, predict_from
from kernels.orbit.thrust import burn_duration
from kernels.records import make
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.return_record import DeorbitFigures, DeorbitRecord
from sim.core.root import root, secant
from sim.core.scene import Scene, State
from sim.core.trajectory import Trajectory, joined
from sim.core.vehicle import Ship
from sim.environment.world import Site, World
from sim.orbit.propagate import end_state, fly
from sim.orbit.site_passes import landings

FALL = 120.0  # s, flown at a time while descending: never far below the altitude that is looked for
FALL_STEP = 10.0  # s: the air thickens e-fold in 27 s there, which an orbit's step of 60 s does not follow


@dataclass(frozen=True)
class Deorbit:
    """`landing_in`: planned time from here to overflying the site, s; angles rad; `energy_end` as in the entry.

    `module_lead` s from orbital module separation to the burn; altitudes m, of service module separation and entry.
    """

    ship_name: str
    ship: Ship
    site: Site
    landing_in: float
    module_lead: float
    separation_altitude: float
    entry_altitude: float
    entry_angle: float
    angle_tolerance: float
    bank_start: float
    bank_end: float
    energy_end: float
    name: str = "deorbit"
    share: float = 0.1

    def fly(self, scene: Scene, world: World) -> Leg:
        t0 = scene.t
        state = scene.flying[self.ship_name]
        horizon = fly(state, t0, t0 + self.landing_in + 5400.0, world)
        found = landings(horizon, self.site, world, t0 + 4500.0, horizon.end)
        if not found:
            raise Failure(f"no pass over {self.site.name} before {world.zero.plus(horizon.end)}")
        landing = min(found, key=lambda x: abs(x.overflight - t0 - self.landing_in))
        coast = horizon.until(landing.overflight)
        light = replace(state, mass=state.mass - self.ship.orbital_module)
        dv, burn_t = self._solve(coast, light, landing.overflight, world)
        module_t = burn_t - self.module_lead
        before = coast.until(module_t)
        r, v, _ = before.last()
        duration = burn_duration(dv, light.mass, self.ship.main.thrust, self.ship.main.isp)
        if 0.5 * duration > self.module_lead:
            raise Failure(
                f"the orbital module separates {self.module_lead:g} s before the middle of the deorbit burn of "
                f"{dv:.1f} m/s, which begins {0.5 * duration:.0f} s before it"
            )
        start, stop = burn_t - 0.5 * duration, burn_t + 0.5 * duration
        burn = np.array([[burn_t, -dv, 0.0, 0.0]])
        braked = fly(State(r, v, light.mass, state.cda), module_t, stop, world, burn, self.ship.main)
        upper = fall(end_state(light, braked), stop, self.separation_altitude, world)
        r, v, mass = upper.last()
        split_t = upper.end
        if mass - self.ship.return_module < self.ship.service_module_dry - 1.0:
            raise Failure(
                f"{self.ship_name} weighs {mass:.0f} kg before service module separation: less than the return module "
                f"of {self.ship.return_module:.0f} kg and a dry service module of {self.ship.service_module_dry:.0f} kg"
            )
        capsule = State(r, v, self.ship.return_module, self.ship.lander.cda)
        lower = fall(capsule, split_t, self.entry_altitude, world)
        entry_t = lower.end
        path = joined([before, braked, upper, lower])
        used = light.mass - mass
        remaining = scene.propellant[self.ship_name] - used
        if remaining < 0.0:
            raise Failure(
                f"not enough propellant for the deorbit burn: {dv:.1f} m/s need {used:.0f} kg, "
                f"{scene.propellant[self.ship_name]:.0f} kg left"
            )
        angle, speed = entry_angle(lower.r[-1], lower.v[-1]), float(np.linalg.norm(lower.v[-1]))
        wind = np.cross(OMEGA_EARTH * world.true_of_date(entry_t)[2], lower.r[-1])
        air = float(np.linalg.norm(lower.v[-1] - wind))
        end = end_state(capsule, lower)
        after = scene.with_(
            flying={**scene.flying, self.ship_name: end},
            propellant={**scene.propellant, self.ship_name: remaining},
            t=entry_t,
        )
        name = self.ship_name
        events = (
            Event(
                "orbital_module_separation",
                module_t,
                name,
                {"module_kg": self.ship.orbital_module, "mass_kg": light.mass},
            ),
            Event("deorbit_burn_start", start, name, {"mass_kg": light.mass, "thrust_n": self.ship.main.thrust}),
            Event("deorbit_burn_end", stop, name, {"delta_v_m_s": dv, "duration_s": duration, "propellant_kg": used}),
            Event(
                "service_module_separation",
                split_t,
                name,
                {"module_kg": mass - capsule.mass, "altitude_km": self.separation_altitude / 1e3},
            ),
            Event(
                "entry_interface",
                entry_t,
                name,
                {
                    "altitude_km": self.entry_altitude / 1e3,
                    "speed_inertial_m_s": speed,
                    "speed_air_m_s": air,
                    "flight_path_deg": math.degrees(angle),
                },
            ),
        )
        figures = DeorbitFigures(
            overflight_utc=world.zero.plus(landing.overflight).utc(0),
            cross_track_km=landing.cross_track / 1000.0,
            delta_v_m_s=dv,
            burn_s=duration,
            propellant_kg=used,
            service_module_dropped_kg=mass - capsule.mass,
            return_module_kg=capsule.mass,
        )
        verdicts = (
            RuleCheck(
                "entry angle as planned",
                self.name,
                abs(math.degrees(angle - self.entry_angle)),
                "<=",
                math.degrees(self.angle_tolerance),
                "deg",
                entry_t,
            ),
        )
        return Leg(self.name, t0, after, {name: path}, events, verdicts, record=DeorbitRecord(figures))

    def _solve(self, coast: Trajectory, light: State, overflight: float, world: World) -> tuple[float, float]:
        """Burn size and middle time: the angle at entry by the size, the end over the site by the time."""
        dv, burn_t = 122.0, overflight - 2150.0
        for _ in range(6):
            dv = self._size(coast, light, burn_t, dv, world)
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
        return self._size(coast, light, burn_t, dv, world), burn_t

    def _size(self, coast: Trajectory, light: State, burn_t: float, initial: float, world: World) -> float:
        def error(dv: float) -> float:
            r, v, _ = self._entry(coast, light, burn_t, dv, world)
            return entry_angle(r, v) - self.entry_angle

        low, high = initial - 12.0, initial + 12.0
        while error(low) < 0.0 and low > 60.0:
            low -= 15.0
        while error(high) > 0.0 and high < 300.0:
            high += 15.0
        what = f"deorbit burn for an entry at {math.degrees(self.entry_angle):g} deg"
        return root(error, low, high, 1e-3, what, "{:.0f} m/s".format, "rad")

    def _entry(
        self, coast: Trajectory, light: State, burn_t: float, dv: float, world: World
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

    def _refuse_outside(self, coast: Trajectory, at: float, burn_t: float, world: World) -> None:
        """Failure where the orbital module would separate before this phase, or after the pass over the site."""
        if not coast.start <= at <= coast.end:
            raise Failure(
                f"the orbital module would separate at {world.zero.plus(at)}, {burn_t - at:.0f} s before a burn at "
                f"{world.zero.plus(burn_t)}; the coast to {self.site.name} is from {world.zero.plus(coast.start)} to "
                f"{world.zero.plus(coast.end)}"
            )

    def _ahead(self, coast: Trajectory, light: State, burn_t: float, dv: float, world: World) -> float:
        """Metres that the site lies ahead of where the nominal entry ends; positive: short."""
        r, v, t = self._entry(coast, light, burn_t, dv, world)
        out = np.empty(4)
        predict_from(
            t,
            np.concatenate([r, v]),
            entry_vehicle(self.ship.return_module, self.ship.capsule),
            world.coarse,
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

    fine = replace(world, step=min(world.step, FALL_STEP))
    if float(world.geodetic(t, state.r)[2][0]) < altitude:
        raise Failure(f"the craft is under {altitude / 1000.0:.0f} km already at {world.zero.plus(t)}")
    parts: list[Trajectory] = []
    start = t
    while t < start + 3600.0:
        path = fly(state, t, t + FALL, fine)
        if height(path, path.end) < 0.0:
            what = f"fall to {altitude / 1000.0:.0f} km"
            crossing = root(partial(height, path), t, path.end, 1e-6, what, lambda at: str(world.zero.plus(at)))
            return joined([*parts, path.until(crossing)])
        parts.append(path)
        state, t = end_state(state, path), path.end
    raise Failure(
        f"the craft does not fall to {altitude / 1000.0:.0f} km within an hour of {world.zero.plus(start)}: "
        f"it is at {(height(path, path.end) + altitude) / 1000.0:.1f} km"
    )


def entry_angle(r: np.ndarray, v: np.ndarray) -> float:
    """Inertial flight-path angle, rad."""
    return math.asin(float(r @ v) / float(np.linalg.norm(r) * np.linalg.norm(v)))
