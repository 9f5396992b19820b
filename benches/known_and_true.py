"""Does a mission that flies on what it knows keep its rules where the truth is another?

    tiangong bench known_and_true [drifts | density] [MISSION ...] [--first N] [--runs N]

drifts: the draws of a campaign (all of the mission's uncertainty, by the seed of its file), each flown to the end of
the transfer; how many keep each rule of drifts and with what clearance at least, and where the ship has taken another
time for a transfer because of what it knew. The steering and the steps are those of a campaign.

density: the thin air 25 % denser and thinner than foreseen, in truth only; trims, phase, contact and touchdown beside
those in the air as foreseen, and the rules that are broken.

Exit code 1 where a rule of drifts is broken or a flight ends early.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benches.arguments import whole
from benches.machine import machine
from sim.build.mission import build
from sim.campaign.phases import ready
from sim.campaign.whole import brief
from sim.campaign.words import ALL
from sim.core.flight import Flight
from sim.core.random_streams import RandomDraws
from sim.environment.density_error import STEP, with_error
from sim.files.errors import TiangongError
from sim.mission import Mission, fly
from sim.scenario import load
from sim.uncertainty.truth import uncertainty_of

MISSIONS = {
    "drifts": ["shenzhou-20", "shenzhou-21", "shenzhou-23"],
    "density": ["shenzhou-24-pakistan", "shenzhou-20", "shenzhou-21"],
}
SHARES = (0.0, 25.0, -25.0)  # %, of the density above 86 km
TIMES = ("liftoff", "contact", "touchdown")


def drawn(name: str, first: int, runs: int) -> Iterable[tuple[int, Flight]]:
    """Number and flight, to the end of the transfer, of the runs from `first` on of a campaign."""
    scenario = load(name)
    mission, _ = ready(build(scenario), ALL)
    uncertainty = uncertainty_of(scenario)
    if uncertainty is None:
        raise SystemExit(f"{name} names no uncertainty: nothing of it would be drawn")
    names = [phase.name for phase in mission.phases]
    if "transfer" not in names:
        raise SystemExit(f"{name} has no transfer to the station; its phases are {', '.join(names)}")
    until = names.index("transfer") + 1
    for run in range(first, first + runs):
        true = uncertainty.true(mission, RandomDraws(scenario.seed, run))
        yield run, fly(brief(replace(true, phases=true.phases[:until], branches={})))


def drifts(name: str, flights: Iterable[tuple[int, Flight]]) -> int:
    """Print how the rules of drifts are kept; returns how many flights break one or end early."""
    clear: dict[str, list[float]] = {}
    number, broken, changed = 0, 0, 0
    print(f"\n{name}")
    for run, flight in flights:
        number += 1
        if flight.failed:
            broken += 1
            print(f"  run {run}: {flight.failed.phase}: {flight.failed.reason}")
            continue
        checks = [check for check in flight.verdicts if check.rule.startswith("drift")]
        for check in checks:
            clear.setdefault(check.rule, []).append(check.margin)
        broken += any(not check.passed for check in checks)
        for check in checks:
            if not check.passed:
                print(f"  run {run}: {check.rule}: {check.value:.0f}, limit {check.limit:.0f} {check.unit}")
        for event in flight.events:
            if event.name == "transfer_time_change":
                changed += 1
                planned, taken = event.values["planned_s"], event.values["duration_s"]
                print(f"  run {run}: {taken:.0f} s in place of {planned:.0f} s: {event.values['reason']}")
    for rule, margins in clear.items():
        kept = sum(margin >= 0.0 for margin in margins)
        print(f"  {rule}: {kept} of {len(margins)}, by {min(margins):.0f} m at least")
    print(f"  {number - broken} of {number} flights keep all of them, {changed} in another time")
    return broken


def in_air(mission: Mission, percent: float) -> Mission:
    """The mission with a true density that is so much higher above 86 km than the one foreseen."""
    world = mission.world
    steps = math.ceil((world.end - world.start) / STEP) + 2
    return replace(mission, world=with_error(world, 1.0, np.full(steps, math.log1p(0.01 * percent))))


def density(name: str) -> int:
    """Print what the air does to a mission; returns how many flights end early."""
    mission, times, failed = build(load(name)), {}, 0
    print(f"\n{name}")
    for percent in SHARES:
        flight = fly(in_air(mission, percent))
        events = {event.name: event for event in flight.events}
        trims = [event.values["delta_v_m_s"] for event in flight.events if event.name == "station_trim"]
        values = {check.rule: check.value for check in flight.verdicts}
        times[percent] = {key: events[key].t for key in TIMES if key in events}
        phase = values.get("phase at insertion as the profile wants it", math.nan)
        moved = [f"{key} {times[percent][key] - times[0.0][key]:+.0f} s" for key in times[percent] if key in times[0.0]]
        air = f"{percent:+.0f} %" if percent else "as foreseen"
        trimmed = " ".join(f"{trim:.2f}" for trim in trims) or "none"
        print(f"  {air}: trims {trimmed} m/s, phase off by {phase:.2f} deg; {', '.join(moved)}")
        for check in flight.verdicts:
            if not check.passed:
                print(f"    broken: {check.rule}: {check.value:.4g}, limit {check.limit:.4g} {check.unit}")
        if flight.failed:
            failed += 1
            print(f"    {flight.failed.phase}: {flight.failed.reason}")
    return failed


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench known_and_true", description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=[*MISSIONS, "both"], nargs="?", default="both")
    parser.add_argument("missions", nargs="*", metavar="MISSION")
    parser.add_argument("--first", type=whole(0, 10**9), default=1, help="the first run of a campaign (1)")
    parser.add_argument("--runs", type=whole(1, 100_000), default=110, help="of drifts (110)")
    asked = parser.parse_args(arguments)
    print(machine())
    bad = 0
    try:
        if asked.what != "density":
            for name in asked.missions or MISSIONS["drifts"]:
                bad += drifts(name, drawn(name, asked.first, asked.runs))
        if asked.what != "drifts":
            for name in asked.missions or MISSIONS["density"]:
                bad += density(name)
    except TiangongError as error:
        print(error, file=sys.stderr)
        return 2
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
