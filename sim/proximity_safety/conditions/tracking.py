"""Links over the last hour: relay satellites and ground stations, and the gaps that neither fills; passes over home.

Simple geometry as in `sim.planning.visibility`: relays that stand still over the equator, antennas that see all round.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kernels.constants import R_EQUATOR
from sim.orbit.tracking import STATIONS, Links
from sim.proximity_safety.conditions.constraint import Constraint, Margin, Relaxation
from sim.proximity_safety.conditions.intervals import Interval, Intervals, both, negated, some, within
from sim.proximity_safety.conditions.timeline import GROUND, TOUCH, TOUCH_M, Of, Sight, Unrolled, unrolled, where
from sim.scenario.docking_rules import DockingRules

ABROAD = ("swakopmund", "malindi", "karachi")
HOME = tuple(name for name in STATIONS if name not in ABROAD)
COARSE = 60.0  # s between the samples that show where a station may be in sight
NEAR = np.radians(4.0)  # of elevation, which a pass gains at most in so long before it is in sight: 0.4 deg at 10 s


def links(sight: Sight, seen_by: Links, rules: DockingRules, start: float, end: float) -> Constraint:
    """Gaps over the last hour before contact, the longest and all together; margin s of the worse."""
    rule = rules.links
    last, longest, total = rule.last_s, rule.gap_longest_s, (1.0 - rule.coverage_least) * rule.last_s
    days = unrolled(sight, start, end, last, 0.0)
    gaps = blind(days, seen_by)
    g = np.array([x.start for x in gaps]), np.array([x.end for x in gaps])

    def margins(unrolled_times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        alone, together = outage(g, unrolled_times, last)
        return longest - alone, total - together

    # A gap longer than the longest allowed one breaks the rule as long as so much of it lies in the hour.
    torn = some(
        (Interval(x.start + longest, x.end + last - longest, ("links",), ("links",)),)
        for x in gaps
        if x.length > longest
    )
    pieces = days.pieces
    unbroken = negated(torn, pieces[0][0], pieces[-1][1])
    bends = np.concatenate([*g, *(x + last for x in g)])
    enough = linear_above(lambda t: margins(t)[1], bends, pieces[0][0] + last, pieces[-1][1])
    inside = some((Interval(a + last, b, ("links",), ("links",)),) for a, b in pieces)
    good = both(both(unbroken, enough), inside)

    def margin(times: np.ndarray) -> np.ndarray:
        return np.minimum(*margins(days.unrolled(times)))

    def needed_at(t: float) -> Sequence[Relaxation]:
        alone, together = (float(m[0]) for m in margins(days.unrolled(np.array([t]))))
        relaxations = [Relaxation("links.gap_longest_s", "rules", longest, longest - alone, "s")] * (alone < 0.0)
        needed = 1.0 - (total - together) / last
        return relaxations + [Relaxation("links.coverage_least", "rules", rule.coverage_least, needed, "-")] * (
            together < 0.0
        )

    return Constraint(
        "links",
        rule.hard,
        "s",
        f"relay or ground in {100.0 * rule.coverage_least:g} % of the last {last / 60.0:g} min and no gap over "
        f"{longest:g} s",
        within(days.contacts(good, "links"), start, end),
        margin,
        needed_at,
    )


def blind(days: Unrolled, seen_by: Links) -> Intervals:
    """Where neither a relay nor a ground station is in view, in unrolled time; each is searched in the gaps that the
    others leave."""
    views = [(_relay(place, seen_by.mask), TOUCH) for place in seen_by.relays]
    views += [(elevation(p, up, seen_by.sine), TOUCH_M) for p, up in zip(seen_by.stations, seen_by.ups, strict=True)]
    pieces, step = days.pieces, days.sight.step
    dark = some((Interval(a, b, ("day",), ("day",)),) for a, b in pieces)
    for view, touch in views:
        seen = where("view", _of_rows(days, view), [(x.start, x.end) for x in dark], step, touch)
        dark = both(dark, negated(seen, pieces[0][0], pieces[-1][1]))
    return dark


def _of_rows(days: Unrolled, of: Of) -> Margin:
    return lambda t: of(days.rows(t))


def _relay(relay: np.ndarray, mask: float) -> Of:
    """Above zero where the line to a relay passes over the Earth and `mask` m: sine of its elevation plus that of the
    horizon's dip, which is smooth where the distance of the line from the Earth's centre is not."""

    def clear(rows: np.ndarray) -> np.ndarray:
        p = rows[:, GROUND]
        d = relay - p
        size = np.sqrt(np.einsum("ij,ij->i", p, p))
        sine = np.einsum("ij,ij->i", p, d) / (size * np.sqrt(np.einsum("ij,ij->i", d, d)))
        return sine + np.sqrt(1.0 - ((R_EQUATOR + mask) / size) ** 2)

    return clear


def elevation(place: np.ndarray, up: np.ndarray, sine: float) -> Of:
    """Above zero where the station is higher over a place than the angle of `sine`, m."""

    def above(rows: np.ndarray) -> np.ndarray:
        d = rows[:, GROUND] - place
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
    rows = sight.rows(coarse)
    lists = []
    for place, up in places:
        near = elevation(place, up, np.sin(limit - NEAR))(rows) > 0.0
        ends = np.flatnonzero(np.diff(np.concatenate([[False], near, [False]]))).reshape(-1, 2)
        pieces = [(max(start, float(coarse[a]) - COARSE), min(end, float(coarse[b - 1]) + COARSE)) for a, b in ends]
        pieces = [(a, b) for a, b in pieces if a < b]
        over = elevation(place, up, np.sin(limit))
        lists.append(where("home_pass", sight.along(over), pieces, sight.step, TOUCH_M))

    def highest(times: np.ndarray) -> np.ndarray:
        p = sight.rows(np.asarray(times, dtype=float))[:, GROUND]
        sines = [((p - q) @ up) / np.linalg.norm(p - q, axis=1) for q, up in places]
        return np.degrees(np.arcsin(np.max(sines, axis=0)))

    return Constraint(
        "home_pass",
        rule.hard,
        "deg",
        f"contact at least {rule.elevation_least_deg:g} deg over a station in China",
        within(some(lists), start, end),
        lambda t: highest(t) - rule.elevation_least_deg,
        lambda t: [
            Relaxation(
                "home_pass.elevation_least_deg",
                "rules",
                rule.elevation_least_deg,
                float(highest(np.array([t]))[0]),
                "deg",
            )
        ],
    )
