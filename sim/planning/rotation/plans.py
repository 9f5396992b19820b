"""A plan after a contingency: who comes home in which ship, what is sent up, what leaves empty; and the programme
that it makes of what was known.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sim.core.epoch import Epoch
from sim.planning.rotation.known import HOUR, KnownThen
from sim.planning.rotation.timeline import DAY, Person, Timeline
from sim.scenario.programme import Programme
from sim.scenario.programme_file import PersonTable, ProgrammeShip, StayTable
from sim.scenario.programme_record import instant


@dataclass(frozen=True)
class Group:
    """People who were to come home together in `own`. `planned`: when they were to leave the station, as crews usually
    do; `until`: by when they have to be down; `not_before`: before which nobody lands; None where that is free."""

    people: tuple[Person, ...]
    own: str
    planned: Epoch
    until: Epoch | None
    not_before: Epoch | None

    @property
    def name(self) -> str:
        return self.people[0].ship_up


@dataclass(frozen=True)
class Homecoming:
    """A group that leaves in a ship. `when`: "soon", "relief" (once the ship that comes is there), "planned", "late"
    (landings are put off), or "waits" (it leaves as planned and waits in free flight)."""

    group: Group
    ship: str
    undock: Epoch
    landed: Epoch
    when: str


@dataclass(frozen=True)
class Sent:
    """A ship that rises: on need (`on_need`), or as planned; `crew` people in it."""

    ship: str
    port: str
    lift_off: Epoch
    docked: Epoch
    crew: int
    on_need: bool
    put_off: bool = False


@dataclass(frozen=True)
class Emptied:
    """A ship that leaves without people; `first`: to free its port."""

    ship: str
    port: str
    undock: Epoch
    landed: Epoch
    first: bool


@dataclass(frozen=True)
class Plan:
    homecomings: tuple[Homecoming, ...]
    sent: Sent | None
    emptied: tuple[Emptied, ...]

    @property
    def shape(self) -> tuple:
        """What makes it another plan than a second one, whatever their days are: who leaves in which ship, before or
        after which ship comes to which port, with people or without."""
        sent = self.sent
        homes = (
            (p.name, h.ship, sent is not None and h.undock > sent.docked, h.when == "waits")
            for h in self.homecomings
            for p in h.group.people
        )
        return tuple(sorted(homes)), (sent.ship, sent.port, sent.crew > 0, sent.put_off) if sent else ()

    @property
    def last(self) -> Epoch:
        """When the last of its moves is done."""
        ends = [h.landed for h in self.homecomings] + [e.landed for e in self.emptied]
        return max([*ends, self.sent.docked] if self.sent else ends)


def groupings(known: KnownThen) -> tuple[tuple[Group, ...], ...]:
    """Those aboard on the day, by the ship that was to bring them home; and, where one has to be home early, the same
    with this seat exchanged for one of another crew, who stays in its place."""
    found, what, at = known.found, known.what, known.at
    together: dict[tuple[str, bool], list[Person]] = {}
    for p in found.aboard(at):
        alone = what.kind == "early-return" and p.name == what.person
        together.setdefault((p.ship_down, alone), []).append(p)
    made = []
    for (ship, alone), people in together.items():
        planned = planned_undocking(known, ship)
        until = instant(what.utc) if alone else None
        late = what.kind == "landing-slip" and what.ship == ship and what.days is not None
        not_before = planned.plus(known.return_h * HOUR + (what.days or 0.0) * DAY) if late else None
        made.append(Group(tuple(people), ship, planned, until, not_before))
    exchanged = []
    early = next((g for g in made if g.until is not None), None)
    for i, group in enumerate(made):
        if early is not None and group.own != early.own and len(group.people) > 1:
            stays = replace(group, people=group.people[-1:], own=early.own)
            rest = replace(group, people=group.people[:-1])
            exchanged.append((*made[:i], rest, *made[i + 1 :], stays))
    return tuple(made), *exchanged


def planned_undocking(known: KnownThen, ship: str) -> Epoch:
    """When a ship was to leave: its plan; or so long after the next crew has come as crews usually hand over; or after
    as long a stay as usual."""
    vessel = known.found.vessel(ship)
    if vessel.undocked is not None:
        return vessel.undocked
    docked = vessel.docked or known.at
    after = [
        v for v in known.found.vessels if v.seats and v.docked is not None and v.docked > docked and v.name != ship
    ]
    if after:
        first = min(after, key=lambda v: v.docked or known.at)
        slipped = known.what.days if (known.what.kind, known.what.ship) == ("launch-slip", first.name) else None
        return (first.docked or known.at).plus((known.handover_days - (slipped or 0.0)) * DAY)
    return docked.plus(known.stay_days * DAY)


def as_programme(known: KnownThen, plan: Plan, until: Epoch) -> Programme:
    """What was known, with the plan written into it, to be judged up to `until`."""
    ships = dict(known.file.ships)
    for home in plan.homecomings:
        if home.ship in ships:
            ships[home.ship] = _gone(ships[home.ship], home.undock, home.landed)
        for person in home.group.people:
            crew = list(ships[person.ship_up].crew)
            crew[person.place] = crew[person.place].model_copy(update={"ship_down": home.ship})
            ships[person.ship_up] = ships[person.ship_up].model_copy(update={"crew": tuple(crew)})
    for empty in plan.emptied:
        ships[empty.ship] = _gone(ships[empty.ship], empty.undock, empty.landed)
    leaves = {h.ship: h.undock for h in plan.homecomings}
    for name, ship in ships.items():
        docked = instant(ship.stays[0].docked_utc) if ship.stays else known.at
        if docked > known.at and not all(down_in(p, docked, leaves) for p in ship.crew):
            crew = [p if down_in(p, docked, leaves) else p.model_copy(update={"ship_down": None}) for p in ship.crew]
            ships[name] = ship.model_copy(update={"crew": tuple(crew)})
    if plan.sent is not None:
        ships[plan.sent.ship] = _risen(known, plan, plan.sent)
    file = known.file.model_copy(update={"ships": ships, "until_utc": until.utc(0)})
    return replace(known.programme, file=file)


def _risen(known: KnownThen, plan: Plan, sent: Sent) -> ProgrammeShip:
    """The ship that is sent, as it would stand in a programme."""
    leaves = {h.ship: h.undock for h in plan.homecomings}
    home = next((h for h in plan.homecomings if h.ship == sent.ship), None)
    given = known.file.ships.get(sent.ship)
    people = given.crew[: sent.crew] if given else tuple(relief(i) for i in range(sent.crew))
    undock = home.undock.utc(0) if home else None
    return ProgrammeShip(
        kind=given.kind if given else last_crewed_kind(known.found),
        planned=True,
        on_need=sent.on_need,
        launch_utc=sent.lift_off.utc(0),
        stays=(StayTable(port=sent.port, docked_utc=sent.docked.utc(0), undocked_utc=undock),),
        landed_utc=home.landed.utc(0) if home else None,
        crew=tuple(p if down_in(p, sent.docked, leaves) else p.model_copy(update={"ship_down": None}) for p in people),
    )


def down_in(person: PersonTable, docked: Epoch, leaves: dict[str, Epoch]) -> bool:
    """Whether one who comes in a ship that docks then can go home in the other one that this was planned for."""
    other = leaves.get(person.ship_down or "")
    return other is None or other > docked


def relief(place: int) -> PersonTable:
    return PersonTable(name=f"relief crew {place + 1}", role="crew", nation="not announced")


def last_crewed_kind(found: Timeline) -> str:
    return [v for v in found.vessels if v.seats][-1].kind


def _gone(ship: ProgrammeShip, undock: Epoch, landed: Epoch) -> ProgrammeShip:
    stays = (*ship.stays[:-1], ship.stays[-1].model_copy(update={"undocked_utc": undock.utc(0)}))
    return ship.model_copy(update={"stays": stays, "landed_utc": landed.utc(0)})
