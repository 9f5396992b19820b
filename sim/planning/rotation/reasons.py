"""Why a plan is what it is, and why it stands where it stands, in sentences."""

from __future__ import annotations

from sim.core.epoch import Epoch
from sim.files.problems import listed
from sim.planning.rotation.checks import Check
from sim.planning.rotation.judgement import date
from sim.planning.rotation.known import KnownThen
from sim.planning.rotation.plans import Homecoming, Plan, Sent
from sim.planning.rotation.proposals import Bill, Proposal, Proposals
from sim.scenario.programme_file import Costs

WORDS = {
    "seatless": "person-days without a seat in a healthy docked ship",
    "stranded": "person-days with no ship docked at all",
    "stay": "person-days of changed stays",
    "cramped": "person-days of waiting in a ship that flies alone",
    "deserted": "days with nobody aboard",
    "unmet": "crews who come and find nobody",
    "launch": "launches on need",
    "empty": "ships that come home without people",
    "liner": "seat liners carried over",
    "stock": "kg of stocks beyond the least",
}


def moves(known: KnownThen, plan: Plan) -> tuple[str, ...]:
    """What happens, in order of time, each with its reason."""
    found: list[tuple[Epoch, str]] = [(h.undock, _home(known, h, plan)) for h in plan.homecomings]
    if plan.sent is not None:
        found.append((plan.sent.lift_off, _sent(known, plan.sent, plan)))
    for e in plan.emptied:
        to = f"first, to free {e.port} for {plan.sent.ship}" if e.first and plan.sent else "once it is no longer of use"
        found.append((e.undock, f"{date(e.undock)}: {e.ship} leaves {e.port} without people, {to}"))
    return tuple(words for _, words in sorted(found, key=lambda pair: pair[0]))


def costs(bill: Bill, weights: Costs, least_stock: float) -> dict[str, tuple[float, float]]:
    """By what it is: how much there is of it, and what that costs; what there is nothing of is left out."""
    found = {}
    for key in WORDS:
        amount = float(getattr(bill, key)) - (least_stock if key == "stock" else 0.0)
        weight = 1.0 if key == "stay" else float(getattr(weights, key))
        if amount > 1e-6:
            found[key] = (amount, amount * weight)
    return found


def why(found: Proposals, place: int) -> tuple[str, ...]:
    """Why the proposal of that place (from 0) stands there."""
    own, first = found.ranked[place], found.ranked[0]
    sentences = [
        f"no plan keeps '{v.rule}': {v.breaches[0].found}; this one breaks it no more than the best"
        for v in own.unavoidable
    ]
    sentences += [f"it breaks '{v.rule}': {b.found}; {b.mend}" for v in own.broken for b in v.breaches[:1]]
    if place == 0:
        if len(found.ranked) > 1:
            other = found.ranked[1]
            more = "breaks more rules" if len(other.broken) > len(own.broken) else "costs more"
            by = f"{more}: {_more(found, other, own)}"
            sentences.append(f"it stands first: the next {'costs as much' if _alike(other, own) else by}")
    elif _alike(own, first):
        sentences.append("it costs as much as the first")
    elif len(own.broken) > len(first.broken):
        sentences.append(
            f"it stands behind every plan that breaks fewer rules; against the first it has {_more(found, own, first)}"
        )
    else:
        sentences.append(f"it stands behind the first by {_more(found, own, first)}")
    return tuple(sentences)


def check_words(check: Check) -> str:
    """One flight of a plan in a line."""
    if check.feasible is None or check.lift_off is None and check.landed is None:
        return f"{check.ship}, {check.what}: {check.words}"
    times = {
        "lift-off": check.lift_off,
        "contact": check.contact,
        "docked": check.docked,
        "undocking": check.undocked,
        "touchdown": check.landed,
    }
    parts = [f"{name} {at.utc(0)}" for name, at in times.items() if at is not None]
    parts += [f"trim {check.trim:.2f} m/s"] if check.trim is not None else []
    parts += [f"{check.miss:.1f} km from the site"] if check.miss is not None else []
    return f"{check.ship}, {check.what}, {check.words}: {', '.join(parts)}"


def _alike(one: Proposal, other: Proposal) -> bool:
    return len(one.broken) == len(other.broken) and abs(one.total - other.total) < 0.5


def _more(found: Proposals, one: Proposal, other: Proposal) -> str:
    """What one costs more than the other: the largest two parts."""
    weights = found.known.file.planning.costs
    a, b = (costs(p.bill, weights, found.least_stock) for p in (one, other))
    zero = (0.0, 0.0)
    differences = {
        key: (a.get(key, zero)[0] - b.get(key, zero)[0], a.get(key, zero)[1] - b.get(key, zero)[1]) for key in WORDS
    }
    largest = sorted((key for key in WORDS if differences[key][1] > 0.5), key=lambda key: -differences[key][1])[:2]
    parts = [f"{differences[key][0]:.0f} more {WORDS[key]} ({differences[key][1]:+.0f})" for key in largest]
    return f"{one.total - other.total:+.0f}" + (f": {' and '.join(parts)}" if parts else ", in nothing that is counted")


def _home(known: KnownThen, home: Homecoming, plan: Plan) -> str:
    names = listed(p.name for p in home.group.people)
    if home.ship == home.group.own:
        ship = f"{home.ship}, as was planned" if home.when == "planned" else home.ship
    elif plan.sent is not None and plan.sent.ship == home.ship:
        ship = f"{home.ship}, which was sent"
    else:
        ship = f"{home.ship}, which is docked and healthy"
    own = home.ship == home.group.own or all(p.ship_up == home.ship for p in home.group.people)
    docked = any(v.name == home.ship for v, _ in known.found.docked(known.at))
    late = f"{known.file.planning.change_days:g} days after the decision: liners and loads are changed"
    after = {
        "soon": "as soon as they can" if own else late,
        "planned": "when that ship was to leave" if docked else "when they were to leave",
        "relief": f"once {plan.sent.ship} is there" if plan.sent else "",
        "late": "when landings are allowed again",
        "waits": "as planned, and they wait in free flight until they may land",
    }[home.when]
    return f"{date(home.undock)}: {names} {'leaves' if len(home.group.people) == 1 else 'leave'} in {ship}, {after}"


def _sent(known: KnownThen, sent: Sent, plan: Plan) -> str:
    rule = known.file.standby
    leaving = {h.ship: h.undock for h in plan.homecomings} | {e.ship: e.undock for e in plan.emptied}
    holder = next((v.name for v in known.found.vessels if v.at_port(known.at) == sent.port and v.name in leaving), None)
    port = f"{sent.port}, which {holder} has left" if holder else f"{sent.port}, which is free"
    crew = f"with {sent.crew} people" if sent.crew else "without people"
    if not sent.on_need:
        late = ", put off" if sent.put_off else ""
        late += ", as a lifeboat: its crew stays on the ground" if not sent.crew else ""
        return f"{date(sent.lift_off)}: {sent.ship} rises {crew}{late}, to {port}"
    return (
        f"{date(sent.lift_off)} at the latest: {sent.ship} rises on need {crew}, to {port}; the standby is whole "
        f"{rule.recovery_days:g} days after the last launch and ready {rule.ready_days:g} days later"
    )
