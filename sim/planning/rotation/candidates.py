"""Every plan that the moves allow: a group home in its own ship, in another or in one that is sent; a ship sent on
need, empty or with people, to a port that is free or is freed; a ship that rises later or to another port; a longer
stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from sim.core.epoch import Epoch
from sim.planning.rotation.known import HOUR, KnownThen
from sim.planning.rotation.plans import (
    Emptied,
    Group,
    Homecoming,
    Plan,
    Sent,
    down_in,
    groupings,
    last_crewed_kind,
    planned_undocking,
)
from sim.planning.rotation.rules_of_ships import latest_on_need
from sim.planning.rotation.timeline import DAY, Vessel
from sim.scenario.programme_record import instant

WHENS = ("soon", "planned", "relief", "late", "waits")


def candidates(known: KnownThen) -> tuple[Plan, ...]:
    """Every plan in which everybody aboard has a way home and no port is held twice."""
    found = []
    for aboard, sent in product(groupings(known), (*_planned_ships(known), *_on_need(known))):
        options = [list(_ways(known, group, sent)) for group in aboard]
        for chosen in product(*options):
            homes = _together(known, chosen, sent)
            if homes is None:
                continue
            for emptied in _emptied(known, homes, sent):
                plan = Plan(homes, sent, emptied)
                if _ports_free(known, plan):
                    found.append(plan)
    return tuple(dict.fromkeys(found))


# ---- ships that rise


def next_name(known: KnownThen) -> str:
    """Of the ship that stands by: the number after the last; where that is another ship's, by what it is for."""
    if coming(known) is not None:
        return f"{last_crewed_kind(known.found)}-on-need"
    last = [v for v in known.found.vessels if v.seats][-1].name
    match = re.match(r"^(.*?)(\d+)$", last)
    return f"{match[1]}{int(match[2]) + 1}" if match else f"{last}-standby"


def coming(known: KnownThen) -> Vessel | None:
    """The crewed ship that rises next as planned, if one is known."""
    later = [v for v in known.found.vessels if v.seats and v.launch > known.at and v.stays]
    return min(later, key=lambda v: v.launch, default=None)


def _crew_ports(known: KnownThen) -> tuple[str, ...]:
    """Those that ships with people have docked at, in the station's order; the one behind is for freight."""
    return tuple(port for port in known.programme.ports if port in known.crew_ports)


def _blocked(known: KnownThen, port: str, at: Epoch) -> Epoch | None:
    """Until when the port is blocked then; None where it is not."""
    for c in known.file.contingencies:
        end = instant(c.until_utc) if c.until_utc else at.plus(3650.0 * DAY)
        if c.kind == "port-blocked" and c.port == port and instant(c.utc) <= at < end:
            return end
    return None


def _planned_ships(known: KnownThen) -> Iterator[Sent | None]:
    """The next ship as planned, to its port or another, on its day or once its port is open again."""
    ship = coming(known)
    if ship is None:
        yield None
        return
    first = ship.stays[0]
    plan = Sent(ship.name, first.port, ship.launch, first.start, len(known.file.ships[ship.name].crew), False)
    if plan.crew and _blocked(known, first.port, first.start) is None:
        yield replace(plan, crew=0)  # as a lifeboat: its crew stays on the ground
        if (ready := latest_on_need(known.found, known.at)) < plan.lift_off:
            yield replace(plan, crew=0, lift_off=ready, docked=ready.plus(known.rendezvous_h * HOUR))
    for port in dict.fromkeys((first.port, *_crew_ports(known))):
        if (until := _blocked(known, port, first.start)) is None:
            yield replace(plan, port=port)
        elif until.since(first.start) < 365.0 * DAY:
            later = until.plus(DAY).since(first.start)
            yield replace(
                plan, port=port, lift_off=ship.launch.plus(later), docked=first.start.plus(later), put_off=True
            )
    other = known.file.planning.clear_days + known.file.planning.change_days
    yield replace(
        plan,
        lift_off=ship.launch.plus(other * DAY),
        docked=first.start.plus(other * DAY),
        put_off=True,
    )


def _on_need(known: KnownThen) -> Iterator[Sent]:
    """The standby ship, as early as it can rise, empty or with a crew."""
    lift_off, later = latest_on_need(known.found, known.at), coming(known)
    rule = known.file.standby
    if later is not None and later.launch.since(lift_off) < (rule.recovery_days + rule.ready_days) * DAY:
        return  # the launcher is not ready for both
    docked = lift_off.plus(known.rendezvous_h * HOUR)
    seats = known.programme.seats[last_crewed_kind(known.found)]
    for port in _crew_ports(known):
        if _blocked(known, port, docked) is None:
            for crew in (0, seats):
                yield Sent(next_name(known), port, lift_off, docked, crew, True)


# ---- ways home


def _ways(known: KnownThen, group: Group, sent: Sent | None) -> Iterator[Homecoming]:
    healthy = [v for v in known.found.vessels if v.lifeboat(known.at)]
    names = [v.name for v in healthy] + (
        [sent.ship] if sent is not None and (sent.on_need or not sent.crew or sent.ship == group.own) else []
    )
    later = coming(known)
    if later is not None and later.name == group.own and group.own not in names:
        yield Homecoming(group, group.own, group.planned, group.planned.plus(known.return_h * HOUR), "planned")
    for ship in dict.fromkeys(names):
        for when in WHENS:
            undock = _undocking(known, group, ship, when, sent)
            if undock is not None:
                landed = undock.plus(known.return_h * HOUR)
                if when == "waits" and group.not_before is not None:
                    landed = group.not_before
                yield Homecoming(group, ship, undock, landed, when)


def _undocking(known: KnownThen, group: Group, ship: str, when: str, sent: Sent | None) -> Epoch | None:
    """When the group leaves in that ship; None where this does not happen."""
    rule, fresh = known.file.planning, sent is not None and ship == sent.ship
    own = ship == group.own or all(p.ship_up == ship for p in group.people)
    soon = known.at.plus((rule.own_days if own else rule.change_days) * DAY)
    if fresh and sent is not None:
        soon = sent.docked.plus(rule.change_days * DAY)
    allowed = None if group.not_before is None else group.not_before.plus(-known.return_h * HOUR)
    at: Epoch | None
    if when == "soon":
        at = soon
    elif when == "planned":
        planned = group.planned if fresh else planned_undocking(known, ship)
        at = planned if planned >= (known.at if own else soon) else None
    elif when == "relief":
        handed = known.handover_days if sent is not None and sent.crew else rule.own_days
        at = sent.docked.plus(handed * DAY) if sent is not None and not fresh else None
        at = at if at is not None and at > soon else None
    elif when == "late":
        at = allowed if allowed is not None and allowed >= soon else None
        return at
    else:
        return group.planned if allowed is not None and not fresh and group.planned >= known.at else None
    return at if at is not None and (allowed is None or at >= allowed) else None


def _together(known: KnownThen, chosen: tuple[Homecoming, ...], sent: Sent | None) -> tuple[Homecoming, ...] | None:
    """The homecomings, where no ship carries more than it has seats; who leave in one ship leave when the last of them
    can. None where that is not so."""
    by_ship: dict[str, list[Homecoming]] = {}
    for home in chosen:
        by_ship.setdefault(home.ship, []).append(home)
    last = {ship: max(homes, key=lambda h: h.undock) for ship, homes in by_ship.items()}
    leaves = {ship: home.undock for ship, home in last.items()}
    for ship, homes in by_ship.items():
        if len({h.undock for h in homes}) > 1 and any(h.when in ("late", "waits") for h in homes):
            return None
        fresh = sent is not None and sent.ship == ship
        kind = last_crewed_kind(known.found) if fresh else known.found.vessel(ship).kind
        if fresh and sent is not None and sent.on_need and sent.crew:
            return None  # it stays as the way home of those who came in it
        people = sum(len(h.group.people) for h in homes) + _who_come(known, ship, leaves, sent)
        if people > known.programme.seats[kind]:
            return None
    return tuple(
        replace(h, undock=last[h.ship].undock, landed=last[h.ship].landed, when=last[h.ship].when) for h in chosen
    )


def _who_come(known: KnownThen, ship: str, leaves: dict[str, Epoch], sent: Sent | None) -> int:
    """How many of those who rise as planned have their seat down in this ship as well."""
    later = coming(known)
    if later is None or (sent is not None and sent.ship == later.name and not sent.crew):
        return 0
    docked = sent.docked if sent is not None and sent.ship == later.name else later.stays[0].start
    crew = known.file.ships[later.name].crew
    return sum((p.ship_down if down_in(p, docked, leaves) and p.ship_down else later.name) == ship for p in crew)


def _emptied(known: KnownThen, homes: tuple[Homecoming, ...], sent: Sent | None) -> Iterator[tuple[Emptied, ...]]:
    """When the ships that bring nobody home leave: before the one that is sent, to free a port, or well after it."""
    rule = known.file.planning
    spare = [
        v for v in known.found.vessels if v.seats and v.at_port(known.at) and v.name not in {h.ship for h in homes}
    ]
    if not spare:
        yield ()
        return
    last = sent.docked if sent is not None else max(h.landed for h in homes)
    for early in (True, False) if sent is not None else (False,):
        made = []
        for v in spare:
            port = v.at_port(known.at)
            assert port is not None  # as chosen above
            first = early and sent is not None and port == sent.port
            undock = sent.docked.plus(-rule.clear_days * DAY) if first and sent else last.plus(rule.empty_days * DAY)
            undock = max(undock, known.at.plus(rule.own_days * DAY))
            made.append(Emptied(v.name, port, undock, undock.plus(known.return_h * HOUR), first))
        if early and not any(e.first for e in made):
            continue
        yield tuple(made)


def _ports_free(known: KnownThen, plan: Plan) -> bool:
    """Whether the port of each ship that comes is free then, for as long as a turnaround takes."""
    gone = {h.ship: h.undock for h in plan.homecomings} | {e.ship: e.undock for e in plan.emptied}
    held = {v.name: (port, v.docked or known.at) for v in known.found.vessels if (port := v.at_port(known.at))}
    arrivals, later = {}, coming(known)
    if later is not None:
        arrivals[later.name] = (later.stays[0].port, later.stays[0].start)
    if plan.sent is not None:
        arrivals[plan.sent.ship] = (plan.sent.port, plan.sent.docked)
    for ship, (port, at) in arrivals.items():
        for other, (its, since) in (held | arrivals).items():
            left = gone.get(other)
            free = left is not None and at.since(left) >= known.file.rules.turnaround_h * HOUR
            if other != ship and its == port and since <= at and not free:
                return False
    return True
