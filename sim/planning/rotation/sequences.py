"""The mission after which a flight is made, and the parts of it: up to the docking, or home from the port."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.files import paths, text
from sim.files.problems import Problem, ScenarioError
from sim.scenario.expansion import BLOCK_OF, expanded
from sim.scenario.load import load_document, load_named
from sim.scenario.programme import Programme
from sim.scenario.rotation import Rotation
from sim.scenario.what_it_is import shipped

UP = ("await-launch", "ascent", "phasing", "homing", "transfer", "fly-around", "docking")
HEAD = ("schema", "name", "note", "world", "uncertainty", "station", "atmosphere", "seed")


@dataclass(frozen=True)
class Pattern:
    """A mission file that flights are made after. `rotation`: where it is written in blocks. `profiles`: those of the
    catalogue that carry what such a ship carries."""

    document: text.Document
    rotation: bool
    launcher: str
    profiles: tuple[str, ...]

    @property
    def sources(self) -> dict[str, str]:
        return dict(self.document.raw.get("sources", {}))

    def renamed(self, ship: str, vehicle: str, window: list[str], trim: float, corrections: tuple[float, ...]) -> dict:
        """The ships and phases of a sequence for another ship and window; days before for trim and corrections."""
        old = self.document.raw["ships"][0]["ship"]
        phases = []
        for table in self.document.raw["sequence"]:
            given = {**table, **({"ship": ship} if table.get("ship") == old else {})}
            if table["phase"] == "await-launch":
                given.pop("liftoff_utc", None)
                given |= {"window_utc": window, "trim_days_before": trim, "trim_corrections_days": list(corrections)}
            phases.append(given)
        return {"ships": [{"ship": ship, "vehicle": vehicle}], "sequence": phases}


def pattern(programme: Programme, ship: str) -> Pattern:
    """The mission that the ship's kind is flown as; ScenarioError where it names none, or none that serves."""
    kind = programme.file.ships[ship].kind
    name = programme.file.kinds[kind].flown_as
    key = f"kinds.{kind}.flown_as"
    if name is None:
        found = f"nothing, and ships.{ship} names no mission of its own"
        allowed = "a mission that ships of this kind are flown as, or ships.SHIP.mission"
        raise ScenarioError([Problem(programme.label, key, found, allowed)])
    path = shipped(Path(name), paths.MISSIONS)
    path = programme.files[0].parent / name if path == Path(name) else path
    document = text.read(path, paths.MISSIONS)
    raw, people = document.raw, programme.seats[kind] > 0
    read = load_document(document)  # every problem of the pattern is reported as its own
    its = "people" if people else "freight", read.raw["station"]["vehicle"]
    models = {name: load_named(name, "profile") for name in text.catalogue(paths.PROFILES)}
    profiles = tuple(name for name, model in models.items() if (model.carries, model.station) == its)
    if raw.get("kind") == "rotation" and "sequence" not in raw:
        return Pattern(document, True, read.launch.launcher, profiles)
    waits = [table for table in raw["sequence"] if table["phase"] == "await-launch"]
    port = programme.file.ships[ship].stays[0].port if programme.file.ships[ship].stays else None
    if len(waits) != 1 or waits[0].get("port") != port:
        flown = waits[0].get("port") if waits else "no port"
        found = f"'{name}', which flies to {flown}, for {ship}, which docks at {port}"
        raise ScenarioError([Problem(programme.label, key, found, "a mission to that port, or one in blocks")])
    return Pattern(document, False, waits[0]["launcher"], (waits[0]["profile"],))


def entries(raw: dict, like: Pattern, up: bool) -> list[dict]:
    """The phases of a mission in blocks, up to the docking or from the docked station home, as tables; those of a
    sequence as they are."""
    if not like.rotation:
        return list(raw["sequence"])
    blocks = {key: raw[key] for key in ("launch", "trim", "rendezvous", "stay", "return", "rules")}
    model = Rotation.model_validate({**like.document.raw, **blocks, "station": raw["station"], "sources": {}})
    profile = load_named(model.rendezvous.profile, "profile")
    phases = expanded(model, profile, load_named(model.station.vehicle, "station"))
    return [p.model_dump(mode="json", exclude_defaults=True) for p in phases if (p.phase in UP) == up]


def with_sequence(raw: dict, like: Pattern, phases: list[dict]) -> dict:
    """The mission as one with a sequence of its own; a source of a block stands at the phases that have its key."""
    if not like.rotation:
        return raw
    head = {key: raw[key] for key in HEAD if key in raw}
    launched = {table["ship"] for table in phases if table["phase"] == "await-launch"}
    ships = [{"ship": raw["launch"]["ship"], "vehicle": raw["launch"]["vehicle"]}] if launched else []
    given = raw["sources"]
    sources = {k: v for k, v in given.items() if k.partition(".")[0] in ("station", "atmosphere")}
    for i, table in enumerate(phases):
        for key in table:
            source = next((given[old] for old in _old_keys(table["phase"], key) if old in given), None)
            if source is not None and not source.startswith("record:"):
                sources[f"sequence.{i}.{key}"] = source
    return {**head, "kind": "mission", **({"ships": ships} if ships else {}), "sequence": phases, "sources": sources}


def _old_keys(phase: str, key: str) -> Iterator[str]:
    """Where a key of a phase may stand in the blocks."""
    block = BLOCK_OF[phase]
    yield f"{block}.{key}"
    yield f"trim.{key.removeprefix('trim_')}"
    yield f"stay.{key}"
    yield f"return.{key}"
    yield f"rules.{key}"
    yield f"rules.insertion_{key}"
    yield (
        {"ascent": "rules.ascent_load_g", "entry": "rules.entry_load_g"}.get(phase, "") if key == "load_limit_g" else ""
    )
    yield {"angle_off_deg": "rules.entry_angle_off_deg", "people_limit": "rules.people_aboard"}.get(key, "")
