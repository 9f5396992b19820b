"""From the entry interface to the opening of the parachutes: bank guidance to the landing site."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.entry.dynamics import entry_vehicle
from kernels.entry.entry import OPENED, SKIPPED_OUT, EntryControl, entry_log, fly_entry
from kernels.entry.guidance import BankSchedule, EntryTarget
from kernels.orbit.forces import scratch
from kernels.records import make
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.ground_site import Site
from sim.core.landing_area import Footprint
from sim.core.return_faults import NO_FAULTS, ReturnFaults
from sim.core.return_record import EntryCapsule, EntryFigures, EntryRecord
from sim.core.scene import KnownState, Scene, State, as_planned
from sim.core.simplification import Simplification
from sim.core.trajectory import Trajectory
from sim.core.vehicle import Ship
from sim.environment.world import CALM, KnownWorld, World
from sim.orbit.propagate import trajectory
from sim.reentry.footprint import footprint, lift_to_drag
from sim.reentry.parachute_drift import opening_place
from sim.reentry.series import entry_history, track_to

SIMPLIFIED = (
    Simplification("entry.state_known", "The guidance knows the capsule's place and speed exactly.", "entry"),
    Simplification("entry.mass_known", "The guidance knows the mass of the capsule exactly.", "entry"),
    Simplification(
        "entry.capsule",
        "The capsule is a point with one drag coefficient and one lift-to-drag ratio at all speeds, and loses no mass; "
        "its bank angle follows the command at a limited rate.",
        "entry",
    ),
)
CAPSULE_KNOWN = Simplification(
    "entry.capsule_known", "The guidance knows the lift and the drag of the capsule exactly.", "entry"
)
STEP = 0.5  # s
LIMIT = 1800.0  # s


@dataclass(frozen=True)
class Entry:
    """Bank schedule in rad, linear in specific energy up to `energy_end` (J/kg). `lift`, `drag`: of the capsule as it
    is, over those of its model, which the guidance predicts with; its place and speed are known to it exactly.
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
    faults: ReturnFaults = NO_FAULTS
    brief: bool = False
    name: str = "entry"
    share: float = 0.2

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        return (CALM, *SIMPLIFIED, *((CAPSULE_KNOWN,) if self.lift == self.drag == 1.0 else ()))

    def fly(self, scene: Scene, world: World) -> Leg:
        t0 = scene.t
        state = scene.flying[self.ship_name]
        forces, known, site = world.forces._replace(drag=0), world.known(), scene.landing or self.site
        y = np.concatenate([state.r, state.v])
        log = entry_log(int(LIMIT / STEP) + 10)
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
            make(EntryControl, guided=1, step=STEP, limit=LIMIT, side=1.0),
            scratch(),
            log,
        )
        extras, out = log.extras, log.end
        path, extras = trajectory(log.nodes[:count]), extras[:count]
        if status == SKIPPED_OUT:
            raise Failure(skipped_out(path, extras, world.forces.gravity.mu))
        if status != OPENED:
            raise Failure(
                f"the capsule did not come down to {self.ship.opening_altitude / 1000.0:.0f} km within {LIMIT:.0f} s: "
                f"after {out[0] - t0:.0f} s it is at {extras[-1, 0] / 1000.0:.1f} km, "
                f"{extras[-1, 1]:.0f} m/s; at its lowest it was at {extras[:, 0].min() / 1000.0:.1f} km"
            )
        worst = int(np.argmax(extras[:, 3]))
        heat = int(np.argmax(extras[:, 4]))
        t = float(path.t[worst])
        load = float(extras[worst, 3])
        event = Event(
            "peak_load",
            t,
            self.ship_name,
            {
                "load_g": load,
                "altitude_km": float(extras[worst, 0]) / 1000.0,
                "speed_m_s": float(extras[worst, 1]),
            },
        )
        figures = EntryFigures(
            duration_s=path.end - t0,
            peak_heat_flux_kw_m2=float(extras[heat, 4]) / 1000.0,
            heat_load_mj_m2=float(np.trapezoid(extras[:, 4], path.t)) / 1e6,
            bank_reversals=int(np.sum(np.diff(np.sign(extras[extras[:, 3] > 0.05, 6])) != 0)),
            ahead_of_site_at_opening_km=-float(out[1]) / 1000.0,
            left_of_site_at_opening_km=float(out[2]) / 1000.0,
        )
        latitude, longitude, _ = (float(x[0]) for x in world.geodetic(path.t[:1], path.r[:1]))
        after = scene.moved(
            path.end, {self.ship_name: State(path.r[-1].copy(), path.v[-1].copy(), state.mass, state.cda)}
        ).with_(track=track_to(latitude, longitude, site))
        verdicts = (RuleCheck("load on the crew at entry", self.name, load, "<=", self.load_limit, "g", t),)
        capsule = EntryCapsule(state.mass, lift_to_drag(self.ship.lander))
        record = EntryRecord(
            figures,
            entry_history(path, extras, world),
            site.on_ground,
            None if self.brief else capsule,
            None if self.brief else self._footprint(t0, as_planned(state), known),
        )
        return Leg(self.name, t0, after, {self.ship_name: path}, (event,), verdicts, record=record)

    def _footprint(self, t: float, state: KnownState, known: KnownWorld) -> Footprint | None:
        """What is reached from the state at the entry interface."""
        return footprint(t, state, self.ship.lander, self.ship.opening_altitude, self.load_limit, known)


def skipped_out(path: Trajectory, extras: np.ndarray, mu: float) -> str:
    """How deep a capsule went that climbs out of the air again, and what becomes of it: the outcome of such an entry.

    `path`: its trajectory, up to where it is out; `extras` (n, 8) at its nodes, as `fly_entry` logs them; mu m3/s2.
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
