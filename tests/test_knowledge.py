"""Truth and knowledge apart: what plans, steers or navigates never reads what is true."""

from __future__ import annotations

import ast
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.build.mission import build
from sim.core.random_streams import RandomDraws, stream
from sim.core.scene import AS_MODELLED, KnownState, ModelError, State
from sim.core.station_stack import KnownStack, Stack
from sim.environment.density_error import STEP, Wandering, observed, updated, with_error
from sim.environment.world import KnownWorld, World
from sim.mission import Mission, fly
from sim.orbit import propagate as orbits
from sim.orbit.ground_tracking import GroundTracking
from sim.orbit.site_passes import landings
from sim.phases.ascent import Ascent
from sim.phases.await_launch import AwaitLaunch
from sim.phases.deorbit import Deorbit
from sim.phases.undocking import Undocking
from sim.scenario import load
from sim.uncertainty.truth import true_mission, uncertainty_of, with_draws

ROOT = Path(sim.__file__).resolve().parent
PLANNERS = (
    "orbit/phasing_trim.py",
    "rendezvous/targeting.py",
    "rendezvous/phasing_plan.py",
    "rendezvous/separation.py",
    "ascent/steering.py",
    "reentry/deorbit_targeting.py",
)
PHYSICS = {"fall", "target"}  # of a planner's file: what judges asks for them as well
DAY = 86400.0


@pytest.fixture(scope="module")
def mission() -> Mission:
    """One of which all is known exactly."""
    return build(load("shenzhou-20", ["uncertainty="]))


@pytest.fixture(scope="module")
def uncertain() -> Mission:
    return build(load("shenzhou-20"))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(name: str) -> set[str]:
    """Files of `sim` that call something of that name."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == name
    }


# ---- the architecture


@pytest.mark.parametrize("file", PLANNERS)
def test_planners_ask_for_known_worlds_and_known_states(file):
    """mypy then refuses a true one where they are called (tests/test_types.py)."""
    for function in ast.walk(parsed(ROOT / file)):
        if isinstance(function, ast.FunctionDef) and function.name not in PHYSICS:
            given = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
            types = {ast.unparse(a.annotation) for a in given if a.annotation}
            assert not types & {"World", "State", "Scene"}, f"{file}: {function.name} takes what may be true"


def test_what_aims_at_the_station_takes_it_as_it_is_known():
    known = {"phases/transfer.py", "phases/fly_around.py", "phases/undocking.py", "phases/capture.py"}
    assert calls("known_stack") == known
    assert calls("true_stack") == {
        "docking/approach.py",  # of the closed loop, which declares it
        "phases/docking.py",
        "phases/undocking.py",
        "phases/capture.py",  # where the foot of the arm is as it moves
        "phases/transposition.py",  # the same
        "phases/transfer.py",  # judges where the ship has come to
    }


def test_a_known_type_is_not_what_the_truth_is():
    assert issubclass(KnownWorld, World) and issubclass(KnownState, State) and issubclass(KnownStack, Stack)
    assert not {"forecast_of", "truth"} & set(KnownWorld.__dataclass_fields__)


def test_there_are_few_ways_from_the_truth_to_what_is_known():
    """Tracking and navigation; beside them only what knows no truth: element sets, and what is known already."""
    assert calls("KnownState") == {
        "core/scene.py",
        "core/navigation_errors.py",
        "orbit/ground_tracking.py",
        "orbit/phasing_trim.py",  # here and there: a known state, carried on along a known path
        "ascent/optimum.py",
        "planning/launch/cola.py",  # the end of a planned ascent, carried on
        "planning/station/setting.py",  # of element sets
        "planning/station/carried_out.py",  # tracking, with its errors
    }
    assert calls("KnownWorld") == {"environment/world.py"}
    assert calls("KnownStack") == {"core/station_stack.py"}  # by the masses of the models
    # The campaign states after the flight what the air was, as a cause of the scatter.
    assert calls("observed") == {"orbit/ground_tracking.py", "campaign/return_.py"}
    # Before a flight, from the plan's own states.
    allowed = (
        "planning/",
        "phases/phasing.py",
        "core/scene.py",
        "verification/landings.py",
        "campaign/return_.py",
    )
    assert all(file.startswith(allowed) for file in calls("as_planned"))


# ---- what a plan knows


def truth(mission: Mission, error: float, since: float) -> World:
    """The world whose thin air is `error` of ln(density) off from `since` s on."""
    count = math.ceil((mission.world.end - mission.world.start) / STEP) + 1
    times = mission.world.start + STEP * np.arange(count)
    return with_error(mission.world, 1.0, np.where(times >= since, error, 0.0))


def test_a_trim_is_planned_before_the_air_is_found_to_be_another(mission):
    """The air changes an hour after the fix of the first trim: the same burn is commanded to the last bit, and the
    corrections are others."""
    wait = mission.phases[0]
    assert isinstance(wait, AwaitLaunch)
    liftoff = wait.span[0]
    since = liftoff - wait.trim_before - 3600.0 + STEP
    commanded = []
    for error in (0.0, 0.3):
        leg = fly(replace(mission, world=truth(mission, error, since), phases=(wait,))).legs[0]
        commanded.append([e.values["commanded_m_s"] for e in leg.events if e.name == "station_trim"])
    assert commanded[0][0] == commanded[1][0]
    assert commanded[0][1:] != commanded[1][1:]


def test_the_phase_is_missed_by_air_that_nobody_saw(mission):
    """With no correction: the miss is that of five days of drag which is exp(0.3) times the one foreseen."""
    wait = mission.phases[0]
    assert isinstance(wait, AwaitLaunch)
    alone = replace(wait, corrections=())
    off = []
    for error in (0.0, 0.3):
        flown = fly(replace(mission, world=truth(mission, error, wait.span[0] - wait.trim_before), phases=(alone,)))
        off.append(next(v.value for v in flown.verdicts if v.rule.startswith("phase at insertion")))
    assert off[0] < 0.001
    assert 0.1 < off[1] < 1.5  # deg: 3/4 n/a |da/dt| T^2 0.35 is 0.6 for a decay of 100 m a day


def test_the_deorbit_burn_is_planned_for_the_ship_of_the_model(mission):
    """A capsule that is 2 % heavier than its model: the same burn is commanded, and the entry is another."""
    phase = next(p for p in mission.phases if isinstance(p, Deorbit))
    planner, ship = phase.planner, phase.ship_name
    station, world = mission.scene.flying["tiangong"], mission.world.known()
    path = orbits.fly(station, 0.0, 2.0 * DAY, world)
    t0 = landings(path, planner.site, world, 0.5 * DAY, path.end)[0].overflight - planner.landing_in
    r, v, _ = (x[0] for x in path.at(t0))
    state = State(r, v, mission.scene.ships[ship], phase.ship.cda)
    heavy = replace(state, mass=state.mass * 1.02, cda=state.cda * 1.1)
    plans = [
        planner.plan(GroundTracking().fix(true, error, "deorbit", 0), t0, world)
        for true, error in ((state, AS_MODELLED), (heavy, ModelError(1.02, 1.1)))
    ]
    assert plans[0].dv == pytest.approx(plans[1].dv, abs=1e-9)  # of what dividing by the factor rounds off


def test_the_plane_is_judged_by_the_true_station(mission):
    """A station that is tracked 20 km off is missed, however well its tracked plane is met: 20 km are 0.17 deg."""
    wait, ascent = mission.phases[:2]
    assert isinstance(ascent, Ascent)
    scene = wait.fly(mission.scene, mission.world).scene
    steered = replace(ascent, steering=ascent.planned(scene, mission.world).steering, study=None)
    off = []
    for position in (0.0, 20.0e3):
        ground = GroundTracking(position=position, draws=RandomDraws(3))
        leg = replace(steered, ground=ground).fly(scene, mission.world)
        off.append(next(v.value for v in leg.verdicts if v.rule == "plane at insertion"))
    assert off[0] < 0.001 and off[1] > 0.02


def test_a_ship_leaves_with_its_own_drag_area_and_mass(uncertain):
    """What was drawn for the ship that returns is true in its flight, and the station keeps its own."""
    flight = true_mission(uncertain, load("shenzhou-20"))
    phase = next(p for p in flight.phases if isinstance(p, Undocking))
    leg = phase.fly(flight.scene, flight.world)
    ship, model = leg.scene.flying[phase.ship_name], phase.ship.cda
    factor = 1.0 + 0.01 * flight.drawn["drag_area.returning"][0]
    assert ship.cda == pytest.approx(model * factor, rel=1e-12)
    before = flight.scene.flying["tiangong"].cda
    assert leg.scene.flying["tiangong"].cda == pytest.approx(before - model * factor, rel=1e-9)
    fix = GroundTracking().fix(ship, leg.scene.model_error(phase.ship_name), "test", 0)
    assert fix.cda == pytest.approx(model, rel=1e-12)


def test_nothing_near_the_station_is_drawn_of_a_mission_without_a_docking():
    scenario = load("return-only", ["uncertainty=crewed"])
    uncertainty = uncertainty_of(scenario)
    assert uncertainty is not None
    assert not [d.path for d in uncertainty.laws if d.path.startswith(("thrusters.", "station.", "launcher."))]
    assert true_mission(build(scenario), scenario).drawn


# ---- the air


def test_the_wandering_of_the_air_has_the_law_that_was_asked_for():
    """Sigma and correlation of 40 years of it, against the law; 2.5 % is three sigma of the sigma's own scatter."""
    law = Wandering(0.15, 3.0 * DAY)
    error = law.drawn(0.0, 40 * 365.25 * DAY, stream(1, 0, "air"))
    assert np.std(error) == pytest.approx(0.15, rel=0.05)
    lag = round(3.0 * DAY / STEP)
    assert np.corrcoef(error[:-lag], error[lag:])[0, 1] == pytest.approx(math.exp(-1.0), abs=0.06)


def test_tracking_sees_the_error_of_the_day_before(mission):
    world = truth(mission, 0.3, 2.0 * DAY)
    assert observed(world, 1.5 * DAY) == 0.0
    assert observed(world, 4.0 * DAY) == pytest.approx(0.3, abs=1e-12)
    assert observed(with_error(mission.world, 1.25, np.zeros(8)), DAY) == pytest.approx(math.log(1.25), abs=1e-12)


def test_a_forecast_fades_from_what_was_seen(mission):
    known = updated(mission.world.known(), 5.0 * DAY, 0.2, 3.0 * DAY)
    change = known.forces.air.change[:, 0, 0, 0]
    times = known.forces.air.change_t0 + known.forces.air.change_dt * np.arange(len(change))
    assert np.interp(5.0 * DAY, times, change) == pytest.approx(0.2, abs=1e-3)
    assert np.interp(8.0 * DAY, times, change) == pytest.approx(0.2 * math.exp(-1.0), abs=1e-3)
    assert isinstance(known, KnownWorld)


# ---- one record, one seed


def test_nothing_is_drawn_where_nothing_is_uncertain(mission):
    scenario = load("shenzhou-20", ["uncertainty="])
    assert uncertainty_of(scenario) is None
    assert true_mission(mission, scenario) is mission


def test_a_flight_and_a_campaign_draw_the_same(uncertain):
    scenario = load("shenzhou-20")
    uncertainty = uncertainty_of(scenario)
    assert uncertainty is not None
    flight, run = true_mission(uncertain, scenario), uncertainty.true(uncertain, RandomDraws(scenario.seed, 0))
    assert flight.drawn == run.drawn != uncertainty.true(uncertain, RandomDraws(scenario.seed, 1)).drawn
    np.testing.assert_array_equal(flight.world.forces.air.change, run.world.forces.air.change)
    assert flight.world.known().forces.air is uncertain.world.forces.air


def test_what_is_drawn_is_in_the_mission_and_not_in_what_is_known(uncertain):
    scenario = load("shenzhou-20")
    flight = true_mission(uncertain, scenario)
    factor = 1.0 + 0.01 * flight.drawn["mass.station"][0]
    station, model = flight.scene.flying["tiangong"], uncertain.scene.flying["tiangong"].mass
    docked = flight.scene.ships["shenzhou-19"] - uncertain.scene.ships["shenzhou-19"]  # it is part of the station
    assert station.mass == pytest.approx(factor * model + docked, rel=1e-12)
    fix = GroundTracking().fix(station, flight.scene.model_error("tiangong"), "test", 0)
    assert fix.mass == pytest.approx(model + docked / factor, rel=1e-12)
    wait = flight.phases[0]
    assert isinstance(wait, AwaitLaunch) and wait.ground.draws.seed == scenario.seed


def test_the_draws_of_a_run_reach_every_phase(uncertain):
    seeds = set()
    for phase in with_draws(uncertain, RandomDraws(99, 5)).phases:
        for held in vars(phase).values():
            draws = held if isinstance(held, RandomDraws) else getattr(held, "draws", None)
            seeds |= {(draws.seed, draws.run)} if isinstance(draws, RandomDraws) else set()
    assert seeds == {(99, 5)}
