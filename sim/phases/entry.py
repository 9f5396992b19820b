"""From the entry interface to the opening of the parachutes: bank guidance to the landing site."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from kernels.entry.dynamics import FLUX, HEIGHT, LOAD, PRESSURE, SPEED, entry_vehicle
from kernels.entry.entry import (
    BALLISTIC,
    COMMAND,
    DRAG_RATIO,
    LIFT_RATIO,
    LOST,
    OPENED,
    PLACE_ERROR,
    PREDICTOR,
    REFERENCE,
    REVERSALS,
    SKIPPED_OUT,
    VELOCITY_ERROR,
    EntryControl,
    entry_log,
    fly_entry,
)
from kernels.entry.guidance import BankSchedule, EntryTarget
from kernels.entry.navigation import EXACT_UNIT
from kernels.orbit.forces import scratch
from kernels.records import make
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.ground_site import Site
from sim.core.landing_area import Footprint
from sim.core.random_streams import RandomDraws
from sim.core.return_faults import NO_FAULTS, ReturnFaults
from sim.core.return_record import EntryCapsule, EntryFigures, EntryRecord
from sim.core.scene import Scene, State
from sim.core.simplification import Simplification
from sim.core.trajectory import Trajectory
from sim.core.vehicle import Ship
from sim.environment.winds import blowing
from sim.environment.world import KnownWorld, World
from sim.orbit.propagate import trajectory
from sim.reentry.footprint import footprint, lift_to_drag
from sim.reentry.heights import barometer_error
from sim.reentry.parachute_drift import opening_place
from sim.reentry.series import entry_history, guidance_history, track_to

EXACT_NAVIGATION = Simplification(
    "entry.state_known",
    "The guidance knows the capsule's place and speed exactly; what its accelerometers say is exact.",
    "entry",
)
NAVIGATION = Simplification(
    "entry.inertial_unit",
    "The inertial platform stays where it is in space; its biases, scale errors and drifts are constant. Satellite "
    "navigation works at all heights outside the blackout, and the errors of two fixes have nothing in common.",
    "entry",
)
CAPSULE = Simplification(
    "entry.capsule",
    "The capsule is a point at its trimmed angle of attack, with drag and lift by Mach number, and loses no mass; it "
    "rolls about the air's velocity at a limited rate and acceleration, toward its command exactly.",
    "entry",
)
CAPSULE_KNOWN = Simplification(
    "entry.capsule_known",
    "Lift and drag of the capsule are those of the guidance's model; it measures that they are.",
    "entry",
)
STEP = 0.5  # s
LIMIT = 1800.0  # s
LAWS = {"predictor": PREDICTOR, "reference": REFERENCE, "ballistic": BALLISTIC}


@dataclass(frozen=True)
class Entry:
    """Bank schedule in rad, linear in specific energy up to `energy_end` (J/kg). `guidance`: one of LAWS. `lift`,
    `drag`: of the capsule as it is, over those of its model, which the guidance predicts with.
    `brief`: without what is only recorded, the footprint."""

    ship_name: str
    ship: Ship
    site: Site
    bank_start: float
    bank_end: float
    energy_end: float
    load_limit: float
    lift: float = 1.0
    drag: float = 1.0
    guidance: str = "predictor"
    draws: RandomDraws = field(default_factory=lambda: RandomDraws(0))
    faults: ReturnFaults = NO_FAULTS
    brief: bool = False
    name: str = "entry"
    share: float = 0.2

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        navigation = EXACT_NAVIGATION if self.ship.entry.inertial is None else NAVIGATION
        exact = (CAPSULE_KNOWN,) if self.lift == self.drag == 1.0 else ()
        return (*world.wind_simplified(), navigation, CAPSULE, *exact)

    def fly(self, scene: Scene, world: World) -> Leg:
        t0 = scene.t
        state, system = scene.flying[self.ship_name], self.ship.entry
        forces, known, site = world.forces._replace(drag=0), world.known(), scene.landing or self.site
        y = np.concatenate([state.r, state.v])
        log = entry_log(int(LIMIT / STEP) + 10)
        law = "ballistic" if self.faults.guidance_lost else self.guidance
        unit = system.inertial.unit(self.draws, self.name, system.blackout) if system.inertial else EXACT_UNIT
        status, count = fly_entry(
            t0,
            y,
            entry_vehicle(state.mass, self.ship.capsule, self.lift, self.drag),
            forces,
            known.coarse,
            make(
                EntryTarget,
                position=opening_place(self.ship, site, known).ecef(),
                opening_altitude=self.ship.opening_altitude,
            ),
            make(BankSchedule, start=self.bank_start, end=self.bank_end, end_energy=self.energy_end),
            make(
                EntryControl,
                guided=LAWS[law],
                step=STEP,
                limit=LIMIT,
                side=1.0,
                spin=system.spin,
                mass=self.ship.return_module,
                wind=blowing(world, self.faults),
                forecast=known.wind,
                unit=unit,
                barometer=barometer_error(self.ship, world, self.draws),
            ),
            scratch(),
            log,
        )
        out = log.end
        path, extras = trajectory(log.nodes[:count]), log.extras[:count]
        if status == SKIPPED_OUT:
            raise Failure(skipped_out(path, extras, world.forces.gravity.mu))
        if status != OPENED:
            raise Failure(
                f"the capsule did not come down to {self.ship.opening_altitude / 1000.0:.0f} km within {LIMIT:.0f} s: "
                f"after {out[0] - t0:.0f} s it is at {extras[-1, 0] / 1000.0:.1f} km, "
                f"{extras[-1, 1]:.0f} m/s; at its lowest it was at {extras[:, 0].min() / 1000.0:.1f} km"
            )
        lost = None if not math.isfinite(out[LOST]) or self.guidance == "ballistic" else float(out[LOST]) - t0
        figures = EntryFigures(
            duration_s=path.end - t0,
            peak_heat_flux_kw_m2=float(extras[:, FLUX].max()) / 1000.0,
            heat_load_mj_m2=float(np.trapezoid(extras[:, FLUX], path.t)) / 1e6,
            bank_reversals=int(out[REVERSALS]),
            ahead_of_site_at_opening_km=-float(out[1]) / 1000.0,
            left_of_site_at_opening_km=float(out[2]) / 1000.0,
            peak_dynamic_pressure_kpa=float(extras[:, PRESSURE].max()) / 1000.0,
            miss_at_opening_km=math.hypot(out[1], out[2]) / 1000.0,
            guidance=law,
            drag_ratio=float(out[DRAG_RATIO]),
            lift_ratio=float(out[LIFT_RATIO]),
            navigation_error_m=float(out[PLACE_ERROR]),
            navigation_error_m_s=float(out[VELOCITY_ERROR]),
            guidance_lost_s=lost,
        )
        latitude, longitude, _ = (float(x[0]) for x in world.geodetic(path.t[:1], path.r[:1]))
        after = scene.moved(
            path.end, {self.ship_name: State(path.r[-1].copy(), path.v[-1].copy(), state.mass, state.cda)}
        ).with_(track=track_to(latitude, longitude, site))
        events = entry_events(self.ship_name, path, extras, system.blackout, lost)
        record = EntryRecord(
            figures,
            entry_history(path, extras, world),
            site.on_ground,
            guidance_history(path, extras),
            None if self.brief else EntryCapsule(self.ship.return_module, lift_to_drag(self.ship.lander)),
            None if self.brief else self._footprint(t0, state, known),
        )
        return Leg(self.name, t0, after, {self.ship_name: path}, events, self._verdicts(path, extras), record=record)

    def _verdicts(self, path: Trajectory, extras: np.ndarray) -> tuple[RuleCheck, ...]:
        """The largest load against the mission's limit, and what the heat shield meets against the ship's."""
        system, end = self.ship.entry, path.end
        heat = float(np.trapezoid(extras[:, FLUX], path.t))
        largest = {column: int(np.argmax(extras[:, column])) for column in (PRESSURE, LOAD, FLUX)}

        def at(column: int) -> tuple[float, float]:
            return float(extras[largest[column], column]), float(path.t[largest[column]])

        (load, loaded), (flux, hottest), (pressure, pressed) = at(LOAD), at(FLUX), at(PRESSURE)
        judged = (
            ("load on the crew at entry", load, self.load_limit, 1.0, "g", loaded),
            ("heat flux at entry", flux, system.heat_flux, 1e3, "kW/m2", hottest),
            ("heat load at entry", heat, system.heat_load, 1e6, "MJ/m2", end),
            ("dynamic pressure at entry", pressure, system.dynamic_pressure, 1e3, "kPa", pressed),
        )
        return tuple(
            RuleCheck(rule, self.name, value / per, "<=", limit / per, unit, t)
            for rule, value, limit, per, unit, t in judged
            if limit is not None
        )

    def _footprint(self, t: float, state: State, known: KnownWorld) -> Footprint | None:
        """What is reached from the state at the entry interface."""
        return footprint(t, state, self.ship.lander, self.ship.opening_altitude, self.load_limit, known)


def entry_events(
    ship: str, path: Trajectory, extras: np.ndarray, blackout: tuple[float, float] | None, lost: float | None
) -> tuple[Event, ...]:
    """In the order of time: the blackout, the reversals of the bank as commanded, the largest load, guidance lost.

    extras (n, 13) at the nodes of `path`; `lost` s after its start, None for never.
    """

    def event(name: str, i: int, t: float, **values: float) -> Event:
        place = {"altitude_km": float(extras[i, HEIGHT]) / 1000.0, "speed_m_s": float(extras[i, SPEED])}
        return Event(name, t, ship, {**values, **place})

    found = []
    height, load = extras[:, HEIGHT], extras[:, LOAD]
    worst = int(np.argmax(load))
    found.append(event("peak_load", worst, float(path.t[worst]), load_g=float(load[worst])))
    for name, level in zip(("blackout_start", "blackout_end"), blackout or (), strict=False):
        below = np.flatnonzero(height <= level)
        if len(below) and below[0] > 0:
            i = int(below[0])
            share = (height[i - 1] - level) / (height[i - 1] - height[i])
            found.append(event(name, i, float(path.t[i - 1] + share * (path.t[i] - path.t[i - 1]))))
    side = np.sign(np.nan_to_num(extras[:, COMMAND]))
    for i in (np.flatnonzero(side[1:] * side[:-1] < 0.0) + 1).tolist():
        found.append(event("bank_reversal", i, float(path.t[i]), to_deg=math.degrees(extras[i, COMMAND])))
    if lost is not None:
        i = min(int(np.searchsorted(path.t, path.start + lost)), len(path.t) - 1)
        found.append(event("guidance_lost", i, path.start + lost))
    return tuple(sorted(found, key=lambda e: e.t))


def skipped_out(path: Trajectory, extras: np.ndarray, mu: float) -> str:
    """How deep a capsule went that climbs out of the air again, and what becomes of it: the outcome of such an entry.

    `path`: its trajectory, up to where it is out; `extras` (n, 13) at its nodes, as `fly_entry` logs them; mu m3/s2.
    Where and when it comes down then is another entry, from another place, for which nothing here was planned.
    """
    lowest = int(np.argmin(extras[:, 0]))
    text = (
        f"the capsule skipped out of the air: at its lowest, {path.t[lowest] - path.start:.0f} s after the entry "
        f"interface, it is at {extras[lowest, 0] / 1000.0:.1f} km with at most {extras[:, 3].max():.2g} g, and after "
        f"{path.end - path.start:.0f} s at {extras[-1, 0] / 1000.0:.1f} km again, climbing at "
        f"{np.linalg.norm(path.v[-1]):.0f} m/s; "
    )
    minutes = minutes_until_back(path.r[-1], path.v[-1], mu)
    if math.isinf(minutes):
        return text + "it is faster than escape and does not come back"
    return text + f"without the air it is back at that height after {minutes:.0f} min, far from the site"


def minutes_until_back(r: np.ndarray, v: np.ndarray, mu: float) -> float:
    """Minutes until a climbing craft is back at its radius, r (3,) m, v (3,) m/s, on Kepler's orbit; inf for escape."""
    radius = float(np.linalg.norm(r))
    binding = 2.0 / radius - float(v @ v) / mu  # 1 / a
    if binding <= 0.0:
        return math.inf
    # e cos E and e sin E of the eccentric anomaly E; from E to apoapsis and as long again.
    cosine, sine = 1.0 - radius * binding, float(r @ v) * math.sqrt(binding / mu)
    mean = math.atan2(sine, cosine) - sine
    return 2.0 * (math.pi - mean) / math.sqrt(mu * binding**3) / 60.0
