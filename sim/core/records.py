"""Every kind of record that a phase may leave, as one type. A new kind of phase adds its record here."""

from __future__ import annotations

from typing import get_args

from sim.core.arm_record import ArmCaptureRecord, TranspositionRecord
from sim.core.ascent_record import AscentRecord, AwaitLaunchRecord
from sim.core.docking_record import DepartureRecord, DockedRecord, DockingRecord, FlyAroundRecord
from sim.core.phasing_record import PhasingRecord, TransferRecord
from sim.core.return_record import DeorbitRecord, DescentRecord, EntryRecord
from sim.core.undocking_record import UndockingRecord

PhaseRecord = (
    AwaitLaunchRecord
    | AscentRecord
    | PhasingRecord
    | TransferRecord
    | FlyAroundRecord
    | DockingRecord
    | DockedRecord
    | UndockingRecord
    | DepartureRecord
    | DeorbitRecord
    | EntryRecord
    | DescentRecord
    | ArmCaptureRecord
    | TranspositionRecord
)
KINDS = {kind.__name__: kind for kind in get_args(PhaseRecord)}
