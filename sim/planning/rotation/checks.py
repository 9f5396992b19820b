"""What was flown of a plan: its launch and docking, and its returns, as `feasibility` found them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sim.core.epoch import Epoch
from sim.planning.rotation.plans import Plan

LAUNCH, RETURN = "launch and docking", "return"


@dataclass(frozen=True)
class Check:
    """One flight of a plan, flown or not. `feasible`: None where it was not flown, and `words` say why. Times of what
    was flown; `trim` m/s of the station; `miss` km from the site at touchdown; `broken`: its flight rules."""

    ship: str
    what: str
    feasible: bool | None
    words: str
    lift_off: Epoch | None = None
    contact: Epoch | None = None
    docked: Epoch | None = None
    undocked: Epoch | None = None
    landed: Epoch | None = None
    trim: float | None = None
    miss: float | None = None
    broken: tuple[str, ...] = ()


def with_flown_times(plan: Plan, checks: tuple[Check, ...]) -> Plan:
    """The plan with the times that were flown in place of those that it was made with."""
    by_flight = {(check.ship, check.what): check for check in checks}
    sent, homes = plan.sent, []
    if sent is not None and (check := by_flight.get((sent.ship, LAUNCH))) and check.lift_off and check.docked:
        sent = replace(sent, lift_off=check.lift_off, docked=check.docked)
    for home in plan.homecomings:
        check = by_flight.get((home.ship, RETURN))
        if check is not None and check.undocked and check.landed:
            home = replace(home, undock=check.undocked, landed=check.landed)
        homes.append(home)
    return replace(plan, homecomings=tuple(homes), sent=sent)
