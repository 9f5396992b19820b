"""From the entry interface to the opening of the parachutes: bank guidance to the landing site."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kernels.entry.entry import OPENED, fly_entry
from kernels.orbit.forces import scratch
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.scene import Scene, State
from sim.core.vehicle import Ship
from sim.environment.world import Site, World
from sim.orbit.propagate import trajectory
from sim.reentry.series import entry_series

STEP = 0.5  # s
LIMIT = 1800.0  # s


@dataclass(frozen=True)
class Entry:
    """Bank schedule in rad, linear in specific energy up to `energy_end` (J/kg)."""

    ship_name: str
    ship: Ship
    site: Site
    bank_start: float
    bank_end: float
    energy_end: float
    load_limit: float
    name: str = "entry"
    share: float = 0.2

    def fly(self, scene: Scene, world: World) -> Leg:
        t0 = scene.t
        state = scene.flying[self.ship_name]
        forces = world.forces._replace(drag=0)
        y = np.concatenate([state.r, state.v])
        room = int(LIMIT / STEP) + 10
        nodes, extras, out = np.empty((room, 11)), np.empty((room, 8)), np.empty(4)
        status, count = fly_entry(
            t0,
            y,
            state.mass,
            self.ship.capsule,
            forces,
            world.coarse,
            self.site.ecef(),
            self.ship.opening_altitude,
            self.bank_start,
            self.bank_end,
            self.energy_end,
            1,
            STEP,
            LIMIT,
            1.0,
            1.0,
            1.0,
            scratch(),
            nodes,
            extras,
            out,
        )
        if status != OPENED:
            raise Failure(
                f"the capsule did not come down to {self.ship.opening_altitude / 1000.0:.0f} km: "
                f"after {out[0] - t0:.0f} s it is at {extras[count - 1, 0] / 1000.0:.1f} km, "
                f"{extras[count - 1, 1]:.0f} m/s"
            )
        path, extras = trajectory(nodes[:count]), extras[:count]
        series = entry_series(path, extras, world)
        worst = int(np.argmax(extras[:, 3]))
        heat = int(np.argmax(extras[:, 4]))
        t = float(path.t[worst])
        event = Event(
            "peak_load",
            t,
            self.ship_name,
            {
                "load_g": float(extras[worst, 3]),
                "altitude_km": float(extras[worst, 0]) / 1000.0,
                "speed_m_s": float(extras[worst, 1]),
            },
        )
        notes = {
            "duration_s": path.end - t0,
            "peak_heat_flux_kw_m2": float(extras[heat, 4]) / 1000.0,
            "heat_load_mj_m2": float(np.trapezoid(extras[:, 4], path.t)) / 1e6,
            "bank_reversals": int(np.sum(np.diff(np.sign(extras[extras[:, 3] > 0.05, 6])) != 0)),
            "ahead_of_site_at_opening_km": -float(out[1]) / 1000.0,
            "left_of_site_at_opening_km": float(out[2]) / 1000.0,
        }
        after = scene.moved(
            path.end, {self.ship_name: State(path.r[-1].copy(), path.v[-1].copy(), state.mass, state.cda)}
        )
        verdicts = (
            RuleCheck("load on the crew at entry", self.name, event.values["load_g"], "<=", self.load_limit, "g", t),
        )
        return Leg(self.name, t0, after, {self.ship_name: path}, (event,), verdicts, {"entry": series}, notes)
