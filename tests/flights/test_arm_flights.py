"""The arm's missions fly: a Tianzhou is captured and put into a port, and what the record has moved is moved."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from flown import Flown, fly_whole
from statements import holds

from sim.build.arm import base_of
from sim.core.arm_record import ArmCaptureRecord, TranspositionRecord
from sim.core.flight import Failure, recorded
from sim.docking.arm.inverse import reach
from sim.docking.arm.kinematics import chain, frames
from sim.export import collected, stored
from sim.export.arrays import record_arrays
from sim.export.plain import write_json
from sim.export.record import as_record
from sim.files.problems import ScenarioError
from sim.plots import figure as figure_of
from sim.scenario import load
from sim.scenario.load import load_named
from tests.texts import texts_apart

SHIP = "tianzhou-9"
# Minutes of each transposition as published, and how far it was turned.
RECORD = {
    "tianzhou-2-transposition": (47.0, 20.0),
    "wentian-transposition": (60.0, 90.0),
    "mengtian-transposition": (60.0, 90.0),
}


@pytest.fixture(scope="module")
def captured() -> Flown:
    return fly_whole("tianzhou-capture")


@pytest.fixture(scope="module")
def moved() -> dict[str, Flown]:
    return {mission: fly_whole(mission) for mission in RECORD}


def test_the_ship_hovers_is_taken_and_ends_in_the_port_with_every_rule_kept(captured):
    assert captured.flight.failed is None and all(v.passed for v in captured.flight.verdicts)
    leg = captured.leg("capture")
    record = recorded(leg, ArmCaptureRecord)
    found, limits = record.figures, captured.phase("capture").hover
    names = [e.name for e in leg.events if e.name not in ("hold_arrival", "hold_departure")]
    assert names == ["thrusters_off", "grapple", "berthing_end", "docked"]
    assert found.hover_off_m < limits.box and found.hover_speed_m_s < limits.speed
    assert 20.0 < found.grapple_s < limits.drift and found.most_joint_rate_share <= 1.0 + 1e-9
    scene = leg.scene
    assert scene.docked[SHIP] == "nadir" and SHIP not in scene.flying and SHIP not in scene.attitudes
    before = leg.trajectories["tiangong"]
    burnt = captured.before("capture").flying[SHIP].mass - scene.ships[SHIP]
    assert burnt == pytest.approx(found.propellant_kg) and scene.flying["tiangong"].mass == pytest.approx(
        before.mass[0] + scene.ships[SHIP]
    )


def test_the_arm_holds_the_fixture_from_the_grapple_to_the_port(captured):
    """The end effector by forward kinematics of what is stored, the fixture by where the craft is stored to be: both
    are one place, to what the snares took; and at the end the craft is where a docked ship is, to 1e-9 m."""
    record = recorded(captured.leg("capture"), ArmCaptureRecord)
    arm, shape = record.arm, record.geometry
    carrying = np.flatnonzero(arm.stage == 3)
    assert arm.gap_m[carrying].max() < 0.01
    angles = np.radians(np.column_stack(list(arm.angle_deg.values())))
    tip = shape.base_m + shape.base_axes @ chain(shape.origins_m, shape.axes, shape.tip_m, angles[-1])[-1].position
    assert np.abs(tip - [arm.tip_x_m[-1], arm.tip_y_m[-1], arm.tip_z_m[-1]]).max() < 1e-9
    docked = np.array([2.2, 0.0, 1.5 + 5.4])
    assert np.abs(docked - [arm.craft_x_m[-1], arm.craft_y_m[-1], arm.craft_z_m[-1]]).max() < 1e-9
    station = base_of(load_named("large-arm", "arm"), "node").position
    assert np.array_equal(station, shape.base_m)


def test_the_drift_begins_where_the_closed_loop_ends(captured):
    """The ring from the port, LVLH as the loop logs it, against the craft's place along the station's axes: apart by
    the station's own angle and the ship's, some 0.2 deg over 11 m."""
    record = recorded(captured.leg("capture"), ArmCaptureRecord)
    near, arm = record.relative, record.arm
    first = int(np.flatnonzero(arm.stage == 2)[0])
    assert arm.t_s[first] == pytest.approx(near.t_s[-1])
    ring = np.array([arm.craft_x_m[first] - 2.2, arm.craft_y_m[first], arm.craft_z_m[first] - 1.5 - 5.8])
    assert np.abs(ring - near.position_m[-1]).max() < 0.08


def test_momentum_is_exchanged_and_kept(captured):
    """The speed of both together is that of their momentum; the turn's momentum is rebuilt from both bodies alone to
    1e-4 of what is exchanged: the differences span corners of the moves' third derivative."""
    leg = captured.leg("capture")
    found = recorded(leg, ArmCaptureRecord).figures
    assert found.momentum_residual_n_m_s < 1e-4 * found.exchanged_n_m_s
    grapple = next(e.t for e in leg.events if e.name == "grapple")
    ship, station = leg.trajectories[SHIP], leg.trajectories["tiangong"]
    _, v_ship, m_ship = (x[-1] for x in ship.at([grapple]))
    _, v_station, m_station = (x[-1] for x in station.before([grapple]))
    _, v_both, m_both = (x[-1] for x in station.at([grapple]))
    assert m_both == pytest.approx(m_ship + m_station, abs=1e-6)
    assert np.abs(m_both * v_both - m_ship * v_ship - m_station * v_station).max() < 1e-3


def test_a_hover_out_of_the_arms_reach_and_a_payload_too_heavy_are_refused_in_words(captured):
    phase, scene, world = captured.phase("capture"), captured.before("capture"), captured.mission.world
    far = replace(phase, ranges=(60.0, 20.0, 12.0))
    with pytest.raises(Failure, match=r"the fixture of tianzhou-9 at its hover point is out of reach .* m nearer"):
        far.fly(scene, world)
    weak = replace(phase.mounted, arm=replace(phase.mounted.arm, payload=3000.0))
    with pytest.raises(Failure, match="tianzhou-9 has 12933 kg, and Tiangong's large arm moves 3000 kg at most"):
        replace(phase, mounted=weak).fly(scene, world)


@pytest.mark.parametrize("mission", RECORD)
def test_a_transposition_takes_as_long_as_its_rates_allow_beside_the_record(mission, moved):
    """Rates and times of latches are assumed: with those of the arm its test takes 38 min of the recorded 47, which
    held still somewhere on the way; the hour of the modules is divided by assumption, and only its sum compared."""
    minutes, degrees = RECORD[mission]
    found = recorded(moved[mission].leg("transposition"), TranspositionRecord).figures
    assert found.turned_deg == pytest.approx(degrees)
    assert found.duration_s / 60.0 == pytest.approx(minutes, rel=0.2)
    assert found.momentum_residual_n_m_s < 1e-4 * found.exchanged_n_m_s
    assert found.station_turn_deg > 5.0  # with its control off the station turns back


def test_a_transposition_ends_at_its_port_and_the_stack_weighs_the_same(moved):
    ports = {name: flown.leg("transposition").scene for name, flown in moved.items()}
    assert ports["tianzhou-2-transposition"].docked["tianzhou-2"] == "forward"
    assert ports["wentian-transposition"].docked["wentian"] == "starboard"
    assert ports["mengtian-transposition"].docked["mengtian"] == "port-side"
    for name, scene in ports.items():
        before = moved[name].before("transposition")
        assert scene.flying["tianhe"].mass == before.flying["tianhe"].mass and scene.ships == before.ships


def test_a_turn_that_leads_to_no_port_or_a_taken_one_is_refused_in_words(moved):
    flown = moved["mengtian-transposition"]
    phase, scene, world = flown.phase("transposition"), flown.before("transposition"), flown.mission.world
    with pytest.raises(Failure, match="mengtian cannot be turned to the starboard port, where wentian is docked"):
        replace(phase, to="starboard").fly(scene, world)
    with pytest.raises(Failure, match=r"turned by -60 deg .* 30\.0 deg from the axis of the port-side port"):
        replace(phase, turn=np.radians(-60.0)).fly(scene, world)


@pytest.mark.parametrize(
    ("mission", "override", "words"),
    [
        ("tianzhou-capture", "sequence.2.base=nod", "sequence.2.base: found 'nod'; allowed: one of 'node'"),
        ("tianzhou-capture", "sequence.2.arm=small", "sequence.2.arm: found 'small'; allowed: a path to an arm file"),
        ("tianzhou-capture", "sequence.2.holds_m=[60.0, 80.0, 4.0]", "sequence.2.holds_m.1: found 80; allowed: less"),
        ("tianzhou-capture", "sequence.2.holds_s=[60.0]", "sequence.2.holds_s: found 1 values; allowed: 3, one for"),
        ("wentian-transposition", "sequence.0.to=star", "sequence.0.to: found 'star'; allowed: one of 'forward'"),
        ("wentian-transposition", "sequence.0.base=node", "sequence.0.base: found given; allowed: no such key"),
        ("tianzhou-2-transposition", "sequence.0.arm=", "sequence.0.arm: found nothing; allowed: given"),
    ],
)
def test_a_mistake_in_the_tables_is_refused_before_anything_flies(mission, override, words):
    with pytest.raises(ScenarioError) as refused:
        load(mission, [override])
    assert words in str(refused.value)


# ---- what is simple


@holds("arm.rigid")
def test_links_keep_their_lengths_and_weigh_nothing(captured):
    leg = captured.leg("capture")
    record, scene = recorded(leg, ArmCaptureRecord), leg.scene
    shape = record.geometry
    angles = np.radians(np.column_stack(list(record.arm.angle_deg.values())))
    lengths = np.linalg.norm(np.vstack([shape.origins_m[1:], shape.tip_m]), axis=1)
    for row in angles[::40]:
        places = np.array([pose.position for pose in chain(shape.origins_m, shape.axes, shape.tip_m, row)])
        assert np.abs(np.linalg.norm(np.diff(places, axis=0), axis=1) - lengths).max() < 1e-12
    modules = captured.phase("capture").approach.station.modules
    assert scene.flying["tiangong"].mass == pytest.approx(modules + sum(scene.ships.values()), abs=1e-6)


@holds("arm.clearance")
def test_a_posture_through_the_docked_ship_is_not_refused(captured):
    """Some of those that reach the fixture at the port lead through the ship's cylinder or through Tianhe's."""
    phase = captured.phase("capture")
    mounted, ring = phase.mounted, phase.approach.ship.docking.ring
    docked = replace(phase, ranges=(0.0,))._hover()
    inside = 0
    for q in reach(mounted.arm, mounted.inverse.then(docked).then(mounted.grip), "the fixture"):
        places = np.array([mounted.base.then(pose).position for pose in frames(mounted.arm, q)[2:6]])
        points = np.vstack([a + s * (b - a) for a, b in pairwise(places) for s in np.linspace(0.0, 1.0, 21)])
        ship = (points - docked.position) @ docked.rotation
        in_ship = (np.abs(ship[:, 0]) < ring) & (np.hypot(ship[:, 1], ship[:, 2]) < 1.6)
        in_tianhe = (np.abs(points[:, 0] + 4.6) < 8.3) & (np.hypot(points[:, 1], points[:, 2]) < 1.4)
        inside += bool((in_ship | in_tianhe).any())
    assert inside > 0


@holds("arm.fixture_known")
def test_the_end_effector_ends_on_the_true_fixture(captured):
    """A camera that errs by centimetres would leave centimetres."""
    assert recorded(captured.leg("capture"), ArmCaptureRecord).figures.grasp_offset_m < 1e-3


@holds("arm.drift")
def test_from_thrusters_off_to_the_grapple_nothing_is_burnt(captured):
    leg = captured.leg("capture")
    begin, end = (next(e.t for e in leg.events if e.name == name) for name in ("thrusters_off", "grapple"))
    _, _, mass = leg.trajectories[SHIP].at(np.linspace(begin, end, 9))
    assert np.ptp(mass) == 0.0 and end > begin + 20.0


@holds("arm.control_off")
def test_the_station_turns_while_it_carries_and_the_next_phase_does_not_know(captured):
    leg = captured.leg("capture")
    record = recorded(leg, ArmCaptureRecord)
    assert abs(record.reaction.pitch_deg[-1]) > 5.0 and "tiangong" not in leg.scene.attitudes


def test_records_of_the_arm_come_back_and_are_drawn_without_text_over_text(captured, moved, tmp_path, monkeypatch):
    """By way of the files, as those of other phases in tests/test_export.py; then the picture, as in test_plots.py."""
    for name, flown in {"capture": captured, "transposition": moved["tianzhou-2-transposition"]}.items():
        place = tmp_path / name
        place.mkdir()
        record = as_record(flown.flight, flown.scenario.raw)
        write_json(place / "flight.json", record)
        data = collected.collect(flown.flight, flown.scenario.raw, flown.mission.world, record)
        stored.save(place / "series.npz", data)
        back = stored.load(place)
        leg, read = flown.leg(name), next(one for one in back.legs if one.phase == name)
        assert type(read.record) is type(leg.record) and type(read.record.figures) is type(leg.record.figures)
        one, other = record_arrays(leg.record), record_arrays(read.record)
        assert one.keys() == other.keys() and all(np.array_equal(one[key], other[key]) for key in one)
        texts_apart(lambda shown=back: figure_of("arm", shown), monkeypatch)
