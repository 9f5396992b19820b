"""What the keys of a file mean, and in which unit: the words of `descriptions.toml`, for a schema, a page or a comment.

They stand beside the models and not in them, since nothing that flies needs them: a run does not wait for a thousand
texts, and what an error calls allowed is the form of a value, not its meaning.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

# The end of a key -> how its unit is written; the longest end that fits holds.
UNITS = {
    "acceleration_deg_s2": "deg/s²",
    "arcsec": "arcsec",
    "days": "days",
    "deg": "deg",
    "deg_h": "deg/h",
    "deg_s": "deg/s",
    "deg_s2_sqrt_hz": "deg/s²/√Hz",
    "deg_sqrt_h": "deg/√h",
    "density_kg_m3": "kg/m³",
    "downlink_mbit_s": "Mbit/s",
    "flow_kg_s": "kg/s",
    "g": "g",
    "gain_per_s": "1/s",
    "h": "h",
    "kg": "kg",
    "kg_day": "kg/day",
    "kg_m2": "kg m²",
    "kg_person_day": "kg/day for each person",
    "km": "km",
    "kn": "kN",
    "kn_m": "kN/m",
    "kn_m_rad": "kN m/rad",
    "kn_m_s_rad": "kN m s/rad",
    "kn_s_m": "kN s/m",
    "kpa": "kPa",
    "kw_m2": "kW/m²",
    "l": "l",
    "m": "m",
    "m2": "m²",
    "m_s": "m/s",
    "margin_s_day": "s/day",
    "min": "min",
    "mj_m2": "MJ/m²",
    "mrad": "mrad",
    "n": "N",
    "n_m2": "N/m²",
    "mu_m3_s2": "m³/s²",
    "mu_moon_m3_s2": "m³/s²",
    "mu_sun_m3_s2": "m³/s²",
    "pa": "Pa",
    "percent": "%",
    "per_distance_s": "m/s for each m",
    "per_range_s": "m for each m/s",
    "ppm": "ppm",
    "rad_s": "rad/s",
    "s": "s",
    "slope_per_s": "m/s for each m",
    "ug": "µg",
    "ug_sqrt_hz": "µg/√Hz",
    "ug_sqrt_hz_km": "µg/√Hz for each km",
    "utc": "UTC",
    "w": "W",
}
UNITS_OF = {
    **dict.fromkeys(("f107", "f107a"), "solar flux units"),
    **dict.fromkeys(("days_before", "trim_days_before"), "days"),
    **dict.fromkeys(("tower_jettison", "fairing_separation", "main_engine_cutoff", "orbit_insertion"), "s"),
    **dict.fromkeys(("booster_separation", "second_booster_separation", "stage_1_separation"), "s"),
}
WHOLE = {"s", "h", "m", "n", "g", "w", "l"}  # of one letter: a key that is called so alone has no unit


def unit(key: str) -> str:
    """The unit of a key by the end of its name, empty where it has none."""
    if key in UNITS_OF:
        return UNITS_OF[key]
    parts = key.split("_")
    ends = ("_".join(parts[i:]) for i in range(len(parts)))
    found = next((end for end in ends if end in UNITS and (end != key or end not in WHOLE)), "")
    return UNITS.get(found, "")


@cache
def texts() -> dict[str, dict[str, str]]:
    """All of them, by model and key; `common` is for every model."""
    import tomllib

    with open(Path(__file__).with_suffix(".toml"), "rb") as file:
        return tomllib.load(file)


def named(model: type[BaseModel]) -> str:
    """How a model is called in the file of descriptions."""
    return f"{model.__module__.rpartition('.')[2]}.{model.__name__}"


def description(model: type[BaseModel], field: str) -> str:
    """What a key of a model means; empty where nobody has written it."""
    known = texts()
    tables = [_table(known, of) for of in model.__mro__ if issubclass(of, BaseModel)]
    return next((table[field] for table in (*tables, known["common"]) if field in table), "")


def _table(known: dict[str, Any], model: type[BaseModel]) -> dict[str, str]:
    module, _, name = named(model).partition(".")
    return known.get(module, {}).get(name, {})


def models(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """A model and all that are nested in it, by the names that its JSON schema gives them."""
    found: dict[str, type[BaseModel]] = {}

    def add(of: type[BaseModel]) -> None:
        if found.setdefault(of.__name__, of) is of:
            for field in of.model_fields.values():
                for inner in _inside(field.annotation):
                    if inner.__name__ not in found:
                        add(inner)

    add(model)
    return found


def _inside(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _inside(part)


def described(model: type[BaseModel]) -> dict:
    """The JSON schema of a model, each key with its description; a form that the schema describes stands after it."""
    schema = model.model_json_schema()
    every = models(model)
    for name, of in ((model.__name__, schema), *schema.get("$defs", {}).items()):
        owner = every.get(name)
        if owner is None:
            continue
        for field, info in owner.model_fields.items():
            rule = of["properties"][info.alias or field]
            text, form = description(owner, field), rule.get("description", "")
            rule["description"] = f"{text}: {form}" if form else text
            if measure := unit(info.alias or field):
                rule["unit"] = measure
    return schema
