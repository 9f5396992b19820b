"""`compare` on a flight made by hand: what is changed in it is found, said first, and written."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from made_flight import DEORBIT, FINAL, STATION, UP, made_flight
from made_results import write_results
from result_schemas import problems
from typer.testing import CliRunner

import sim
from sim.cli.main import app
from sim.core.flight import Event, Flight
from sim.core.trajectory import Trajectory
from sim.export import finished, stored
from sim.files import packaged
from sim.files.errors import BadInput, DataError
from sim.verification import compared_cause, compared_paths, compared_text


@pytest.fixture(scope="module")
def made():
    return made_flight()


@pytest.fixture(scope="module")
def run(made, tmp_path_factory):
    return write_results(*made, tmp_path_factory.mktemp("made") / "run")


def altered(flight: Flight, phase: str, **changes) -> Flight:
    legs = tuple(replace(leg, **changes) if leg.phase == phase else leg for leg in flight.legs)
    return replace(flight, legs=legs)


def leg(flight: Flight, phase: str):
    return next(leg for leg in flight.legs if leg.phase == phase)


def moved(path: Trajectory, after: float, by: float) -> Trajectory:
    """The same, `by` metres aside from the first node after a time."""
    r = path.r.copy()
    r[path.t > after] += by
    return replace(path, r=r)


@pytest.fixture(scope="module")
def other(made, tmp_path_factory):
    """The same flight, but that the ship is 10 m aside in the second half of its final approach, and what follows:
    another contact, a rule that breaks, a touchdown 2 s later."""
    flight, scenario, world = made
    docking, descent = leg(flight, "docking"), leg(flight, "descent")
    paths = {**docking.trajectories, UP: moved(docking.trajectories[UP], FINAL + 400.0, 10.0)}
    events = tuple(
        replace(e, values={**e.values, "port": "nadir"}) if e.name == "docked" else e for e in docking.events
    )
    checks = (replace(docking.verdicts[0], value=0.01), *docking.verdicts[1:])
    changed = altered(flight, "docking", trajectories=paths, events=events, verdicts=checks)
    later = tuple(replace(e, t=e.t + 2.0) if e.name == "touchdown" else e for e in descent.events)
    changed = altered(changed, "descent", events=later)
    return write_results(changed, scenario, world, tmp_path_factory.mktemp("other") / "run")


# ---- equal, and not


def test_a_flight_is_equal_to_itself_and_to_its_copy(run, tmp_path):
    again = shutil.copytree(run, tmp_path / "again")
    found = sim.compare(run, again)
    assert found.equal and found.content()["status"] == "equal" and found.content()["first_difference"] is None
    assert "to the last bit" in repr(found)


def test_one_last_bit_of_one_node_is_found(made, run, tmp_path):
    flight, scenario, world = made
    docking = leg(flight, "docking")
    path = docking.trajectories[UP]
    r = path.r.copy()
    r[20, 1] = np.nextafter(r[20, 1], np.inf)
    changed = altered(flight, "docking", trajectories={**docking.trajectories, UP: replace(path, r=r)})
    found = sim.compare(run, write_results(changed, scenario, world, tmp_path / "bit")).compared
    assert not found.equal and [one.vehicle for one in found.partings] == [UP]
    assert found.partings[0].leg == "docking" and found.partings[0].t == path.t[20]
    assert found.partings[0].equal_until == path.t[19]


def test_the_first_difference_comes_first(run, other):
    found = sim.compare(run, other)
    lines = found.lines()
    assert lines[2].startswith(f"first difference: trajectory of {UP} in docking, between ")
    assert lines[2].endswith("; before it both flights are equal to the last bit")
    content = found.content()
    named = {event["name"]: event for event in content["events"]}
    assert set(named) == {"docked", "touchdown"}
    assert named["touchdown"]["later_s"] == named["touchdown"]["later_from_liftoff_s"] == 2.0
    turned = [rule for rule in content["rules"] if rule["turned"]]
    assert [rule["rule"] for rule in turned] == ["closing speed at contact, least"]
    assert any("holds -> broken" in line for line in lines)


def test_differences_are_radial_along_and_cross(run, other):
    path = next(p for p in sim.compare(run, other).compared.paths if p.vehicle == UP)
    size = np.linalg.norm(path.rtn, axis=1)
    assert size.max() == pytest.approx(10.0 * np.sqrt(3.0), rel=1e-9)
    assert size[path.t <= FINAL + 400.0].max() == 0.0
    docking = next(one for one in path.legs if one.leg == "docking")
    assert docking.largest == pytest.approx(size.max()) and np.linalg.norm(docking.end) == pytest.approx(size.max())
    assert [limit for limit, _ in path.over] == [1e-3, 1.0]


def test_axes_of_a_known_orbit():
    from sim.verification.compared_burns import rtn_axes

    axes = rtn_axes(np.array([[7e6, 0.0, 0.0]]), np.array([[10.0, 7.5e3, 0.0]]))
    np.testing.assert_allclose(axes[0], np.eye(3), atol=1e-12)


def test_seconds_from_lift_off_are_not_those_from_zero(made, run, tmp_path):
    flight, scenario, world = made
    ascent = leg(flight, "ascent")
    late = tuple(replace(e, t=e.t + 30.0) if e.name == "liftoff" else e for e in ascent.events)
    changed = altered(flight, "ascent", events=late)
    events = sim.compare(run, write_results(changed, scenario, world, tmp_path / "late")).content()["events"]
    after = {event["name"]: event for event in events}
    assert after["liftoff"]["later_s"] == 30.0 and after["liftoff"]["later_from_liftoff_s"] == 0.0
    assert after["touchdown"]["later_s"] == 0.0 and after["touchdown"]["later_from_liftoff_s"] == -30.0


def test_an_event_of_one_flight_alone(made, run, tmp_path):
    flight, scenario, world = made
    deorbit = leg(flight, "deorbit")
    more = (*deorbit.events, Event("another_pass", DEORBIT + 10.0, UP, {}))
    changed = altered(flight, "deorbit", events=more)
    found = sim.compare(run, write_results(changed, scenario, world, tmp_path / "more"))
    assert found.first_difference.startswith("event another_pass 1 of shenzhou-24 (")
    assert found.first_difference.endswith("is in the second flight alone")


def test_a_history_that_differs_before_the_trajectory_is_named(made, run, tmp_path):
    flight, scenario, world = made
    docking = leg(flight, "docking")
    navigation = docking.record.navigation
    error = navigation.error_x_m.copy()
    error[7:] += 0.01
    record = replace(docking.record, navigation=replace(navigation, error_x_m=error))
    changed = altered(flight, "docking", record=record)
    found = sim.compare(run, write_results(changed, scenario, world, tmp_path / "sensed"))
    assert found.first_difference.startswith("navigation of docking (error_x_m) at ")
    assert found.content()["first_difference"]["kind"] == "history"


def test_flights_of_other_days_share_no_time(made, run, tmp_path):
    flight, scenario, world = made
    changed = replace(flight, zero=flight.zero.plus(100 * 86400.0))
    found = sim.compare(run, write_results(changed, scenario, world, tmp_path / "days"))
    assert "begin at different times" in found.first_difference
    assert "trajectories: no craft flies at the same time in both flights" in found.lines()


def test_the_scenario_key_by_key(made, run, tmp_path):
    flight, scenario, world = made
    changed = replace_raw(scenario, "launch", "perigee_km", 205.0)
    found = sim.compare(run, write_results(flight, changed, world, tmp_path / "keys"))
    assert found.equal  # it changed nothing that was flown
    assert [one["key"] for one in found.content()["scenario"]] == ["launch.perigee_km"]
    assert any(line.strip().startswith("launch.perigee_km: ") for line in found.lines())


def replace_raw(scenario, table, key, value):
    from types import SimpleNamespace

    raw = {**scenario.raw, table: {**scenario.raw[table], key: value}}
    return SimpleNamespace(**{**vars(scenario), "raw": raw})


def test_by_how_much_in_words():
    assert compared_cause.by_how_much(np.array([0.0, 1.0, 0.0])) == "+1.000 m/s along track"
    assert compared_cause.by_how_much(np.array([-1e-4, 0.0, 0.0])) == "-0.0001 m/s radial"
    both = compared_cause.by_how_much(np.array([3.0, 4.0, 0.0]))
    assert both == "5.000 m/s (radial +3.000, along track +4.000, cross track +0.000)"


def test_a_thinned_difference_keeps_the_largest():
    t = np.sort(np.random.default_rng(4).uniform(0.0, 1000.0, 20_000))
    rtn = np.zeros((len(t), 3))
    rtn[12_345, 2] = 5.0
    path = compared_paths.PathDifference("x", t, rtn, rtn, (), ())
    short, kept = compared_paths.thinned(path, 0.0, points=100)
    assert len(short) <= 100 and kept[:, 2].max() == 5.0 and (np.diff(short) > 0.0).all()


# ---- what is written


def test_pictures_and_files(run, other, tmp_path):
    done = CliRunner().invoke(app, ["compare", str(run), str(other), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"compare.json", "compare.txt", "differences.png", "events.png", "manifest.json"}  # no track apart
    content = json.loads((tmp_path / "out" / "compare.json").read_text())
    assert content["status"] == "different" and content["first_difference"]["kind"] == "trajectory"
    refused = CliRunner().invoke(app, ["compare", str(run), str(other), "--out", str(tmp_path / "out")])
    assert refused.exit_code == 2 and "--force" in refused.stderr
    again = CliRunner().invoke(app, ["compare", str(run), str(other), "--out", str(tmp_path / "out"), "--force"])
    assert again.exit_code == 0


def test_json_of_the_command_is_one_object(run, other):
    done = CliRunner().invoke(app, ["compare", str(run), str(other), "--json"])
    said = json.loads(done.stdout)
    assert said["verb"] == "compare" and said["status"] == "different" and done.exit_code == 0
    assert problems("compare", said, whole=True) == problems("compare", sim.compare(run, run).content()) == []


def test_the_exit_code_only_where_it_is_asked_for(run, other):
    assert CliRunner().invoke(app, ["compare", str(run), str(run), "--exit-code"]).exit_code == 0
    done = CliRunner().invoke(app, ["compare", str(run), str(other), "--exit-code"])
    assert done.exit_code == 3 and done.stderr.startswith("not equal: trajectory of shenzhou-24 in docking")


def test_beside_its_record(run):
    done = CliRunner().invoke(app, ["compare", str(run), "--record"])
    assert done.exit_code == 0 and "beside its record" in done.stdout
    rows = sim.compare_record(run)
    assert len(list(rows)) == len(json.loads((run / "flight.json").read_text())["record"])
    said = json.loads(CliRunner().invoke(app, ["compare", str(run), "--record", "--json"]).stdout)
    assert said["events"] == rows.content()["events"]


# ---- what is refused, and what is old


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["compare", "{run}"], "compare: found one directory; write a second one, or --record"),
        (["compare", "{run}", "{run}", "--record"], "--record: found a second directory"),
        (["compare", "{run}", "--record", "--out", "x"], "--out: found x beside --record"),
        (["compare", "{run}", "{empty}"], "holds no results of a run"),
    ],
)
def test_a_wrong_question_is_answered_in_words(run, tmp_path, words, says):
    done = CliRunner().invoke(app, [word.format(run=run, empty=tmp_path) for word in words])
    assert done.exit_code == 2 and says in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_damaged_flight_is_refused(run, tmp_path):
    cut = shutil.copytree(run, tmp_path / "cut")
    (cut / finished.TRAJECTORIES).write_bytes((run / finished.TRAJECTORIES).read_bytes()[:-10])
    with pytest.raises(DataError, match=r"trajectories\.npz is damaged"):
        sim.compare(run, cut)
    with pytest.raises(BadInput, match="holds no results of a run"):
        sim.compare(run, tmp_path / "nothing")


def test_a_flight_that_kept_no_trajectories_is_compared_by_the_rest(run, tmp_path):
    old = shutil.copytree(run, tmp_path / "old")
    (old / finished.TRAJECTORIES).unlink()
    manifest = json.loads((old / finished.MANIFEST).read_text())
    del manifest["files_sha256"][finished.TRAJECTORIES]
    (old / finished.MANIFEST).write_text(json.dumps(manifest))
    found = sim.compare(run, old)
    assert not found.equal and any("holds no trajectories.npz" in line for line in found.lines())
    assert "nothing that is compared differs" in found.lines()


def test_a_later_schema_is_refused_with_what_to_do(run, tmp_path):
    later = shutil.copytree(run, tmp_path / "later")
    record = json.loads((later / finished.FLIGHT).read_text())
    (later / finished.FLIGHT).write_text(json.dumps(record | {"schema": 2}))
    manifest = json.loads((later / finished.MANIFEST).read_text())
    manifest["files_sha256"][finished.FLIGHT] = packaged.digest(later / finished.FLIGHT)
    (later / finished.MANIFEST).write_text(json.dumps(manifest))
    for read in (lambda: sim.compare(run, later), lambda: stored.load(later, finished.written(later))):
        with pytest.raises(BadInput, match="has schema 2, and this version reads up to 1: a later version .* install"):
            read()


def test_the_lines_say_all_tables(run, other):
    heads = [line.split(":")[0] for line in compared_text.lines(sim.compare(run, other).compared)]
    for head in ("scenario", "versions and data", "burns", "events", "rules", f"trajectory of {STATION}"):
        assert head in heads
