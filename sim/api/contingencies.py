"""A contingency of a programme: the plans that were possible then, ranked, with reasons, and flown if that is asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from sim.api.asked import function, path, text, texts
from sim.api.output import Progress, silent
from sim.planning.rotation import reasons
from sim.planning.rotation.as_flown import flown_place, flown_times, happened
from sim.planning.rotation.contingencies import contingency, in_words
from sim.planning.rotation.judgement import date
from sim.planning.rotation.proposals import Proposals, proposals, with_times
from sim.scenario.programme import Programme, load_programme

if TYPE_CHECKING:
    from sim.core.epoch import Epoch
    from sim.planning.rotation.feasibility import Check

WIDTH = 118
SHOWN = 6  # proposals that are shown


class Contingency:
    """The plans after a contingency: `found.ranked`, the best first; `checks`: the flights of those that were flown, by
    place; `flown`: the place of what really was flown, None where it is not among them, or not known."""

    def __init__(self, programme: Programme, found: Proposals, checks: dict[int, tuple[Check, ...]]):
        self.programme, self.found, self.checks = programme, found, checks
        self.flown = flown_place(programme, found) if happened(programme, found) else None

    @property
    def broken(self) -> bool:
        """Whether even the best plan breaks a rule that another keeps, or cannot be flown."""
        cannot = any(check.feasible is False for check in self.checks.get(0, ()))
        return bool(self.found.ranked[0].broken) or cannot

    @property
    def shown(self) -> tuple[int, ...]:
        """The places that are listed: the first, and what was flown."""
        places = list(range(min(SHOWN, len(self.found.ranked))))
        return (*places, *([self.flown] if self.flown is not None and self.flown not in places else []))

    def content(self) -> dict:
        """The content of `--json`."""
        known = self.found.known
        return {
            "programme": self.programme.label,
            "contingency": known.what.model_dump(exclude_none=True),
            "known_utc": known.at.utc(0),
            "usual": {
                "stay_days": round(known.stay_days, 2),
                "handover_days": round(known.handover_days, 2),
                "return_h": round(known.return_h, 2),
                "rendezvous_h": round(known.rendezvous_h, 2),
            },
            "until_utc": self.found.until.utc(0),
            "plans_judged": self.found.plans,
            "as_flown": None if self.flown is None else self.flown + 1,
            "proposals": [self._row(place) for place in self.shown],
        }

    def _row(self, place: int) -> dict:
        found, known = self.found.ranked[place], self.found.known
        sent = found.plan.sent
        costs = reasons.costs(found.bill, known.file.planning.costs, self._least_stock)
        row = {
            "place": place + 1,
            "cost": round(found.total, 1),
            "broken": [_rule(v.rule, v.breaches) for v in found.broken],
            "unavoidable": [_rule(v.rule, v.breaches) for v in found.unavoidable],
            "homecomings": [
                {
                    "people": [p.name for p in h.group.people],
                    "ship": h.ship,
                    "undocking_utc": h.undock.utc(0),
                    "touchdown_utc": h.landed.utc(0),
                }
                for h in found.plan.homecomings
            ],
            "sent": None
            if sent is None
            else {
                "ship": sent.ship,
                "port": sent.port,
                "people": sent.crew,
                "on_need": sent.on_need,
                "lift_off_utc": sent.lift_off.utc(0),
                "docking_utc": sent.docked.utc(0),
            },
            "empty": [{"ship": e.ship, "port": e.port, "undocking_utc": e.undock.utc(0)} for e in found.plan.emptied],
            "moves": list(reasons.moves(known, found.plan)),
            "costs": {key: {"amount": round(a, 2), "cost": round(c, 1)} for key, (a, c) in costs.items()},
            "why": list(reasons.why(self.found, place)),
            "flights": [_flight(check) for check in self.checks.get(place, ())],
        }
        if place in self.checks:
            bill = with_times(self.found, found.plan, self.checks[place])
            row["as_checked"] = {"seatless_person_days": round(bill.seatless, 2)}
        if place == self.flown:
            times = flown_times(self.programme, found.plan)
            row["record"] = times
        return row

    def lines(self) -> list[str]:
        """The same in words."""
        known = self.found.known
        aboard, docked = known.found.aboard(known.at), known.found.docked(known.at)
        ships = ", ".join(f"{v.name} at {port}" for v, port in docked if v.kind != "module")
        usual = f"crews stayed {known.stay_days:.0f} days and handed over for {known.handover_days:.1f}"
        made = [
            f"{in_words(known.what)}",
            f"known on {date(known.at)}: {len(aboard)} aboard; {ships}",
            f"until then {usual}, and the last return took {known.return_h:.1f} h; nothing younger is read",
            f"{self.found.plans} plans judged up to {date(self.found.until)}; "
            "cost in days by which one person's stay is changed",
        ]
        for place in self.shown:
            made += [
                "",
                *(part for line in self._lines(place) for part in wrap(line, WIDTH, subsequent_indent=6 * " ")),
            ]
        return made

    def _lines(self, place: int) -> list[str]:
        found, known = self.found.ranked[place], self.found.known
        rules = (
            f"breaks {', '.join(v.rule for v in found.broken)}" if found.broken else "keeps every rule that can be kept"
        )
        flown = "; this is what was flown" if place == self.flown else ""
        made = [f"{place + 1}. cost {found.total:.0f}, {rules}{flown}"]
        made += [f"   {words}" for words in reasons.moves(known, found.plan)]
        costs = reasons.costs(found.bill, known.file.planning.costs, self._least_stock)
        listed = ", ".join(f"{reasons.WORDS[key]} {a:.4g} ({c:.0f})" for key, (a, c) in costs.items())
        made += [f"   cost: {listed or 'nothing'}"]
        made += [f"   why: {words}" for words in reasons.why(self.found, place)]
        made += [f"   check: {reasons.check_words(check)}" for check in self.checks.get(place, ())]
        if place in self.checks:
            bill = with_times(self.found, found.plan, self.checks[place])
            failed = [f"{c.ship}, {c.what}" for c in self.checks[place] if c.feasible is False]
            times = f"cannot be flown as it stands ({'; '.join(failed)}); with its own times" if failed else ""
            made += [f"   {times or 'with the flown times'}: {bill.seatless:.1f} {reasons.WORDS['seatless']}"]
        if place == self.flown:
            for ship, own in flown_times(self.programme, found.plan).items():
                times = ", ".join(f"{key.replace('_', ' ')} {utc}" for key, utc in own.items())
                made += [f"   record: {ship}, {times}"]
        return made

    @property
    def _least_stock(self) -> float:
        return self.found.least_stock

    def __repr__(self) -> str:
        place = "" if self.flown is None else f", flown: number {self.flown + 1}"
        return f"<{len(self.found.ranked)} plans after {in_words(self.found.known.what)}{place}>"


def contingency_plans(
    programme: str | Path,
    what: str,
    *,
    fly: bool = False,
    overrides: Sequence[str] = (),
    progress: Progress | None = None,
) -> Contingency:
    """The plans after a contingency, ranked, from what was known on its day alone.

    `programme`: a file, or the name of one ("programme"). `what`: one of its contingencies, "unsafe:shenzhou-20", or
    any: "unsafe:shenzhou-20:2025-11-05", "port-blocked:forward:2026-11-01:2026-11-20",
    "launch-slip:shenzhou-21:2025-10-30:5", "landing-slip:shenzhou-19:2025-04-28:1",
    "early-return:Wang Jie:2025-07-10:7". `fly`: launch and docking and the
    returns of each plan that is listed are flown, some 10 s a plan.

    BadInput for another text, or where nobody is aboard; MissionFailed where no plan brings everybody home;
    ScenarioError for a file with problems.
    """
    given = path(programme, "programme", "the name or the path of a programme")
    read = load_programme(str(given), texts(overrides, like="planning.change_days=5"))
    found = proposals(read, contingency(text(what, "what"), read))
    made = Contingency(read, found, {})
    if not fly:
        return made
    from sim.planning.rotation.feasibility import Flights

    report, flights, checks = function(progress) or silent, Flights(found.known), {}
    for i, place in enumerate(made.shown):
        report(f"plan {place + 1}", i / len(made.shown))
        checks[place] = flights.checks(found.ranked[place].plan, found.until)
    report("done", 1.0)
    return Contingency(read, found, checks)


def _rule(rule: str, breaches) -> dict:
    where = [
        {"from_utc": b.start.utc(0), "until_utc": b.end.utc(0), "found": b.found, "mend": b.mend} for b in breaches
    ]
    return {"rule": rule, "breaches": where}


def _flight(check: Check) -> dict:
    def utc(at: Epoch | None) -> str | None:
        return None if at is None else at.utc(0)

    return {
        "ship": check.ship,
        "what": check.what,
        "feasible": check.feasible,
        "words": check.words,
        "lift_off_utc": utc(check.lift_off),
        "contact_utc": utc(check.contact),
        "docking_utc": utc(check.docked),
        "undocking_utc": utc(check.undocked),
        "touchdown_utc": utc(check.landed),
        "trim_m_s": None if check.trim is None else round(check.trim, 3),
        "miss_km": None if check.miss is None else round(check.miss, 2),
    }
