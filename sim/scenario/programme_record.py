"""The record in a programme: what a fact says of a ship, a spacewalk and so on, written into its table.

A key of the file holds before that of its record, so that a plan can differ from what happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.catalogue.element_sets import UnknownName
from sim.catalogue.facts import facts, value
from sim.core.epoch import Epoch
from sim.files.problems import nearest
from sim.scenario.view import Finding, View

NOON = "T12:00:00Z"
OF_EVA = {"start": "start_utc", "end": "end_utc", "crew": "crew", "hatch": "hatch", "work": "work"}
OF_CONTINGENCY = {"utc": "utc", "ship": "ship", "port": "port"}
OF_AVOIDANCE = {
    "object": "secondary",
    "burn": "burn_utc",
    "approach": "approach_utc",
    "predicted_km": "predicted_km",
    "passed_km": "passed_km",
}
TABLES = ("ships", "evas", "contingencies", "avoidances")


def instant(utc: str) -> Epoch:
    """A time of a programme; a day without an hour is taken at noon."""
    return Epoch.from_utc(utc if "T" in utc else utc.rstrip("Z") + NOON)


def day_only(utc: str) -> bool:
    return "T" not in utc


def with_records(raw: dict) -> dict:
    """A copy of the file's dict with what the records say; what is no record, or no table, stays as it is."""
    ships, evas, contingencies, avoidances = (raw.get(name) for name in TABLES)
    filled = dict(raw)
    if isinstance(ships, dict):
        filled["ships"] = {name: _filled(ship, _of_ship) for name, ship in ships.items()}
    if isinstance(evas, list):
        filled["evas"] = [_filled(eva, lambda known: _renamed(known, OF_EVA)) for eva in evas]
    if isinstance(contingencies, list):
        filled["contingencies"] = [_filled(c, lambda known: _renamed(known, OF_CONTINGENCY)) for c in contingencies]
    if isinstance(avoidances, list):
        filled["avoidances"] = [_filled(a, lambda known: _renamed(known, OF_AVOIDANCE)) for a in avoidances]
    return filled


def records(view: View) -> Iterator[Finding]:
    """Every record is a fact, and one with times."""
    places: list[tuple[str | int, ...]] = [("ships", name) for name in view.keys("ships")]
    places += [(table, i) for table in TABLES[1:] for i in range(view.length(table))]
    for place in places:
        name = view(*place, "record")
        if name is not None and _known(name) is None:
            yield Finding((*place, "record"), f"'{name}'", "a fact with times, such as missions.sz_20", _near(name))


def from_record(raw: dict, key: str) -> bool:
    """Whether the number at a dotted key is that of its avoidance table's record, which has the source."""
    table, _, rest = key.partition(".")
    row, _, last = rest.partition(".")
    rows = raw.get(table)
    if table != TABLES[3] or not isinstance(rows, list) or not row.isdigit() or int(row) >= len(rows):
        return False
    known = _known(rows[int(row)].get("record"))
    return known is not None and _renamed(known, OF_AVOIDANCE).get(last) == rows[int(row)].get(last)


def _near(name: str) -> str | None:
    topic = name.partition(".")[0]
    return nearest(name, [known for known in facts() if known.startswith(f"{topic}.")] or facts())


def _known(name: object) -> Mapping | None:
    try:
        found = value(name) if isinstance(name, str) and "." in name else None
    except UnknownName:
        return None
    return found if isinstance(found, Mapping) else None


def _filled(table: object, keys_of) -> object:
    """The table with the keys of its record that it has not; `keys_of` makes them of the fact's value."""
    if not isinstance(table, dict):
        return table
    known = _known(table.get("record"))
    return table if known is None else {**keys_of(known), **table}


def _of_ship(known: Mapping) -> dict:
    found: dict = {}
    if "launch" in known:
        found["launch_utc"] = known["launch"]
    stays = known.get("stays")
    if stays is None and "docked" in known and "port" in known:
        stays = [{key: known[key] for key in ("port", "docked", "undocked") if key in known}]
    if stays is not None:
        found["stays"] = [
            {key if key == "port" else f"{key}_utc": stay[key] for key in ("port", "docked", "undocked") if key in stay}
            for stay in stays
        ]
    landed = known.get("landed", known.get("reentry"))
    if landed is not None:
        found["landed_utc"] = landed
    return found


def _renamed(known: Mapping, keys: Mapping[str, str]) -> dict:
    return {ours: known[theirs] for theirs, ours in keys.items() if theirs in known}
