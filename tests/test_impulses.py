"""Impulses: the closed forms of Hohmann and Tsiolkovsky, ever shorter burns, and both sides of a jump."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import sim
from kernels.constants import G0, MU_EARTH
from sim.core.epoch import Epoch
from sim.events import altitudes, approaches, apsides, nodes
from sim.interchange.between import state_at
from sim.interchange.oem import read_oem
from sim.output.orbit import write_csv, write_oem
from sim.output.orbit_outcome import end_state
from sim.propagation.batch import propagate_many
from sim.propagation.force_model import BurnChoice, GravityChoice, ImpulseChoice, Orbit, OrientationChoice
from sim.propagation.propagate import propagate
from tests.tolerance import IMPULSE_BURN_ORDER, IMPULSE_HOHMANN_M, IMPULSE_HOHMANN_M_S, IMPULSE_OEM_M

R1, R2 = 6.878e6, 7.378e6
V1, V2 = math.sqrt(MU_EARTH / R1), math.sqrt(MU_EARTH / R2)
TRANSFER_S = math.pi * math.sqrt((R1 + R2) ** 3 / (8.0 * MU_EARTH))
UP, ROUND_OFF = V1 * (math.sqrt(2 * R2 / (R1 + R2)) - 1.0), V2 * (1.0 - math.sqrt(2 * R1 / (R1 + R2)))
TILT = math.radians(40.0)
START = Orbit(
    name="round",
    epoch=Epoch.from_utc("2026-10-24T00:00:00Z"),
    r=np.array([R1, 0.0, 0.0]),
    v=np.array([0.0, V1 * math.cos(TILT), V1 * math.sin(TILT)]),
    duration=7200.0,
    step=60.0,
    gravity=GravityChoice("point"),
    orientation=OrientationChoice("uniform"),
)


def kick(at: float, *delta_v: float, **more) -> ImpulseChoice:
    return ImpulseChoice(at, np.array(delta_v), **more)


def flown(*impulses: ImpulseChoice, **more):
    return sim.propagate(replace(START, impulses=impulses, **more))


HOHMANN = (kick(600.0, UP, 0.0, 0.0), kick(600.0 + TRANSFER_S, ROUND_OFF, 0.0, 0.0))


def test_two_impulses_lead_from_circle_to_circle_as_hohmann_says():
    path = flown(*HOHMANN)
    r, v, _ = path.at([0.0, 599.0, 600.0, 600.0 + TRANSFER_S, 7200.0])
    radius, speed = np.linalg.norm(r, axis=1), np.linalg.norm(v, axis=1)
    assert radius == pytest.approx([R1, R1, R1, R2, R2], abs=IMPULSE_HOHMANN_M)
    assert speed == pytest.approx([V1, V1, V1 + UP, V2, V2], abs=IMPULSE_HOHMANN_M_S)
    energy = 0.5 * speed**2 - MU_EARTH / radius  # vis viva, on all three orbits
    assert energy == pytest.approx(-MU_EARTH / np.array([2 * R1, 2 * R1, R1 + R2, 2 * R2, 2 * R2]), rel=1e-12)


@pytest.mark.parametrize("frame", ["inertial", "lvlh", "rtn", "velocity", "body"])
def test_an_impulse_is_the_limit_of_ever_shorter_burns_about_it(frame):
    """What a centred burn of duration d and the impulse differ by is of the order d squared.

    Small changes: the axes of a burn follow the velocity that it changes, by dv2 / v, those of an impulse do not.
    """
    change, at, mass = np.array([0.003, -0.002, 0.0015]), 2000.0, START.mass
    size = float(np.linalg.norm(change))
    turning = {"body_rate": (0.0, -0.002, 0.001)} if frame == "body" else {}
    expected = flown(kick(at, *change, frame=frame, isp=300.0, **turning)).at(7200.0)
    flow_part = 1.0 - math.exp(-size / (G0 * 300.0))
    errors = []
    for duration in (160.0, 80.0):
        flow = mass * flow_part / duration
        # As the mass falls the dv comes a little later in the burn: its centre moves by d dv / (12 ve).
        shift = duration * size / (12.0 * G0 * 300.0)
        burn = BurnChoice(
            start=at - 0.5 * duration - shift,
            duration=duration,
            thrust=flow * G0 * 300.0,
            direction=change / size,
            frame=frame,
            mass_flow=flow,
            **turning,
        )
        got = sim.propagate(replace(START, burns=(burn,))).at(7200.0)
        errors.append(float(np.linalg.norm(got[0] - expected[0])))
        assert got[2] == pytest.approx(expected[2], rel=1e-12)
    assert errors[1] < 0.02 and math.log2(errors[0] / errors[1]) == pytest.approx(2.0, abs=IMPULSE_BURN_ORDER)


def test_the_axes_are_those_of_the_state_that_is_met():
    r, v, _ = (x[0] for x in flown().at(900.0))
    radial, normal, along = r / np.linalg.norm(r), np.cross(r, v), v / np.linalg.norm(v)
    normal = normal / np.linalg.norm(normal)
    transverse = np.cross(normal, radial)
    for frame, axes in {
        "inertial": np.eye(3),
        "lvlh": (transverse, -normal, -radial),
        "rtn": (radial, transverse, normal),
        "velocity": (along, np.cross(normal, along), normal),
    }.items():
        path = flown(kick(900.0, 1.0, 20.0, 300.0, frame=frame))
        got = path.at(900.0)[1][0] - path.before(900.0)[1][0]
        assert got == pytest.approx(np.array([1.0, 20.0, 300.0]) @ np.array(axes), abs=1e-10)  # rounding of 300 + 7600


def test_both_sides_of_the_jump_are_there_to_the_last_bit():
    """Before it the very nodes of the flight that ends there, after it the start of another."""
    path = flown(kick(1800.0, 5.0, 0.0, 0.0, isp=250.0))
    until = flown(duration=1800.0)
    r, v, mass = until.last()
    assert [x[0].tolist() for x in path.before(1800.0)] == [r.tolist(), v.tolist(), mass]
    assert path.at(1800.0)[0][0].tolist() == r.tolist()  # the place is the same
    for time in (0.0, 17.0, 1800.0 - 1e-9):
        assert np.array_equal(path.at(time)[1], until.at(time)[1])
    (left, right) = path.pieces()
    assert np.array_equal(left.r, until.r) and np.array_equal(left.v, until.v)
    r, v, mass = (x[0] for x in path.at(1800.0))
    after = propagate(replace(START, r=r, v=v, mass=mass, duration=5400.0)).trajectory
    assert np.array_equal(right.r[0], after.r[0]) and np.array_equal(right.v[0], after.v[0])
    assert np.abs(right.r - after.r).max() < IMPULSE_HOHMANN_M  # the field's axes are turned by another angle: rounding


def test_the_mass_falls_by_the_rocket_equation_only_with_an_isp():
    path = flown(kick(100.0, 50.0, 0.0, 0.0), kick(200.0, 0.0, 30.0, 40.0, isp=300.0))
    assert path.at([0.0, 100.0, 199.0])[2].tolist() == [1000.0] * 3
    assert path.at([200.0, 7200.0])[2] == pytest.approx(1000.0 * math.exp(-50.0 / (9.80665 * 300.0)), rel=1e-15)


def test_several_at_one_instant_add_up():
    one = flown(kick(300.0, 5.0, -6.0, 7.0, frame="inertial"))
    three = flown(*(kick(300.0, *x, frame="inertial") for x in ((5.0, 0.0, 0.0), (0.0, -6.0, 0.0), (0.0, 0.0, 7.0))))
    assert three.t.tolist() == one.t.tolist()
    assert np.abs(three.r - one.r).max() < 1e-6  # the sums round otherwise: 1e-12 m/s, for two hours


def test_at_the_start_and_at_the_very_end():
    path = flown(kick(0.0, 10.0, 0.0, 0.0), kick(7200.0, -10.0, 0.0, 0.0, isp=300.0))
    pushed = flown(kick(0.0, 10.0, 0.0, 0.0))
    assert np.linalg.norm(path.at(0.0)[1]) == pytest.approx(V1 + 10.0, rel=1e-14)
    assert np.array_equal(path.before(7200.0)[1], pushed.at(7200.0)[1])
    r, v, mass = path.at(7200.0)
    dv = v - pushed.at(7200.0)[1]
    assert np.linalg.norm(dv) == pytest.approx(10.0, rel=1e-12) and np.array_equal(r, pushed.at(7200.0)[0])
    assert mass[0] == pytest.approx(1000.0 * math.exp(-10.0 / (9.80665 * 300.0)), rel=1e-15)
    assert path.last()[1].tolist() == v[0].tolist() and path.until(7000.0).last()[2] == 1000.0


def test_inside_a_burn_the_burn_goes_on():
    """With thrust on both sides of it, and the mass of both."""
    burn = BurnChoice(100.0, 200.0, 50.0, np.array([0.0, 0.0, 1.0]), "inertial", mass_flow=0.1)
    path = flown(kick(150.0, 0.0, 0.0, 2.0, frame="inertial", isp=300.0), burns=(burn,))
    left = (1000.0 - 0.1 * 50.0) * math.exp(-2.0 / (9.80665 * 300.0)) - 0.1 * 150.0
    assert path.at([300.0, 7200.0])[2] == pytest.approx(left, rel=1e-14)
    assert (path.at(150.0)[1] - path.before(150.0)[1])[0] == pytest.approx([0.0, 0.0, 2.0], abs=1e-11)
    (jump,) = path.jumps()
    push = path.a[[jump - 1, jump]] + MU_EARTH * path.r[[jump, jump]] / np.linalg.norm(path.r[jump]) ** 3
    for a, mass in zip(push, path.mass[[jump - 1, jump]], strict=True):
        assert a == pytest.approx([0.0, 0.0, 50.0 / mass], abs=1e-13)


def test_instants_a_rounding_apart_are_two():
    path = flown(kick(300.0, 1.0, 0.0, 0.0), kick(math.nextafter(300.0, 400.0), 1.0, 0.0, 0.0))
    assert len(path.jumps()) == 2 and np.isfinite(path.at(7200.0)[0]).all()
    assert np.linalg.norm(path.at(300.1)[1]) == pytest.approx(V1 + 2.0, abs=1e-3)


def test_until_the_very_instant_ends_before_the_impulse():
    path = flown(kick(1800.0, 5.0, 0.0, 0.0))
    assert path.until(1800.0).last()[1].tolist() == path.before(1800.0)[1][0].tolist()


# ---- events


def test_apsides_are_found_once_each_and_none_on_the_circles():
    """Perigee and apogee of the transfer are the two impulses; a circle has none."""
    found = apsides(flown(*HOHMANN))
    assert [(c.kind, c.direction) for c in found] == [("periapsis", 1), ("apoapsis", -1)]
    assert [c.t for c in found] == pytest.approx([600.0, 600.0 + TRANSFER_S], abs=1e-3)
    assert [c.values["radius_m"] for c in found] == pytest.approx([R1, R2], abs=IMPULSE_HOHMANN_M)


def test_nodes_are_where_they_are_on_the_orbits_flown():
    """In this plane an impulse along the track leaves the nodes: half a revolution apart on each orbit."""
    path = flown(*HOHMANN)
    found = nodes(path)
    z = path.at([c.t for c in found])[0][:, 2]
    # z = 0 at the start; half a revolution takes 2838 s on the first circle, somewhat more on what is flown here.
    assert [c.kind for c in found] == ["ascending_node", "descending_node", "ascending_node"]
    assert np.abs(z).max() < 1e-4
    r = path.at(np.arange(0.0, 7200.0, 0.5))[0][:, 2]
    assert int((np.diff(np.sign(r[1:])) != 0).sum()) == 2


def test_an_impulse_at_a_crossing_neither_doubles_nor_hides_it():
    """The height of the impulse itself: passed going up, just there, with a kink in it; and an end that is a jump."""
    world = propagate(replace(START, duration=60.0)).world
    eccentric = replace(START, v=START.v * 1.02)
    at = 900.0
    height = float(world.geodetic(at, sim.propagate(eccentric).at(at)[0])[2][0])
    for push in ((30.0, 0.0, 0.0), (0.0, 0.0, -20.0)):  # both still rise afterwards
        path = sim.propagate(replace(eccentric, impulses=(kick(at, *push), kick(7200.0, 500.0, 0.0, 0.0))))
        rising = [c.t for c in altitudes(path, world, height) if c.kind == "altitude_up" and c.t < 4000.0]
        assert rising == pytest.approx([at], abs=1e-6)
    turned = sim.propagate(replace(eccentric, impulses=(kick(at, 0.0, 0.0, 800.0),), duration=1000.0))
    assert [(c.kind, c.t) for c in altitudes(turned, world, height)] == [("altitude_grazing"[:8], pytest.approx(at))]
    (apsis,) = [c for c in apsides(turned) if c.t > 1.0]
    assert apsis.kind == "apoapsis" and apsis.t == pytest.approx(at, abs=1e-6)  # the distance turns by the impulse


def test_a_closest_approach_at_an_impulse_is_found_once_and_none_at_an_impulse_at_the_end():
    other = replace(START, r=START.r * (1.0 + 1e-4), duration=3000.0)
    chaser = replace(START, v=START.v + np.array([0.5, 0.0, 0.0]), duration=3000.0)
    away = replace(chaser, impulses=(kick(500.0, 0.0, 0.0, 30.0), kick(3000.0, 0.0, 0.0, -300.0)))
    path, target = sim.propagate(away), sim.propagate(other)
    found = approaches(path, target)
    times = np.linspace(0.0, 3000.0, 300_001)
    distance = np.linalg.norm(path.at(times)[0] - target.at(times)[0], axis=1)
    inner = distance[1:-1]
    least = times[1:-1][(inner < distance[:-2]) & (inner <= distance[2:])]
    assert len(found) == len(least) and [c.t for c in found] == pytest.approx(least, abs=0.011)


# ---- written


def test_the_oem_has_a_segment_on_each_side_which_interpolate_to_the_orbit(tmp_path):
    """Half a microsecond off the grid of its stamps, too, where a row of the wrong side would be taken."""
    made = propagate(replace(START, impulses=(kick(900.0000004, 80.0, 0.0, 0.0), kick(4000.3, 0.0, 50.0, 0.0))))
    write_oem(tmp_path / "o.oem", made, "2026-01-01T00:00:00")
    segments = read_oem(tmp_path / "o.oem").segments
    assert len(segments) == 3
    for segment, piece in zip(segments, made.trajectory.pieces(), strict=True):
        t = np.array([(ns - START.epoch.tai_ns) / 1e9 for ns in segment.tai_ns.tolist()])
        assert t[0] == pytest.approx(piece.start, abs=1e-6) and t[-1] == pytest.approx(piece.end, abs=1e-6)
        r, v, _ = piece.at(t)
        assert np.abs(segment.r - r).max() < IMPULSE_OEM_M and np.abs(segment.v - v).max() < IMPULSE_OEM_M


def test_many_at_once_are_kicked_to_the_same_bits():
    orbit = replace(START, impulses=(*HOHMANN, kick(7200.0, 1.0, 2.0, 3.0, isp=200.0)))
    states = np.concatenate([START.r, START.v]) + np.linspace(0.0, 30.0, 3)[:, None] * np.array([1, 0, 0, 0, 0, 1e-3])
    times = [599.0, 600.0, 7200.0]
    out = propagate_many(orbit, states, times=times)
    for row, got in zip(states, out.states, strict=True):
        r, v, mass = propagate(replace(orbit, r=row[:3], v=row[3:])).trajectory.at(times)
        assert np.array_equal(got, np.column_stack([r, v, mass]))
    assert np.array_equal(out.end, out.states[:, -1])


@pytest.mark.parametrize(
    "impulses",
    [
        (kick(0.0, 10.0, 0.0, 0.0),),
        (kick(7200.0, 0.0, 20.0, 0.0, isp=300.0),),
        (kick(0.0, 10.0, 0.0, 0.0), kick(0.0, 0.0, 5.0, 0.0), kick(7200.0, 1.0, 0.0, 0.0), kick(7200.0, 0.0, 2.0, 0.0)),
        (kick(7199.9995, 30.0, 0.0, 0.0),),  # nearer to the end than rows could be
        (kick(math.nextafter(7200.0, 0.0), 30.0, 0.0, 0.0), kick(7200.0, 0.0, 9.0, 0.0)),
        (kick(0.0005, 30.0, 0.0, 0.0),),  # and to the start
    ],
    ids=["start", "end", "two at both", "just before the end", "a rounding before the end", "just after the start"],
)
def test_table_oem_summary_and_python_have_the_same_first_and_last_state(impulses, tmp_path):
    """One rule: at the time of an impulse it is the state after it, and after all of that time."""
    made = propagate(replace(START, impulses=impulses))
    write_oem(tmp_path / "o.oem", made, "2026-01-01T00:00:00")
    write_csv(tmp_path / "o.csv", made)
    table = np.loadtxt(tmp_path / "o.csv", delimiter=",", skiprows=1)
    message = read_oem(tmp_path / "o.oem")
    for t, row in ((0.0, table[0]), (7200.0, table[-1])):
        r, v, _ = made.trajectory.at(t)
        assert row.tolist() == [t, *r[0], *v[0]]
        read, _ = state_at(message, START.epoch.plus(t), "o.oem")
        assert np.abs(read.r - r[0]).max() < IMPULSE_OEM_M and np.abs(read.v - v[0]).max() < IMPULSE_OEM_M
    summary = end_state(made)
    assert summary["velocity_m_s"] == table[-1, 4:].tolist() == made.trajectory.last()[1].tolist()
    assert summary["mass_kg"] == made.trajectory.last()[2]
    free = propagate(START).trajectory.at([0.0, 7200.0])[1]
    assert np.linalg.norm(table[[0, -1], 4:] - free, axis=1).max() > 1.0  # each case changes one end at least
