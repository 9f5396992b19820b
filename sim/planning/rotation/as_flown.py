"""What was flown after a contingency, for the comparison alone: no plan is made from it."""

from __future__ import annotations

from sim.planning.rotation.plans import Plan
from sim.planning.rotation.proposals import Proposals
from sim.planning.rotation.timeline import Vessel, timeline
from sim.scenario.programme import Programme


def happened(programme: Programme, found: Proposals) -> bool:
    """Whether the contingency is one of the programme's own, on its day, not a what-if."""
    what = found.known.what
    return any(
        (c.kind, c.ship, c.port, c.person, c.utc[:10]) == (what.kind, what.ship, what.port, what.person, what.utc[:10])
        for c in programme.file.contingencies
    )


def flown_place(programme: Programme, found: Proposals) -> int | None:
    """Which proposal (from 0) was flown: who came home in which ship, and what rose next to which port. None where
    the record has none, or another plan was flown."""
    return next((i for i, p in enumerate(found.ranked) if p.plan.shape == _shape(programme, found, p.plan)), None)


def flown_times(programme: Programme, plan: Plan) -> dict[str, dict[str, str]]:
    """By ship, the recorded times (UTC) of what a plan moves; the day alone where no more is known."""
    record = {v.name: v for v in timeline(programme).vessels}
    rises = {plan.sent.ship} if plan.sent is not None else set()
    times: dict[str, dict[str, str]] = {}
    for ship in (*rises, *(h.ship for h in plan.homecomings), *(e.ship for e in plan.emptied)):
        v = record.get(ship)
        if v is None:
            continue
        own = {"launch": v.launch, "docked": v.docked} if ship in rises else {}
        own |= {"undocked": v.undocked, "landed": v.landed}
        times[ship] = {key: at.utc(0)[: 10 if key in v.by_day else None] for key, at in own.items() if at is not None}
    return times


def _shape(programme: Programme, found: Proposals, plan: Plan) -> tuple | None:
    """The shape of what the record has for the people of a plan."""
    record = timeline(programme)
    next_: Vessel | None = next((v for v in record.vessels if v.seats and v.launch > found.known.at), None)
    if next_ is not None and next_.launch > found.until:
        next_ = None
    homes = []
    for home in plan.homecomings:
        for p in home.group.people:
            same = next(q for q in record.people if (q.ship_up, q.place) == (p.ship_up, p.place))
            if same.left is None:
                return None
            after = next_ is not None and next_.docked is not None and same.left > next_.docked
            homes.append((same.name, same.ship_down, after, False))
    crew = len(programme.file.ships[next_.name].crew) if next_ else 0
    sent = (next_.name, next_.stays[0].port, crew > 0, False) if next_ is not None and plan.sent is not None else ()
    return tuple(sorted(homes)), sent
