"""Whether each phase of a sequence finds what it begins with: which ship is where, which port is free.

The sequence is walked once, before anything flies, with where each ship will be. A phase whose condition does not hold
is reported, and taken as flown, so that one fault is reported once and what comes after is looked at as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sim.files.problems import nearest
from sim.scenario.craft_files import ShipFile
from sim.scenario.profile_file import ProfileFile
from sim.scenario.view import Finding, View

# Where a ship can be.
GROUND, READY, ORBIT, HOMING_POINT, HOLD, BEHIND, AXIS, DOCKED, BESIDE, DEPARTED, INTERFACE, CHUTES, LANDED = range(13)
WORDS = {
    GROUND: "on the ground",
    READY: "waiting for its lift-off",
    ORBIT: "in orbit after its ascent",
    HOMING_POINT: "at the homing point",
    HOLD: "at the hold of its homing",
    BEHIND: "behind the station",
    AXIS: "in free flight on the axis of the {port} port",
    DOCKED: "docked at the {port} port",
    BESIDE: "in free flight beside the station, on its way home",
    DEPARTED: "in free flight, away from the station",
    INTERFACE: "at the entry interface",
    CHUTES: "about to open its parachutes",
    LANDED: "on the ground after its landing",
}
# Phase -> where its ship has to be, and what to write where it is not.
NEEDS: dict[str, tuple[tuple[int, ...], str]] = {
    "await-launch": ((GROUND,), "a ship on the ground: list it under [[ships]], once for each lift-off"),
    "ascent": ((READY,), "a ship that waits for its lift-off: write await-launch right before"),
    "phasing": ((ORBIT,), "a ship in orbit after its ascent: write ascent right before"),
    "homing": ((HOMING_POINT,), "a ship at the homing point: write phasing right before"),
    "transfer": ((HOLD,), "a ship at the hold of its homing: write homing right before"),
    "fly-around": (
        (BEHIND, AXIS),
        "a ship behind the station or backed off a port: write transfer or undocking before",
    ),
    "docking": ((AXIS,), "a ship in free flight on the port's axis: write undocking, transfer or fly-around before"),
    "capture": ((AXIS,), "a ship in free flight on the port's axis: write undocking, transfer or fly-around before"),
    "transposition": ((DOCKED,), "a docked ship: write docking before, or list it under [[docked]]"),
    "docked": ((DOCKED,), "a docked ship: write docking before, or list it under [[docked]]"),
    "undocking": ((DOCKED,), "a docked ship: write docking before, or list it under [[docked]]"),
    "departure": ((BESIDE,), "a ship that has left its port for good: write undocking with leave_s right before"),
    "deorbit": ((DEPARTED,), "an undocked ship, away from the station: write departure before"),
    "entry": ((INTERFACE,), "a ship at the entry interface: write deorbit right before"),
    "descent": ((CHUTES,), "a ship about to open its parachutes: write entry right before"),
}
# Where a ship may not be left while another phase is flown: it would not stay there.
IN_MOTION = (READY, ORBIT, HOMING_POINT, HOLD, BEHIND, AXIS, BESIDE, INTERFACE, CHUTES)
NEXT_PHASE = {
    READY: "ascent",
    ORBIT: "phasing",
    HOMING_POINT: "homing",
    HOLD: "transfer",
    BEHIND: "fly-around",
    AXIS: "docking",
    BESIDE: "departure",
    INTERFACE: "entry",
    CHUTES: "descent",
}
HOME = ("docked", "deorbit", "entry", "descent")  # phases of a ship that can land


@dataclass(frozen=True)
class Known:
    """What the files say, as far as they could be read: the station's ports, empty where not; every ship of the
    mission, with its file as a model where it has one; the profiles by name; `below`: ports that look to the nadir."""

    ports: tuple[str, ...]
    ships: Mapping[str, ShipFile | None]
    profiles: Mapping[str, ProfileFile]
    below: frozenset[str] = frozenset()


@dataclass
class _Places:
    """Where each ship is, and at which port."""

    where: dict[str, int] = field(default_factory=dict)
    port: dict[str, str] = field(default_factory=dict)
    range: dict[str, float] = field(default_factory=dict)  # m from the port, where a transfer has ended
    hold: dict[str, tuple[int, float]] = field(default_factory=dict)  # undocking's place, m from the port at its end

    def words(self, ship: str) -> str:
        return WORDS[self.where[ship]].format(port=self.port.get(ship, ""))

    def taken(self) -> dict[str, str]:
        return {self.port[s]: s for s, where in self.where.items() if where == DOCKED and s in self.port}


def entry_conditions(view: View, known: Known) -> Iterator[Finding]:
    """Every phase whose ship, port or profile is not what it needs, and ships that are left where they cannot stay."""
    places = _at_first(view)
    for i in range(view.length("sequence")):
        phase, ship = view("sequence", i, "phase"), view("sequence", i, "ship")
        if phase not in NEEDS or ship is None:
            continue
        key = ("sequence", i)
        if ship not in places.where:
            allowed = f"a ship of [[ships]] or [[docked]]: {', '.join(places.where) or 'there is none'}"
            yield Finding((*key, "ship"), f"'{ship}'", allowed, nearest(ship, places.where))
            continue
        yield from _left_alone(places, ship, phase, key)
        needed, remedy = NEEDS[phase]
        if places.where[ship] not in needed:
            yield Finding(key, f"{phase} of {ship}, which is then {places.words(ship)}", remedy)
        yield from _port(view, i, phase, ship, places, known)
        yield from _craft(i, phase, ship, known)
        yield from _profile(view, i, phase, known)
        yield from _hold(view, i, phase, ship, places, known)
        _fly(view, i, phase, ship, places, known)
    for ship, where in places.where.items():
        if where == READY:
            found = f"{ship} {WORDS[where]} at the end"
            yield Finding(("sequence",), found, "write ascent right after its await-launch, or take that out")


def _at_first(view: View) -> _Places:
    places = _Places()
    for i in range(view.length("docked")):
        ship, port = view("docked", i, "ship"), view("docked", i, "port")
        if ship is not None:
            places.where[ship] = DOCKED
            if port is not None:
                places.port[ship] = port
    for i in range(view.length("ships")):
        ship = view("ships", i, "ship")
        if ship is not None:
            places.where.setdefault(ship, GROUND)
    return places


def _left_alone(places: _Places, ship: str, phase: str, key) -> Iterator[Finding]:
    """Another ship in motion would drift off while this phase is flown; it is reported once."""
    for other, where in places.where.items():
        if other != ship and where in IN_MOTION:
            found = f"{phase} of {ship} while {other} is {places.words(other)}"
            yield Finding(key, found, f"write {NEXT_PHASE[where]} of {other} before: it cannot stay there")
            places.where[other] = DEPARTED


def _port(view: View, i: int, phase: str, ship: str, places: _Places, known: Known) -> Iterator[Finding]:
    port, key = view("sequence", i, "port"), ("sequence", i, "port")
    if port is None:
        return
    if known.ports and port not in known.ports:
        allowed = "one of " + ", ".join(f"'{p}'" for p in known.ports)
        yield Finding(key, f"'{port}'", allowed, nearest(port, known.ports))
        return
    taken, at = places.taken(), places.port.get(ship)
    if phase in ("docking", "capture", "fly-around", "transfer") and port in taken and taken[port] != ship:
        free = ", ".join(p for p in known.ports if p not in taken) or "none"
        yield Finding(key, f"'{port}', where {taken[port]} is docked then", f"a free port: {free}")
    elif phase in ("docking", "capture") and places.where[ship] == AXIS and at is not None and at != port:
        yield Finding(key, f"'{port}', with {ship} {places.words(ship)}", f"'{at}', or a fly-around to '{port}' before")
    if phase == "docking" and places.where[ship] == AXIS:
        begin, distance = view("sequence", i, "begin_m"), places.range.get(ship)
        if begin != distance:
            found = "nothing" if begin is None else f"{begin:g}"
            allowed = (
                "no such key: it begins at the far hold" if distance is None else f"{distance:g}, where it is then"
            )
            yield Finding(("sequence", i, "begin_m"), found, allowed)
    if phase == "fly-around" and port == view("sequence", i, "start"):
        found = f"'{port}', the port that it starts from"
        yield Finding(key, found, "another port; to dock where the ship has undocked, write docking without fly-around")
    elif phase == "fly-around":
        start, of = view("sequence", i, "start") or "behind", places.where[ship]
        begins = at if of == AXIS else "behind" if of == BEHIND else None
        if begins is not None and start != begins:
            found = f"'{start}', with {ship} {places.words(ship)}"
            yield Finding(("sequence", i, "start"), found, f"'{begins}'")


def _craft(i: int, phase: str, ship: str, known: Known) -> Iterator[Finding]:
    """The ship flies, so it has a file; one that lands has seats and a capsule."""
    if ship not in known.ships:
        return
    model, key = known.ships[ship], ("sequence", i, "ship")
    if model is None and phase == "transposition":
        return  # a module of the station, which flies nowhere
    if model is None:
        allowed = "a ship with a vehicle: name its file, vehicle = ..., where the ship is listed"
        yield Finding(key, f"{phase} of {ship}, which has no vehicle", allowed)
    elif phase in HOME and not model.lands:
        allowed = "a ship with crew_seats, [capsule] and [parachutes]; end the sequence of this one before"
        yield Finding(key, f"{phase} of {ship}, which has no seats and cannot land", allowed)


def _profile(view: View, i: int, phase: str, known: Known) -> Iterator[Finding]:
    name = view("sequence", i, "profile")
    profile = known.profiles.get(name) if name is not None else None
    if phase == "fly-around" and profile is not None and profile.fly_around is None:
        with_one = ", ".join(n for n, p in known.profiles.items() if p.fly_around is not None)
        allowed = "a profile with [fly_around]" + (f", as {with_one}" if with_one else ", such as 6.5h")
        yield Finding(("sequence", i, "profile"), f"'{name}', which has no [fly_around]", allowed)


def _hold(view: View, i: int, phase: str, ship: str, places: _Places, known: Known) -> Iterator[Finding]:
    """An undocking ends outside the keep-out sphere, and where the phase after it begins, the far hold."""
    name = view("sequence", i, "profile")
    profile = known.profiles.get(name) if name is not None else None
    if profile is None:
        return
    if phase == "undocking":
        distance, radius = _last(view, i), profile.safety.keep_out_radius_m
        if distance is not None and distance < radius:
            allowed = f"at least {radius:g}, safety.keep_out_radius_m of the profile {name}"
            yield Finding(("sequence", i, "holds_m", _count(view, i) - 1), f"{distance:g}", allowed)
    elif phase in ("fly-around", "docking", "capture") and ship in places.hold:
        (undocking, distance), begins = places.hold[ship], profile.final.far_hold_range_m
        if distance != begins:
            allowed = f"{begins:g}, where its {phase} begins: final.far_hold_range_m of the profile {name}"
            last = ("sequence", undocking, "holds_m", _count(view, undocking) - 1)
            yield Finding(last, f"{distance:g}", allowed)


def _count(view: View, i: int) -> int:
    return len(view("sequence", i, "holds_m") or ())


def _last(view: View, i: int) -> float | None:
    """The last hold of an undocking, m from the port."""
    places = view("sequence", i, "holds_m")
    return places[-1] if places else None


def _fly(view: View, i: int, phase: str, ship: str, places: _Places, known: Known) -> None:
    """Where the phase leaves its ship."""
    port, name = view("sequence", i, "port"), view("sequence", i, "profile")
    profile = known.profiles.get(name) if name is not None else None
    after = {
        "await-launch": READY,
        "ascent": ORBIT,
        "phasing": HOMING_POINT,
        "homing": HOLD,
        "transfer": BEHIND if profile is not None and profile.transfer.arrival == "behind" else AXIS,
        "fly-around": AXIS,
        "docking": DOCKED,
        "capture": DOCKED,
        "transposition": DOCKED,
        "docked": DOCKED,
        "undocking": AXIS if view("sequence", i, "leave_s") is None else BESIDE,
        "departure": DEPARTED,
        "deorbit": INTERFACE,
        "entry": CHUTES,
        "descent": LANDED,
    }
    places.where[ship] = after[phase]
    places.range.pop(ship, None)
    places.hold.pop(ship, None)
    hold = _last(view, i)
    if phase == "undocking" and hold is not None and not (profile and hold < profile.safety.keep_out_radius_m):
        places.hold[ship] = i, hold
    if phase == "transfer" and after[phase] == AXIS and profile is not None:
        places.range[ship] = profile.transfer.toward(port in known.below).arrival_range_m
    if phase == "transposition":
        port = view("sequence", i, "to")
    if port is not None and phase in ("transfer", "fly-around", "docking", "capture", "transposition"):
        places.port[ship] = port
