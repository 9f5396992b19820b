"""A mission in blocks: the usual rotation, checked with the files it names, and expanded into its phases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sim.files import text
from sim.files.problems import Path as KeyPath
from sim.files.problems import Problem
from sim.scenario import checks, dispersion_checks, fault_checks, plane_bias, week_checks
from sim.scenario.assembly import Fallback, ScenarioParts, as_tables, assembled, with_fallbacks
from sim.scenario.catalogue import LauncherFile, SiteFile, WorldFile
from sim.scenario.craft_files import ShipFile, StationFile, looking_down
from sim.scenario.docking_rules import DockingRules
from sim.scenario.entry_conditions import Known, entry_conditions
from sim.scenario.expansion import BLOCK_OF, expanded
from sim.scenario.kinds import File
from sim.scenario.landing_rules import LandingRules
from sim.scenario.launcher_checks import too_heavy
from sim.scenario.named_files import Found, NamedFiles, checked, of
from sim.scenario.profile_file import ProfileFile
from sim.scenario.remarks import remarks
from sim.scenario.rotation import Rotation
from sim.scenario.scenario import Blocks, Named, Scenario
from sim.scenario.sequence_file import PhasingEntry
from sim.scenario.view import View
from sim.scenario.week_file import people_of
from sim.scenario.wind_file import WindFile

LEGS = "launch", "return"  # the blocks of the ships that approach a port, and leave one


def rotation_scenario(document: text.Document) -> tuple[Scenario | None, Found]:
    """The scenario of a mission in blocks, None where one of the problems forbids it."""
    raw, named = document.raw, NamedFiles(document, {}, [])
    winds: dict[str, WindFile] = {}
    mission, view, found = checked(document, Rotation, "rotation", checks.MISSION)
    if raw.get("kind") == "rotation":
        models: dict[KeyPath, File | None] = {key: named.model(view, key, kind) for key, kind in _references(view)}
        models["fallback",] = named.fallback(models["rendezvous", "profile"])
        winds = named.winds(models)
        found += [*named.missing, *_agreeing(view, models, document.label), *named.problems()]
    if found or mission is None:
        return None, found
    vehicles = {d.ship: d.vehicle for d in mission.docked if d.vehicle} | {mission.launch.ship: mission.launch.vehicle}
    launcher = of(LauncherFile, models["launch", "launcher"])
    pad, landing = of(SiteFile, models["launch", "site"]), of(SiteFile, models["return", "site"])
    instead = mission.return_.backup_site
    backup = {instead: of(SiteFile, models["return", "backup_site"])} if instead else {}
    profile = of(ProfileFile, models["rendezvous", "profile"])
    fallback = of(ProfileFile, models["fallback",]) if models["fallback",] else None
    rules = of(DockingRules, models["rendezvous", "docking_rules"])
    landing_rules = of(LandingRules, models["return", "landing_rules"])
    station, world = of(StationFile, models["station", "vehicle"]), of(WorldFile, models["world",])
    blocks = Blocks(
        launch=mission.launch,
        trim=mission.trim,
        rendezvous=mission.rendezvous,
        stay=mission.stay,
        return_=mission.return_,
        rules=mission.rules,
        launcher=launcher,
        launch_site=pad,
        landing_site=landing,
        profile=profile,
        fallback=fallback,
    )
    files = Named(
        launchers={mission.launch.launcher: launcher},
        sites={mission.launch.site: pad, mission.return_.site: landing} | backup,
        profiles={mission.rendezvous.profile: profile},
        docking_rules={mission.rendezvous.docking_rules: rules},
        winds=winds,
        landing_rules={mission.return_.landing_rules: landing_rules},
    )
    sequence = expanded(mission, profile, station)
    ships = {d.vehicle: of(ShipFile, models["docked", i, "vehicle"]) for i, d in enumerate(mission.docked) if d.vehicle}
    ships[mission.launch.vehicle] = of(ShipFile, models["launch", "vehicle"])
    found = _flyable(view, sequence, vehicles, ships, station, files, document.label)
    other, at = profile.phasing.fallback, [isinstance(entry, PhasingEntry) for entry in sequence].index(True)
    fallbacks = [Fallback(at, other, fallback)] if other and fallback else []
    files, branches = with_fallbacks(sequence, files, fallbacks, station)
    single: dict[str, File] = {
        "station_vehicle": station,
        "launcher": launcher,
        "launch_site": pad,
        "landing_site": landing,
        "world": world,
        "profile": profile,
        "docking_rules": rules,
        "landing_rules": landing_rules,
    } | ({"fallback": fallback} if fallback else {})
    if uncertainty := models["uncertainty",]:
        single["uncertainty"] = uncertainty
    if week := models["week",]:
        single["week"] = week
    tables = {**as_tables(single), "ship_vehicles": as_tables(ships)}
    if winds:
        tables["winds"] = as_tables(winds)
    made = assembled(
        document, mission, named, ScenarioParts(sequence, vehicles, ships, files, blocks, models, tables, branches)
    )
    return replace(made, warnings=tuple(remarks(mission))), found


def _flyable(view: View, sequence, vehicles, ships, station, files: Named, file: str) -> Found:
    """What a rotation's phases lack of what they begin with, reported at the block that a phase comes from."""
    docked = [
        {"ship": view("docked", i, "ship"), "port": view("docked", i, "port")} for i in range(view.length("docked"))
    ]
    fresh = [{"ship": view("launch", "ship")}]
    phases = [entry.model_dump(exclude_none=True) for entry in sequence]
    known = Known(
        tuple(station.ports),
        {ship: ships[vehicle] for ship, vehicle in vehicles.items()},
        dict(files.profiles),
        looking_down(station),
    )
    seen = View({"docked": docked, "ships": fresh, "sequence": phases})
    problems = []
    for finding in entry_conditions(seen, known):
        block = BLOCK_OF[sequence[finding.key[1]].phase] if len(finding.key) > 1 else "launch"
        last = finding.key[2:] if finding.key[2:] and finding.key[2] in view.keys(block) else ()
        problems.append(((block, *last), finding._replace(key=(block, *last)).problem(file)))
    return problems


def _references(view: View) -> Iterator[tuple[KeyPath, str]]:
    """The keys of a mission that name a file, and of which kind."""
    yield ("world",), "world"
    yield ("uncertainty",), "uncertainty"
    yield ("week",), "week"
    yield ("station", "vehicle"), "station"
    yield ("launch", "vehicle"), "ship"
    yield ("launch", "launcher"), "launcher"
    yield ("launch", "site"), "site"
    yield ("rendezvous", "profile"), "profile"
    yield ("rendezvous", "docking_rules"), "docking_rules"
    yield ("return", "site"), "site"
    yield ("return", "backup_site"), "site"
    yield ("return", "landing_rules"), "landing_rules"
    for i in range(view.length("docked")):
        yield ("docked", i, "vehicle"), "ship"


def _agreeing(view: View, models: dict[KeyPath, File | None], file: str) -> Iterator[tuple[KeyPath, Problem]]:
    """Ports, masses and seats: the mission against the vehicles it names."""
    station = models["station", "vehicle"]
    ships = {key: model for key, model in models.items() if isinstance(model, ShipFile)}
    vehicle_of = {view("launch", "ship"): ships.get(("launch", "vehicle"))}
    broken = {view("launch", "ship")} if models["launch", "vehicle"] is None else set()
    for i in range(view.length("docked")):
        name, model = view("docked", i, "ship"), ships.get(("docked", i, "vehicle"))
        vehicle_of[name] = model
        if model is None and "vehicle" in view.keys("docked", i):
            broken.add(name)
    known = {name: model for name, model in vehicle_of.items() if name is not None and name not in broken}
    docked = {i: ships.get(("docked", i, "vehicle")) for i in range(view.length("docked"))}
    findings = [
        *dispersion_checks.stages(models["uncertainty",], [models["launch", "launcher"]]),
        *(checks.ports(view, station) if isinstance(station, StationFile) else ()),
        *checks.port_sizes(
            view,
            station,
            {("docked", i, "port"): model for i, model in docked.items()}
            | {("rendezvous", "port"): models["launch", "vehicle"]},
        ),
        *checks.masses(view, {i: model for i, model in docked.items() if model}),
        *checks.seats(view, known),
        *week_checks.crew_findings(view, models["week",], _groups(view)),
        *plane_bias.of_rotation(view, models["launch", "site"]),
        *too_heavy(("launch", "launcher"), models["launch", "launcher"], models["launch", "vehicle"]),
        *fault_checks.faults(
            view,
            *({ship: model for ship, model in known.items() if ship == view(block, "ship")} for block in LEGS),
        ),
    ]
    return ((f.key, f.problem(file)) for f in findings)


def _groups(view: View) -> list[tuple[str, ...]]:
    """Of which people each of the crew is, as an activity of a week may ask for them."""
    ships = [(view("crew", i, "ship_up"), view("crew", i, "ship_down")) for i in range(view.length("crew"))]
    return [people_of(view("launch", "ship"), view("return", "ship"), up, down) for up, down in ships]
