"""The pages of docs/reference/files: every key of every kind of file, from the models that check it.

`docs/hooks.py` adds them to the documentation while it is built. Examples are the shipped files' own values, and the
source is what their [sources] say of that value.
"""

from __future__ import annotations

import json
from pathlib import Path

# Kind of a file -> the folder of configs/ with those that are shipped, and what it is for.
KINDS = {
    "mission": ("missions", "A crew rotation in blocks: launch, rendezvous, stay, return."),
    "sequence": ("missions", "A mission that states its phases itself, one `[[sequence]]` table for each."),
    "orbit": ("orbits", "One craft and what pulls on it, for `tiangong propagate`."),
    "suborbital": ("suborbital", "A suborbital flight from a carrier aircraft, for `tiangong propagate`."),
    "campaign": ("campaigns", "What is drawn at random when one part of a flight is flown many times."),
    "programme": ("rotations", "Ships, ports, seats and crews of a station over years."),
    "week": ("weeks", "What six people do while both ships are docked."),
    "docking_rules": ("docking_rules", "What opens and closes a docking window."),
    "landing_rules": ("landing_rules", "What refuses a landing."),
    "spacewalk_rules": ("spacewalk_rules", "What refuses a spacewalk."),
    "launcher": ("vehicles", "A rocket: stages, engines, drag, guidance."),
    "rocket_plane": ("vehicles", "A rocket plane: masses, motor, drag, glide."),
    "ship": ("vehicles", "A ship: masses, thrusters, sensors, docking mechanism, capsule."),
    "station": ("vehicles", "A station: mass, drag, ports."),
    "profile": ("profiles", "How a ship is flown from orbit to the port, and the zones on the way."),
    "site": ("sites", "A pad or a landing site."),
    "wind": ("winds", "The climate of the wind over a landing site."),
    "arm": ("arms", "A robotic arm: joints, end effector, what it moves and how fast, its bases."),
    "body": ("bodies", "What an orbit may be about: gravity fields with their axes, orientation, third bodies."),
    "surface_site": (
        "surface_sites",
        "A site on the Moon or another body, for `tiangong passes`: horizon, stations, relay.",
    ),
    "world": ("worlds", "The Earth: gravity, air, step of the integration."),
    "uncertainty": ("uncertainties", "How well all of it is known before a flight."),
}
ABOUT = (
    "Written from the models that check the files while this page was built; `tiangong schema {kind}` has the same for "
    "an editor. A key without a default must stand. Times, frames and words are explained in the "
    "[glossary](../../glossary.md)."
)


def pages(configs: Path) -> dict[str, str]:
    """Path below docs/ -> Markdown of each page, the index first."""
    index = ["# Keys of the files", "", "| kind | what it is |", "|---|---|"]
    index += [f"| [`{kind}`]({kind}.md) | {what} |" for kind, (_, what) in KINDS.items()]
    index += ["", "`tiangong init --from NAME FILE` writes a shipped file with these words as comments."]
    found = {"reference/files/index.md": "\n".join(index) + "\n"}
    return found | {f"reference/files/{kind}.md": page(kind, configs) for kind in KINDS}


def page(kind: str, configs: Path) -> str:
    """The page of one kind of file."""
    from sim.scenario.key_tables import key_tables

    folder, what = KINDS[kind]
    files = _shipped(kind, configs / folder)
    parts = [f"# Keys of a {kind.replace('_', ' ')} file", what, ABOUT.format(kind=kind)]
    for table in key_tables(kind):
        head = f"`{table.heading}`" if table.heading else "The file itself"
        if table.chosen:
            key, values = table.chosen
            head += f" with {key} " + " or ".join(f"`{value}`" for value in values.split(", "))
        rows = ["| key | what it is | unit | allowed | default | example | its source |", "|" + "---|" * 7]
        for key in table.keys:
            example, source = _example(files, table, key.name)
            default = "" if key.default is None else f"`{key.default}`" if key.default else "none"
            cells = (f"`{key.name}`", key.description, key.unit, key.allowed, default, example, source)
            rows.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
        parts += [f"## {head}", "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _shipped(kind: str, folder: Path) -> list[tuple[str, dict]]:
    """(name, resolved tables) of the shipped files of a kind."""
    from sim.files import text

    found = []
    for path in sorted(folder.glob("*.toml")):
        raw = text.read(path, folder).raw
        if raw.get("kind") == {"mission": "rotation", "sequence": "mission"}.get(kind, kind):
            found.append((path.stem, raw))
    return found


def _example(files: list[tuple[str, dict]], table, key: str) -> tuple[str, str]:
    """The first value of a key in the shipped files and its source; empty where no file has it, or it is a table."""
    for name, raw in files:
        for path, found in _at(raw, table.path):
            if table.chosen and found.get(table.chosen[0]) not in table.chosen[1].split(", "):
                continue
            value = found.get(key)
            if value is None or isinstance(value, dict) or (isinstance(value, list) and _tables(value)):
                continue
            return f"`{_short(value)}` ({name})", _source(raw, (*path, key))
    return "", ""


def _tables(value: list) -> bool:
    return any(isinstance(item, dict) for item in value)


def _at(value: object, path: tuple[str, ...], taken: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], dict]]:
    """Every table of a file at a path of `key_tables`, with the keys that lead to it."""
    if not path:
        return [(taken, value)] if isinstance(value, dict) else []
    step, rest = path[0], path[1:]
    if step == "[]":
        items = enumerate(value) if isinstance(value, list) else ()
        return [found for i, item in items for found in _at(item, rest, (*taken, str(i)))]
    if not isinstance(value, dict):
        return []
    names = list(value) if step == "*" else [step] if step in value else []
    return [found for name in names for found in _at(value[name], rest, (*taken, name))]


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 50 else text[:47].rstrip() + "…"


def _source(raw: dict, path: tuple[str, ...]) -> str:
    """What [sources] say of a value, or of the table that it stands in."""
    sources = raw.get("sources", {})
    for end in range(len(path), 0, -1):
        text = sources.get(".".join(path[:end]))
        if text is not None:
            return text if len(text) <= 80 else text[:77].rstrip() + "…"
    return ""
