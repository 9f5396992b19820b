"""The timeline of a programme: where every ship and every person is, from the first launch to the last landing.

Times are instants (`Epoch`); an end of None has not come, or is not known. A person is aboard the station from the
docking of the ship up to the undocking of the ship down.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sim.core.epoch import Epoch
from sim.scenario.programme import Programme
from sim.scenario.programme_file import ContingencyTable, ProgrammeShip, ShipKind, Supplies
from sim.scenario.programme_record import day_only, instant

DAY = 86400.0  # s


@dataclass(frozen=True)
class Stay:
    """A ship at a port."""

    ship: str
    port: str
    start: Epoch
    end: Epoch | None

    def holds(self, at: Epoch) -> bool:
        return self.start <= at and (self.end is None or at < self.end)


@dataclass(frozen=True)
class Vessel:
    """A ship or a module. `seats`: 0 for freight; `unsafe`: from when on it brings nobody home; `by_day`: what is known
    by its day only, as "landed"."""

    name: str
    kind: str
    seats: int
    limits: ShipKind
    launch: Epoch
    stays: tuple[Stay, ...]
    landed: Epoch | None
    unsafe: Epoch | None
    planned: bool
    on_need: bool
    supplies: Supplies
    down_kg: float
    by_day: tuple[str, ...]
    note: str

    @property
    def docked(self) -> Epoch | None:
        """When it came to the station first."""
        return self.stays[0].start if self.stays else None

    @property
    def undocked(self) -> Epoch | None:
        """When it left for good."""
        return self.stays[-1].end if self.stays else None

    def at_port(self, at: Epoch) -> str | None:
        """The port that it is docked at then; None where it is nowhere."""
        return next((stay.port for stay in self.stays if stay.holds(at)), None)

    def lifeboat(self, at: Epoch) -> bool:
        """Whether it is docked then, has seats and is healthy."""
        return self.seats > 0 and self.at_port(at) is not None and (self.unsafe is None or at < self.unsafe)


@dataclass(frozen=True)
class Person:
    """One flight of one person. `place`: among those who go up in that ship, from 0."""

    name: str
    role: str
    nation: str
    ship_up: str
    place: int
    ship_down: str
    up: Epoch
    came: Epoch | None
    left: Epoch | None
    down: Epoch | None
    note: str

    def aboard(self, at: Epoch) -> bool:
        """Whether this person is in the station then."""
        return self.came is not None and self.came <= at and (self.left is None or at < self.left)


@dataclass(frozen=True)
class Spacewalk:
    start: Epoch
    end: Epoch | None
    crew: tuple[str, ...]
    hatch: str
    by_day: bool
    work: str = ""


@dataclass(frozen=True)
class Handover:
    """From the docking of `arriving`, when somebody was aboard, to the next departure of people, with `departing`."""

    arriving: str
    departing: str
    start: Epoch
    end: Epoch | None
    people: int

    def days(self, until: Epoch) -> float:
        return (self.end or until).since(self.start) / DAY


@dataclass(frozen=True)
class Timeline:
    """`vessels` in the order of their launches, `people` of their flights. `start`: the first event; `end`: the
    last that is judged, the programme's `until_utc` at the latest."""

    programme: Programme
    vessels: tuple[Vessel, ...]
    people: tuple[Person, ...]
    evas: tuple[Spacewalk, ...]
    contingencies: tuple[ContingencyTable, ...]
    start: Epoch
    end: Epoch

    def vessel(self, name: str) -> Vessel:
        return next(v for v in self.vessels if v.name == name)

    def aboard(self, at: Epoch) -> tuple[Person, ...]:
        """Who is in the station then."""
        return tuple(p for p in self.people if p.aboard(at))

    def docked(self, at: Epoch) -> tuple[tuple[Vessel, str], ...]:
        """The ships and modules that are docked then, each with its port."""
        return tuple((v, port) for v in self.vessels if (port := v.at_port(at)) is not None)

    def ports(self) -> dict[str, tuple[Stay, ...]]:
        """The stays at each port, in order."""
        stays = sorted((s for v in self.vessels for s in v.stays), key=lambda s: s.start)
        return {port: tuple(s for s in stays if s.port == port) for port in self.programme.ports}

    def moments(self) -> tuple[Epoch, ...]:
        """Every instant at which something changes on the station, in order."""
        found = {self.start, self.end}
        for v in self.vessels:
            found |= {stay.start for stay in v.stays} | {stay.end for stay in v.stays if stay.end is not None}
            found |= {v.unsafe} if v.unsafe is not None else set()
        return tuple(sorted(t for t in found if self.start <= t <= self.end))

    def counts(self) -> tuple[tuple[Epoch, int], ...]:
        """How many are aboard the station, from each instant on."""
        found: list[tuple[Epoch, int]] = []
        for at in self.moments():
            number = len(self.aboard(at))
            if not found or found[-1][1] != number:
                found.append((at, number))
        return tuple(found)

    def handovers(self) -> tuple[Handover, ...]:
        """Every time that two crews have together on the station."""
        found = []
        for vessel in self.vessels:
            arrived = vessel.docked
            crew = [p for p in self.people if p.ship_up == vessel.name]
            before = [p for p in self.aboard(arrived) if p.ship_up != vessel.name] if arrived and crew else []
            if arrived is None or not before:
                continue
            leaving = [p for p in (*before, *crew) if p.left is not None and p.left > arrived]
            first = min(leaving, key=lambda p: p.left or self.end, default=None)
            found.append(
                Handover(
                    arriving=vessel.name,
                    departing=first.ship_down if first else "",
                    start=arrived,
                    end=first.left if first else None,
                    people=len(before) + len(crew),
                )
            )
        return tuple(found)


def timeline(programme: Programme) -> Timeline:
    """The timeline of a programme, with its slips of launches and landings."""
    file = programme.file
    vessels = tuple(
        sorted((_vessel(programme, name, ship) for name, ship in file.ships.items()), key=lambda v: v.launch)
    )
    known = {v.name: v for v in vessels}
    people = tuple(
        person for v in vessels for person in _people(file.ships[v.name], v, known, _flying(programme, v.name))
    )
    evas = tuple(
        Spacewalk(
            instant(e.start_utc),
            instant(e.end_utc) if e.end_utc else None,
            e.crew,
            e.hatch,
            day_only(e.start_utc),
            e.work,
        )
        for e in file.evas
    )
    ends = [t for v in vessels for t in (v.launch, v.landed, *(x for s in v.stays for x in (s.start, s.end)))]
    moments = [t for t in ends if t is not None] + [e.end or e.start for e in evas]
    return Timeline(
        programme=programme,
        vessels=vessels,
        people=people,
        evas=evas,
        contingencies=file.contingencies,
        start=min(moments),
        end=min(max(moments), instant(file.until_utc)),
    )


def _vessel(programme: Programme, name: str, ship: ProgrammeShip) -> Vessel:
    limits = programme.file.kinds[ship.kind]
    stays = tuple(
        Stay(name, s.port, instant(s.docked_utc), instant(s.undocked_utc) if s.undocked_utc else None)
        for s in ship.stays
    )
    of_day = {"launch": ship.launch_utc, "landed": ship.landed_utc}
    if ship.stays:
        of_day |= {"docked": ship.stays[0].docked_utc, "undocked": ship.stays[-1].undocked_utc}
    vessel = Vessel(
        name=name,
        kind=ship.kind,
        seats=programme.seats[ship.kind],
        limits=limits,
        launch=instant(ship.launch_utc),
        stays=stays,
        landed=instant(ship.landed_utc) if ship.landed_utc else None,
        unsafe=min(
            (instant(c.utc) for c in programme.file.contingencies if c.kind == "unsafe" and c.ship == name),
            default=None,
        ),
        planned=ship.planned,
        on_need=ship.on_need,
        supplies=ship.supplies,
        down_kg=limits.down_kg if ship.down_kg is None else ship.down_kg,
        by_day=tuple(key for key, utc in of_day.items() if utc and day_only(utc)),
        note=ship.note,
    )
    return _slipped(vessel, programme)


def _slipped(vessel: Vessel, programme: Programme) -> Vessel:
    """The ship with its launch (and docking) or its landing (and undocking) as many days later as the file says."""
    for c in programme.file.contingencies:
        if c.ship != vessel.name or c.days is None or not vessel.stays:
            continue
        later, first, last = c.days * DAY, vessel.stays[0], vessel.stays[-1]
        if c.kind == "launch-slip":
            stays = (replace(first, start=first.start.plus(later)), *vessel.stays[1:])
            vessel = replace(vessel, launch=vessel.launch.plus(later), stays=stays)
        elif c.kind == "landing-slip" and last.end is not None:
            stays = (*vessel.stays[:-1], replace(last, end=last.end.plus(later)))
            vessel = replace(vessel, stays=stays, landed=vessel.landed.plus(later) if vessel.landed else None)
    return vessel


def _people(ship: ProgrammeShip, vessel: Vessel, known: dict[str, Vessel], flying: dict[int, str]) -> list[Person]:
    found = []
    for place, person in enumerate(ship.crew):
        home = known[person.ship_down or vessel.name]
        found.append(
            Person(
                name=flying.get(place, person.name),
                role=person.role,
                nation=person.nation,
                ship_up=vessel.name,
                place=place,
                ship_down=home.name,
                up=vessel.launch,
                came=vessel.docked,
                left=home.undocked,
                down=home.landed,
                note=person.note,
            )
        )
    return found


def _flying(programme: Programme, ship: str) -> dict[int, str]:
    """The seat of the payload specialist in that ship, and who of the two has it once that is announced."""
    who = programme.file.specialist
    if who is None or who.ship != ship or who.flies == "not-announced":
        return {}
    return {who.seat: who.prime if who.flies == "prime" else who.back_up}
