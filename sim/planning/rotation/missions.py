"""From a programme to the mission of one of its flights: who is docked and aboard, when, by which profile, to where.

A ship that names its `mission` is flown by that file. Any other is flown as its kind says (`flown_as`): the keys of
that mission hold, but for what the programme, the record and the element sets know better of this flight.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np

from sim.build.rendezvous import docking_after
from sim.build.vehicles import port_of, ship_of
from sim.catalogue.element_sets import ElementSet
from sim.catalogue.facts import fact
from sim.core.epoch import Epoch
from sim.environment import space_weather
from sim.files import paths, text
from sim.files.problems import Problem, ScenarioError, listed, nearest
from sim.planning.kept_station import all_sets
from sim.planning.rotation.sequences import Pattern, entries, pattern, with_sequence
from sim.planning.rotation.timeline import DAY, Timeline, Vessel, timeline
from sim.scenario import Scenario
from sim.scenario.load import load_document, load_named
from sim.scenario.plane_bias import batch_bias
from sim.scenario.programme import Programme
from sim.scenario.programme_record import day_only
from sim.scenario.programme_scene import scene
from sim.scenario.what_it_is import shipped

HOUR = 3600.0  # s
EARLIEST = 21.0  # days before the lift-off that a mission starts, where the elements are older
OLD = 60.0  # days: an older set is left for one after the lift-off, where that is nearer
LONGEST_TRIM = 20.0  # days before the lift-off: the earlier, the smaller
CORRECTIONS = (10.0, 5.0, 2.0, 1.0)  # days before the lift-off: what the air did since is made good early
MARGIN = 0.1  # days between the start and the first burn
OTHERWISE_H = 1.0  # a rendezvous that differs by more from every profile was flown by none of them
HATCH_H = 3.0
EARLY_H = 2.0  # before the flown undocking the wait for its pass begins
LONGEST_STAY = 30.0  # days: the station is not raised while a mission flies, so that a later return is another flight
MONTH, QUARTER = 27, 81  # days: a turn of the Sun, and what NRLMSISE-00 takes


@dataclass(frozen=True)
class Situation:
    """What a mission is made with: the last element set, and up to when its weather is taken. `start`: of the flight of
    the station; `bias`: lift-off after the plane's passage, s, and its source; None for the ascent's own optimum."""

    elements: ElementSet
    start: Epoch
    bias: tuple[float, str] | None


def flight(programme: Programme, ship: str, overrides: tuple[str, ...] = ()) -> Scenario:
    """The mission of a ship of the programme; ScenarioError says why there is none, or lists what is wrong with it."""
    known = programme.file.ships
    if ship not in known:
        found, allowed = f"'{ship}'", f"a ship of {programme.label}: {listed(known)}"
        raise ScenarioError([Problem("--flight", "", found, allowed, nearest(ship, known))])
    own = known[ship].mission
    return load_document(_own(programme, ship, own) if own else _made(programme, ship), overrides)


def _own(programme: Programme, ship: str, mission: str) -> text.Document:
    """The mission that the ship names, with the scene of this programme."""
    path = shipped(Path(mission), paths.MISSIONS)
    if path == Path(mission):
        path = programme.files[0].parent / mission
    document = text.read(path, paths.MISSIONS)
    raw = {key: value for key, value in document.raw.items() if key not in ("docked", "crew")}
    raw["programme"] = reference(programme)
    if isinstance(own := raw.get("sources"), dict):
        raw["sources"] = {k: v for k, v in own.items() if k.partition(".")[0] not in ("docked", "crew")}
    if ship not in _launched(raw):
        found = f"'{mission}', which launches {', '.join(_launched(raw)) or 'nothing'}"
        raise ScenarioError([_problem(programme, ship, "mission", found, f"a mission that launches {ship}")])
    return replace(document, raw=raw)


def _launched(raw: dict) -> list[str]:
    ships = raw.get("ships")
    tables = [raw.get("launch"), *(ships if isinstance(ships, list) else ())]
    return [str(table["ship"]) for table in tables if isinstance(table, dict) and "ship" in table]


def reference(programme: Programme) -> str:
    """How a mission names this programme."""
    path = programme.files[0]
    return path.stem if path.parent == paths.ROTATIONS else str(path.absolute())


def _made(programme: Programme, ship: str) -> text.Document:
    found = timeline(programme)
    vessel, like = found.vessel(ship), pattern(programme, ship)
    hours = [key for key in ("launch", "docked") if key in vessel.by_day]
    if hours or not vessel.stays:
        words = f"{' and '.join(hours)} known by its day only" if hours else "no docking"
        raise ScenarioError([_problem(programme, ship, "", words, "hours of the lift-off and the docking")])
    seen = situation(found, vessel, vessel.launch)
    profile = profile_of(programme, vessel, like)
    span = (vessel.launch.plus(-6.0 * HOUR), vessel.launch.plus(6.0 * HOUR))
    raw = upward(programme, vessel, like, seen, profile, span)
    home = _return_of(found, vessel) if like.rotation else None
    if home is not None:
        raw = _with_return(raw, found, vessel, home)
    else:
        raw = with_sequence(raw, like, entries(raw, like, up=True))
    made = {**raw, "programme": reference(programme), "record": _record(vessel, home)}
    made["sources"] = {**raw["sources"], **_sources_of_record(programme, vessel, home)}
    return replace(like.document, raw=made)


# ---- the parts of a made mission


def upward(
    programme: Programme, vessel: Vessel, like: Pattern, seen: Situation, profile: str, span: tuple[Epoch, Epoch]
) -> dict:
    """The raw tables of the pattern with this ship, its port, its day and what is known of the station."""
    name, kind = vessel.name, programme.file.kinds[vessel.kind]
    raw = {k: v for k, v in like.document.raw.items() if k not in ("docked", "crew", "record", "programme", "note")}
    trim = round(min(LONGEST_TRIM, span[0].since(seen.start) / DAY - MARGIN), 2)
    last = min(seen.elements.epoch, span[0])
    weather, until = _weather(last), last.utc(0)[:10]
    window = [span[0].utc(0), span[1].utc(0)]
    own = {
        "name": f"{_title(name)}, made of its programme",
        "note": "made of the programme, as its kind is flown; the station has the mass that it has now",
        "station": {
            "name": raw["station"]["name"],
            "vehicle": raw["station"]["vehicle"],
            "elements": seen.elements.name,
            "start_utc": seen.start.utc(0),
        },
        "atmosphere": weather,
    }
    sources = {
        "station.elements": f"assumed: grade {seen.elements.grade}; raises after it are not known",
        **{f"atmosphere.{key}": f"assumed: mean of days up to {until}" for key in weather},
    }
    old = {k: v for k, v in like.sources.items() if k.partition(".")[0] not in ("station", "atmosphere", "record")}
    if not like.rotation:
        made = like.renamed(name, str(kind.vehicle), window, trim, CORRECTIONS)
        waits = [i for i, table in enumerate(made["sequence"]) if table["phase"] == "await-launch"]
        sources |= {f"sequence.{i}.trim_corrections_days": "assumed" for i in waits}
        return {**raw, **own, **made, "sources": {**old, **sources}}
    launch = {k: v for k, v in raw["launch"].items() if k not in ("liftoff_utc", "plane_bias_s")}
    launch |= {"ship": name, "vehicle": str(kind.vehicle), "window_utc": window}
    old = {k: v for k, v in old.items() if k not in ("launch.liftoff_utc", "launch.plane_bias_s")}
    if seen.bias is not None:
        launch["plane_bias_s"], sources["launch.plane_bias_s"] = seen.bias
    own["launch"] = launch
    own["trim"] = {**raw["trim"], "days_before": trim, "corrections_days": list(CORRECTIONS)}
    own["rendezvous"] = {**raw["rendezvous"], "profile": profile, "port": vessel.stays[0].port}
    for key in ("profile", "port"):
        old[f"rendezvous.{key}"] = "assumed: as the programme has it"
    sources["trim.corrections_days"] = "assumed"
    sources["launch.window_utc"] = "assumed: about the lift-off of the programme"
    return {**raw, **own, "sources": {**old, **sources}}


def situation(found: Timeline, vessel: Vessel, lift_off: Epoch) -> Situation:
    """With the last set before the lift-off; one after it where that is old and the other nearer."""
    before = [e for e in all_sets() if e.epoch < lift_off]
    after = [e for e in all_sets() if e.epoch >= lift_off]
    chosen = before[-1] if before else None
    if after and (chosen is None or lift_off.since(chosen.epoch) > OLD * DAY):
        next_ = after[0]
        age = lift_off.since(chosen.epoch) if chosen is not None else np.inf
        chosen = next_ if next_.epoch.since(lift_off) < age else chosen
    assert chosen is not None  # there are shipped sets
    start = max(chosen.epoch, lift_off.plus(-EARLIEST * DAY))
    start = start if start < lift_off else lift_off.plus(-EARLIEST * DAY)
    name, value = batch_bias(lift_off)
    return Situation(chosen, start, (value, f"fact:{name}"))


def profile_of(programme: Programme, vessel: Vessel, like: Pattern) -> str:
    """The profile whose time to docking is nearest to that of the flight."""
    flown = vessel.stays[0].start.since(vessel.launch) / HOUR
    hours = {name: profile_hours(programme, vessel, like, name) for name in like.profiles}
    best = min(hours, key=lambda name: abs(hours[name] - flown))
    if abs(hours[best] - flown) > OTHERWISE_H:
        words = ", ".join(f"{name} takes {h:.1f} h" for name, h in hours.items())
        found = f"a docking {flown:.1f} h after the lift-off"
        raise ScenarioError([_problem(programme, vessel.name, "stays", found, f"a profile that is so long: {words}")])
    return best


def profile_hours(programme: Programme, vessel: Vessel, like: Pattern, profile: str) -> float:
    """From lift-off to docking, as planned by a profile."""
    kind = programme.file.kinds[vessel.kind]
    station = load_named(str(programme.file.station.vehicle), "station")
    port = vessel.stays[0].port
    if port not in station.ports:
        raise ScenarioError([_problem(programme, vessel.name, "stays", f"'{port}'", listed(station.ports))])
    guidance, ship = load_named(like.launcher, "launcher").guidance, ship_of(load_named(str(kind.vehicle), "ship"))
    return docking_after(guidance, load_named(profile, "profile"), ship, port_of(station.ports[port])) / HOUR


def _return_of(found: Timeline, vessel: Vessel) -> Vessel | None:
    """The ship that takes people home next, where a crew was met and the two leave it soon enough to be flown."""
    met = next((h for h in found.handovers() if h.arriving == vessel.name), None)
    if met is None or met.end is None or met.days(found.end) > LONGEST_STAY:
        return None
    return found.vessel(met.departing)


def _with_return(raw: dict, found: Timeline, vessel: Vessel, home: Vessel) -> dict:
    docked, undocked = vessel.stays[0].start, home.undocked
    assert undocked is not None  # its people left: that is when the handover ended
    days = undocked.since(docked) / DAY - (HATCH_H + EARLY_H) / 24.0
    back, sources = {**raw["return"], "ship": home.name}, dict(raw["sources"])
    if home.landed is not None and not {"undocked", "landed"} & set(home.by_day):
        back["undock_to_landing_h"] = round(home.landed.since(undocked) / HOUR, 2)
        sources["return.undock_to_landing_h"] = "assumed: as the programme has it"
    sources["stay.handover_days"] = "assumed: as the programme has it"
    stay = {**raw["stay"], "hatch_open_h": HATCH_H, "handover_days": round(max(0.1, days), 2)}
    return {**raw, "stay": stay, "return": back, "sources": sources}


def _record(vessel: Vessel, home: Vessel | None) -> dict:
    times = {"liftoff": vessel.launch, "docked": vessel.docked}
    if home is not None and not {"undocked", "landed"} & set(home.by_day):
        times |= {"undocking": home.undocked, "touchdown": home.landed}
    return {key: at.utc(0) for key, at in times.items() if at is not None}


def _sources_of_record(programme: Programme, vessel: Vessel, home: Vessel | None) -> dict:
    where = {"liftoff": (vessel, "launch"), "docked": (vessel, "docked")}
    if home is not None:
        where |= {"undocking": (home, "undocked"), "touchdown": (home, "landed")}
    found = {}
    for key in _record(vessel, home):
        ship, part = where[key]
        fact_of = programme.file.ships[ship.name].record
        value = fact(fact_of).value if fact_of else None
        known = isinstance(value, dict) and part in value and not day_only(str(value[part]))
        found[f"record.{key}"] = f"fact:{fact_of}.{part}" if known else "assumed: as the programme has it"
    return found


def _weather(until: Epoch) -> dict:
    """What was measured up to a day: means over a turn of the Sun and over 81 days."""
    last = until.datetime().date()
    first = space_weather.table().start

    def mean(days: int, part: str) -> float:
        span = [last - timedelta(days=k) for k in range(days)]
        return round(float(np.mean([getattr(space_weather.weather_of(d), part) for d in span if d >= first])), 1)

    return {"f107": mean(MONTH, "f107"), "f107a": mean(QUARTER, "f107"), "ap": mean(MONTH, "ap")}


def _title(ship: str) -> str:
    return ship[:1].upper() + ship[1:]


def _problem(programme: Programme, ship: str, key: str, found: str, allowed: str) -> Problem:
    return Problem(programme.label, f"ships.{ship}" + (f".{key}" if key else ""), found, allowed)


def with_scene(programme: Programme, raw: dict, ship: str | None, at: Epoch | None) -> dict:
    """A mission's tables with who is docked and aboard in a programme that no file holds."""
    made = scene(programme, ship, at)
    return {**raw, "docked": made.docked, "crew": made.crew, "sources": {**made.sources, **raw.get("sources", {})}}
