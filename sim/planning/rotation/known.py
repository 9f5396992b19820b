"""What was known on a day: the programme without anything younger, and what the flights until then show.

A plan after a contingency is made from this alone. Known of the future is only what is planned (`planned` ships), and
the ship that the contingency is about.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median

from sim.core.epoch import Epoch
from sim.files.errors import BadInput
from sim.planning.rotation.consumables import stocks
from sim.planning.rotation.timeline import DAY, Timeline, Vessel, timeline
from sim.scenario.programme import Programme
from sim.scenario.programme_file import Consumable, ContingencyTable, ProgrammeFile, ProgrammeShip
from sim.scenario.programme_record import instant

HOUR = 3600.0
SLIPS = ("launch-slip", "landing-slip")
AHEAD = 200.0  # days: a ship that is planned is known so long before it rises, about a stay
NOTICE = 7.0  # days before somebody has to be home, where the contingency does not say when it was known


@dataclass(frozen=True)
class KnownThen:
    """On the day `at` of the contingency `what`: the `programme` with the ships that still matter, their plans only,
    and its timeline; how long crews usually stay and hand over, days; the ports that ships with people have come to;
    how long the last return and the last rendezvous took, h."""

    at: Epoch
    what: ContingencyTable
    programme: Programme
    found: Timeline
    stay_days: float
    handover_days: float
    crew_ports: tuple[str, ...]
    return_h: float
    rendezvous_h: float

    @property
    def file(self) -> ProgrammeFile:
        return self.programme.file


def day_of(what: ContingencyTable) -> Epoch:
    """When the contingency is known."""
    at = instant(what.utc)
    if what.kind == "early-return":
        at = at.plus(-DAY * (NOTICE if what.days is None else what.days))
    return at


def known_then(programme: Programme, what: ContingencyTable) -> KnownThen:
    """BadInput where nobody is aboard then, or no crew has ever come home: there is nothing to plan from."""
    at = day_of(what)
    cut = _cut(programme, at, what)
    whole = timeline(cut)
    _refuse_without_ship(programme, whole, at)
    if not whole.aboard(at) and what.kind != "launch-slip":
        raise BadInput(f"on {at.utc(0)[:16]} nobody is aboard the station: no plan is needed")
    _refuse_other_days(whole, what, at)
    crewed = [v for v in whole.vessels if v.seats and v.launch <= at]
    back = [v for v in crewed if v.landed is not None and v.undocked is not None and v.docked is not None]
    came = [v for v in crewed if v.docked is not None]
    if not back or not came:
        raise BadInput(f"until {at.utc(0)[:16]} no crew has come home: how long a stay and a return are is not known")
    hand = [h.days(at) for h in whole.handovers() if h.end is not None and h.end <= at]
    stays = [(p.left.since(p.came)) / DAY for p in whole.people if p.left and p.came and p.left <= at]
    timed = [v for v in back if not {"undocked", "landed"} & set(v.by_day)] or back
    last = max(timed, key=_landed)
    short = _without_history(cut, whole, at)
    return KnownThen(
        at=at,
        what=what,
        programme=short,
        found=timeline(short),
        stay_days=median(stays),
        handover_days=median(hand) if hand else sum(programme.file.rules.handover_days[:1]),
        crew_ports=tuple(dict.fromkeys(stay.port for v in came for stay in v.stays)),
        return_h=_landed(last).since(_undocked(last)) / HOUR,
        rendezvous_h=_docked(came[-1]).since(came[-1].launch) / HOUR,
    )


def _refuse_without_ship(programme: Programme, whole: Timeline, at: Epoch) -> None:
    """BadInput where somebody is aboard whose own ship has left, and the one that comes for them is not there yet."""
    known = {p.name for p in whole.aboard(at)}
    left = [p.name for p in timeline(programme).aboard(at) if p.name not in known]
    if left:
        raise BadInput(
            f"on {at.utc(0)[:16]} found {', '.join(left)} aboard, whose ship has left and for whom no other is docked; "
            "allowed: a day on which everybody aboard has a ship, healthy or not, before it left or after the next came"
        )


def _refuse_other_days(whole: Timeline, what: ContingencyTable, at: Epoch) -> None:
    """BadInput for a contingency of a ship or a person that is elsewhere on that day."""
    day = at.utc(0)[:16]
    if what.ship is not None:
        v = whole.vessel(what.ship)
        if what.kind == "launch-slip" and v.launch <= at:
            raise BadInput(f"{what.ship} was launched on {v.launch.utc(0)}, before {day}: its launch cannot slip then")
        if what.kind == "launch-slip" and v.launch.since(at) > (AHEAD + (what.days or 0.0)) * DAY:
            raise BadInput(
                f"{what.ship} rises on {v.launch.utc(0)}, more than {AHEAD:g} days after {day}: not planned then"
            )
        if what.kind != "launch-slip" and (v.at_port(at) is None or not v.seats):
            docked = ", ".join(v.name for v, _ in whole.docked(at) if v.seats) or "none"
            raise BadInput(f"{what.ship} is no crewed ship that is docked on {day}; docked then: {docked}")
    if what.kind == "early-return" and what.person not in {p.name for p in whole.aboard(at)}:
        names = ", ".join(p.name for p in whole.aboard(at))
        raise BadInput(f"{what.person} is not aboard on {day}; aboard then: {names}")


def _cut(programme: Programme, at: Epoch, what: ContingencyTable) -> Programme:
    file = programme.file
    ships = {
        name: ship
        for name, ship in file.ships.items()
        if instant(ship.launch_utc) <= (at.plus(AHEAD * DAY) if ship.planned else at) or name == what.ship
    }
    if not any(instant(ship.launch_utc) <= at for ship in ships.values()):
        raise BadInput(f"on {at.utc(0)[:16]} no ship of the programme has been launched: no plan is needed")
    earlier = tuple(c for c in file.contingencies if day_of(c) <= at and (c.kind, c.ship) != (what.kind, what.ship))
    known = {name: _as_known(name, ship, ships, at) for name, ship in ships.items()}
    cut = file.model_copy(
        update={
            "ships": known,
            "evas": tuple(e for e in file.evas if instant(e.start_utc) <= at),
            "contingencies": (*earlier, what),
            "avoidances": tuple(a for a in file.avoidances if instant(a.burn_utc) <= at),
            "specialist": file.specialist if file.specialist and file.specialist.ship in known else None,
            "alternatives": (),
        }
    )
    made = replace(programme, file=cut, raw={})
    slipped = {v.name: v for v in timeline(made).vessels}  # slips of launches become the dates of the plan
    for name, ship in known.items():
        if instant(ship.launch_utc) > at:
            v = slipped[name]
            stays = tuple(
                table.model_copy(update={"docked_utc": stay.start.utc(0)})
                for table, stay in zip(ship.stays, v.stays, strict=True)
            )
            known[name] = ship.model_copy(update={"launch_utc": v.launch.utc(0), "stays": stays})
    kept = tuple(c for c in (*earlier, what) if c.kind not in SLIPS)
    return replace(made, file=cut.model_copy(update={"ships": known, "contingencies": kept}))


def _as_known(name: str, ship: ProgrammeShip, ships: dict[str, ProgrammeShip], at: Epoch) -> ProgrammeShip:
    """A ship without what came after; of one that is planned, its plan. A word of it could be younger: none is kept."""
    if ship.planned:
        here = tuple(p if p.ship_down in ships else p.model_copy(update={"ship_down": None}) for p in ship.crew)
        return ship.model_copy(update={"crew": here})
    landed = ship.landed_utc if ship.landed_utc and instant(ship.landed_utc) <= at else None
    stays = []
    for i, stay in enumerate(ship.stays):
        if i and instant(stay.docked_utc) > at:
            break
        gone = stay.undocked_utc if stay.undocked_utc and instant(stay.undocked_utc) <= at else None
        stays.append(stay.model_copy(update={"undocked_utc": gone}))
    crew = tuple(
        p.model_copy(
            update={"note": "", "ship_down": p.ship_down if _home_known(p.ship_down, name, ships, at) else None}
        )
        for p in ship.crew
    )
    kept = {"landed_utc": landed, "stays": tuple(stays), "crew": crew, "note": "", "record": None, "mission": None}
    return ship.model_copy(update=kept)


def _home_known(ship_down: str | None, own: str, ships: dict[str, ProgrammeShip], at: Epoch) -> bool:
    """Whether it was known then who comes home in which other ship: it has landed, or its flight is only planned, or
    their own has left without them and the other one is there."""
    ship = ships.get(ship_down or "")
    if ship is None:
        return False
    if ship.planned or (ship.landed_utc is not None and instant(ship.landed_utc) <= at):
        return True
    left = ships[own].stays[-1].undocked_utc if ships[own].stays else None
    return left is not None and instant(left) <= at and bool(ship.stays) and instant(ship.stays[0].docked_utc) <= at


def _without_history(cut: Programme, whole: Timeline, at: Epoch) -> Programme:
    """The same without the ships that are gone, and with the stocks as they are: rules are judged a hundred times."""
    crewed = [v for v in whole.vessels if v.seats and v.launch <= at]
    needed = {crewed[-1].name} | {p.ship_up for p in whole.aboard(at)} | {p.ship_down for p in whole.aboard(at)}
    needed |= {v.name for v in whole.vessels if v.launch > at or v.undocked is None or v.undocked > at}
    while others := {p.ship_down or name for name in needed for p in cut.file.ships[name].crew} - needed:
        needed |= others  # of a ship that is still docked, those who went up in it came home in another
    ships = {v.name: cut.file.ships[v.name] for v in whole.vessels if v.name in needed}
    short = replace(cut, file=cut.file.model_copy(update={"ships": ships, "evas": ()}))
    names = {stock.name: stock for stock in stocks(whole)}
    rest = {stock.name: stock for stock in stocks(timeline(short))}
    update = {}
    for name, stock in names.items():
        rule = getattr(cut.file.consumables, name)
        assert isinstance(rule, Consumable)
        more = _level(stock.levels, at, rule) - _level(rest[name].levels, at, rule)
        update[name] = rule.model_copy(update={"start_kg": rule.start_kg + more})
    consumables = cut.file.consumables.model_copy(update=update)
    # When freight leaves is planned with the freighter after it, which is not known.
    kinds = {
        name: kind if cut.seats[name] else kind.model_copy(update={"docked_life_days": None})
        for name, kind in cut.file.kinds.items()
    }
    return replace(short, file=short.file.model_copy(update={"consumables": consumables, "kinds": kinds}))


def _level(levels, at: Epoch, rule: Consumable) -> float:
    """The stock at an instant, kg, from the last level before it on."""
    last = [level for level in levels if level.at <= at][-1]
    rate = last.aboard * rule.use_kg_person_day * (1.0 - rule.recycled) + rule.use_kg_day
    return last.kg - rate * at.since(last.at) / DAY


def _landed(v: Vessel) -> Epoch:
    assert v.landed is not None
    return v.landed


def _undocked(v: Vessel) -> Epoch:
    assert v.undocked is not None
    return v.undocked


def _docked(v: Vessel) -> Epoch:
    assert v.docked is not None
    return v.docked
