"""A mission that states its phases itself, checked with the files they name."""

from __future__ import annotations

from sim.files import text
from sim.files.problems import Path as KeyPath
from sim.scenario import arm_checks, checks, dispersion_checks, fault_checks, plane_bias
from sim.scenario.arm_file import ArmFile
from sim.scenario.assembly import Fallback, ScenarioParts, as_tables, assembled, with_fallbacks
from sim.scenario.catalogue import LauncherFile, SiteFile, WorldFile
from sim.scenario.craft_files import ShipFile, StationFile, looking_down
from sim.scenario.docking_rules import DockingRules
from sim.scenario.entry_conditions import Known, entry_conditions
from sim.scenario.kinds import File
from sim.scenario.landing_rules import LandingRules
from sim.scenario.launcher_checks import too_heavy
from sim.scenario.named_files import UNNAMED, Found, NamedFiles, of
from sim.scenario.profile_file import ProfileFile
from sim.scenario.scenario import Blocks, Named, Scenario
from sim.scenario.sequence_file import PhasingEntry
from sim.scenario.sequence_reading import approaching, checked_sequence, leaving, references


def sequence_scenario(document: text.Document) -> tuple[Scenario | None, Found]:
    """The scenario of a mission that states its phases itself."""
    named = NamedFiles(document, {}, [])
    head, sequence, view, found = checked_sequence(document)
    if found and found[0][0] == ("kind",):
        return None, found
    models: dict[KeyPath, File | None] = {key: named.model(view, key, kind) for key, kind in references(view)}
    ships: dict[str, ShipFile] = {}
    vehicles: dict[str, ShipFile | None] = {}
    for group in ("docked", "ships"):
        for i in range(view.length(group)):
            ship, vehicle = view(group, i, "ship"), view(group, i, "vehicle")
            named_ship = models.get((group, i, "vehicle"))
            model = named_ship if isinstance(named_ship, ShipFile) else None
            if ship is not None and (model is not None or "vehicle" not in view.keys(group, i)):
                vehicles[ship] = model
            if vehicle is not None and model is not None:
                ships[vehicle] = model
    station = models["station", "vehicle"]
    ports = tuple(station.ports) if isinstance(station, StationFile) else ()
    below = looking_down(station) if isinstance(station, StationFile) else frozenset()
    by_name = [(view(*key), model) for key, model in models.items() if key[0] == "sequence"]
    files = Named(
        launchers={name: model for name, model in by_name if isinstance(model, LauncherFile)},
        sites={name: model for name, model in by_name if isinstance(model, SiteFile)},
        profiles={name: model for name, model in by_name if isinstance(model, ProfileFile)},
        docking_rules={
            name or UNNAMED["docking_rules"]: model for name, model in by_name if isinstance(model, DockingRules)
        },
        winds=named.winds(models),
        arms={name: model for name, model in by_name if isinstance(model, ArmFile)},
        landing_rules={
            name or UNNAMED["landing_rules"]: model for name, model in by_name if isinstance(model, LandingRules)
        },
    )
    known = Known(ports, vehicles, dict(files.profiles), below)
    docked = {i: models["docked", i, "vehicle"] for i in range(view.length("docked"))}
    ship_at: dict[KeyPath, File | None] = {("docked", i, "port"): model for i, model in docked.items()}
    for i in range(view.length("sequence")):
        ship_at["sequence", i, "port"] = vehicles.get(view("sequence", i, "ship"))
    findings = [
        *dispersion_checks.stages(models["uncertainty",], list(files.launchers.values())),
        *(checks.ports(view, station) if isinstance(station, StationFile) else ()),
        *checks.port_sizes(view, station, ship_at),
        *checks.masses(view, {i: model for i, model in docked.items() if isinstance(model, ShipFile)}),
        *checks.seats(view, vehicles),
        *fault_checks.faults(
            view,
            *(
                {ship: m for ship, m in vehicles.items() if ship in those}
                for those in (approaching(view), leaving(view))
            ),
        ),
        *plane_bias.of_sequence(view, models),
        *entry_conditions(view, known),
        *arm_checks.bases(view, models, ports),
        *(f for key, model in models.items() for f in too_heavy(key, model, vehicles.get(view(*key[:-1], "ship")))),
    ]
    found += [*named.missing, *((f.key, f.problem(document.label)) for f in findings)]
    fallbacks = []
    for i, entry in enumerate(sequence if not (found or named.problems()) else ()):
        other = files.profiles[entry.profile].phasing.fallback if isinstance(entry, PhasingEntry) else None
        profile = named.named(other, ("sequence", i, "profile"), "profile")
        if other is not None and isinstance(profile, ProfileFile):
            fallbacks.append(Fallback(i, other, profile))
    found += [entry for entry in named.missing if entry not in found] + named.problems()
    if found or head is None:
        return None, found
    built = {d.ship: d.vehicle for d in head.docked if d.vehicle} | {new.ship: new.vehicle for new in head.ships}
    files, branches = with_fallbacks(sequence, files, fallbacks, of(StationFile, station))
    single: dict[str, File] = {"station_vehicle": of(StationFile, station), "world": of(WorldFile, models["world",])}
    if uncertainty := models["uncertainty",]:
        single["uncertainty"] = uncertainty
    tables = {
        **as_tables(single),
        "launchers": as_tables(files.launchers),
        "sites": as_tables(files.sites),
        "profiles": as_tables(files.profiles),
        "docking_rules": as_tables(files.docking_rules),
        "landing_rules": as_tables(files.landing_rules),
        "ship_vehicles": as_tables(ships),
        **({"winds": as_tables(files.winds)} if files.winds else {}),
        **({"arms": as_tables(files.arms)} if files.arms else {}),
    }
    parts = ScenarioParts(sequence, built, ships, files, Blocks(), models, tables, branches)
    return assembled(document, head, named, parts), found
