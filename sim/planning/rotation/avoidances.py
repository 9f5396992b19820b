"""The station's burns past other objects, as a programme lists them."""

from __future__ import annotations

from sim.core.epoch import Epoch
from sim.planning.rotation.judgement import date
from sim.planning.rotation.timeline import Timeline
from sim.scenario.programme_record import instant

COLUMNS = ("object", "burn", "approach", "lead h", "predicted km", "passed km")


def rows(found: Timeline, start: Epoch, end: Epoch) -> list[dict]:
    """Those whose burn or approach lies in the span, in the file's order. Distances km, upper limits, None: not known;
    `lead_h`: from the burn to the closest approach."""
    shown = []
    for a in found.programme.file.avoidances:
        burn, approach = instant(a.burn_utc), instant(a.approach_utc)
        if burn <= end and approach >= start:
            shown.append(
                {
                    "object": a.secondary,
                    "burn_utc": burn.utc(0),
                    "approach_utc": approach.utc(0),
                    "lead_h": round(approach.since(burn) / 3600.0, 2),
                    "predicted_km": a.predicted_km,
                    "passed_km": a.passed_km,
                    "record": a.record,
                    "note": a.note,
                }
            )
    return shown


def cells(found: Timeline, start: Epoch, end: Epoch) -> list[tuple[str, ...]]:
    """The same as texts under `COLUMNS`."""
    return [
        (
            row["object"],
            date(instant(row["burn_utc"])),
            date(instant(row["approach_utc"])),
            f"{row['lead_h']:.1f}",
            *("" if row[key] is None else f"<= {row[key]:g}" for key in ("predicted_km", "passed_km")),
        )
        for row in rows(found, start, end)
    ]
