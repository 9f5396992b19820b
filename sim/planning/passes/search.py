"""Every pass of a craft over a site: found by `sim.events`, and what an observer there sees of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.catalogue.facts import fact
from sim.core.ground_site import Site
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.events import Crossing, eclipses, look, look_at_sun, passes
from sim.events.search import zeros
from sim.planning.passes.sights import Sights, sights, twilight

EVERY_S = 10.0  # between two sights of a track
SUN_RAD_S = 7.4e-5  # the Sun's elevation never changes quicker
SHADOW = ("umbra_entry", "umbra_exit")

Spans = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Craft:
    """What is looked for: a trajectory without gaps, and the standard magnitude with its one sigma, None where nobody
    has measured it."""

    name: str
    path: Trajectory
    magnitude: float | None = None
    magnitude_error: float = 0.0


@dataclass(frozen=True)
class CraftInLight:
    """A craft with its shadow edges, which are the same for every site."""

    craft: Craft
    edges: tuple[Crossing, ...]

    def lit(self, start: float, end: float, at_start: bool) -> Spans:
        """Where it is outside of the umbra between `start` and `end` s; `at_start`: whether it is there."""
        following = next((e for e in self.edges if e.t > start), None)
        before = next((e for e in reversed(self.edges) if e.t <= start), None)
        lit = at_start
        if following is not None:
            lit = following.kind == SHADOW[0]
        elif before is not None:
            lit = before.kind == SHADOW[1]
        inside = [e.t for e in self.edges if start < e.t < end]
        return _alternating([start, *inside, end], lit)


def in_light(craft: Craft, world: World) -> CraftInLight:
    edges = (e for e in eclipses(craft.path, world) if e.kind in SHADOW and e.direction)
    return CraftInLight(craft, tuple(edges))


@dataclass(frozen=True)
class SitePass:
    """One pass: `ends` are the sights at rise, highest point and set; `whole` where rise and set both lie in the span.

    `lit`: outside of the Earth's umbra; `dark`: the Sun lower than at the end of civil twilight; `seen`: both, and
    bright enough for an eye. `track`: sights every 10 s, with those at the ends of `seen`.
    """

    craft: Craft
    ends: Sights
    whole: bool
    lit: Spans
    dark: Spans
    seen: Spans
    track: Sights

    @property
    def start(self) -> float:
        return float(self.ends.t[0])

    @property
    def end(self) -> float:
        return float(self.ends.t[-1])

    @property
    def top(self) -> float:
        return float(self.ends.t[1])

    @property
    def twilight(self) -> str:
        """At the site, when the craft stands highest."""
        return twilight(float(self.ends.sun[1]))

    @cached_property
    def brightest(self) -> int | None:
        """Index in the track of the brightest sight while it is seen; None where it is not."""
        inside = np.zeros(len(self.track.t), dtype=bool)
        for a, b in self.seen:
            inside |= (self.track.t >= a) & (self.track.t <= b)
        inside &= np.isfinite(self.track.in_air)
        return int(np.argmin(np.where(inside, self.track.in_air, np.inf))) if inside.any() else None


def site_passes(
    craft: CraftInLight, world: World, site: Site, mask_deg: float, start: float, end: float
) -> list[SitePass]:
    """Every pass that has some time between `start` and `end` s, in order."""
    stays = stays_above(craft.craft.path, world, site, mask_deg)
    return [_seen(craft, world, site, *stay) for stay in stays if stay[2] > start and stay[0] < end]


def stays_above(path: Trajectory, world: World, site: Site, mask_deg: float) -> list[tuple[float, float, float, bool]]:
    """Rise, highest point and set, s, of every stay above the mask, and whether both ends are within the path."""
    found: list[tuple[float, float, float, bool]] = []
    tops: list[Crossing] = []
    crossings = passes(path, world, site, mask_deg)
    above = look(path, world, site, np.array([path.start]))[0][0] > math.radians(mask_deg)
    rise: float | None = path.start if above and not (crossings and crossings[0].kind == "aos") else None
    whole = rise is None
    for crossing in crossings:
        if crossing.kind == "aos":
            rise, whole, tops = crossing.t, True, []
        elif crossing.kind == "culmination" and crossing.direction:
            tops.append(crossing)
        elif crossing.kind == "los" and rise is not None:
            found.append((rise, _highest(path, world, site, rise, crossing.t, tops), crossing.t, whole))
            rise, tops = None, []
    if rise is not None:
        found.append((rise, _highest(path, world, site, rise, path.end, tops), path.end, False))
    return found


def _highest(path: Trajectory, world: World, site: Site, rise: float, set_: float, tops: Sequence[Crossing]) -> float:
    """Of the turning points and the two ends the one that stands highest."""
    times = np.array([*(c.t for c in tops), rise, set_])
    return float(times[int(np.argmax(look(path, world, site, times)[0]))])


def _seen(craft: CraftInLight, world: World, site: Site, rise: float, top: float, set_: float, whole: bool) -> SitePass:
    path = craft.craft.path
    standard = math.nan if craft.craft.magnitude is None else craft.craft.magnitude

    def at(times: np.ndarray) -> Sights:
        return sights(path, world, site, standard, times)

    ends = at(np.array([rise, top, set_]))
    lit = craft.lit(rise, set_, bool(ends.lit[0] > 0.0))
    dark = _dark(world, site, rise, set_, float(ends.sun[1]))
    seen = _both(lit, dark)
    count = max(2, math.ceil((set_ - rise) / EVERY_S) + 1)
    track = at(np.unique(np.concatenate([np.linspace(rise, set_, count), [top], *([a, b] for a, b in (*lit, *seen))])))
    made = SitePass(craft.craft, ends, whole, lit, dark, seen, track)
    best = made.brightest
    if craft.craft.magnitude is None:
        return made
    if best is None or track.in_air[best] > fact("brightness.faintest_by_eye").number:
        return SitePass(craft.craft, ends, whole, lit, dark, (), track)
    return made


def _dark(world: World, site: Site, start: float, end: float, sun_elevation: float) -> Spans:
    """Where the Sun is low enough, of a span whose highest point sees it at that elevation, rad."""
    limit = math.radians(fact("brightness.dark_enough").number)
    if abs(sun_elevation - limit) > SUN_RAD_S * (end - start):
        return ((start, end),) if sun_elevation < limit else ()
    found = zeros(lambda t: look_at_sun(world, site, t)[0] - limit, [(start, end)], 0.25 * (end - start), 1e-9)
    middle = found.t[(found.t > start) & (found.t < end)]
    first = 0.5 * (start + (middle[0] if middle.size else end))
    dark = bool(look_at_sun(world, site, np.array([first]))[0][0] < limit)
    return _alternating([start, *middle.tolist(), end], dark)


def _alternating(times: Sequence[float], first: bool) -> Spans:
    """Every second interval between times in order, from the first on or from the second."""
    pairs = list(zip(times, times[1:], strict=False))
    return tuple(pair for k, pair in enumerate(pairs) if (k % 2 == 0) == first and pair[1] > pair[0])


def _both(a: Spans, b: Spans) -> Spans:
    overlaps = ((max(x[0], y[0]), min(x[1], y[1])) for x in a for y in b)
    return tuple(span for span in overlaps if span[0] < span[1])
