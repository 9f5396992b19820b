"""Under parachutes to the ground: drogue, main or its back-up, heat shield, retro rockets, touchdown in the wind."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import OMEGA_EARTH
from kernels.entry.parachutes import (
    BACKUP_OUT,
    COVER_OFF,
    DISREEFED,
    DROGUE_OUT,
    MAIN_FAILED,
    MAIN_OUT,
    OF_BACKUP,
    OF_DROGUE,
    OF_MAIN,
    RETRO_FIRE,
    SEATS_UP,
    SHIELD_OFF,
    TOUCHDOWN,
    descend,
    descent_log,
)
from kernels.orbit.forces import scratch
from kernels.records import Chutes
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.ground_site import Site
from sim.core.landing_area import LandingEllipse, WindProfile
from sim.core.random_streams import RandomDraws
from sim.core.return_faults import NO_FAULTS, ReturnFaults
from sim.core.return_record import DescentFigures, DescentRecord
from sim.core.scene import Scene, State
from sim.core.simplification import Simplification
from sim.core.vehicle import Ship
from sim.environment.winds import blowing, wind_at
from sim.environment.world import World
from sim.orbit.propagate import trajectory
from sim.reentry.discarded import TERMINAL, discarded
from sim.reentry.heights import altimeter_error, barometer_error
from sim.reentry.series import entry_history, from_site

CANOPIES = Simplification(
    "descent.canopies",
    "Capsule and canopies are one point; a canopy is an area that fills with the square of the time, at once after the "
    "last, and no air moves with it. No pendulum motion. A main parachute that fails does not brake at all.",
    "descent",
)
HEIGHTS_KNOWN = Simplification(
    "descent.heights_known",
    "The height is known exactly: the heat shield separates and the retro rockets fire where they should.",
    "descent",
)
ONE_OFFSET = Simplification(
    "descent.one_offset",
    "Barometer and altimeter err by one offset each for the whole descent. Air of another density has another pressure "
    "by the same factor at every height.",
    "descent",
)
GROUND = Simplification(
    "descent.ground",
    "The ground is at the height of the site and hard; whether the capsule tips over is that of a rigid body whose "
    "leading edge stops.",
    "descent",
)
NODES = 8000
EVENTS = {
    DROGUE_OUT: "drogue_deployment",
    MAIN_FAILED: "main_chute_failure",
    BACKUP_OUT: "backup_chute_deployment",
    MAIN_OUT: "main_chute_deployment",
    DISREEFED: "main_chute_disreef",
    SHIELD_OFF: "heat_shield_jettison",
    SEATS_UP: "seats_lifted",
    RETRO_FIRE: "retro_fire",
}


@dataclass(frozen=True)
class Descent:
    """Limits: `descent_limit` m/s under the parachute, until the retro rockets fire; at touchdown `landing_limit` m/s
    downward and `drift_limit` m/s along the ground, in a wind of `wind_limit` m/s; `ellipse` m, semi-axes along the
    track and across it, about the site. `drag`, `retro`: drag of the canopies and thrust of the retro rockets as they
    are, over those of the model. `draws`: of the errors of barometer and altimeter. `brief`: without the ends of what
    is discarded."""

    ship_name: str
    ship: Ship
    site: Site
    descent_limit: float
    landing_limit: float
    ellipse: tuple[float, float]
    drag: float = 1.0
    retro: float = 1.0
    faults: ReturnFaults = NO_FAULTS
    draws: RandomDraws = RandomDraws(1)
    drift_limit: float = 12.0
    wind_limit: float = 15.0
    brief: bool = False
    name: str = "descent"
    share: float = 0.1

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        landing = self.ship.landing
        heights = ONE_OFFSET if landing.barometer > 0.0 or landing.altimeter > 0.0 else HEIGHTS_KNOWN
        terminal = (TERMINAL,) if self.ship.deorbit.discarded else ()
        return (*world.wind_simplified(), CANOPIES, heights, GROUND, *terminal)

    def fly(self, scene: Scene, world: World) -> Leg:
        t0 = scene.t
        state = scene.flying[self.ship_name]
        site = scene.landing or self.site
        wind = blowing(world, self.faults)
        y, log = np.concatenate([state.r, state.v]), descent_log(NODES)
        count, mass = descend(
            t0,
            y,
            state.mass,
            self.chutes(world),
            world.forces._replace(drag=0),
            wind,
            site.height,
            scratch(),
            log,
        )
        extras, marks = log.extras[:count], log.marks
        if marks[TOUCHDOWN, 0] == 0.0:
            raise Failure(f"the capsule did not reach the ground: {extras[-1, 0]:.0f} m, {extras[-1, 1]:.1f} m/s")
        path = trajectory(log.nodes[:count])
        t = float(marks[TOUCHDOWN, 0])
        latitude, longitude, _ = (float(x[0]) for x in world.geodetic(path.t[-1:], path.r[-1:]))
        down, along_ground = over_ground(world, t, path.r[-1], path.v[-1])
        surface_wind = math.hypot(*wind_at(wind, site.height))
        track = heading(world, t0, state) if scene.track is None else scene.track
        along, across = from_site(latitude, longitude, track, site)
        touchdown = {
            "latitude_deg": latitude,
            "longitude_deg": longitude,
            "miss_km": ground_distance(latitude, longitude, site),
            "beyond_site_km": along / 1000.0,
            "right_of_site_km": across / 1000.0,
            "speed_m_s": float(marks[TOUCHDOWN, 2]),
            "vertical_m_s": down,
            "horizontal_m_s": along_ground,
            "surface_wind_m_s": surface_wind,
            **self._on_ground(site, down, along_ground),
        }
        name = self.ship_name
        events = sorted(
            (
                Event(kind, float(m[0]), name, {"altitude_km": float(m[1]) / 1000.0, "speed_m_s": float(m[2])})
                for kind, m in ((self._event(kind), marks[row]) for row, kind in EVENTS.items())
                if m[0] > 0.0
            ),
            key=lambda event: event.t,
        )
        events.append(Event("touchdown", t, name, touchdown))
        crew = tuple(replace(s, aboard="landed", down_t=t) if s.aboard == name else s for s in scene.crew)
        after = scene.with_(
            t=t, crew=crew, flying={**scene.flying, name: State(path.r[-1].copy(), path.v[-1].copy(), mass, state.cda)}
        )
        fired = marks[RETRO_FIRE] if marks[RETRO_FIRE, 0] > 0.0 else marks[TOUCHDOWN]
        of_ellipse = math.hypot(along / self.ellipse[0], across / self.ellipse[1])
        verdicts = (
            *self._borne(log.loads),
            RuleCheck(
                "speed before retro fire", self.name, float(fired[2]), "<=", self.descent_limit, "m/s", float(fired[0])
            ),
            RuleCheck("speed at touchdown", self.name, down, "<=", self.landing_limit, "m/s", t),
            RuleCheck("speed along the ground at touchdown", self.name, along_ground, "<=", self.drift_limit, "m/s", t),
            RuleCheck("wind at touchdown", self.name, surface_wind, "<=", self.wind_limit, "m/s", t),
            RuleCheck("touchdown inside the ellipse", self.name, of_ellipse, "<=", 1.0, "of the ellipse", t),
        )
        figures = DescentFigures(
            descent_s=t - t0,
            opening_load_g=float(extras[:, 3].max()),
            mass_at_touchdown_kg=mass,
            landed=", ".join(s.name for s in crew if s.aboard == "landed"),
            speed_at_opening_m_s=float(marks[COVER_OFF, 2]),
            speed_under_drogue_m_s=float(marks[MAIN_FAILED if self.faults.main_fails else MAIN_OUT, 2]),
            speed_reefed_m_s=float(marks[DISREEFED, 2]),
            speed_under_main_m_s=float(fired[2]),
            drogue_force_kn=float(log.loads[OF_DROGUE, 0]) / 1000.0,
            main_force_kn=float(log.loads[OF_BACKUP if self.faults.main_fails else OF_MAIN, 0]) / 1000.0,
            drift_km=math.hypot(*drifted(world, path.t, path.r)) / 1000.0,
        )
        ellipse = LandingEllipse(self.ellipse[0] / 1e3, self.ellipse[1] / 1e3, math.degrees(track) % 360.0)
        profile = WindProfile(*wind.T) if len(wind) else None
        moments = {"opening": path.start, **{event.name: event.t for event in events}}
        parts = () if self.brief else self.ship.deorbit.discarded
        fallen = discarded(parts, moments, path, site.height, replace(world, wind=wind))
        record = DescentRecord(figures, entry_history(path, extras, world), site.on_ground, ellipse, profile, fallen)
        return Leg(self.name, t0, after, {name: path}, tuple(events), verdicts, record=record)

    def _event(self, kind: str) -> str:
        return "retro_failure" if kind == "retro_fire" and self.faults.retro_fails else kind

    def chutes(self, world: World) -> Chutes:
        """Of the ship as it is: canopies, rockets, and what barometer and altimeter read."""
        chutes, faults = self.ship.chutes, self.faults
        assert chutes is not None  # a ship that lands has them
        areas = {key: getattr(chutes, key) * self.drag for key in ("drogue_cda", "main_cda", "backup_cda")}
        return chutes._replace(
            **areas,
            retro_thrust=0.0 if faults.retro_fails else chutes.retro_thrust * self.retro,
            main_fails=1 if faults.main_fails else 0,
            barometer=barometer_error(self.ship, world, self.draws),
            altimeter=altimeter_error(self.ship, self.draws),
        )

    def _borne(self, loads: np.ndarray) -> tuple[RuleCheck, ...]:
        """The largest opening force over what its canopy bears; nothing where nobody says what they bear."""
        landing = self.ship.landing
        limits = {OF_DROGUE: landing.drogue_load, OF_MAIN: landing.main_load, OF_BACKUP: landing.main_load}
        if not any(math.isfinite(limit) for limit in limits.values()):
            return ()
        share, t = max((float(loads[row, 0]) / limit, float(loads[row, 1])) for row, limit in limits.items())
        return (RuleCheck("opening force of a parachute", self.name, share, "<=", 1.0, "of what it bears", t),)

    def _on_ground(self, site: Site, down: float, along: float) -> dict[str, float | str]:
        """What the seats take and whether the capsule tips over, where its file describes it."""
        body = self.ship.landing.body
        if body is None:
            return {}
        tips = body.tipping_speed(site.slope)
        return {
            "seat_load_g": body.seat_load(down),
            "tips_over_from_m_s": tips,
            "tips_over": "yes" if along > tips else "no",
        }


def over_ground(world: World, t: float, r: np.ndarray, v: np.ndarray) -> tuple[float, float]:
    """Speeds over the turning Earth, m/s: downward along the geodetic vertical, and along the ground."""
    _, _, height = world.geodetic(np.array([t, t + 0.01]), np.array([r, r + 0.01 * v]))
    down = -float(height[1] - height[0]) / 0.01
    pole = world.true_of_date(t)[2]
    relative = v - np.cross(OMEGA_EARTH * pole, r)
    return down, math.sqrt(max(float(relative @ relative) - down * down, 0.0))


def drifted(world: World, t: np.ndarray, r: np.ndarray) -> tuple[float, float]:
    """How far toward east and north (m) a path leads over the ground, from its first point to its last."""
    latitude, longitude, _ = world.geodetic(t[[0, -1]], r[[0, -1]])
    east = math.radians(math.remainder(longitude[1] - longitude[0], 360.0))
    return 6.371e6 * east * math.cos(math.radians(latitude.mean())), 6.371e6 * math.radians(latitude[1] - latitude[0])


def heading(world: World, t: float, state: State) -> float:
    """The direction over the turning Earth in which a craft flies at `t` s, rad clockwise from north."""
    latitude, longitude, _ = world.geodetic(np.array([t, t + 1.0]), np.array([state.r, state.r + state.v]))
    east = math.remainder(longitude[1] - longitude[0], 360.0) * math.cos(math.radians(latitude[0]))
    return math.atan2(east, latitude[1] - latitude[0])


def ground_distance(latitude_deg: float, longitude_deg: float, site: Site) -> float:
    """Great-circle distance to a site, km, on the mean sphere of 6371 km: 0.3 % at worst."""
    a, b = math.radians(latitude_deg), site.latitude
    dl = math.radians(longitude_deg) - site.longitude
    h = math.sin(0.5 * (b - a)) ** 2 + math.cos(a) * math.cos(b) * math.sin(0.5 * dl) ** 2
    return 2.0 * 6371.0 * math.asin(math.sqrt(h))
