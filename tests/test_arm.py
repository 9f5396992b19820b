"""The robotic arm: kinematics beside a published table and a kept library, refusals, moves, and momentum."""

from __future__ import annotations

import math

import numpy as np
import pytest
from optional import needed

from kernels.docking.route import rest_to_rest
from sim.build.arm import arm_of, base_of
from sim.core.docking_frame import axes_of_port
from sim.core.vehicle import cylinder
from sim.docking.arm.inverse import near, polish, reach, solutions, with_shoulder_roll
from sim.docking.arm.kinematics import (
    ArmError,
    Pose,
    dexterity,
    error,
    forward,
    frames,
    jacobian,
    rotation_of,
    rotation_vector,
    turn,
)
from sim.docking.arm.motion import along, between, least_duration, straight_to, through_joints
from sim.docking.arm.plan import Carry, carried, grip_pose, ports_in_reach, ready_for
from sim.docking.arm.reaction import Pair, react, rebuilt_momentum
from sim.docking.arm.tracking import follow
from sim.scenario.load import load_named

LARGE, REFERENCE = load_named("large-arm", "arm"), load_named("ssrms", "arm")
ARM, SSRMS = arm_of(LARGE), arm_of(REFERENCE)
BASE = base_of(LARGE, "node")
# Poses of Canadarm2 after Nguyen and Hughes, Progress in Astronautics and Aeronautics 161 (1994), by the product of
# exponentials: angles in deg, place m, rotation by rows. Given to 12 digits.
PUBLISHED = [
    ([0] * 7, [0.0, 0.0, -1.80164], np.eye(3)),
    ([0, 0, 0, 90, 0, 0, 0], [8.03746, -8.03746, -1.80164], [[0, -1, 0], [1, 0, 0], [0, 0, 1]]),
    (
        [10, -20, 30, -40, 50, -60, 70],
        [-1.60306700525, 4.355037552669, -3.47525959483],
        [
            [0.627460177888, -0.4460121657, 0.638252985274],
            [-0.230458713077, 0.676592154713, 0.699365310655],
            [-0.74376239938, -0.585914843837, 0.32174724403],
        ],
    ),
    (
        [109.8, 110.9, 5.5, -77.1, -160.6, -42.0, -32.9],
        [-0.798778676972, 5.7806288249, 7.418434434269],
        [
            [0.45719987042, -0.099763681486, 0.883750805569],
            [0.609131509682, -0.688905744275, -0.392896525076],
            [0.648017810249, 0.717952702733, -0.254198415099],
        ],
    ),
    (
        [143.2, 123.9, -38.7, -2.5, 63.6, -158.1, 20.0],
        [-0.961129835642, -0.141691144605, 1.110941372605],
        [
            [0.09799920584, 0.615647343411, -0.781904408611],
            [-0.781905625506, -0.438411929864, -0.44319134982],
            [-0.615645797888, 0.654807856018, 0.438414100184],
        ],
    ),
]


def drawn(seed: int, count: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-math.pi, math.pi, (count, 7))


def missing(arm, target: Pose, q: np.ndarray) -> float:
    return float(np.abs(error(target, forward(arm, q))).max())


@pytest.mark.parametrize(("degrees", "place", "rotation"), PUBLISHED)
def test_forward_kinematics_are_the_published_ones(degrees, place, rotation):
    found = forward(SSRMS, np.radians(degrees))
    assert np.abs(found.position - place).max() < 1e-9
    assert np.abs(found.rotation - np.array(rotation)).max() < 1e-9


@pytest.mark.parametrize("arm", [ARM, SSRMS], ids=["large", "ssrms"])
def test_forward_and_inverse_kinematics_are_those_of_a_kept_library(arm):
    """ikpy multiplies the 4x4 matrices of a URDF chain; both ways to 1e-9 m and in the rotation."""
    needed("ikpy")
    from ikpy.chain import Chain
    from ikpy.link import OriginLink, URDFLink

    joints = [
        URDFLink(f"joint {i}", origin_translation=o, origin_orientation=[0, 0, 0], rotation=a)
        for i, (o, a) in enumerate(zip(arm.origins, arm.axes, strict=True))
    ]
    tip = URDFLink("tip", origin_translation=arm.tip, origin_orientation=[0, 0, 0], joint_type="fixed", rotation=None)
    chain = Chain([OriginLink(), *joints, tip], active_links_mask=[False] + 7 * [True] + [False])

    def library(q: np.ndarray) -> np.ndarray:
        return chain.forward_kinematics([0.0, *q, 0.0])

    for q in drawn(1, 20):
        theirs, ours = library(q), forward(arm, q)
        assert np.abs(theirs[:3, 3] - ours.position).max() < 1e-9
        assert np.abs(theirs[:3, :3] - ours.rotation).max() < 1e-9
        for found in with_shoulder_roll(arm, ours, float(q[0])):
            again = library(found)
            assert np.abs(again[:3, 3] - ours.position).max() < 1e-9
            assert np.abs(again[:3, :3] - ours.rotation).max() < 1e-9


@pytest.mark.parametrize("arm", [ARM, SSRMS], ids=["large", "ssrms"])
def test_every_solution_reaches_the_target_and_the_angles_it_was_made_of_are_among_them(arm):
    for q in drawn(2, 25):
        target = forward(arm, q)
        found = with_shoulder_roll(arm, target, float(q[0]))
        assert 1 <= len(found) <= 8 and max(missing(arm, target, x) for x in found) < 1e-12
        apart = [np.abs((x - q + math.pi) % (2 * math.pi) - math.pi).max() for x in found]
        assert min(apart) < 1e-7  # near a singular posture angles are worse known than places
        assert len({tuple(np.round(x, 6)) for x in found}) == len(found)


def test_solutions_keep_the_limits_and_the_soonest_reached_comes_first():
    target = forward(ARM, np.radians([30.0, -40, 50, 60, -20, 40, 10]))
    found = solutions(ARM, target)
    assert len(found) > 100 and all(((q >= ARM.lower) & (q <= ARM.upper)).all() for q in found)
    travel = [float((np.abs(q - ARM.stowed) / ARM.rates).max()) for q in found]
    assert travel == sorted(travel)
    assert near(ARM, np.radians([280.0] + 6 * [0]), np.radians([265.0] + 6 * [0]))[0] == pytest.approx(
        math.radians(-80.0)
    )


def test_the_jacobian_is_the_slope_of_the_pose():
    """Central differences over 2e-6 rad: their own error is 1e-9."""
    for q in drawn(3, 5):
        step = 1e-6 * np.eye(7)
        slopes = [error(forward(ARM, q + d), forward(ARM, q - d)) / 2e-6 for d in step]
        assert np.abs(np.array(slopes).T - jacobian(ARM, q)).max() < 2e-8


def test_polish_ends_on_the_target_from_a_tenth_of_a_radian_away():
    for q in drawn(4, 10):
        if dexterity(ARM, q) > 0.05:
            target = forward(ARM, q)
            found = polish(ARM, target, q + 0.1 * np.cos(np.arange(7)))
            assert found is not None and missing(ARM, target, found) < 1e-12


def test_rotation_vectors_and_rotations_are_each_others_reverse():
    for v in drawn(5, 20)[:, :3]:
        v = v * min(1.0, 3.1 / np.linalg.norm(v))
        assert np.abs(rotation_vector(rotation_of(v)) - v).max() < 1e-12
    half = rotation_vector(turn(np.array([0.6, 0.0, 0.8]), math.pi))
    assert np.abs(np.abs(half) - math.pi * np.array([0.6, 0.0, 0.8])).max() < 1e-7


def test_the_stretched_arm_is_as_long_as_published():
    """10.2 m along both booms; its joints stand aside of that line as those of Canadarm2 do."""
    stretched = frames(ARM, np.radians([0, 0, 0, 180, 0, 0, 0]))[-1].position
    assert stretched[0] == pytest.approx(10.2, abs=1e-12)


def test_a_target_out_of_reach_is_refused_in_words():
    with pytest.raises(ArmError, match=r"the fixture is out of reach of Tiangong's large arm: 30\.00 m from its base"):
        reach(ARM, Pose(np.array([30.0, 0.0, 0.0]), np.eye(3)), "the fixture")
    with pytest.raises(ArmError, match="with no angles of its joints; take another base, or a target that is turned"):
        reach(ARM, Pose(np.array([0.0, 0.0, 10.5]), np.eye(3)), "the fixture")
    only_beyond = forward(ARM, np.radians([0.0, 40, 50, 60, -20, 40, 10]))
    narrow = arm_of(LARGE.model_copy(update={"joints": tuple(_narrow(j) for j in LARGE.joints)}))
    with pytest.raises(ArmError, match="only with joints beyond their limits"):
        reach(narrow, only_beyond, "the fixture")


def _narrow(joint):
    return joint.model_copy(update={"limit_deg": (-1.0, 1.0), "stowed_deg": 0.0})


def test_a_singular_target_is_refused_in_words():
    """With both booms in one line the end effector cannot move away any more."""
    straight = np.radians([0.0, 0.0, 0.0, 180.0, 0.0, 5.0, 0.0])
    assert dexterity(ARM, straight) < 1e-12
    with pytest.raises(ArmError, match="the fixture is singular for Tiangong's large arm: in all 4 postures"):
        reach(ARM, forward(ARM, straight), "the fixture")


def test_the_arm_reaches_two_ports_from_the_node_and_says_why_not_the_third():
    ports = {
        "forward": ([3.7, 0, 0], [1.0, 0, 0]),
        "nadir": ([2.2, 0, 1.5], [0, 0, 1.0]),
        "aft": ([-12.9, 0, 0], [-1.0, 0, 0]),
    }
    grips = {}
    for name, (place, axis) in ports.items():
        side = -1.0 if name == "nadir" else 1.0
        grip = grip_pose(ARM, np.array([3.0, 0.0, 1.7 * side]), np.array([0.0, 0.0, side]))
        axis = np.array(axis)
        grips[name] = Pose(np.array(place) + 5.4 * axis, axes_of_port(axis).T).then(grip)
    found = ports_in_reach(ARM, BASE, grips)
    assert found["forward"] == found["nadir"] == "in reach" and "out of reach" in found["aft"]
    assert ports_in_reach(ARM, base_of(LARGE, "aft"), grips)["aft"] == "in reach"


# ---- moves


def hovering(gap: float) -> Pose:
    """A ship before the nadir port, in the frame of the base."""
    axis = np.array([0.0, 0.0, 1.0])
    return BASE.inverse().then(Pose(np.array([2.2, 0.0, 1.5]) + (5.4 + gap) * axis, axes_of_port(axis).T))


GRIP = grip_pose(ARM, np.array([3.0, 0.0, -1.7]), np.array([0.0, 0.0, -1.0]))
CARRY = Carry((straight_to(hovering(0.3)), straight_to(hovering(0.0))), ("to the port", "into the port"), (30.0, 0.0))


@pytest.fixture(scope="module")
def ready():
    return ready_for(ARM, hovering(4.0).then(GRIP), 1.0, GRIP, CARRY, "the fixture")


def test_moves_keep_the_limits_of_the_joints_and_no_faster_one_would(ready):
    move = through_joints(ARM, ARM.stowed, ready, 100.0)
    t = np.linspace(move.start, move.end, 801)
    q, rates = (np.array(x) for x in zip(*(move.at(float(x)) for x in t), strict=True))
    assert np.abs(q[0] - ARM.stowed).max() < 1e-12 and np.abs(q[-1] - ready).max() < 1e-12
    assert 0.99 < (np.abs(rates) / ARM.rates).max() <= 1.0 + 1e-9
    assert (np.abs(np.gradient(rates, t, axis=0)) / ARM.accelerations).max() < 1.01
    assert least_duration(ARM, move.nodes, loaded=False) == pytest.approx(move.duration)


def test_a_carried_craft_stays_on_its_path(ready):
    """Between the nodes the angles are a cubic spline: 1e-7 m off the straight line."""
    gripped = along(ARM, between(forward(ARM, ready), hovering(4.0).then(GRIP)), ready, 0.0, "to the fixture").nodes[-1]
    moves = carried(ARM, GRIP, CARRY, gripped, 0.0)
    path = between(hovering(4.0), hovering(0.3))
    for x in np.linspace(0.0, 1.0, 57):
        q, rates = moves[0].at(float(x) * moves[0].duration)
        assert missing(ARM, path(rest_to_rest(float(x))[0]).then(GRIP), q) < 1e-7
        twist = jacobian(ARM, q) @ rates
        assert np.linalg.norm(twist[:3]) < ARM.tip_speed * 1.001
    assert moves[1].start == moves[0].end + 30.0 and missing(ARM, hovering(0.0).then(GRIP), moves[1].nodes[-1]) < 1e-12


def test_a_path_through_a_singular_posture_is_refused_in_words(ready):
    far = forward(ARM, ready).position + np.array([12.0, 0.0, 0.0])
    path = between(forward(ARM, ready), Pose(far, forward(ARM, ready).rotation))
    with pytest.raises(ArmError, match="moving it: .*(singular after|cannot follow the path|at its limit)"):
        along(ARM, path, ready, 0.0, "moving it")


def test_the_arm_follows_a_craft_that_drifts_and_its_snares_close(ready):
    start = hovering(4.0)

    def fixture(t: float) -> Pose:
        drift = BASE.rotation.T @ np.array([0.002, -0.001, 0.001]) * t
        return Pose(start.position + drift, start.rotation @ turn(np.array([0.0, 0.0, 1.0]), 2e-4 * t)).then(GRIP)

    found = follow(ARM, ready, fixture, 0.0, 200.0, 1.0, 0.5)
    assert found.grappled - found.closing == ARM.grasp.close_s
    assert found.offset[-1] < 0.01 and found.grappled < 100.0
    assert (np.abs(found.rates) <= ARM.rates).all()
    assert missing(ARM, fixture(found.grappled), found.angles[-1]) < 0.01
    with pytest.raises(ArmError, match=r"did not grapple within 30 s: nearest .* m from the fixture, then"):
        follow(ARM, ready, fixture, 0.0, 30.0, 1.0, 0.5)


# ---- momentum


PAIR = Pair(50e3, 23e3, np.diag([5e5, 4e6, 4.2e6]), cylinder(23e3, 17.9, 4.2).inertia)
HOUR, N = 3600.0, 1.13e-3


def indexed(node: np.ndarray):
    """A module turned by 90 deg about z at `node`, from the station's centre of mass, in an hour."""

    def motion(t: float):
        share, pace, _ = rest_to_rest(t / HOUR)
        w = np.array([0.0, 0.0, 0.5 * math.pi * pace / HOUR])
        led = turn(np.array([0.0, 0.0, 1.0]), 0.5 * math.pi * share)
        arm = led @ np.array([10.4, 0.0, 0.0])
        return Pose(node + arm, led), np.cross(w, arm), w

    return motion


def test_a_plane_exchange_of_momentum_is_the_closed_form():
    """About the station's own centre: it turns back by J / (I + J) of the angle, J = I2 + m d2, exactly."""
    found = react(PAIR, indexed(np.zeros(3)), np.linspace(0.0, HOUR, 901), 0.0, np.eye(3), gradient=False)
    j = PAIR.payload_inertia[2, 2] + PAIR.reduced * 10.4**2
    assert found.angles[-1, 2] == pytest.approx(-0.5 * math.pi * j / (4.2e6 + j), abs=1e-9)
    assert np.abs(found.angles[:, :2]).max() < 1e-12


@pytest.mark.parametrize("gradient", [False, True])
def test_momentum_is_kept_as_both_bodies_have_it(gradient):
    """Positions and attitudes alone, by differences over 4 s steps, against the momentum that was integrated; a sum of
    9000 N m s."""
    motion = indexed(np.array([6.0, 0.0, 0.5]))
    found = react(PAIR, motion, np.linspace(0.0, HOUR, 901), N, np.eye(3), gradient=gradient)
    again = rebuilt_momentum(PAIR, motion, found, N)
    assert np.abs(again - found.momentum[2:-2]).max() < 1e-3
    assert (np.abs(found.impulse).max() > 100.0) == gradient


def test_the_attitude_is_integrated_to_fourth_order():
    motion = indexed(np.array([6.0, 0.0, 0.5]))
    ends = [react(PAIR, motion, np.linspace(0.0, HOUR, k + 1), N, np.eye(3)).attitude[-1] for k in (60, 120, 960)]
    coarse, fine = (float(np.linalg.norm(rotation_vector(a @ ends[2].T))) for a in ends[:2])
    assert 10.0 < coarse / fine < 24.0


def test_a_station_at_rest_in_a_principal_attitude_stays_and_needs_nothing():
    def still(_: float):
        return Pose(np.array([12.0, 0.0, 0.0]), np.eye(3)), np.zeros(3), np.zeros(3)

    found = react(PAIR, still, np.linspace(0.0, 600.0, 61), N, np.eye(3))
    assert found.excursion < 1e-9 and np.abs(found.held).max() < 1e-6
