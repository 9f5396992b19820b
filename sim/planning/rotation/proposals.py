"""Plans after a contingency, judged by every rule and ranked by their costs.

What no plan can keep is not held against any: a rule that all of them break, and so much time without a seat as even
the best of them has.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from sim.core.epoch import Epoch
from sim.files.errors import MissionFailed
from sim.planning.rotation.candidates import candidates
from sim.planning.rotation.checks import Check, with_flown_times
from sim.planning.rotation.consumables import person_days
from sim.planning.rotation.judgement import Breach, Verdict
from sim.planning.rotation.known import KnownThen, known_then
from sim.planning.rotation.plans import Plan, as_programme
from sim.planning.rotation.rules import verdicts
from sim.planning.rotation.timeline import DAY, Timeline, timeline
from sim.scenario.programme import Programme
from sim.scenario.programme_file import Consumable, ContingencyTable, Costs

AS_GOOD = 0.5  # person-days without a seat, too few to tell two plans apart


@dataclass(frozen=True)
class Bill:
    """What a plan costs, from the contingency to the end that all plans share.

    In person-days: without a seat in a healthy docked ship, of those with no ship docked at all, of changed stays, and
    of waiting in a ship that flies alone. `deserted`: days with nobody aboard; `unmet`: crews who come and find nobody.
    `launch`: those that were not planned; `empty`: ships that come home without people; `liner`: those carried over;
    `stock`: kg used.
    """

    seatless: float
    stranded: float
    stay: float
    cramped: float
    deserted: float
    unmet: int
    launch: int
    empty: int
    liner: int
    stock: float

    def total(self, costs: Costs, least_stock: float) -> float:
        """In days by which one person's stay is changed."""
        return (
            self.stay
            + costs.seatless * self.seatless
            + costs.stranded * self.stranded
            + costs.cramped * self.cramped
            + costs.deserted * self.deserted
            + costs.unmet * self.unmet
            + costs.launch * self.launch
            + costs.empty * self.empty
            + costs.liner * self.liner
            + costs.stock * (self.stock - least_stock)
        )


@dataclass(frozen=True)
class Proposal:
    """A plan with its timeline. `broken`: the rules that it breaks and another plan keeps; `unavoidable`: those that no
    plan keeps; `total`: its cost, in days by which one person's stay is changed."""

    plan: Plan
    found: Timeline
    broken: tuple[Verdict, ...]
    unavoidable: tuple[Verdict, ...]
    bill: Bill
    total: float


@dataclass(frozen=True)
class Proposals:
    """All that was found, the best first: of plans that differ in their days alone, the best. `plans`: how many were
    judged; `until`: up to when; `least_stock`: kg of stocks that every plan uses."""

    known: KnownThen
    ranked: tuple[Proposal, ...]
    plans: int
    until: Epoch
    least_stock: float


def proposals(programme: Programme, what: ContingencyTable) -> Proposals:
    """Every plan that the moves allow, ranked; MissionFailed where there is none."""
    known = known_then(programme, what)
    plans = candidates(known)
    if not plans:
        raise MissionFailed(
            "contingency", "no plan brings everybody home: no healthy ship is docked, and none can come"
        )
    until = max(plan.last for plan in plans)
    ranked = ranking(known, plans, until)
    best: dict[tuple, Proposal] = {}
    for proposal in ranked:
        best.setdefault(proposal.plan.shape, proposal)
    minimum = min(proposal.bill.stock for proposal in ranked)
    return Proposals(known, tuple(best.values()), len(plans), until, minimum)


def with_times(found: Proposals, plan: Plan, checks: tuple[Check, ...]) -> Bill:
    """The bill of a plan with the times at which its flights were flown."""
    return _judged(found.known, with_flown_times(plan, checks), found.until)[2]


def ranking(known: KnownThen, plans: tuple[Plan, ...], until: Epoch) -> tuple[Proposal, ...]:
    """The plans in order: those that break fewest rules, and of them the ones that cost least."""
    judged = [_judged(known, plan, until) for plan in plans]
    fewest = min(bill.seatless for _, _, bill in judged)
    stock = min(bill.stock for _, _, bill in judged)
    by_all = {v.rule for v in judged[0][1]}
    for _, broken, _ in judged:
        by_all &= {v.rule for v in broken}
    made = []
    for plan, (found, broken, bill) in zip(plans, judged, strict=True):
        free = {
            v.rule for v in broken if v.rule in by_all and (v.rule != "lifeboat" or bill.seatless <= fewest + AS_GOOD)
        }
        made.append(
            Proposal(
                plan=plan,
                found=found,
                broken=tuple(v for v in broken if v.rule not in free),
                unavoidable=tuple(v for v in broken if v.rule in free),
                bill=bill,
                total=bill.total(known.file.planning.costs, stock),
            )
        )
    return tuple(sorted(made, key=lambda p: (len(p.broken), p.total)))


def _judged(known: KnownThen, plan: Plan, until: Epoch) -> tuple[Timeline, tuple[Verdict, ...], Bill]:
    """The timeline, the rules that are broken after the contingency, and the bill."""
    found = replace(timeline(as_programme(known, plan, until)), end=until)
    last = known.at.plus(known.file.planning.supply_days * DAY)
    after = [replace(v, breaches=_after(v.breaches, known.at)) for v in verdicts(found)]
    after = [
        replace(v, breaches=tuple(b for b in v.breaches if b.start < last)) if v.rule == "reserves" else v
        for v in after
    ]
    return found, tuple(v for v in after if not v.held), bill(known, plan, found)


def _after(breaches: tuple[Breach, ...], at: Epoch) -> tuple[Breach, ...]:
    """Those that lie after the contingency."""
    return tuple(b for b in breaches if b.end > at)


def bill(known: KnownThen, plan: Plan, found: Timeline) -> Bill:
    """The costs of a plan by its timeline, from the contingency on."""
    seatless = stranded = deserted = 0.0
    moments = [known.at, *(t for t in found.moments() if t > known.at)]
    for start, end in pairwise(moments):
        days, aboard = end.since(start) / DAY, len(found.aboard(start))
        docked = [v for v in found.vessels if v.seats and v.at_port(start) is not None]
        seatless += days * max(0, aboard - sum(v.seats for v in docked if v.lifeboat(start)))
        stranded += 0.0 if docked else days * aboard
        deserted += 0.0 if aboard else days
    sent = plan.sent
    need = sent is not None and (sent.on_need or (not sent.crew and bool(known.file.ships[sent.ship].crew)))
    changed = [abs(h.undock.since(h.group.planned)) / DAY * len(h.group.people) for h in plan.homecomings]
    return Bill(
        seatless=seatless,
        stranded=stranded,
        stay=sum(changed),
        cramped=sum(_waiting(known, h.undock, h.landed) * len(h.group.people) for h in plan.homecomings),
        deserted=deserted,
        launch=int(need),
        empty=len(plan.emptied),
        unmet=sum(not any(p.ship_up != ship for p in found.aboard(at)) for ship, at in _with_people(known, found)),
        liner=sum(h.ship != p.ship_up for h in plan.homecomings for p in h.group.people),
        stock=_stock(found, known.at),
    )


def _waiting(known: KnownThen, undock: Epoch, landed: Epoch) -> float:
    """Days that a ship flies alone for longer than a return takes."""
    return max(0.0, landed.since(undock) / DAY - known.return_h / 24.0)


def _with_people(known: KnownThen, found: Timeline) -> list[tuple[str, Epoch]]:
    """The ships that come with people after the contingency, and when they dock."""
    came = {p.ship_up for p in found.people}
    return [
        (v.name, v.docked) for v in found.vessels if v.name in came and v.docked is not None and v.docked > known.at
    ]


def _stock(found: Timeline, at: Epoch) -> float:
    """Kilograms that those aboard use up from an instant on."""
    rules = (rule for _, rule in found.programme.file.consumables if isinstance(rule, Consumable))
    rate = sum(rule.use_kg_person_day * (1.0 - rule.recycled) for rule in rules)
    return rate * person_days(found, at)
