"""What comes with the program, by name: missions, vehicles, sites, worlds and so on, and element sets."""

from __future__ import annotations

import textwrap

from sim.catalogue import element_sets
from sim.catalogue.places import places
from sim.files import paths
from sim.files.errors import BadInput
from sim.files.problems import nearest, printable
from sim.files.text import catalogue, heading

_FOLDERS = {
    "missions": paths.MISSIONS,
    "vehicles": paths.VEHICLES,
    "sites": paths.SITES,
    "profiles": paths.PROFILES,
    "worlds": paths.WORLDS,
    "orbits": paths.ORBITS,
    "suborbital": paths.SUBORBITAL,
    "campaigns": paths.CAMPAIGNS,
    "rotations": paths.ROTATIONS,
    "docking_rules": paths.DOCKING_RULES,
    "landing_rules": paths.LANDING_RULES,
    "spacewalk_rules": paths.SPACEWALK_RULES,
    "uncertainties": paths.UNCERTAINTIES,
    "weeks": paths.WEEKS,
    "winds": paths.WINDS,
    "arms": paths.ARMS,
    "bodies": paths.BODIES,
    "surface_sites": paths.SURFACE_SITES,
}


def listing() -> dict[str, list]:
    """Each folder's files as {name, kind, title}, places on the ground alike, and the names of the element sets."""
    found: dict[str, list] = {}
    for word, folder in _FOLDERS.items():
        headings = ((name, *heading(folder / f"{name}.toml")) for name in catalogue(folder))
        found[word] = [{"name": name, "kind": kind, "title": title} for name, kind, title in headings]
    found["places"] = [{"name": p.key, "kind": p.kind, "title": f"{p.name}, {p.country}"} for p in places().values()]
    return {**found, "element_sets": element_sets.every_name()}


def of_kind(kind: str) -> dict[str, list]:
    """One entry of `listing`, such as `missions` or `element sets`; BadInput for what is not there."""
    known = listing()
    word = kind.lower().replace("-", "_").replace(" ", "_")
    if word not in known:
        near = nearest(word, known)
        hint = f"; did you mean '{near}'?" if near else ""
        raise BadInput(f"found '{printable(kind, 80)}'; allowed: {', '.join(known)}{hint}")
    return {word: known[word]}


def listing_lines(files: dict[str, list]) -> list[str]:
    """A listing as text; vehicles with their kind."""
    lines = []
    for word, entries in files.items():
        if word in ("element_sets", "places"):
            names = entries if word == "element_sets" else [e["name"] for e in entries]
            lines += [
                word.replace("_", " "),
                *textwrap.wrap(", ".join(names), 100, initial_indent="  ", subsequent_indent="  "),
            ]
            continue
        lines.append(word)
        for e in entries:
            kind = f" ({e['kind']})" if word == "vehicles" else ""
            lines.append(f"  {e['name']:<22} {e['title']}{kind}")
    return lines
