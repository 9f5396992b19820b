"""Landing opportunities: the passes beside a site, each judged by every landing rule. Flight and planner judge here."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.core.ground_site import Site
from sim.environment.world import World
from sim.orbit.plane_crossing import sun_elevation
from sim.orbit.site_passes import Landing, Path
from sim.orbit.tracking import Links, earth_fixed

HOUR, DAY = 3600.0, 86400.0
STEP = 15.0  # s between the places of the burn whose links are looked at
HEIGHTS = np.array([1.0, 0.5, 0.0])  # of the height where the parachutes open, whose links are looked at
UNITS = {
    "ready": "h",
    "cross_range": "km",
    "crew_day": "h",
    "wind": "-",
    "burn_links": "-",
    "landing_links": "-",
    "weather": "-",
    "light": "deg",
    "backup_revolution": "h",
    "backup_day": "h",
}
AT_LEAST = ("ready", "burn_links", "landing_links", "light")  # the others have a greatest value


@dataclass(frozen=True)
class LandingLimits:
    """The limits of the landing rules, SI; `hard`: the rules that refuse.

    `burn_before` s before the pass the burn begins, for `burn` s; parachutes open `opening` m over the ellipsoid;
    touchdown `after` s after the pass. `day` s from waking to touchdown: `woken` s before undocking, or `rested` s
    before touchdown where the ship is alone for `night` s. `wind_share`: of the time that more than `wind` m/s may
    blow; `wind_months`: of each month the speed of the mean wind near the ground and one sigma of each of its axes,
    m/s. `burn_cover`, `landing_cover`: share in sight of a relay or a ground station. `revolution` s to the next pass,
    `next_day` s to one of the next day. `closed`: days of UTC that the weather closes.
    """

    hard: frozenset[str]
    cross_range: float
    day: float
    woken: float
    night: float
    rested: float
    wind: float
    wind_share: float
    wind_months: tuple[tuple[float, float], ...]
    burn_cover: float
    landing_cover: float
    sun: float
    revolution: float
    next_day: tuple[float, float]
    burn_before: float
    burn: float
    opening: float
    after: float
    closed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ruling:
    """How one rule stands: `value` against `limit`, in the unit of `UNITS`; a value of None is one that is not there
    (no later pass). `margin` is positive where the rule holds."""

    rule: str
    hard: bool
    value: float | None
    limit: float

    @property
    def margin(self) -> float | None:
        if self.value is None:
            return None
        return self.value - self.limit if self.rule in AT_LEAST else self.limit - self.value

    @property
    def holds(self) -> bool:
        return self.margin is not None and self.margin >= 0.0


@dataclass(frozen=True)
class LandingOpportunity:
    """One pass of one orbit beside a site, for a ship that leaves the station at `undocking`. Times s.

    `rulings`: every rule, in the order of `UNITS`.
    """

    landing: Landing
    undocking: float
    burn: float
    touchdown: float
    rulings: tuple[Ruling, ...]

    @property
    def refused_by(self) -> tuple[str, ...]:
        return tuple(x.rule for x in self.rulings if x.hard and not x.holds)

    @property
    def open(self) -> bool:
        return not self.refused_by

    @property
    def soft_broken(self) -> tuple[str, ...]:
        return tuple(x.rule for x in self.rulings if not x.hard and not x.holds)

    def ruling(self, rule: str) -> Ruling:
        return next(x for x in self.rulings if x.rule == rule)


@dataclass(frozen=True)
class LandingView:
    """What the judgement looks at: a path of the craft that will return, the site, the links, and the limits."""

    path: Path
    site: Site
    world: World
    links: Links
    links_at_site: float
    limits: LandingLimits


def view(path: Path, site: Site, world: World, links: Links, limits: LandingLimits, sine: float) -> LandingView:
    """`sine` of the elevation from which a relay is in sight at the site."""
    return LandingView(path, site, world, links, landing_cover(site, links, limits.opening, sine), limits)


def judged(
    seen: LandingView, passes: Sequence[Landing], lead: float, ready: float | None = None
) -> tuple[LandingOpportunity, ...]:
    """Every pass with its rulings, for a ship that undocks `lead` s before the pass, at `ready` s at the earliest."""
    good = np.array([x.overflight for x in passes if abs(x.cross_track) <= seen.limits.cross_range])
    return tuple(_judged(seen, x, good, lead, ready) for x in passes)


def _judged(seen: LandingView, x: Landing, good: np.ndarray, lead: float, ready: float | None) -> LandingOpportunity:
    limits = seen.limits
    touchdown = x.overflight + limits.after
    undocking, burn = x.overflight - lead, x.overflight - limits.burn_before
    coast = touchdown - undocking

    def rulings() -> Iterator[tuple[str, float | None, float]]:
        if ready is not None:
            yield "ready", undocking / HOUR, ready / HOUR
        yield "cross_range", abs(x.cross_track) / 1e3, limits.cross_range / 1e3
        day = limits.rested if coast > limits.night else limits.woken + coast
        yield "crew_day", day / HOUR, limits.day / HOUR
        at = seen.world.zero.plus(touchdown).utc(0)
        yield "wind", stronger(limits.wind, *limits.wind_months[int(at[5:7]) - 1]), limits.wind_share
        yield "burn_links", burn_cover(seen, burn), limits.burn_cover
        yield "landing_links", seen.links_at_site, limits.landing_cover
        yield "weather", float(at[:10] in limits.closed), 0.0
        yield "light", math.degrees(sun_elevation(touchdown, seen.site, seen.world)), math.degrees(limits.sun)
        yield "backup_revolution", _next(good, x.overflight, 0.0), limits.revolution / HOUR
        yield "backup_day", _next(good, x.overflight, limits.next_day[0]), limits.next_day[1] / HOUR

    made = tuple(Ruling(name, name == "ready" or name in limits.hard, a, b) for name, a, b in rulings())
    return LandingOpportunity(x, undocking, burn, touchdown, made)


def _next(good: np.ndarray, t: float, wait: float) -> float | None:
    """Hours to the first pass within the cross-range more than `wait` s later."""
    later = good[good > t + max(wait, 1.0)]
    return float(later[0] - t) / HOUR if later.size else None


def stronger(limit: float, mean: float, sigma: float) -> float:
    """Share of the time that a wind near the ground is over `limit` m/s, whose mean has a speed of `mean` m/s and whose
    axes spread by `sigma` m/s each: the speed is Rice's, Rayleigh's about a calm; one that does not spread is the mean.
    """
    if sigma == 0.0:
        return float(mean > limit)
    if mean == 0.0:
        return math.exp(-0.5 * (limit / sigma) ** 2)
    from scipy.special import chndtr

    return 1.0 - float(chndtr((limit / sigma) ** 2, 2.0, (mean / sigma) ** 2))


def burn_cover(seen: LandingView, burn: float) -> float:
    """Share of the burn that begins at `burn` s in sight of a relay or a ground station; 0 where the path does not
    reach it."""
    end = burn + seen.limits.burn
    if burn < seen.path.start or end > seen.path.end:
        return 0.0
    times = np.linspace(burn, end, 1 + math.ceil(seen.limits.burn / STEP))
    return float(seen.links.seen(earth_fixed(seen.path.at(times)[0], times, seen.world)).any(axis=1).mean())


def landing_cover(site: Site, links: Links, opening: float, sine: float) -> float:
    """Share of the heights of the descent at which a relay or a ground station is in sight of the capsule."""
    up = np.array(
        [
            math.cos(site.latitude) * math.cos(site.longitude),
            math.cos(site.latitude) * math.sin(site.longitude),
            math.sin(site.latitude),
        ]
    )
    places = site.ecef() + HEIGHTS[:, None] * max(opening - site.height, 0.0) * up
    grounds = links.seen(places)[:, : len(links.stations)].any(axis=1)
    to_relays = links.relays[None, :, :] - places[:, None, :]
    relays = (to_relays @ up > sine * np.linalg.norm(to_relays, axis=2)).any(axis=1)
    return float((grounds | relays).mean())


def chosen(found: Sequence[LandingOpportunity]) -> LandingOpportunity | None:
    """Of the first day that has an open one the open opportunity with the least cross-range. Days are counted from the
    first pass that the ship is ready for."""
    reach = [x for x in found if "ready" not in x.refused_by]
    for x in reach:
        if x.open:
            first = reach[0].landing.overflight
            day = first + DAY * (math.ceil((x.landing.overflight - first) / DAY) or 1)
            same = [y for y in reach if y.open and x.landing.overflight <= y.landing.overflight <= day]
            return min(same, key=lambda y: abs(y.landing.cross_track))
    return None
