"""When the station's plane passes over the pad, and what the phase is then.

The plane test uses the pad's geocentric position (the geodetic latitude would be 445 s wrong at Jiuquan) and the
station's mean plane (the osculating one 20 to 40 s).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import OMEGA_EARTH
from sim.core.flight import Failure
from sim.core.ground_site import Site
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.orbit.propagate import (
    beta_angle,
    mean_plane,
    node_rate,
    osculating_plane,
    phase_ahead,
    plane_normal,
    semi_major_axis,
    sunlit,
)


@dataclass(frozen=True)
class Window:
    """One day's launch opportunity. Times s, angles rad; `phase` is station ahead of ship at insertion, untrimmed."""

    crossing: float
    liftoff: float
    branch: str
    phase: float
    beta: float
    sun_elevation: float
    lit_at_docking: bool


def out_of_plane(t: float, path: Trajectory, site: Site, world: World) -> float:
    """Angle of the site above the station's mean plane, rad, positive on the side of the orbit normal."""
    normal = plane_normal(t, *mean_plane(path, t, world), world)
    r, _ = world.site_eci(site, t)
    return math.asin(float(normal @ r) / float(np.linalg.norm(r)))


@dataclass(frozen=True)
class PlaneCrossing:
    """An instant `t` s at which a site passes through the mean plane, and the plane there.

    `inclination`, `latitude` (geocentric) rad; `rate` rad/s of the site against the node: the Earth's turn less the
    node's drift.
    """

    t: float
    branch: str
    inclination: float
    latitude: float
    rate: float

    def angle(self, t: float) -> float:
        """Angle of the site out of the plane at a time near the crossing, rad, as `out_of_plane` has it."""
        from_node = self._from_node(math.tan(self.latitude) / math.tan(self.inclination)) + self.rate * (t - self.t)
        return math.asin(
            math.cos(self.inclination) * math.sin(self.latitude)
            - math.sin(self.inclination) * math.cos(self.latitude) * math.sin(from_node)
        )

    def time(self, angle: float) -> float | None:
        """When, on this branch, the site is `angle` rad out of the plane; None where it never reaches it."""
        wide = math.sin(self.inclination) * math.cos(self.latitude)
        sine = (math.cos(self.inclination) * math.sin(self.latitude) - math.sin(angle)) / wide
        if abs(sine) > 1.0:
            return None
        here = self._from_node(math.tan(self.latitude) / math.tan(self.inclination))
        return self.t + (self._from_node(sine) - here) / self.rate

    def until(self, branch: str) -> float:
        """Seconds from here to the site's nearest passage on a branch; negative where it came before."""
        here = self._from_node(math.tan(self.latitude) / math.tan(self.inclination))
        return math.remainder(0.0 if branch == self.branch else math.pi - 2.0 * here, 2.0 * math.pi) / self.rate

    def _from_node(self, sine: float) -> float:
        """Right ascension from the node, on this branch, of the given sine."""
        within = math.asin(max(-1.0, min(1.0, sine)))
        return within if self.branch == "ascending" else math.pi - within


BRANCHES = ("ascending", "descending")
NEAREST = 2400.0  # s
TANGENT = 1.0e-12  # of the sine: a plane that just touches the site's parallel is a double root, not none


def planes_over(
    path: Trajectory, site: Site, world: World, start: float, end: float, branches: tuple[str, ...] = BRANCHES
) -> list[PlaneCrossing]:
    """Every passage of a site through the mean plane between start and end, in order of time.

    A site is over the plane when its right ascension from the node has the sine tan(latitude) / tan(inclination),
    geocentric latitude: twice a nodal day, once on each branch; never where that is more than 1.
    """
    found = []
    for branch in branches:
        day = 2.0 * math.pi / (OMEGA_EARTH - _drift(path, start, world))
        estimate = start - 0.5 * day
        last = -math.inf
        while estimate < end + 0.5 * day:
            crossing = _refined(estimate, branch, path, site, world)
            # Where the plane does not reach the site today it may tomorrow: its inclination sways by 0.003 deg.
            if crossing and start <= crossing.t <= end and crossing.t > last + 0.5 * day:
                found.append(crossing)
                last = crossing.t
            estimate = (crossing.t if crossing else estimate) + day
    return sorted(found, key=lambda crossing: crossing.t)


def crossings(path: Trajectory, site: Site, world: World, start: float, end: float, branch: str) -> list[float]:
    """Instants between start and end at which the site passes through the mean plane on one branch.

    On the descending branch the station flies to the south-east over the site, on the ascending one to the north-east.
    None where the site lies further from the equator than the plane reaches.
    """
    return [crossing.t for crossing in planes_over(path, site, world, start, end, (branch,))]


def _refined(
    estimate: float, branch: str, path: Trajectory, site: Site, world: World, within: float = math.inf
) -> PlaneCrossing | None:
    """The crossing nearest to an estimate, or None where the plane does not reach the site then, or where the first
    pass, which is good to minutes, puts it further away than `within` s."""
    t = estimate
    for _ in range(8):
        inside = min(max(t, path.start), path.end)
        inclination, node = mean_plane(path, inside, world)
        drift = _drift(path, inside, world)
        x, y, z = world.true_of_date(t) @ world.site_eci(site, t)[0]
        latitude = math.atan2(z, math.hypot(x, y))
        sine = math.tan(latitude) / math.tan(inclination)
        if abs(sine) > 1.0 + TANGENT:
            return None
        crossing = PlaneCrossing(t, branch, inclination, latitude, OMEGA_EARTH - drift)
        ahead = crossing._from_node(sine) - (math.atan2(y, x) - node - drift * (t - inside))
        step = math.remainder(ahead, 2.0 * math.pi) / crossing.rate
        t += step
        if abs(step) > within:
            return None
        if abs(step) < 1e-4:
            break
    return replace(crossing, t=t)


def _drift(path: Trajectory, t: float, world: World) -> float:
    """Of the node, rad/s."""
    r, v, _ = path.at(t)
    return node_rate(float(semi_major_axis(r, v)[0]), float(osculating_plane(t, r, v, world)[0][0]))


def reach(path: Trajectory, site: Site, world: World, t: float) -> tuple[float, float]:
    """How far from the equator the mean plane reaches, and the site's geocentric latitude, rad."""
    r = site.ecef()
    inclination = mean_plane(path, t, world)[0]
    return min(inclination, math.pi - inclination), math.asin(r[2] / float(np.linalg.norm(r)))


def nearest_crossing(
    path: Trajectory, site: Site, world: World, estimate: float, branches: tuple[str, ...] = BRANCHES
) -> float:
    """The plane crossing nearest to an estimate and within 40 minutes of it, s, on whichever of the branches.

    Each branch is looked for by itself: near the edge of the plane's reach both lie so close together that the site is
    on the same side of the plane before and after them.
    """
    a, b = max(estimate - NEAREST, path.start), min(estimate + NEAREST, path.end)
    found = [_refined(estimate, branch, path, site, world, within=2.0 * NEAREST) for branch in branches]
    near = [crossing.t for crossing in found if crossing and a <= crossing.t <= b]
    if not near:
        fa, fb = (math.degrees(out_of_plane(t, path, site, world)) for t in (a, b))
        raise Failure(
            f"the pad does not pass through the station's plane within 40 minutes of {world.zero.plus(estimate)}: it "
            f"stays {fa:.2f} to {fb:.2f} deg off it"
        )
    return min(near, key=lambda t: abs(t - estimate))


def branch_at(t: float, path: Trajectory, site: Site, world: World) -> str:
    """Whether a craft in the station's plane over the site at `t` flies north (ascending) or south (descending)."""
    normal = plane_normal(t, *mean_plane(path, t, world), world)
    r, _ = world.site_eci(site, t)
    pole = world.true_of_date(t)[2]
    return "ascending" if float(np.cross(normal, r) @ pole) > 0.0 else "descending"


def insertion_phase(t: float, path: Trajectory, site: Site, world: World, after: float, downrange: float) -> float:
    """Angle from the ship to the station at insertion, rad, for a lift-off at `t`.

    The ship is taken to be `downrange` (inertial angle in the plane) past the pad's position at lift-off, `after` s
    later.
    """
    normal = plane_normal(t, *mean_plane(path, t, world), world)
    pad, _ = world.site_eci(site, t)
    flat = pad - (pad @ normal) * normal
    ship = math.cos(downrange) * flat + math.sin(downrange) * np.cross(normal, flat)
    return phase_ahead(path.at(t + after)[0][0], ship, normal)


def sun_elevation(t: float, site: Site, world: World) -> float:
    """Of the Sun's centre above the geocentric horizon of a site, rad; no refraction."""
    r, _ = world.site_eci(site, t)
    s = world.sun(t)
    return math.asin(float(r @ s) / float(np.linalg.norm(r) * np.linalg.norm(s)))


def window_at(
    crossing: float,
    liftoff: float,
    branch: str,
    path: Trajectory,
    site: Site,
    world: World,
    after: float,
    downrange: float,
    docking_after: float,
    required: float,
) -> Window:
    """Crossing, phase and light of one lift-off time; `required` rad is the phase that a trim will set.

    The light at docking is that of the trimmed station, which comes along the same orbit earlier or later.
    """
    normal = plane_normal(liftoff, *mean_plane(path, liftoff, world), world)
    docking = liftoff + docking_after
    phase = insertion_phase(liftoff, path, site, world, after, downrange)
    r, v = (x[0] for x in path.at(min(docking, path.end))[:2])
    rate = float(np.linalg.norm(np.cross(r, v)) / (r @ r))
    arrival = docking + wrapped(required - phase) / rate
    lit = path.start <= arrival <= path.end and bool(sunlit(docking, path.at(arrival)[0][0], world))
    return Window(
        crossing=crossing,
        liftoff=liftoff,
        branch=branch,
        phase=phase,
        beta=beta_angle(liftoff, normal, world),
        sun_elevation=sun_elevation(liftoff, site, world),
        lit_at_docking=lit,
    )


def wrapped(angle: float) -> float:
    """Into (-pi, pi]."""
    return math.pi - (math.pi - angle) % (2.0 * math.pi)
