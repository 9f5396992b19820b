"""Every key of every file: a description, a unit where it is measured, and a page that shows it."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from sim.scenario import descriptions
from sim.scenario.key_tables import key_tables
from sim.scenario.schema import MODELS, schema_of
from tests.test_words import in_text

ROOT = Path(__file__).resolve().parent.parent
# Numbers without a unit: counts, shares, coefficients, vectors of length one, and the costs of a programme.
BARE = {
    "known_degree",
    *("count", "crew_seats", "degree", "elements_index", "elements_number", "exercise_devices", "months", "order"),
    "revolutions",
    *("passes", "people_aboard", "people_limit", "people_max", "priority", "runs", "seat", "seed", "times", "tries"),
    *("all", "new", "resident", "returning", "staying", "visitor", "limit_sigmas", "revolutions_inside"),
    *("revolutions_outside", "corrections", "coverage_least", "fix_gain", "recycled", "reefed_fraction", "share"),
    *("share_most", "spread", "stuck_burn_share", "thrust_spread", "tolerance", "restitution", "cosine_power"),
    *("coefficient", "drag_coefficient", "drogue_drag_coefficient", "main_drag_coefficient", "lift_to_drag"),
    *(
        "reflectivity_coefficient",
        "eccentricity",
        "j2",
        "mach",
        "hypersonic_mach",
        "ap",
        "axis",
        "direction",
        "approach",
        "outward",
    ),
    *("cramped", "deserted", "empty", "launch", "liner", "seatless", "stock", "stranded", "unmet"),
    *("ap_most", "inside_least", "outside", "protons_most"),
    *("sigma", "value"),  # in the unit of the quantity or the path that stands beside them
    "coefficients",  # of a gravity field, normalised
    "schema",
}


def pages() -> dict[str, str]:
    spec = spec_from_file_location("docs_key_pages", ROOT / "docs" / "key_pages.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    assert set(module.KINDS) == set(MODELS)
    return module.pages(ROOT / "configs")


@pytest.mark.parametrize("kind", MODELS)
def test_every_key_has_a_description_and_every_measure_a_unit(kind):
    tables = key_tables(kind)
    without = [f"{table.heading} {key.name}" for table in tables for key in table.keys if not key.description]
    assert without == [], f"{len(without)} keys without a description: write them in sim/scenario/descriptions.toml"
    numbers = [key for table in tables for key in table.keys if "number" in key.allowed]
    assert [key.name for key in numbers if not key.unit and key.name not in BARE] == []
    assert [key.name for table in tables for key in table.keys if len(key.description) > 120] == []


def test_no_description_is_left_over():
    """Each table is a model's, each key one of its own or of what is made of it, and each common key is used."""
    every = {}
    for model, _ in MODELS.values():
        every |= {descriptions.named(of): of for of in descriptions.models(model).values()}
    for of in list(every.values()):
        every |= {descriptions.named(base): base for base in of.__mro__ if base.__module__.startswith("sim.scenario.")}
    used = {key for of in every.values() for key in of.model_fields}
    known = descriptions.texts()
    assert set(known["common"]) <= used
    tables = {f"{m}.{n}": keys for m, names in known.items() if m != "common" for n, keys in names.items()}
    assert set(tables) <= set(every)
    assert {
        f"{name}.{key}" for name, keys in tables.items() for key in keys if key not in every[name].model_fields
    } == set()


def test_a_description_is_in_the_words_of_the_field():
    assert list(in_text((ROOT / "sim" / "scenario" / "descriptions.toml").read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("key", "unit"),
    [
        ("perigee_km", "km"),
        ("bias_deg_h", "deg/h"),
        ("limit_m_s", "m/s"),
        ("use_kg_day", "kg/day"),
        ("g", ""),
        ("name", ""),
    ],
)
def test_the_unit_is_the_end_of_the_name(key, unit):
    assert descriptions.unit(key) == unit


def test_the_schema_has_descriptions_and_units_and_keeps_its_forms():
    schema = schema_of("mission")
    rule = schema["$defs"]["Launch"]["properties"]["perigee_km"]
    assert rule["unit"] == "km" and rule["minimum"] == 150.0 and "lowest altitude" in rule["description"]
    assert schema["$defs"]["Launch"]["properties"]["site"]["description"].endswith("a path ending in .toml")


def test_every_key_is_on_its_page_with_range_and_example():
    found = pages()
    assert len(found) == len(MODELS) + 1
    for kind in MODELS:
        text = found[f"reference/files/{kind}.md"]
        for table in key_tables(kind):
            assert all(f"| `{key.name}` | " in text for key in table.keys)
    row = next(line for line in found["reference/files/mission.md"].splitlines() if line.startswith("| `perigee_km`"))
    assert "| km | number, 150 to 450 |" in row and "fact:jiuquan" in row
    assert re.search(r"`200\.0` \(shenzhou-\d+", row)
