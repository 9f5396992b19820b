"""Whether a plan can be flown: its launch and docking, and its returns, from what was known on the day.

Each is a mission made as those of the programme are, from the last element set and the weather up to that day; the
plane's passage, the phase with its trim, the docking and the landing are flown, not estimated.
"""

from __future__ import annotations

import json
from dataclasses import replace

from sim.build.mission import build
from sim.core.ascent_record import AwaitLaunchRecord
from sim.core.epoch import Epoch
from sim.core.flight import Failure, Flight
from sim.files import text
from sim.files.errors import TiangongError
from sim.files.problems import ScenarioError
from sim.mission import fly
from sim.planning.kept_station import all_sets
from sim.planning.rotation.checks import LAUNCH, RETURN, Check
from sim.planning.rotation.known import HOUR, KnownThen
from sim.planning.rotation.missions import Situation, profile_of, upward, with_scene
from sim.planning.rotation.plans import Plan, Sent, as_programme
from sim.planning.rotation.sequences import Pattern, entries, pattern, with_sequence
from sim.planning.rotation.timeline import DAY, timeline
from sim.scenario.load import load_document
from sim.scenario.plane_bias import known_bias
from sim.scenario.programme import Programme
from sim.uncertainty.truth import true_mission

AHEAD = 30.0  # days: so far ahead of the day a flight is flown; later it hangs on raises that nobody knows
WAIT = 0.5  # days from the start of a return's mission to its first pass


class Flights:
    """The flights that several plans have in common, each flown once."""

    def __init__(self, known: KnownThen):
        self.known = known
        self._flown: dict[str, Flight | TiangongError] = {}

    def checks(self, plan: Plan, until: Epoch) -> tuple[Check, ...]:
        """Every launch and every return of a plan, in order of time."""
        programme = as_programme(self.known, plan, until)
        found = []
        if plan.sent is not None:
            found.append((plan.sent.lift_off, self._launch(programme, plan.sent)))
        seen = set()
        for home in plan.homecomings:
            if home.ship not in seen:
                found.append((home.undock, self._return(programme, home.ship, home.undock, home.landed)))
            seen.add(home.ship)
        for empty in plan.emptied:
            if empty.first:  # it has to leave for the plan to hold; the others may wait for their day
                found.append((empty.undock, self._return(programme, empty.ship, empty.undock, empty.landed)))
        return tuple(check for _, check in sorted(found, key=lambda pair: pair[0]))

    def _launch(self, programme: Programme, sent: Sent) -> Check:
        if (later := self._too_far(sent.lift_off)) is not None:
            return Check(sent.ship, LAUNCH, None, later)
        like, vessel = pattern(programme, sent.ship), timeline(programme).vessel(sent.ship)
        window = programme.file.standby.window_days * DAY
        span = (sent.lift_off.plus(-window), sent.lift_off)
        if not sent.on_need:
            span = (sent.lift_off.plus(-0.5 * window), sent.lift_off.plus(0.5 * window))
        seen = self._situation(sent.lift_off)
        raw = upward(programme, vessel, like, seen, profile_of(programme, vessel, like), span)
        raw = with_sequence(raw, like, entries(raw, like, up=True))
        flown = self._fly(like, with_scene(programme, raw, sent.ship, None))
        return _check(flown, sent.ship, LAUNCH)

    def _return(self, programme: Programme, ship: str, undock: Epoch, landed: Epoch) -> Check:
        if (later := self._too_far(undock)) is not None:
            return Check(ship, RETURN, None, later)
        like = pattern(programme, ship)
        if not like.rotation:
            return Check(ship, RETURN, None, f"{like.document.label}, which its kind is flown as, has no return")
        start = max(self.known.at, undock.plus(-WAIT * DAY))
        raw = like.document.raw
        vessel = timeline(programme).vessel(ship)
        seen = replace(self._situation(start), start=start)
        hours = landed.since(undock) / HOUR
        made = upward(
            programme, vessel, like, seen, raw["rendezvous"]["profile"], (start.plus(DAY), start.plus(2.0 * DAY))
        )
        back = {**raw["return"], "ship": ship, "undock_to_landing_h": round(hours, 2)}
        sources = {**made["sources"], "return.undock_to_landing_h": "assumed: as long as the last return known then"}
        phases = entries({**made, "return": back}, like, up=False)
        first = {key: value for key, value in phases[0].items() if key != "hatch_open_h"}
        phases = [{**first, "handover_days": max(0.0, undock.since(start) / DAY - 0.25)}, *phases[1:]]
        alone = with_sequence({**made, "return": back, "sources": sources}, like, phases)
        flown = self._fly(like, with_scene(programme, alone, None, start))
        return _check(flown, ship, RETURN)

    def _situation(self, lift_off: Epoch) -> Situation:
        """What was known on the day: nothing younger goes in."""
        at = self.known.at
        before = [e for e in all_sets() if e.epoch < at]
        bias = known_bias(at, lift_off)
        source = "assumed: median of the flights of the same batch of rockets until then"
        return Situation(before[-1], at, None if bias is None else (bias, source))

    def _too_far(self, at: Epoch) -> str | None:
        days = at.since(self.known.at) / DAY
        if days > AHEAD:
            return f"not flown: {days:.0f} days ahead, beyond raises that nobody knows; the site has a pass every day"
        return None

    def _fly(self, like: Pattern, raw: dict) -> Flight | TiangongError:
        """The flight, or why it cannot be built, or was not."""
        key = json.dumps({k: v for k, v in raw.items() if k not in ("name", "sources")}, sort_keys=True, default=str)
        if key not in self._flown:
            document = text.Document(like.document.path, raw, like.document.texts)
            try:
                scenario = load_document(document)
                self._flown[key] = fly(true_mission(build(scenario), scenario))
            except (Failure, ScenarioError) as error:
                self._flown[key] = error
        return self._flown[key]


def _check(flown: Flight | TiangongError, ship: str, what: str) -> Check:
    if isinstance(flown, ScenarioError):  # such as an element set that is too old
        return Check(ship, what, None, f"not flown: {'; '.join(str(problem) for problem in flown.problems)}")
    if isinstance(flown, TiangongError):
        return Check(ship, what, False, str(flown))
    if leg := flown.failed:
        return Check(ship, what, False, f"{leg.phase}: {leg.reason}")
    events = {event.name: event for leg in flown.legs for event in leg.events}
    at = {name: flown.zero.plus(event.t) for name, event in events.items()}
    waited = next((leg.record for leg in flown.legs if isinstance(leg.record, AwaitLaunchRecord)), None)
    broken = tuple(f"{v.phase}: {v.rule}" for v in flown.verdicts if not v.passed)
    return Check(
        ship=ship,
        what=what,
        feasible=not broken,
        words="flown" if not broken else f"flown, but {'; '.join(broken)}",
        lift_off=at.get("liftoff"),
        contact=at.get("contact"),
        docked=at.get("docked"),
        undocked=at.get("undocking"),
        landed=at.get("touchdown"),
        trim=waited.figures.trim_m_s if waited is not None and waited.figures is not None else None,
        miss=float(events["touchdown"].values["miss_km"]) if "touchdown" in events else None,
        broken=broken,
    )
