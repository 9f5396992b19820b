"""How old the data of a flight are: what is measured, what is predicted, and what was simply given."""

from __future__ import annotations

from collections.abc import Mapping

from sim.catalogue.element_sets import station_set
from sim.core.epoch import Epoch


def data_ages(raw: Mapping, liftoff: Epoch | None) -> dict:
    """Ages for the manifest and the report; `raw` is the resolved scenario of a rotation."""
    from sim.propagation.ages import iers_reach

    elements = station_set(raw["station"]["elements"], raw["station"].get("elements_lines"))
    reach = iers_reach()
    weather = raw.get("atmosphere") or raw.get("named", {}).get("world", {}).get("atmosphere", {})
    return {
        "earth_orientation": {"last_measured": reach.measured, "last_predicted": reach.predicted},
        "elements": {
            "name": elements.name,
            "epoch_utc": elements.epoch.utc(),
            "age_at_liftoff_days": round(liftoff.since(elements.epoch) / 86400.0, 3) if liftoff else None,
        },
        "atmosphere": "NRLMSISE-00, with anomalous oxygen",
        "space_weather_as_given": dict(weather),
    }
