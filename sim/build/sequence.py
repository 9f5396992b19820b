"""The phases of a mission, one by one from the tables of its sequence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from sim.build.arm import capture, transposition
from sim.build.launch import ascent, await_launch
from sim.build.parts import Parts
from sim.build.rendezvous import docking, fly_around, homing, phasing, transfer, undocking
from sim.build.return_ import deorbit, departure, descent, docked, entry_
from sim.mission import Phase
from sim.scenario import sequence_file as tables


def phases(sequence: Iterable[tables.PhaseEntry], parts: Parts, before: Iterable[str] = ()) -> tuple[Phase, ...]:
    """The phases in order; `before`: the names of those that are flown earlier. One that is flown again draws random
    numbers of its own."""
    flown, made = Counter(before), []
    for table in sequence:
        flown[table.phase] += 1
        made.append(_phase(table, replace(parts, flight=flown[table.phase])))
    return tuple(made)


def _phase(table: tables.PhaseEntry, parts: Parts) -> Phase:
    match table:
        case tables.AwaitLaunchEntry():
            return await_launch(table, parts)
        case tables.AscentEntry():
            return ascent(table, parts)
        case tables.PhasingEntry():
            return phasing(table, parts)
        case tables.HomingEntry():
            return homing(table, parts)
        case tables.TransferEntry():
            return transfer(table, parts)
        case tables.FlyAroundEntry():
            return fly_around(table, parts)
        case tables.DockingEntry():
            return docking(table, parts)
        case tables.CaptureEntry():
            return capture(table, parts)
        case tables.TranspositionEntry():
            return transposition(table, parts)
        case tables.DockedEntry():
            return docked(table, parts)
        case tables.UndockingEntry():
            return undocking(table, parts)
        case tables.DepartureEntry():
            return departure(table, parts)
        case tables.DeorbitEntry():
            return deorbit(table, parts)
        case tables.EntryEntry():
            return entry_(table, parts)
        case tables.DescentEntry():
            return descent(table, parts)
