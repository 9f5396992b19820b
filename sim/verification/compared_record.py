"""A flight beside the record that it carries: recorded events, and the published return."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.verification.compared_files import FinishedFlight


def content(flight: FinishedFlight) -> dict[str, Any]:
    """`events`: each recorded time beside the flown one; `published_return`: figures beside the published ones."""
    rows = [{"event": name, **row} for name, row in flight.record["record"].items()]
    return {"events": rows, "published_return": list(flight.record.get("published_return", ()))}


def lines(flight: FinishedFlight) -> Iterator[str]:
    """The record as a table, and how far the worst forecast is off."""
    found = content(flight)
    yield f"{flight.directory}: {flight.record['name']}, beside its record"
    if not found["events"]:
        yield "this mission carries no record: its file has no [record], as of a flight that has not been"
    for row in found["events"]:
        later = "no such event flown" if row["difference_s"] is None else f"{row['difference_s']:+12.1f} s"
        basis = row["basis"] + (f", by {', '.join(row['rests_on'])}" if row["rests_on"] else "")
        yield f"  {row['event']:<28} {row['recorded_utc']:<24} {later:>14}   {basis}"
    forecasts = [row for row in found["events"] if row["basis"] == "forecast" and row["difference_s"] is not None]
    if forecasts:
        worst = max(forecasts, key=lambda row: abs(row["difference_s"]))
        yield f"{len(forecasts)} are forecasts; the farthest off is {worst['event']}, {worst['difference_s']:+.1f} s"
    rows = [row for row in found["published_return"] if row["flown"] is not None]
    if rows:
        inside = sum(row["inside"] for row in rows)
        yield f"return: {inside} of {len(rows)} published figures inside their bands"
        for row in rows:
            if not row["inside"]:
                band = f"{row['low']:.4g} to {row['high']:.4g} {row['unit']}"
                yield f"  {row['what']}: flown {row['flown']:.4g}, published {band}"
