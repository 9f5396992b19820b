"""A whole campaign: prepared once, flown on as many processes as there are, reported when the last run is in."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from sim import __version__
from sim.build.mission import build
from sim.campaign import directory as place
from sim.campaign import table
from sim.campaign.estimate import processes, refuse_beyond_memory
from sim.campaign.load import Campaign, fits
from sim.campaign.lock import held, refuse_unless_ours
from sim.campaign.output import write
from sim.campaign.phases import PHASES, ready
from sim.campaign.run import FAILED, Prepared, Run, flown, fly_all, nominal, returns, whole_flights
from sim.campaign.stored_run import stored_run
from sim.campaign.summary import wilson
from sim.campaign.words import ALL, HOME
from sim.core.flight import Failure, Leg
from sim.export.plain import plain, write_json
from sim.files.output_directory import OutdirError
from sim.mission import Mission
from sim.planning.crew.plan import plan_week
from sim.scenario import Scenario, load
from sim.uncertainty.disperse import with_settings

SCHEMA = 2
BLOCK = 100  # runs, after which it is looked whether they are enough
Tick = Callable[[int, int], None]  # runs done, of how many
Start = tuple[Mission, tuple[Leg, ...]]


def conduct(
    campaign: Campaign,
    scenario: Scenario,
    asked: dict,
    runs: int,
    seed: int,
    workers: int | None,
    out: Path,
    force: bool,
    tick: Tick,
    start: Start | None = None,
) -> dict:
    """Fly runs 0..runs - 1 into `out`, or what is left of them; returns the content of campaign.json.

    `asked`: how the mission was named and overridden, which `rerun` needs. `start`: of the scenario's mission and the
    campaign's phase, where it was flown to already. Failure where the nominal does not fly.
    """
    with held(out) as warnings:
        refuse_unless_ours(out, force)
        if not force:
            place.refuse_another(out, plan_without_nominal(campaign, scenario, asked, seed), runs)
        refuse_beyond_memory(campaign, runs, workers)
        began = time.perf_counter()
        prepared, _ = prepare(campaign, scenario, seed, start)
        middle = nominal(prepared)
        if middle.status == FAILED and not PHASES[campaign.phase].may_fail:
            raise Failure(f"the nominal, undispersed: {middle.reason}")
        columns = table.header(campaign.dispersions, campaign.phase)
        begun = place.begin(out, _plan(campaign, scenario, asked, seed, middle), runs, columns, force)
        warnings += begun.warnings
        before = len(begun.rows)
        runs = _fly_enough(prepared, campaign, begun, runs, workers, tick)
        if len(begun.rows) == before and (content := place.finished(out, runs)):
            return content | {"warnings": warnings}
        if missing := set(range(runs)) - set(begun.rows):
            raise RuntimeError(f"{len(missing)} runs of {runs} never came back, run {min(missing)} among them")
        place.end(begun, columns)
        content = write(campaign, scenario, prepared.seed, middle, out, {"seconds": time.perf_counter() - began})
        return content | {"warnings": warnings}


def _fly_enough(
    prepared: Prepared, campaign: Campaign, begun: place.Begun, runs: int, workers: int | None, tick: Tick
) -> int:
    """Fly what is left of so many runs, or of as many as make the probability of success known to the campaign's
    half-width; how many there are then. It is looked for after each BLOCK of runs, so that the number depends on the
    runs alone and not on the workers."""
    present = max(begun.rows, default=-1) + 1
    for end in (*range(BLOCK, runs, BLOCK), runs) if campaign.halfwidth else (runs,):
        todo = [n for n in range(end) if n not in begun.rows]
        if todo:
            _fly(prepared, campaign, begun, todo, runs, workers, tick)
        if campaign.halfwidth:
            low, high = wilson(table.successes(begun.rows[n] for n in range(end)), end)
            if 0.5 * (high - low) <= campaign.halfwidth:
                return max(end, present)
    return runs


def _fly(
    prepared: Prepared,
    campaign: Campaign,
    begun: place.Begun,
    todo: list[int],
    runs: int,
    workers: int | None,
    tick: Tick,
) -> None:
    """Each line is on the disk before the next run is asked for."""
    with (begun.path / place.PARTIAL).open("a", encoding="utf-8", newline="") as file:
        tick(len(begun.rows), runs)
        for run in fly_all(prepared, todo, processes(len(todo), workers)):
            begun.rows[run.number] = table.line(run, campaign.dispersions, campaign.phase, begun.key)
            file.write(begun.rows[run.number])
            file.flush()
            tick(len(begun.rows), runs)


def begin(campaign: Campaign, scenario: Scenario) -> Start:
    """The scenario's mission at the start of the campaign's phase, planned, and the legs that lead there."""
    fits(campaign, scenario)
    return ready(build(scenario), campaign.phase)


def prepare(
    campaign: Campaign, scenario: Scenario, seed: int, start: Start | None = None
) -> tuple[Prepared, tuple[Leg, ...]]:
    """What every run begins with, and the legs that lead there."""
    mission, before = start or begin(campaign, scenario)
    mission = with_settings(mission, campaign.settings)
    if campaign.phase == ALL:
        return whole_flights(mission, scenario, seed, plan_week(scenario)), before
    if campaign.phase == HOME:
        return returns(mission, scenario, campaign.dispersions, seed), before
    return Prepared(mission, campaign.phase, campaign.dispersions, seed), before


def _plan(campaign: Campaign, scenario: Scenario, asked: dict, seed: int, middle: Run) -> dict:
    """What makes a campaign this one. The nominal is in it to the last bit, so that another version of the program, or
    another machine's arithmetic, does not fly on unseen in the same table."""
    found: dict = middle.quantities or {"failed": middle.reason}
    return plan_without_nominal(campaign, scenario, asked, seed) | {"nominal": found}


def plan_without_nominal(campaign: Campaign, scenario: Scenario, asked: dict, seed: int) -> dict:
    """What is known of it before anything is flown."""
    text = json.dumps(plain(scenario.raw, "scenario"), sort_keys=True)
    return {
        "schema": SCHEMA,
        "tiangong": __version__,
        **asked,
        "mission": scenario.name,
        "scenario_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "phase": campaign.phase,
        "seed": seed,
        "campaign_file": campaign.label,
        "campaign": campaign.raw,
    }


def rerun(out: Path, number: int) -> tuple[Run, Path]:
    """Fly one run of a campaign's directory again, as its row has it and whole, and write the flight into a directory
    of its own there. Where the campaign flies in longer steps than a mission, the two differ in their last digits.

    OutdirError where it is not the run of the table, or not the mission of the plan.
    """
    from sim.files.output_directory import whole
    from sim.output.run import write as write_flight

    stored = stored_run(out, number)
    plan, campaign = stored.plan, stored.campaign
    scenario = load(plan["mission_file"], plan["set"])
    prepared, before = prepare(campaign, scenario, plan["seed"])
    if _plan(campaign, scenario, {}, plan["seed"], nominal(prepared))["nominal"] != plan["nominal"]:
        raise OutdirError(f"{plan['mission_file']} is not the mission that was flown in {out}; fly the campaign anew")
    run, _ = flown(prepared, number)
    if stored.row not in (None, table.line(run, campaign.dispersions, campaign.phase, stored.key)):
        raise OutdirError(f"run {number} comes out otherwise than in {out}: it was flown by another program or machine")
    _, flight = flown(prepared, number, whole=True)
    if flight is None:
        raise Failure(run.reason)
    target = out / f"run-{number:04d}"
    with whole(target, force=True) as directory:
        flight = replace(flight, name=scenario.name, legs=(*before, *flight.legs))
        write_json(directory / "run.json", plain({"seed": plan["seed"], **asdict(run)}, "run"))
        write_flight(flight, scenario, prepared.mission.world, directory, {})
    return run, target
