"""Links over the last hour: relay satellites and ground stations, and the gaps that neither fills; passes over home.

Simple geometry as in `sim.windows.sky`: relays that stand still over the equator, antennas that see all round.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kernels.constants import R_EQUATOR
from sim.docking_windows.constraint import Constraint, Give, Margin
from sim.docking_windows.intervals import Interval, Intervals, both, named, negated, some, within
from sim.docking_windows.sight import GROUND, TOUCH_M, Sight, where
from sim.scenario.docking_rules import DockingRules
from sim.windows.sky import STATIONS, Links

ABROAD = ("swakopmund", "malindi", "karachi")
HOME = tuple(name for name in STATIONS if name not in ABROAD)
COARSE = 60.0  # s between the samples that tell where a station may be in sight
NEAR = np.radians(4.0)  # of elevation, which a pass gains at most in so long before it is in sight: 0.4 deg at 10 s


def links(sight: Sight, seen_by: Links, rules: DockingRules, start: float, end: float) -> Constraint:
    """Gaps over the last hour before contact, the longest and all together; margin s of the worse."""
    rule = rules.links
    last, longest, total = rule.last_s, rule.gap_longest_s, (1.0 - rule.coverage_least) * rule.last_s
    gaps = blind(sight, seen_by, start - last, end)
    g = np.array([x.start for x in gaps]), np.array([x.end for x in gaps])

    def margins(times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        alone, together = outage(g, np.asarray(times, dtype=float), last)
        return longest - alone, total - together

    # A gap longer than the longest allowed one breaks the rule as long as so much of it lies in the hour.
    torn = some(
        (Interval(x.start + longest, x.end + last - longest, ("links",), ("links",)),)
        for x in gaps if x.length > longest
    )  # fmt: skip
    unbroken = negated(torn, start, end)
    enough = linear_above(lambda t: margins(t)[1], np.concatenate([*g, *(x + last for x in g)]), start, end)

    def given(t: float) -> Sequence[Give]:
        alone, together = (float(m[0]) for m in margins(np.array([t])))
        gives = [Give("links.gap_longest_s", "rules", longest, longest - alone, "s")] * (alone < 0.0)
        needed = 1.0 - (total - together) / last
        return gives + [Give("links.coverage_least", "rules", rule.coverage_least, needed, "-")] * (together < 0.0)

    return Constraint(
        "links", rule.hard, "s",
        f"relay or ground in {100.0 * rule.coverage_least:g} % of the last {last / 60.0:g} min and no gap over "
        f"{longest:g} s",
        named(both(unbroken, enough), "links"), lambda t: np.minimum(*margins(t)), given,
    )  # fmt: skip


def blind(sight: Sight, seen_by: Links, start: float, end: float) -> Intervals:
    """Where neither a relay nor a ground station is in view."""
    pieces = sight.pieces(start, end)
    seen = some(where("relay", _relay(sight, place, seen_by.mask), pieces, sight.step) for place in seen_by.relays)
    dark = negated(seen, start, end)
    if not dark:
        return ()
    inside = [(x.start, x.end) for x in dark]
    ground = some(
        where("ground", elevation(sight, place, up, seen_by.sine), inside, sight.step, TOUCH_M)
        for place, up in zip(seen_by.stations, seen_by.ups, strict=True)
    )
    return both(dark, negated(ground, start, end))


def _relay(sight: Sight, relay: np.ndarray, mask: float) -> Margin:
    """Above zero where the line to a relay passes over the Earth and `mask` m: sine of its elevation plus that of the
    horizon's dip, which is smooth where the distance of the line from the Earth's centre is not."""

    def clear(t: np.ndarray) -> np.ndarray:
        p = sight.rows(t)[:, GROUND]
        d = relay - p
        size = np.sqrt(np.einsum("ij,ij->i", p, p))
        sine = np.einsum("ij,ij->i", p, d) / (size * np.sqrt(np.einsum("ij,ij->i", d, d)))
        return sine + np.sqrt(1.0 - ((R_EQUATOR + mask) / size) ** 2)

    return clear


def elevation(sight: Sight, place: np.ndarray, up: np.ndarray, sine: float) -> Margin:
    """Above zero where the station is higher over a place than the angle of `sine`, m."""

    def above(t: np.ndarray) -> np.ndarray:
        d = sight.rows(t)[:, GROUND] - place
        return d @ up - sine * np.sqrt(np.einsum("ij,ij->i", d, d))

    return above


def outage(gaps: tuple[np.ndarray, np.ndarray], times: np.ndarray, last: float) -> tuple[np.ndarray, np.ndarray]:
    """The longest gap and all gaps together, s, in the `last` s before each of `times`; gaps in order, apart."""
    starts, ends = gaps
    longest, total = np.zeros(times.shape), np.zeros(times.shape)
    if starts.size == 0:
        return longest, total
    first = np.searchsorted(ends, times - last, side="right")
    after = np.searchsorted(starts, times, side="left")
    for k in range(int((after - first).max(initial=0))):
        i = np.minimum(first + k, starts.size - 1)
        inside = np.minimum(ends[i], times) - np.maximum(starts[i], times - last)
        inside = np.where(first + k < after, np.maximum(inside, 0.0), 0.0)
        longest, total = np.maximum(longest, inside), total + inside
    return longest, total


def linear_above(f: Margin, bends: np.ndarray, start: float, end: float) -> Intervals:
    """Where a function that is straight between its `bends` is above zero; its zeros in closed form."""
    t = np.unique(np.concatenate([[start, end], bends[(bends > start) & (bends < end)]]))
    y = f(t)
    cross = np.flatnonzero(y[:-1] * y[1:] < 0.0)
    roots = t[cross] - y[cross] * (t[cross + 1] - t[cross]) / (y[cross + 1] - y[cross])
    cuts = np.unique(np.concatenate([t, roots]))
    holds = f(0.5 * (cuts[:-1] + cuts[1:])) > 0.0
    change = np.flatnonzero(np.diff(np.concatenate([[False], holds, [False]])))
    return tuple(Interval(float(cuts[a]), float(cuts[b]), ("links",), ("links",)) for a, b in change.reshape(-1, 2))


def home_pass(sight: Sight, seen_by: Links, rules: DockingRules, start: float, end: float) -> Constraint:
    """Contact in view of a station in China; margin deg of elevation over the limit, of the best of them."""
    rule = rules.home_pass
    limit = np.radians(rule.elevation_least_deg)
    places = [(seen_by.stations[i], seen_by.ups[i]) for i, name in enumerate(STATIONS) if name in HOME]
    coarse = np.arange(start - COARSE, end + COARSE, COARSE)
    lists = []
    for place, up in places:
        near = elevation(sight, place, up, np.sin(limit - NEAR))(coarse) > 0.0
        ends = np.flatnonzero(np.diff(np.concatenate([[False], near, [False]]))).reshape(-1, 2)
        pieces = [(max(start, float(coarse[a]) - COARSE), min(end, float(coarse[b - 1]) + COARSE)) for a, b in ends]
        pieces = [(a, b) for a, b in pieces if a < b]
        lists.append(where("home_pass", elevation(sight, place, up, np.sin(limit)), pieces, sight.step, TOUCH_M))

    def highest(times: np.ndarray) -> np.ndarray:
        p = sight.rows(np.asarray(times, dtype=float))[:, GROUND]
        sines = [((p - q) @ up) / np.linalg.norm(p - q, axis=1) for q, up in places]
        return np.degrees(np.arcsin(np.max(sines, axis=0)))

    return Constraint(
        "home_pass", rule.hard, "deg", f"contact at least {rule.elevation_least_deg:g} deg over a station in China",
        within(some(lists), start, end), lambda t: highest(t) - rule.elevation_least_deg,
        lambda t: [Give("home_pass.elevation_least_deg", "rules", rule.elevation_least_deg,
                        float(highest(np.array([t]))[0]), "deg")],
    )  # fmt: skip
