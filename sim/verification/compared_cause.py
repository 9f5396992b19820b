"""The first difference of two flights in time, and its name: a burn, a history, an event, a rule, a leg."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.verification.compared_burns import FlownBurn
from sim.verification.compared_files import FinishedFlight
from sim.verification.compared_paths import Parting, apart_until
from sim.verification.compared_tables import EventPair, RulePair, changed

EDGE_S = 1e-6  # s: an edge of a burn is a node of the trajectory
SAME_M = 1e-3  # a curve of other nodes is the same within 20 micrometres, and what follows from them within this
EQUAL_BEFORE = "before it both flights are equal to the last bit"
NOTABLE_M_S = 1e-3  # a burn that differs by more is worth a word, even where the last bits differed before
AXES = ("radial", "along track", "cross track")
# Histories of what was done in a leg; others are of what could have been (drifts, aborts), which have times of their
# own. Those sampled from the trajectory differ a little before it does: between the nodes about its first difference.
DONE = ("ascent", "attitude", "contact", "entry", "guidance", "navigation", "push_off", "thrusters")
SAMPLED = ("propellant", "relative")


@dataclass(frozen=True, eq=False)
class BurnPair:
    """A burn of both flights, by vehicle, leg, name and number; None where one has none."""

    first: FlownBurn | None
    second: FlownBurn | None

    @property
    def known(self) -> FlownBurn:
        found = self.first or self.second
        assert found is not None
        return found

    @property
    def rtn(self) -> np.ndarray:
        """(3,) m/s, second less first: radial, along track, cross track."""
        zero = np.zeros(3)
        return (self.second.rtn if self.second else zero) - (self.first.rtn if self.first else zero)

    @property
    def later_s(self) -> float:
        """Ignition of the second less that of the first, s."""
        return self.second.start - self.first.start if self.first and self.second else 0.0

    @property
    def equal(self) -> bool:
        both = self.first is not None and self.second is not None
        return both and not self.rtn.any() and self.later_s == 0.0


@dataclass(frozen=True, eq=False)
class FirstDifference:
    """`t`: when, s since the zero of the first flight. `kind`: burn, trajectory, history, event, rule, figures, leg,
    start or content. `text`: what it is, in words. `burn`: which, where it is one. `before`: how equal both are until
    then, in words."""

    t: float
    kind: str
    text: str
    burn: BurnPair | None = None
    before: str = EQUAL_BEFORE


def pairs(first: Sequence[FlownBurn], second: Sequence[FlownBurn], later: float) -> list[BurnPair]:
    """The burns of two flights side by side, in the order of time; `later`: the second's zero less the first's, s."""
    one, other = ({burn.key: burn for burn in burns} for burns in (first, second))
    found = [BurnPair(one.get(key), other.get(key)) for key in dict.fromkeys((*one, *other))]
    return sorted(found, key=lambda pair: pair.first.start if pair.first else pair.known.start + later)


def by_how_much(rtn: np.ndarray) -> str:
    """A velocity change in words: one direction where it is nearly that, all three otherwise."""
    size = float(np.linalg.norm(rtn))
    if size == 0.0:
        return "0 m/s"
    i = int(np.argmax(np.abs(rtn)))
    if abs(rtn[i]) > 0.999 * size:
        return f"{rtn[i]:+.3f} m/s {AXES[i]}" if size > 5e-4 else f"{rtn[i]:+.3g} m/s {AXES[i]}"
    form = "+.3f" if size > 5e-3 else "+.2g"
    parts = ", ".join(f"{axis} {value:{form}}" for axis, value in zip(AXES, rtn, strict=True))
    return f"{size:{form[1:]}} m/s ({parts})"


def burn_words(flight: FinishedFlight, pair: BurnPair) -> str:
    """Which burn, when, and by how much it differs."""
    burn, zero = pair.known, flight.zero
    where = f"{burn.name}, {burn.vehicle}, {zero.plus(burn.middle).utc(3)}"
    named = f"burn {burn.number} of {burn.leg} ({where})"
    if pair.first is None or pair.second is None:
        return f"{named} is made in the {'second' if pair.first is None else 'first'} flight alone, {burn.size:.3f} m/s"
    sizes = f"{pair.first.size:.3f} and {pair.second.size:.3f} m/s"
    if float(np.linalg.norm(pair.rtn)) < 1e-9:
        return f"{named} by its time, {pair.later_s:+.6f} s, {sizes}"
    return f"{named} by {by_how_much(pair.rtn)}; the burns are {sizes}"


def first_difference(
    first: FinishedFlight,
    second: FinishedFlight,
    partings: Iterable[Parting],
    burns: Sequence[BurnPair],
    events: Sequence[EventPair],
    rules: Sequence[RulePair],
) -> FirstDifference | None:
    """The earliest of all differences that have a time; None where there is none."""
    if first.zero != second.zero:
        text = f"the flights begin at different times: {first.zero} and {second.zero}"
        return FirstDifference(0.0, "start", text, before="")
    found = [_of_path(first, second, parting, burns) for parting in partings]
    until = min((parting.equal_until for parting in partings), default=np.inf)
    found += _histories(first, second, until)
    found += [_event(first, pair) for pair in events if not pair.equal]
    found += [_rule(first, pair) for pair in rules if not pair.equal]
    found += _legs(first, second)
    order = ("burn", "history", "trajectory", "event", "rule", "leg", "figures")
    return min(found, key=lambda one: (one.t, order.index(one.kind)), default=None)


def _of_path(
    first: FinishedFlight, second: FinishedFlight, parting: Parting, burns: Sequence[BurnPair]
) -> FirstDifference:
    """What a trajectory that parts shows: the burn that begins there and differs, or the place alone.

    A flight whose burn comes earlier coasts to it in other steps: its nodes differ before the curve does. So the next
    burn counts where the curves are still the same at its ignition.
    """
    own = [pair for pair in burns if pair.known.vehicle == parting.vehicle and not pair.equal]
    for pair in own:
        ends = [(b.start, b.end) for b in (pair.first, pair.second) if b]
        if any(start <= parting.t + EDGE_S and end >= parting.equal_until - EDGE_S for start, end in ends):
            return FirstDifference(parting.t, "burn", burn_words(first, pair), pair)
    until = first.zero.plus(parting.equal_until).utc(3)
    for pair in own:
        ignition = min(b.start for b in (pair.first, pair.second) if b)
        if ignition > parting.t:
            apart = apart_until(parting, first, second, ignition)
            if apart > SAME_M:
                break
            before = f"before it both flights are equal: to the last bit until {until}, from there, in other steps, to "
            return FirstDifference(
                ignition, "burn", burn_words(first, pair), pair, f"{before}{apart * 1e6:.2g} micrometres"
            )
    at = first.zero.plus(parting.t).utc(3)
    where = f"at {at}" if until == at else f"between {until} and {at}"
    why = f": {parting.why}" if parting.why else ""
    return FirstDifference(parting.t, "trajectory", f"trajectory of {parting.vehicle} in {parting.leg}, {where}{why}")


def _histories(first: FinishedFlight, second: FinishedFlight, until: float) -> Iterator[FirstDifference]:
    """Of each recorded history the first time at which it differs; of those sampled from a trajectory only what comes
    before the trajectories part."""
    for key, times in first.arrays.items():
        parts = key.split("/")
        if parts[0] != "series" or parts[-1] != "t_s" or len(parts) != 4 or parts[2] not in DONE + SAMPLED:
            continue
        start = key.removesuffix("t_s")
        columns = [name for name in first.arrays if name.startswith(start) and name in second.arrays]
        if key not in columns:
            continue
        n = min(len(times), len(second.arrays[key]))
        rows = {name: _unequal(first.arrays[name][:n], second.arrays[name][:n]) for name in columns}
        at = {name: int(np.argmax(row)) for name, row in rows.items() if row.any()}
        if not at:
            continue
        i = min(at.values())
        t, names = float(times[i]), [name.removeprefix(start) for name, k in at.items() if k == i]
        if parts[2] in DONE or t < until:
            shown = ", ".join(names[:3]) + (f" and {len(names) - 3} others" if len(names) > 3 else "")
            words = f"{parts[2]} of {parts[1]} ({shown}) at {first.zero.plus(t).utc(3)}"
            yield FirstDifference(t, "history", words)


def _unequal(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Rows (n,) that are not the same."""
    if a.dtype.kind == "U" or b.dtype.kind == "U" or a.shape != b.shape:
        return np.array([x.tolist() != y.tolist() for x, y in zip(a, b, strict=True)], dtype=bool)
    return ((a != b) & ~(np.isnan(a) & np.isnan(b))).reshape(len(a), -1).any(axis=1)


def _event(first: FinishedFlight, pair: EventPair) -> FirstDifference:
    rows = [row for row in (pair.first, pair.second) if row is not None]
    row = min(rows, key=lambda row: first.seconds(row["utc"]))
    named = f"event {pair.name} {pair.number} of {pair.vehicle} ({row['utc']})"
    if len(rows) == 1:
        named += f" is in the {'first' if pair.first else 'second'} flight alone"
    elif pair.zero_s:
        named += f" by {pair.zero_s:+.3f} s"
    elif pair.values:
        one = pair.values[0]
        named += f" by its {one.key}: {one.first} and {one.second}"
    return FirstDifference(first.seconds(row["utc"]), "event", named)


def _rule(first: FinishedFlight, pair: RulePair) -> FirstDifference:
    rows = [row for row in (pair.first, pair.second) if row is not None]
    row = min(rows, key=lambda row: first.seconds(row["utc"]))
    named = f"rule '{pair.rule}' of {pair.phase} ({row['utc']})"
    if len(rows) == 1:
        named += f" is judged in the {'first' if pair.first else 'second'} flight alone"
    else:
        named += f": {rows[0]['value']:g} and {rows[1]['value']:g} {row['unit']}"
    return FirstDifference(first.seconds(row["utc"]), "rule", named)


def _legs(first: FinishedFlight, second: FinishedFlight) -> Iterator[FirstDifference]:
    """The first leg that is another, and each whose figures differ, which are known at its end."""
    for i, (a, b) in enumerate(zip(first.record["legs"], second.record["legs"], strict=False)):
        name = first.leg_names[i]
        if a["phase"] != b["phase"] or a["status"] != b["status"]:
            words = f"leg {i}: {a['phase']} ({a['status']}) and {b['phase']} ({b['status']})"
            yield FirstDifference(first.seconds(a["start_utc"]), "leg", words)
            return
        for one in changed(a["notes"], b["notes"]):
            words = f"figures of {name}: {one.key} {one.first} and {one.second}"
            yield FirstDifference(first.seconds(a["end_utc"]), "figures", words)
            break
    counts = len(first.record["legs"]), len(second.record["legs"])
    if counts[0] != counts[1]:
        longer = first if counts[0] > counts[1] else second
        leg = longer.record["legs"][min(counts)]
        which = "first" if longer is first else "second"
        yield FirstDifference(first.seconds(leg["start_utc"]), "leg", f"{leg['phase']} is in the {which} flight alone")
