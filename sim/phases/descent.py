"""Under parachutes to the ground: drogue, main, heat shield, retro rockets, touchdown."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kernels.entry.parachutes import RETRO_FIRE, TOUCHDOWN, descend
from kernels.orbit.forces import scratch
from kernels.records import Chutes
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.ground_site import Site
from sim.core.return_faults import NO_FAULTS, ReturnFaults
from sim.core.return_record import DescentFigures, DescentRecord
from sim.core.scene import Scene, State
from sim.core.simplification import Simplification
from sim.core.vehicle import Ship
from sim.environment.world import CALM, World
from sim.orbit.propagate import trajectory
from sim.reentry.discarded import TERMINAL, discarded
from sim.reentry.series import entry_history

SIMPLIFIED = (
    Simplification(
        "descent.canopies",
        "Capsule and canopies are one point; a canopy is an area that grows in time. No pendulum motion and no air in "
        "the canopies.",
        "descent",
    ),
    Simplification(
        "descent.heights_known",
        "The height is known exactly: the parachutes open, the heat shield separates and the retro rockets fire where "
        "they should.",
        "descent",
    ),
)


@dataclass(frozen=True)
class Descent:
    """Limits: `descent_limit` m/s under the parachute, until the retro rockets fire; `landing_limit` m/s at touchdown;
    `ellipse` m, semi-axes along the track and across it, about the site. `drag`, `retro`: drag of the canopies and
    thrust of the retro rockets as they are, over those of the model."""

    ship_name: str
    ship: Ship
    site: Site
    descent_limit: float
    landing_limit: float
    ellipse: tuple[float, float]
    drag: float = 1.0
    retro: float = 1.0
    faults: ReturnFaults = NO_FAULTS
    name: str = "descent"
    share: float = 0.1

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        return (CALM, *SIMPLIFIED, *((TERMINAL,) if self.ship.deorbit.discarded else ()))

    def fly(self, scene: Scene, world: World) -> Leg:
        t0 = scene.t
        state = scene.flying[self.ship_name]
        site = scene.landing or self.site
        forces = world.forces._replace(drag=0)
        y = np.concatenate([state.r, state.v])
        nodes, extras, marks = np.empty((8000, 11)), np.empty((8000, 8)), np.empty((5, 3))
        count, mass = descend(
            t0,
            y,
            state.mass,
            self._chutes(),
            forces,
            site.height,
            scratch(),
            nodes,
            extras,
            marks,
        )
        if marks[TOUCHDOWN, 0] == 0.0:
            raise Failure(
                f"the capsule did not reach the ground: {extras[count - 1, 0]:.0f} m, {extras[count - 1, 1]:.1f} m/s"
            )
        path = trajectory(nodes[:count])
        t = float(marks[TOUCHDOWN, 0])
        latitude, longitude, _ = (float(x[0]) for x in world.geodetic(path.t[-1:], path.r[-1:]))
        miss = ground_distance(latitude, longitude, site)
        along, across = from_site(latitude, longitude, heading(world, t0, state), site)
        of_ellipse = math.hypot(along / self.ellipse[0], across / self.ellipse[1])
        name = self.ship_name
        kinds = ("drogue_deployment", "main_chute_deployment", "heat_shield_jettison", "retro_fire")
        events = [
            Event(kind, float(m[0]), name, {"altitude_km": float(m[1]) / 1000.0, "speed_m_s": float(m[2])})
            for kind, m in zip(kinds, marks[:TOUCHDOWN], strict=True)
            if m[0] > 0.0
        ]
        touchdown = {
            "latitude_deg": latitude,
            "longitude_deg": longitude,
            "miss_km": miss,
            "beyond_site_km": along / 1000.0,
            "right_of_site_km": across / 1000.0,
            "speed_m_s": float(marks[TOUCHDOWN, 2]),
        }
        events.append(Event("touchdown", t, name, touchdown))
        crew = tuple(replace(s, aboard="landed", down_t=t) if s.aboard == name else s for s in scene.crew)
        after = scene.with_(
            t=t, crew=crew, flying={**scene.flying, name: State(path.r[-1].copy(), path.v[-1].copy(), mass, state.cda)}
        )
        verdicts = (
            RuleCheck(
                "speed before retro fire",
                self.name,
                float(marks[RETRO_FIRE, 2]),
                "<=",
                self.descent_limit,
                "m/s",
                float(marks[RETRO_FIRE, 0]),
            ),
            RuleCheck("speed at touchdown", self.name, float(marks[TOUCHDOWN, 2]), "<=", self.landing_limit, "m/s", t),
            RuleCheck("touchdown inside the ellipse", self.name, of_ellipse, "<=", 1.0, "of the ellipse", t),
        )
        figures = DescentFigures(
            descent_s=t - t0,
            opening_load_g=float(extras[:count, 3].max()),
            mass_at_touchdown_kg=mass,
            landed=", ".join(s.name for s in crew if s.aboard == "landed"),
        )
        record = DescentRecord(figures, entry_history(path, extras[:count], world), site.on_ground)
        moments = {"opening": path.start, **{event.name: event.t for event in events}}
        parts = discarded(self.ship.deorbit.discarded, moments, path, site.height, world)
        record = replace(record, discarded=parts)
        return Leg(self.name, t0, after, {name: path}, tuple(events), verdicts, record=record)

    def _chutes(self) -> Chutes:
        """Of the ship as it is."""
        chutes = self.ship.chutes
        assert chutes is not None  # a ship that lands has them
        areas = {key: getattr(chutes, key) * self.drag for key in ("drogue_cda", "main_cda")}
        return chutes._replace(**areas, retro_thrust=chutes.retro_thrust * self.retro)


def heading(world: World, t: float, state: State) -> float:
    """The direction over the turning Earth in which a craft flies at `t` s, rad clockwise from north."""
    latitude, longitude, _ = world.geodetic(np.array([t, t + 1.0]), np.array([state.r, state.r + state.v]))
    east = math.remainder(longitude[1] - longitude[0], 360.0) * math.cos(math.radians(latitude[0]))
    return math.atan2(east, latitude[1] - latitude[0])


def from_site(latitude_deg: float, longitude_deg: float, track: float, site: Site) -> tuple[float, float]:
    """How far beyond the site and to the right of it a place lies, m, seen along a track of that heading (rad); on the
    mean sphere of 6371 km, flat about the site: 0.1 % at 50 km."""
    north = 6.371e6 * (math.radians(latitude_deg) - site.latitude)
    east = 6.371e6 * math.remainder(math.radians(longitude_deg) - site.longitude, 2.0 * math.pi)
    east *= math.cos(0.5 * (math.radians(latitude_deg) + site.latitude))
    c, s = math.cos(track), math.sin(track)
    return north * c + east * s, east * c - north * s


def ground_distance(latitude_deg: float, longitude_deg: float, site: Site) -> float:
    """Great-circle distance to a site, km, on the mean sphere of 6371 km: 0.3 % at worst."""
    a, b = math.radians(latitude_deg), site.latitude
    dl = math.radians(longitude_deg) - site.longitude
    h = math.sin(0.5 * (b - a)) ** 2 + math.cos(a) * math.cos(b) * math.sin(0.5 * dl) ** 2
    return 2.0 * 6371.0 * math.asin(math.sqrt(h))
