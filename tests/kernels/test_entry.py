"""Entry over the real Earth: energy, and guidance to its end. Published cases: test_entry_published.py."""

import math

import numpy as np
import pytest
from scipy.integrate import simpson

from kernels.atmosphere.us76 import us76
from kernels.constants import G0, J2, MU_EARTH, OMEGA_EARTH, R_EQUATOR
from kernels.entry.bank import BankSchedule, bank_schedule
from kernels.entry.dynamics import CALM_AIR, ON_ALTITUDE, entry_derivative, entry_vehicle
from kernels.entry.entry import OPENED, REVERSALS, SKIPPED_OUT, EntryControl, entry_log, fly_entry
from kernels.entry.guidance import EntryTarget, predict_from
from kernels.entry.predictor import commanded_side, cross_range, miss_from
from kernels.orbit.forces import scratch
from kernels.records import Capsule, make
from tests.tolerance import (
    ENTRY_CROSS_M,
    ENTRY_ENERGY_REL,
    ENTRY_RANGE_M,
    PREDICTOR_M,
    REVERSALS_M,
)
from tests.worlds import field, turning, zonal

# The capsule over the real Earth --------------------------------------------------------------------------------------

MASS = 3240.0
CDA = 4.99 * 1.28
CAPSULE = make(Capsule, cda=CDA, cla=0.3 * CDA, nose=2.5, bank_rate=math.radians(15.0))
# Less drag and less lift below Mach 4, as blunt capsules have it.
TRIMMED = CAPSULE._replace(trim=np.array([[0.6, 0.74, 0.54], [1.2, 1.05, 0.9], [4.0, 1.0, 0.97], [6.0, 1.0, 1.0]]))
OPEN_AT = 10e3
ENERGY_END = MU_EARTH / (R_EQUATOR + OPEN_AT)
BANK = BankSchedule(start=math.radians(45.0), end=math.radians(50.0), end_energy=ENERGY_END)


def interface(world, t=1000.0):
    """100 km over 8 N, 60 E, 7.86 km/s, 1.7 deg down, toward the north-east: as a deorbit from 41.5 deg leaves it."""
    up = np.array([math.cos(0.14) * math.cos(1.05), math.cos(0.14) * math.sin(1.05), math.sin(0.14)])
    east = np.array([-math.sin(1.05), math.cos(1.05), 0.0])
    ahead = math.cos(0.72) * east + math.sin(0.72) * np.cross(up, east)
    angle = math.radians(-1.7)
    v = 7860.0 * (math.cos(angle) * ahead + math.sin(angle) * up)
    c = world.ecef(t)
    return np.concatenate([c.T @ ((R_EQUATOR + 100e3) * up), c.T @ v])


def enter(
    world, target, guided, capsule=CAPSULE, bank=BANK, dt=0.5, forces=None, y=None, lift=1.0, drag=1.0, **control
):
    """Status, nodes, extras and the end (time, ahead m, right m, load g ...) of one call from the interface."""
    forces = world.forces._replace(drag=0) if forces is None else forces
    coarse = forces._replace(gravity=zonal(j2=1.0826e-3), third_body=0)
    y = interface(world) if y is None else y.copy()
    log = entry_log(20000)
    status, n = fly_entry(
        1000.0,
        y,
        entry_vehicle(MASS, capsule, lift, drag),
        forces,
        coarse,
        EntryTarget(position=target, opening_altitude=OPEN_AT),
        bank,
        make(EntryControl, **{"guided": guided, "step": dt, "limit": 3000.0, "side": 1.0, **control}),
        scratch(),
        log,
    )
    return status, log.nodes[:n], log.extras[:n], log.end


@pytest.fixture(scope="module", name="aim")
def aimed_ahead(world):
    """Where the unguided schedule comes down when it aims straight ahead: Earth-fixed (3,) m."""
    y = interface(world)
    c = world.ecef(1000.0)
    p, d = c @ y[:3], c @ y[3:]
    p, d = p / np.linalg.norm(p), d - (d @ p) * p / (p @ p)
    angle = 2900e3 / 6.371e6
    ahead = math.cos(angle) * p + math.sin(angle) * d / np.linalg.norm(d)
    _, nodes, _, _ = enter(world, 6.371e6 * ahead, 0)
    end = world.ecef(nodes[-1, 0]) @ nodes[-1, 1:4]
    return 6.371e6 * end / np.linalg.norm(end)


def shifted(aim, world, ahead, right):
    """`aim` moved over the sphere, m."""
    c = world.ecef(1000.0)
    y = interface(world)
    start = c @ y[:3]
    n = aim / np.linalg.norm(aim)
    side = np.cross(n, np.cross(start / np.linalg.norm(start), n))
    forward = -side / np.linalg.norm(side) if (n - start / np.linalg.norm(start)) @ side < 0 else side
    forward = forward / np.linalg.norm(forward)
    moved = aim + ahead * forward + right * np.cross(forward, n)
    return 6.371e6 * moved / np.linalg.norm(moved)


@pytest.mark.parametrize(("ahead", "right"), [(0.0, 0.0), (60e3, 20e3), (-60e3, -20e3)])
def test_guidance_comes_down_at_the_target(world, aim, ahead, right):
    """Targets 60 km long or short and 20 km to a side, all within 5 g, with the real field and roll."""
    status, nodes, extras, state = enter(world, shifted(aim, world, ahead, right), 1)
    assert status == OPENED
    assert abs(state[1]) < ENTRY_RANGE_M
    assert abs(state[2]) < ENTRY_CROSS_M
    assert state[3] == pytest.approx(extras[:, 3].max(), rel=1e-9)
    assert 3.0 < state[3] < 5.0
    assert abs(extras[-1, 0] - OPEN_AT) <= ON_ALTITUDE and extras[-2, 0] > OPEN_AT


def test_guidance_makes_up_for_a_wrong_capsule(world, aim):
    """Lift 5 % less, drag 3 % more than in the predictor's model; without guidance the same capsule falls far short."""
    args = {"lift": 0.95, "drag": 1.03}
    state = enter(world, aim, 1, **args)[3]
    assert abs(state[1]) < ENTRY_RANGE_M and abs(state[2]) < ENTRY_CROSS_M
    assert abs(enter(world, aim, 0, **args)[3][1]) > 10.0 * ENTRY_RANGE_M


def test_reported_miss_is_the_distance_to_the_target(world, aim):
    """Ahead and right, by the dot products of the points themselves."""
    target = shifted(aim, world, 30e3, -8e3)
    _, nodes, _, state = enter(world, target, 0)
    end = world.ecef(nodes[-1, 0]) @ nodes[-1, 1:4]
    apart = 6.371e6 * math.acos(min(1.0, end @ target / np.linalg.norm(end) / np.linalg.norm(target)))
    assert math.hypot(state[1], state[2]) == pytest.approx(apart, rel=0.01)


@pytest.mark.parametrize("bank", [0.0, 1.0])
def test_predictor_flies_what_the_flight_flies(world, aim, bank):
    """In air that turns with the Earth, on one bank and one side: another frame, other steps, the same end. On the same
    side to the end, for a capsule far from the target's side cannot change it."""
    coarse = world.forces._replace(drag=0, third_body=0, gravity=zonal(j2=J2))
    state, y = np.empty(4), interface(world)
    schedule = BANK._replace(start=bank, end=bank)
    aside = shifted(aim, world, 0.0, 400e3)
    target = EntryTarget(position=aside, opening_altitude=OPEN_AT)
    height = predict_from(1000.0, y, entry_vehicle(MASS, TRIMMED), coarse, CALM_AIR, target, schedule, 1.0, state)
    flight = enter(world, aside, 0, capsule=TRIMMED, bank=schedule, dt=0.5, forces=coarse)[3]
    assert height == pytest.approx(OPEN_AT, abs=1.0)
    assert state[:3] == pytest.approx(flight[:3], abs=PREDICTOR_M)
    assert state[3] == pytest.approx(flight[3], rel=1e-3)


@pytest.mark.parametrize("bank", [0.8, 1.05])
def test_predictor_changes_sides_where_the_flight_does(world, aim, bank):
    """Two and six changes by the dead-band. The flight looks every half second;
    were the predictor to look only at the ends of its steps, it would be 2 km off."""
    coarse = world.forces._replace(drag=0, third_body=0, gravity=zonal(j2=J2))
    state, schedule = np.empty(4), BANK._replace(start=bank, end=bank)
    target = EntryTarget(position=aim, opening_altitude=OPEN_AT)
    predict_from(1000.0, interface(world), entry_vehicle(MASS, CAPSULE), coarse, CALM_AIR, target, schedule, 1.0, state)
    flight = enter(world, aim, 0, bank=schedule, forces=coarse)[3]
    assert flight[REVERSALS] >= 2.0
    assert state[1:3] == pytest.approx(flight[1:3], abs=REVERSALS_M)


@pytest.mark.parametrize("lift", [0.0, 1.0], ids=["ballistic", "lifting"])
def test_energy_lost_is_the_work_of_the_air(world, aim, lift):
    """Kinetic and potential energy in space against the power of drag and lift, summed along the path.

    Lift works too: it stands on the air's velocity, which turns with the Earth, not on the craft's.
    """
    forces = field(zonal(), world.forces.orientation, sun=world.forces.sun, air=world.forces.air)
    capsule = CAPSULE._replace(cla=lift * CAPSULE.cla)
    _, nodes, extras, _ = enter(
        world, aim, 0, capsule=capsule, bank=BANK._replace(start=0.0, end=0.0), dt=0.1, forces=forces
    )
    r, v = nodes[:, 1:4], nodes[:, 4:7]
    energy = 0.5 * np.einsum("ij,ij->i", v, v) - MU_EARTH / np.linalg.norm(r, axis=1)
    pole = world.true_of_date(1200.0)[2]
    wind = v - OMEGA_EARTH * np.cross(pole, r)
    speed = np.linalg.norm(wind, axis=1)[:, None]
    up = r / np.linalg.norm(r, axis=1)[:, None] - np.einsum("ij,ij->i", r, wind)[:, None] * wind / (
        np.linalg.norm(r, axis=1)[:, None] * speed**2
    )
    up /= np.linalg.norm(up, axis=1)[:, None]
    force = extras[:, 2][:, None] / MASS * (capsule.cla * up - capsule.cda * wind / speed)
    power = np.einsum("ij,ij->i", force, v)
    work = simpson(power, x=nodes[:, 0])
    assert energy[-1] - energy[0] == pytest.approx(work, rel=ENTRY_ENERGY_REL)
    assert energy[-1] - energy[0] < -3.0e7


def test_nodes_hold_the_acceleration_of_the_path(world, aim):
    """Through a bank reversal too: speed gained over a step is the mean of the accelerations at its ends."""
    _, nodes, _, _ = enter(world, aim, 0, dt=0.1)
    gained = np.diff(nodes[:-1, 4:7], axis=0) / np.diff(nodes[:-1, 0])[:, None]
    mean = 0.5 * (nodes[:-2, 7:10] + nodes[1:-1, 7:10])
    # A roll of 15 deg/s turns the lift of 1 g by 0.026 rad in a step, half of which a held bank leaves out.
    assert np.linalg.norm(gained - mean, axis=1).max() < 0.15


@pytest.mark.small
def test_heat_flux_by_hand():
    """Sutton and Graves: 1.7415e-4 sqrt(rho/R_N) V^3 with the kernel's own density, and 378 kW/m2 for rho = 1e-4."""
    forces = field(zonal(), turning(0.0, axis_length=0.0))
    work, dy, extra = scratch(), np.empty(6), np.empty(6)
    y = np.array([R_EQUATOR + 65.6e3, 0.0, 0.0, -300.0, math.sqrt(7000.0**2 - 300.0**2), 0.0])
    entry_derivative(0.0, y, 0.3, entry_vehicle(MASS, CAPSULE), forces, work, dy, extra)
    density = us76(extra[0])[0]
    assert extra[4] == pytest.approx(1.7415e-4 * math.sqrt(density / 2.5) * 7000.0**3, rel=1e-12)
    assert extra[4] * math.sqrt(1e-4 / density) == pytest.approx(377.8e3, rel=1e-3)
    assert extra[2] == pytest.approx(0.5 * density * 7000.0**2, rel=1e-12)
    assert extra[3] == pytest.approx(extra[2] * CDA * math.hypot(1.0, 0.3) / MASS / G0, rel=1e-12)
    # Drag against the wind, lift across it: up for no bank, to the right (south, flying east) for a positive one.
    increments = dy[3:] + MU_EARTH / (R_EQUATOR + 65.6e3) ** 2 * np.array([1.0, 0.0, 0.0])
    wind = y[3:] / 7000.0
    assert increments @ wind == pytest.approx(-extra[2] * CDA / MASS, rel=1e-9)
    assert increments[2] == pytest.approx(-0.3 * extra[2] * CDA / MASS * math.sin(0.3), rel=1e-9)


def test_a_climb_out_of_the_air_is_noticed():
    forces = field(zonal(), turning(0.0, axis_length=0.0))
    y = np.array([R_EQUATOR + 120e3, 0.0, 0.0, 400.0, 7900.0, 0.0])
    ahead = R_EQUATOR * np.array([0.0, 1.0, 0.0])
    status, _ = fly_entry(
        0.0,
        y,
        entry_vehicle(MASS, CAPSULE),
        forces,
        forces,
        EntryTarget(position=ahead, opening_altitude=OPEN_AT),
        BANK,
        EntryControl(guided=0, step=1.0, limit=100.0, side=1.0),
        scratch(),
        entry_log(200),
    )
    assert status == SKIPPED_OUT


@pytest.mark.small
def test_guidance_geometry():
    """Schedule, dead-band, and which way ahead and right are, over the equator toward the east."""
    schedule = BankSchedule(start=0.5, end=0.7, end_energy=20.0)
    assert [bank_schedule(e, 10.0, schedule) for e in (5.0, 10.0, 15.0, 20.0, 30.0)] == pytest.approx(
        [0.5, 0.5, 0.6, 0.7, 0.7]
    )
    assert commanded_side(1.0, -4e4, 7800.0) == 1.0 and commanded_side(1.0, -4.9e4, 7800.0) == -1.0
    assert commanded_side(-1.0, 2.9e3, 0.0) == -1.0 and commanded_side(-1.0, 3.1e3, 0.0) == 1.0
    radius = 6.371e6
    y = np.array([6.45e6, 0.0, 0.0, 0.0, 7e3, 0.0])
    target = radius * np.array([math.cos(0.4) * math.cos(0.02), math.sin(0.4) * math.cos(0.02), -math.sin(0.02)])
    # South of the track is right of it: 0.02 rad along a meridian.
    assert cross_range(y, target) == pytest.approx(0.02 * radius, rel=1e-9)
    miss = np.empty(2)
    east = np.array([math.cos(0.4), math.sin(0.4), 0.0])
    for angle, expected in ((0.39, 0.01 * radius), (0.41, -0.01 * radius)):
        miss_from(np.array([1.0, 0.0, 0.0]), np.array([math.cos(angle), math.sin(angle), 0.0]), radius * east, miss)
        assert miss == pytest.approx([expected, 0.0], abs=1e-6)
    north = np.array([math.cos(0.4) * math.cos(0.01), math.sin(0.4) * math.cos(0.01), math.sin(0.01)])
    miss_from(np.array([1.0, 0.0, 0.0]), north, radius * east, miss)
    assert miss[1] == pytest.approx(0.01 * radius, rel=1e-9)  # it ended to the left: the target lies to the right
