"""Faults of a return from their tables; SI, rad."""

from __future__ import annotations

import math
from collections.abc import Iterable

from sim.core.return_faults import ReturnFaults
from sim.scenario.return_faults import ReturnFaultBlock
from sim.scenario.rotation import FaultBlock


def return_faults(tables: Iterable[FaultBlock | ReturnFaultBlock]) -> ReturnFaults:
    """All that break in the return, as one record; of two of a kind the last."""
    of_kind = {table.kind: table for table in tables if isinstance(table, ReturnFaultBlock)}

    def value(kind: str, key: str) -> float | None:
        table = of_kind.get(kind)  # type: ignore[call-overload]  # any text may be asked for
        return None if table is None else getattr(table, key)

    speed, toward = value("jet-stream", "speed_m_s"), math.radians(value("jet-stream", "toward_deg") or 0.0)
    return ReturnFaults(
        engine_out=value("engine-out", "after_s"),
        late=value("late-ignition", "late_s") or 0.0,
        attitude_off=math.radians(value("wrong-attitude", "off_deg") or 0.0),
        # A capsule that is torn off its service module tumbles, and goes over to a ballistic entry.
        guidance_lost="guidance-lost" in of_kind or "modules-stay" in of_kind,
        jet_stream=None if speed is None else (speed * math.sin(toward), speed * math.cos(toward)),
        main_fails="main-chute-fails" in of_kind,
        retro_fails="retro-fails" in of_kind,
        modules_stay="modules-stay" in of_kind,
        site_closed="site-closed" in of_kind,
    )
