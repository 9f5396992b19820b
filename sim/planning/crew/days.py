"""The days of a stay: when the crew sleeps, and so its waking times. Beijing's clock, with the nights of arrival and
of departure moved."""

from __future__ import annotations

from dataclasses import dataclass

from sim.core.epoch import BEIJING, Epoch
from sim.core.week import DAY, HOUR, Waking, WeekRules

LEAST_AWAKE = 6.0 * HOUR  # between two sleeps
LEAST_SLEEP = 3.0 * HOUR  # a shorter one is left out


@dataclass(frozen=True)
class Days:
    """`sleeps` and the times between them, s from zero; the first waking time begins with the hatch."""

    sleeps: tuple[tuple[float, float], ...]
    waking: tuple[Waking, ...]


def days(rules: WeekRules, zero: Epoch, hatch: float, undocking: float, grid: float) -> Days:
    """One night in each day, at the clock time of the rules. The first is as soon after the hatch as the rules let it;
    the last ends so long before the undocking as they ask."""
    up_by = undocking - rules.wake_before
    nights: list[tuple[float, float]] = []
    for regular in _nights(rules, zero, hatch, undocking):
        start = max(regular, hatch + rules.settle)
        if regular + rules.sleep <= hatch + rules.settle:
            continue  # it was over when the hatch opened
        end = start + rules.sleep
        if end > up_by:
            start, end = up_by - rules.sleep, up_by
        if nights:
            start = max(start, nights[-1][1] + LEAST_AWAKE)
        if end - start >= LEAST_SLEEP and start >= hatch:
            nights.append((_on(grid, start, hatch), _on(grid, end, hatch)))
        if end >= up_by:
            break
    edges = [hatch, *(t for night in nights for t in night), undocking]
    waking = tuple(Waking(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True))
    return Days(tuple(nights), waking)


def _nights(rules: WeekRules, zero: Epoch, hatch: float, undocking: float) -> list[float]:
    """When the regular nights begin, from the one before the hatch to the one after the undocking, s."""
    local = zero.plus(hatch).local(BEIJING)
    midnight = hatch - (local.hour * HOUR + local.minute * 60.0 + local.second + local.microsecond * 1e-6)
    count = int((undocking - hatch) // DAY) + 3
    return [midnight + (k - 1) * DAY + rules.sleep_from for k in range(count + 1)]


def _on(grid: float, t: float, origin: float) -> float:
    """The nearest time of the plan's grid, which starts at `origin`."""
    return origin + grid * round((t - origin) / grid)
