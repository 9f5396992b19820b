"""Suborbital flights of one rocket plane against the record: calibrated on two, the others predicted."""

from __future__ import annotations

from collections.abc import Iterator

from sim.build.suborbital import flown
from sim.files import paths, text
from sim.scenario.suborbital_file import load_suborbital

LIMITS = {"apogee_km": 5.0}  # of a forecast; what is calibrated is held to CALIBRATED
CALIBRATED = {"apogee_km": 1.0, "burn_s": 1.0, "glide_s": 1.0}


def rows() -> list[dict]:
    """A row for each published quantity of each flight that is shipped."""
    found = []
    for name in text.catalogue(paths.SUBORBITAL):
        result = flown(load_suborbital(name))
        for row in result.rows:
            limit = (CALIBRATED if row["kind"] == "calibrated" else LIMITS).get(row["quantity"])
            held = limit is None or abs(row["difference"]) <= limit
            found.append({"flight": name, **row, "limit": limit, "held": held})
    return found


def lines(table: list[dict]) -> Iterator[str]:
    """The table as text."""
    yield f"{'flight':<12} {'quantity':<12} {'flown':>8} {'record':>8} {'miss':>7} {'limit':>6}  kind"
    for row in table:
        limit = "" if row["limit"] is None else f"{row['limit']:.1f}"
        late = "" if row["held"] else "  missed"
        yield (
            f"{row['flight']:<12} {row['quantity']:<12} {row['flown']:8.2f} {row['record']:8.2f} "
            f"{row['difference']:+7.2f} {limit:>6}  {row['kind']}{late}"
        )
    yield "One thrust is calibrated on the apogee of Galactic 04, the drag of the fall on the glide of Unity 22."
