"""Two finished flights side by side: what differs, how far, and what differed first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.verification import compared_tables as tables
from sim.verification.compared_burns import burns
from sim.verification.compared_cause import NOTABLE_M_S, BurnPair, FirstDifference, first_difference, pairs
from sim.verification.compared_files import FinishedFlight
from sim.verification.compared_paths import Parting, PathDifference, difference, parting
from sim.verification.compared_tables import Changed, EventPair, RulePair


@dataclass(frozen=True, eq=False)
class ComparedFlights:
    """All that two flights have side by side; second less first everywhere.

    `scenario`: keys of the resolved mission. `setting`: versions and data. `rest`: of flight.json beside legs, events
    and rules. `arrays`: names of stored arrays that are not the same. `alone`: craft of one flight only. `partings`:
    where the nodes of each craft's trajectory first differ; `paths`: how far apart they are. `cause`: the first
    difference in time. `unread`: which flight kept no trajectories.
    """

    first: FinishedFlight
    second: FinishedFlight
    scenario: tuple[Changed, ...]
    setting: tuple[Changed, ...]
    rest: tuple[Changed, ...]
    arrays: tuple[str, ...]
    events: tuple[EventPair, ...]
    rules: tuple[RulePair, ...]
    burns: tuple[BurnPair, ...]
    alone: tuple[str, ...]
    partings: tuple[Parting, ...]
    paths: tuple[PathDifference, ...]
    landing: dict
    cause: FirstDifference | None
    unread: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Whether both flew the same: flight.json, every stored array, and every node to the last bit.

        Who wrote it, by which version and when, is no part of it; nor is the scenario, where it changed nothing."""
        same_tables = self.first.record == self.second.record
        return same_tables and not (self.arrays or self.alone or self.partings or self.unread)

    @property
    def notable_burn(self) -> BurnPair | None:
        """The first burn that differs by more than a millimetre a second: the cause, where the first difference is one
        of rounding."""
        return next((pair for pair in self.burns if float(np.linalg.norm(pair.rtn)) > NOTABLE_M_S), None)


def compare(first: FinishedFlight, second: FinishedFlight) -> ComparedFlights:
    """Two flights side by side; of different missions too, craft by name and events by name, vehicle and order."""
    later = second.zero.since(first.zero)
    common = [name for name in first.vehicles if name in second.vehicles]
    both_kept = first.flown is not None and second.flown is not None
    partings = [parting(name, first.vehicles[name], second.vehicles[name]) for name in common]
    found = tuple(one for one in partings if one is not None)
    paired = pairs(burns(first), burns(second), later) if both_kept else []
    happened, judged = tables.events(first, second), tables.rules(first, second)
    cause = first_difference(first, second, found, paired, happened, judged)
    arrays = _unequal_arrays(first, second)
    alone = sorted({*first.vehicles} ^ {*second.vehicles}) if both_kept else []
    rest = tuple(tables.rest(first, second))
    paths = (difference(name, first, second) for name in common)
    return ComparedFlights(
        first=first,
        second=second,
        scenario=tuple(tables.changed(first.scenario, second.scenario)),
        setting=tuple(tables.setting(first, second)),
        rest=rest,
        arrays=arrays,
        events=tuple(happened),
        rules=tuple(judged),
        burns=tuple(paired),
        alone=tuple(alone),
        partings=found,
        paths=tuple(one for one in paths if one is not None),
        landing=tables.landing(first, second),
        cause=cause or _without_time(rest, arrays),
        unread=tuple(str(flight.directory) for flight in (first, second) if flight.flown is None),
    )


def _unequal_arrays(first: FinishedFlight, second: FinishedFlight) -> tuple[str, ...]:
    names = dict.fromkeys((*first.arrays, *second.arrays))
    return tuple(name for name in names if not _same(first.arrays.get(name), second.arrays.get(name)))


def _same(a: np.ndarray | None, b: np.ndarray | None) -> bool:
    if a is None or b is None or a.dtype != b.dtype or a.shape != b.shape:
        return False
    return bool(np.array_equal(a, b, equal_nan=a.dtype.kind == "f"))


def _without_time(rest: Sequence[Changed], arrays: Sequence[str]) -> FirstDifference | None:
    """A difference of what has no time: the crew, what was drawn, the figures after a landing."""
    if rest:
        text = f"flight.json: {rest[0].key}: {rest[0].first} and {rest[0].second}"
        return FirstDifference(0.0, "content", text, before="")
    return FirstDifference(0.0, "content", f"series.npz: {arrays[0]}", before="") if arrays else None
