"""What no single key of a mission can get wrong: keys that must agree, with each other and with the files it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from sim.catalogue import element_sets
from sim.core.epoch import Epoch
from sim.files.problems import Path, listed, nearest
from sim.scenario.craft_files import ShipFile, StationFile
from sim.scenario.kinds import File
from sim.scenario.sources import SOURCES
from sim.scenario.view import Finding, View, increasing, ordered
from sim.scenario.what_it_is import what_it_is

# Beyond these, drag has made the station's elements worthless.
LONGEST_WINDOW_DAYS, FARTHEST_DAYS = 60.0, 90.0
SAME_TUNNEL_M = 1e-3
MASS_KG = 1.0  # what rounding may make of a ship's mass

_TRIM = ("trim", "days_before")

# ---- the mission by itself


def lift_off(view: View) -> Iterator[Finding]:
    launch = view.raw.get("launch")
    if not isinstance(launch, dict):
        return
    given = [k for k in ("window_utc", "liftoff_utc") if k in launch]
    if len(given) != 1:
        found = "both window_utc and liftoff_utc" if given else "neither window_utc nor liftoff_utc"
        remedy = " (--set launch.window_utc= takes the window out)" if given else ""
        yield Finding(("launch",), found, f"exactly one of the two{remedy}")
    start, end = view.epoch("launch", "window_utc", 0), view.epoch("launch", "window_utc", 1)
    if start and end and not start < end:
        yield Finding(("launch", "window_utc"), f"an end at {end}, not after its start at {start}", "start, then end")
    elif start and end and end.since(start) > LONGEST_WINDOW_DAYS * 86400:
        days = end.since(start) / 86400
        yield Finding(("launch", "window_utc"), f"{days:.1f} days", f"at most {LONGEST_WINDOW_DAYS:g} days")


def first_moment(view: View) -> Epoch | None:
    """The earliest lift-off that the file allows."""
    return view.epoch("launch", "liftoff_utc") or view.epoch("launch", "window_utc", 0)


def elements_epoch(view: View) -> Epoch | None:
    """The epoch of the station's elements; None where they are not known, or not good."""
    name, lines = view("station", "elements"), view("station", "elements_lines")
    known = name in element_sets.names() if lines is None else not element_sets.check_lines(*lines)
    return element_sets.station_set(name, lines).epoch if name is not None and known else None


def start_and_trim(view: View) -> Iterator[Finding]:
    """The mission starts at station.start_utc, or else at the epoch of the elements, and the trim lies after that."""
    name = view("station", "elements")
    epoch = elements_epoch(view)
    given = "start_utc" in view.keys("station")
    start, launch, days = view.epoch("station", "start_utc") if given else epoch, first_moment(view), view(*_TRIM)
    if not start or not launch:
        return
    if epoch and abs(start.since(epoch)) > FARTHEST_DAYS * 86400:
        found = f"'{name}', a set of {epoch}, for a mission that starts at {start}"
        yield Finding(("station", "elements"), found, f"a set within {FARTHEST_DAYS:g} days of the start")
    lead = launch.since(start) / 86400
    if not 0 < lead <= FARTHEST_DAYS:
        found = str(start) if given else f"nothing, so a start at the epoch of the elements, {start}"
        allowed = f"a time before the lift-off or its window, {launch}, by {FARTHEST_DAYS:g} days at most"
        yield Finding(("station", "start_utc"), found, allowed)
    elif days is not None and not days < lead:
        yield Finding(_TRIM, str(days), f"less than {lead:.2f}, the days from the start to the launch")


def orbit(view: View) -> Iterator[Finding]:
    yield from ordered(view, ("launch", "perigee_km"), ("launch", "apogee_km"), equal=True)


def way_down(view: View) -> Iterator[Finding]:
    """The capsule meets the air alone: it has left its service module before. Both altitudes lie below any orbit."""
    yield from ordered(view, ("return", "entry_altitude_km"), ("return", "service_module_altitude_km"))


def docked_ships(view: View) -> Iterator[Finding]:
    launched, names = view("launch", "ship"), Counter[str | None]()
    for i in range(view.length("docked")):
        name = view("docked", i, "ship")
        names[name] += name is not None
        if name is not None and (name == launched or names[name] > 1):
            yield Finding(("docked", i, "ship"), f"'{name}' for a second ship", "a name for each ship")
        yield from ordered(view, ("docked", i, "propellant_kg"), ("docked", i, "mass_kg"))
    station = view("station", "name")
    if station is not None and station in (launched, *names):
        yield Finding(("station", "name"), f"'{station}', which is also a ship", "a name of its own")


def docked_at(view: View, ship: str) -> int | None:
    return next((i for i in range(view.length("docked")) if view("docked", i, "ship") == ship), None)


def return_ship(view: View) -> Iterator[Finding]:
    ship, launched = view("return", "ship"), view("launch", "ship")
    if ship is None or launched is None or ship == launched:
        return
    i = docked_at(view, ship)
    if i is None:
        names = _ships(view)
        allowed = "the launched ship or one docked: " + ", ".join(names)
        yield Finding(("return", "ship"), f"'{ship}'", allowed, nearest(ship, names))
        return
    for key in ("vehicle", "propellant_kg"):
        if view("docked", i, key) is None and ("docked", i, key) not in view.bad:
            yield Finding(("docked", i, key), "nothing", "given, since this ship flies home")


def _ships(view: View) -> list[str]:
    docked = (view("docked", i, "ship") for i in range(view.length("docked")))
    return [s for s in (view("launch", "ship"), *docked) if s is not None]


def crew(view: View) -> Iterator[Finding]:
    launched, launch, ships, names = view("launch", "ship"), first_moment(view), _ships(view), Counter[str | None]()
    for i in range(view.length("crew")):
        name, up, when = view("crew", i, "name"), view("crew", i, "ship_up"), view.epoch("crew", i, "ship_up_utc")
        names[name] += name is not None
        if names[name] > 1:
            yield Finding(("crew", i, "name"), f"'{name}' a second time", "a name for each of the crew")
        if up is None or launched is None:
            continue
        if up not in ships and when is None and ("crew", i, "ship_up_utc") not in view.bad:
            allowed = f"the launched ship or one docked, {', '.join(ships)}; or ship_up_utc, for one that is gone"
            yield Finding(("crew", i, "ship_up"), f"'{up}'", allowed, nearest(up, ships))
        elif up != launched and when is None and ("crew", i, "ship_up_utc") not in view.bad:
            yield Finding(("crew", i, "ship_up_utc"), "nothing", f"the lift-off of {up}, which is up already")
        elif up == launched and when:
            yield Finding(("crew", i, "ship_up_utc"), str(when), f"no such key: the lift-off of {up} is a result")
        elif when and launch and not when < launch:
            yield Finding(("crew", i, "ship_up_utc"), str(when), f"a time before the launch, {launch}")


def record(view: View) -> Iterator[Finding]:
    from sim.core.flight import EVENT_NAMES  # brings numpy: only where a file is read

    for name in view.keys("record"):
        if name not in EVENT_NAMES:
            known = "an event name, as in events.csv"
            yield Finding(("record", name), "an unknown event", known, nearest(name, EVENT_NAMES))


def element_set(view: View) -> Iterator[Finding]:
    name, known, lines = view("station", "elements"), element_sets.names(), view("station", "elements_lines")
    if name in known:
        for key in ("elements_index", "elements_number", "elements_lines"):
            if key in view.keys("station"):
                found = f"a key beside '{name}', a shipped set"
                yield Finding(("station", key), found, "such a key with a file of sets")
    elif lines is not None:
        for finding in element_sets.check_lines(*lines):
            allowed = "two good lines; leave the key to the file that is read"
            yield Finding(("station", "elements_lines"), finding, allowed)
    elif name is not None:
        what = what_it_is(name)
        found = f"'{name}'" + (f", {what}" if what else "")
        allowed = f"the path of a TLE or OMM file, or an element set: {listed(known)}"
        yield Finding(("station", "elements"), found, allowed, nearest(name, known))


def holds(view: View, table: Path, times: tuple[str, ...]) -> Iterator[Finding]:
    """`holds_m` of a table lie one farther out than the other, and each has its share of the lists `times`."""
    yield from increasing(view, (*table, "holds_m"))
    places = view(*table, "holds_m")
    for key in times if places else ():
        given = view(*table, key)
        if given and len(given) != len(places):
            yield Finding((*table, key), f"{len(given)} of them", f"{len(places)}, one for each of holds_m")


def holds_of_the_return(view: View) -> Iterator[Finding]:
    given = view.keys("return")
    if ("holds_m" in given) != ("holds_s" in given):
        one, other = ("holds_m", "holds_s") if "holds_m" in given else ("holds_s", "holds_m")
        yield Finding(("return", other), "nothing", f"given, since {one} is: one for each of them")
    yield from holds(view, ("return",), ("holds_s",))


MISSION = (
    *SOURCES,
    element_set,
    lift_off,
    start_and_trim,
    orbit,
    way_down,
    docked_ships,
    return_ship,
    holds_of_the_return,
    crew,
    record,
)


# ---- the mission and the files it names


def ports(view: View, station: StationFile) -> Iterator[Finding]:
    """`station` is the station's file as a model. Ports exist; two ships never share one; the new ship's is free."""
    used: dict[str, str] = {}
    places = [("docked", i, "port") for i in range(view.length("docked"))] + [("rendezvous", "port")]
    for path in places:
        port = view(*path)
        if port is None:
            continue
        who = "the launched ship" if path[0] == "rendezvous" else str(view(*path[:2], "ship"))
        if port not in station.ports:
            allowed = "one of " + ", ".join(f"'{p}'" for p in station.ports)
            yield Finding(path, f"'{port}'", allowed, nearest(port, station.ports))
        elif port in used:
            free = ", ".join(p for p in station.ports if p not in used) or "none"
            yield Finding(path, f"'{port}', where {used[port]} is docked", f"a free port: {free}")
        used.setdefault(port, who)


def port_sizes(view: View, station: File | None, ship_at: Mapping[Path, File | None]) -> Iterator[Finding]:
    """`ship_at`: where the mission names a port -> the file of the ship that docks there. Their passages fit."""
    if not isinstance(station, StationFile):
        return
    for path, ship in ship_at.items():
        port = station.ports.get(view(*path) or "")
        if port is None or not isinstance(ship, ShipFile):
            continue
        of_port, of_ship = port.tunnel_m, ship.docking.tunnel_m
        if of_port is not None and of_ship is not None and abs(of_port - of_ship) > SAME_TUNNEL_M:
            found = f"'{view(*path)}', with a passage of {of_port:g} m for a ship with one of {of_ship:g} m"
            yield Finding(path, found, "a port and a ship with the same tunnel_m")


def masses(view: View, models: Mapping[int, ShipFile]) -> Iterator[Finding]:
    """`models`: docked ship's index -> its file as a model. A ship weighs its three modules and its propellant, which
    its tanks hold; otherwise a module would have to weigh what is left, be it less than nothing."""
    for i, model in models.items():
        mass, propellant = view("docked", i, "mass_kg"), view("docked", i, "propellant_kg")
        parts = model.mass
        dry = parts.dry_kg
        if propellant is not None and propellant > parts.propellant_kg:
            allowed = f"at most {parts.propellant_kg:g}, mass.propellant_kg of its vehicle"
            yield Finding(("docked", i, "propellant_kg"), str(propellant), allowed)
        elif mass is not None and propellant is not None and abs(mass - dry - propellant) > MASS_KG:
            why = f"the modules of its vehicle, {dry:g} kg, and propellant_kg, {propellant:g}"
            yield Finding(("docked", i, "mass_kg"), str(mass), f"{dry + propellant:g}, which is {why}")
        elif mass is not None and propellant is None and not dry <= mass <= dry + parts.propellant_kg:
            allowed = f"{dry:g} to {dry + parts.propellant_kg:g}, its vehicle with empty and with full tanks"
            yield Finding(("docked", i, "mass_kg"), str(mass), allowed)


def seats(view: View, vehicle_of: Mapping[str, ShipFile | None]) -> Iterator[Finding]:
    """`vehicle_of`: ship -> its file as a model, None for a ship without one. Other missions' ships are not judged."""
    for direction in ("ship_up", "ship_down"):
        aboard = Counter(view("crew", i, direction) for i in range(view.length("crew")))
        for i in range(view.length("crew")):
            ship = view("crew", i, direction)
            if ship not in vehicle_of:
                continue
            model = vehicle_of[ship]
            limit = model.crew_seats if model else 0
            if aboard[ship] > limit:
                why = "crew_seats of its vehicle" if model else "it is docked without a vehicle"
                yield Finding(("crew", i, direction), f"{aboard[ship]} people in {ship}", f"at most {limit} ({why})")
                aboard[ship] = 0  # one line a ship
