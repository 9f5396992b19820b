"""When burns may be and by whom: the raises' days, and the trims before each launch with what they keep in hand."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.core.scene import KnownState
from sim.orbit.phasing_trim import drift_per_speed, phase_sigma, propellant
from sim.planning.station.calendar import HALF, open_instants, open_near
from sim.planning.station.drag import Falls
from sim.planning.station.flight import Factor, as_known
from sim.planning.station.optimum import Candidate
from sim.planning.station.setting import DAY, Burner, Launch, Setting

PLANNED = 0.5  # of the largest trim, that a plan uses ahead of time: the other half is for what is not known yet
EARLY = 2.0 * DAY  # so much earlier a trim may be where its day is closed
REVIEW = 15.0 * DAY  # after which a plan is made anew, whether or not an engine has burnt
LONG = 90.0 * DAY  # a longer plan raises on every second day only


@dataclass(frozen=True)
class Standing:
    """Where a plan begins: the instant `t` s, the known state, the propellant left of each craft, the last raise s, the
    last burn of any kind s,
    the drag factor as it is expected, and the trims that are done, (ship, which)."""

    t: float
    state: KnownState
    budget: dict[str, float]
    last: float = -math.inf
    burnt: float = -math.inf
    factor: Factor = as_known
    done: frozenset[tuple[str, int]] = frozenset()


def begin(found: Setting) -> Standing:
    return Standing(0.0, found.state, {b.name: b.kg for b in found.burners}, factor=found.known)


def candidates_of(found: Setting, at: Standing, table: Falls) -> tuple[Candidate, ...]:
    rules, made = found.rules, list[Candidate]()
    every = 2 if found.end > LONG else 1
    earliest = max(at.t + HALF, at.last + rules.apart_days * DAY)
    for t in open_instants(at.t, found.end, found.closed, rules, found.zero):
        if (
            round(t / DAY) % every == 0
            and t >= earliest
            and not _trimming(found, float(t))
            and (burners := _able(found, at, float(t)))
        ):
            made.append(Candidate(float(t), None, burners, rules.raise_m_s[0], rules.raise_m_s[1], 0.0))
    for i, launch in enumerate(found.launches):
        for k, days in enumerate(sorted(rules.trim_days, reverse=True)):
            t = _trim_time(found, at, launch, days)
            if t is None or (launch.ship, k) in at.done or not (burners := _able(found, at, t)):
                continue
            unknown = (sorted(rules.trim_days, reverse=True)[k - 1] - days) * DAY if k else REVIEW
            near = t - at.t < 1.5 * DAY  # then all is known that can be
            sigma = 0.0 if near else _unknown(found, table, launch, t, unknown)
            high = rules.trim_m_s if near else PLANNED * rules.trim_m_s
            made.append(Candidate(t, i, burners, 0.0, high, rules.backward_m_s, sigma, k))
    return _spread(made, at.burnt, [x.t for x in found.launches])


def _spread(made: list[Candidate], last: float, before: list[float]) -> tuple[Candidate, ...]:
    """Those that lie a day from each other where that has to be: a trim goes before a raise of the same day, and of two
    trims the one for the nearer launch before the other. In order of time."""

    def first(c: Candidate) -> tuple[bool, float]:
        return c.launch is None, 0.0 if c.launch is None else before[c.launch] - c.t

    kept: list[Candidate] = []
    for c in sorted(made, key=first):
        trims = [k.t for k in kept if k.launch is not None]
        if c.t >= last + DAY and all(abs(c.t - t) >= DAY for t in trims):
            kept.append(c)
    return tuple(sorted(kept, key=lambda c: c.t))


def _trimming(found: Setting, t: float) -> bool:
    """Whether a launch is so near that trims alone are made: the error of a large raise would be one of its phase."""
    first = (max(sorted(found.rules.trim_days)[:2], default=0.0) + 1.0) * DAY
    return any(x.t - first < t < x.t for x in found.launches)


def _trim_time(found: Setting, at: Standing, launch: Launch, days: float) -> float | None:
    required = launch.t - days * DAY
    last = launch.t - min(found.rules.trim_days) * DAY + DAY / 2.0
    for k in range(int(EARLY / DAY) + 1):
        t = open_near(required - k * DAY, at.t, min(last, found.end), found.closed, found.rules, found.zero)
        if t is not None:
            return t
    return None


def _able(found: Setting, at: Standing, t: float) -> tuple[tuple[Burner, float], ...]:
    """The craft that can burn then, each with its propellant for 1 m/s."""
    mass = found.stack(t).mass
    return tuple(
        (b, propellant(1.0, mass, b.engine))
        for b in found.burners
        if b.since < t - HALF and t + HALF < b.until and at.budget[b.name] > 0.0
    )


def _unknown(found: Setting, table: Falls, launch: Launch, t: float, before: float) -> float:
    """One sigma, m/s, of the burn at `t` s that corrects what the density did in the `before` s until then."""
    axis, stack, ahead = float(np.mean(table.axes)), found.stack(t), launch.t - t
    fall = float(table.at(np.array([t]), axis, stack.cda / stack.mass)[0])
    spread = 0.01 * found.rules.density_percent
    sigma = phase_sigma(before, fall, axis, spread) * (1.0 + 2.0 * ahead / before)
    return sigma / (abs(drift_per_speed(axis)) * ahead)


def instants(found: Setting, at: Standing, table: Falls) -> np.ndarray:
    """All instants (n,) s at which a burn may be: the open ones of each day, and the trims'."""
    trims = [c.t for c in candidates_of(found, at, table) if c.launch is not None]
    return np.concatenate((open_instants(at.t, found.end, found.closed, found.rules, found.zero), trims))
