"""Entry against planar integrations and closed forms by other hands, energy, and guidance to its end.

The kernel's air is bound to the Earth: the standard atmosphere below 86 km, a table above 100 km. The published cases
have exponential air, so they are flown on a similar planet, `scale` times as large, whose ground lies so high that all
their air is in the table: lengths, speeds and accelerations are multiplied by `scale`, times and densities are not.
"""

import math

import numpy as np
import pytest
from scipy.integrate import simpson, solve_ivp

from kernels.atmosphere.us76 import us76
from kernels.constants import G0, J2, MU_EARTH, OMEGA_EARTH, R_EQUATOR
from kernels.entry.bank import BankSchedule, bank_schedule
from kernels.entry.dynamics import CALM_AIR, ON_ALTITUDE, entry_derivative, entry_vehicle
from kernels.entry.entry import OPENED, SKIPPED_OUT, EntryControl, entry_log, fly_entry
from kernels.entry.guidance import EntryTarget, predict_from
from kernels.entry.predictor import commanded_side, cross_range, miss_from
from kernels.orbit.forces import scratch
from kernels.records import Air, Capsule, make
from tests.kernels.reference import ids, load
from tests.tolerance import (
    ALLEN_EGGERS_REL,
    ENTRY_CROSS_M,
    ENTRY_ENERGY_REL,
    ENTRY_PEAK_S,
    ENTRY_PLANAR_REL,
    ENTRY_RANGE_M,
    PREDICTOR_M,
)
from tests.worlds import field, turning, zonal

CASES = load("reentry.json")
LEVELS = 20001  # of the exponential air's table


def similar_planet(scale, ground, mu, rho0, scale_height, top):
    """A force model whose air is rho0 exp(-h/scale_height) for h up to `top` over a sphere of radius `ground`.

    `ground` is of the similar planet, m, above R_EQUATOR + 100 km; the other lengths are of the original.
    """
    low, high = ((ground + scale * h - R_EQUATOR) / 1e3 for h in (-0.001 * top, 1.02 * top))
    x = np.linspace(math.log(low), math.log(high), LEVELS)
    height = (np.exp(x) * 1e3 + R_EQUATOR - ground) / scale
    table = (math.log(rho0) - height / scale_height)[None, :, None, None]
    air = make(Air, scale=1.0, ut0=0.0, x0=x[0], dx=x[1] - x[0], table=np.repeat(table, 2, axis=2))
    return field(zonal(mu * scale**3), turning(0.0, axis_length=0.0), air=air)


def planar_start(ground, scale, speed, angle, height):
    """State (6,) over the equator, flying east; `angle` rad, negative downward."""
    r = ground + scale * height
    return np.array([r, 0.0, 0.0, scale * speed * math.sin(angle), scale * speed * math.cos(angle), 0.0])


def history(t, states, load, flux, ground, scale):
    """What the cases list, of the original planet, from states (n,6), loads and fluxes of the similar one."""
    r, v = states[:, :3], states[:, 3:]
    radius, speed = np.linalg.norm(r, axis=1), np.linalg.norm(v, axis=1)
    return {
        "t": t,
        "height": (radius - ground) / scale,
        "speed": speed / scale,
        "angle": np.arcsin(np.einsum("ij,ij->i", r, v) / radius / speed),
        "load": load / scale,
        "flux": flux / scale**3,
        "downrange": np.unwrap(np.arctan2(r[:, 1], r[:, 0])) * ground / scale,
    }


def flown(forces, ground, scale, y, end_height, cda_m, nose=1.0, dt=0.1):
    """Ballistic, by the kernel's own loop, 1 kg."""
    capsule = make(Capsule, cda=cda_m / scale, cla=0.0, nose=nose, bank_rate=1.0)
    log = entry_log(20000)
    ahead = ground * np.array([0.0, 1.0, 0.0])
    end_altitude = ground + scale * end_height - R_EQUATOR
    status, n = fly_entry(
        0.0,
        y,
        entry_vehicle(1.0, capsule),
        forces,
        forces,
        EntryTarget(position=ahead, opening_altitude=end_altitude),
        BankSchedule(start=0.0, end=0.0, end_energy=1.0),
        EntryControl(guided=0, step=dt, limit=5000.0, side=1.0),
        scratch(),
        log,
    )
    nodes, extras = log.nodes, log.extras
    assert status == OPENED
    return history(nodes[:n, 0], nodes[:n, 1:7], extras[:n, 3], extras[:n, 4], ground, scale)


def integrated(forces, ground, scale, y, end_height, cda_m, cla_m, nose):
    """The kernel's right-hand side under SciPy, to the height and 0.1 s apart: for lift, whose climb over 130 km of
    this planet the kernel's loop would take for a skip out of the air."""
    capsule = make(Capsule, cda=cda_m / scale, cla=cla_m / scale, nose=nose, bank_rate=1.0)
    work, dy, extra = scratch(), np.empty(6), np.empty(6)

    def rate(t, y):
        entry_derivative(t, y, 0.0, entry_vehicle(1.0, capsule), forces, work, dy, extra)
        return dy.copy()

    def low(t, y):
        return math.sqrt(y[:3] @ y[:3]) - ground - scale * end_height

    low.terminal = True
    run = solve_ivp(
        rate, (0.0, 2000.0), y, "DOP853", rtol=1e-10, atol=1e-4, events=low, dense_output=True, max_step=2.0
    )
    t = np.append(np.arange(0.0, run.t[-1], 0.1), run.t[-1])
    states, increments = run.sol(t).T, []
    for moment, state in zip(t, states, strict=True):
        rate(moment, np.ascontiguousarray(state))
        increments.append((extra[3], extra[4]))
    return history(t, states, *np.array(increments).T, ground, scale)


def peak(t, values):
    """Time and value of the largest, by the parabola through it and its neighbours."""
    i = int(np.argmax(values))
    a, b, c = np.polyfit(t[i - 1 : i + 2] - t[i], values[i - 1 : i + 2], 2)
    return t[i] - b / (2 * a), c - b * b / (4 * a)


def at_height(path, height):
    """Everything at the last crossing of a height, linearly inside the last step."""
    h = path["height"]
    w = (h[-2] - height) / (h[-2] - h[-1])
    return {name: x[-2] + w * (x[-1] - x[-2]) for name, x in path.items()}


@pytest.mark.parametrize("case", CASES["planar"], ids=ids(CASES["planar"]))
def test_planar_entry(case):
    """Ballistic, lifting, and lift at 60 deg of bank, of which half acts in the plane; by SciPy at 1e-12 elsewhere."""
    i, expected, scale = case["inputs"], case["expected"], 1.05
    ground = scale * 6.371e6
    forces = similar_planet(scale, ground, 3.986004418e14, 1.225, 7200.0, 1.3e5)
    cda_m = i["CD"] * i["area_m2"] / i["mass_kg"]
    inside = math.cos(math.radians(i["bank_deg"]))
    y = planar_start(ground, scale, i["V0_m_s"], math.radians(i["gamma0_deg"]), i["h0_m"])
    if i["L_over_D"] == 0.0:
        path = flown(forces, ground, scale, y, i["h_end_m"], cda_m, i["nose_radius_m"])
    else:
        cla_m = cda_m * i["L_over_D"] * inside
        path = integrated(forces, ground, scale, y, i["h_end_m"], cda_m, cla_m, i["nose_radius_m"])
    end = at_height(path, i["h_end_m"])
    assert end["t"] == pytest.approx(expected["t_end_s"], rel=ENTRY_PLANAR_REL)
    assert end["speed"] == pytest.approx(expected["V_end_m_s"], rel=ENTRY_PLANAR_REL)
    assert math.degrees(end["angle"]) == pytest.approx(expected["gamma_end_deg"], rel=ENTRY_PLANAR_REL)
    assert end["downrange"] == pytest.approx(expected["downrange_m"], rel=ENTRY_PLANAR_REL)
    t, load = peak(path["t"], path["load"])
    load *= math.hypot(1.0, i["L_over_D"]) / math.hypot(1.0, i["L_over_D"] * inside)  # the part out of the plane
    assert load == pytest.approx(expected["peak_load_g"], rel=ENTRY_PLANAR_REL)
    assert t == pytest.approx(expected["t_peak_load_s"], abs=ENTRY_PEAK_S)
    t, flux = peak(path["t"], path["flux"])
    assert flux == pytest.approx(expected["peak_heat_flux_W_m2"], rel=ENTRY_PLANAR_REL)
    assert t == pytest.approx(expected["t_peak_heat_s"], abs=ENTRY_PEAK_S)
    assert np.trapezoid(path["flux"], path["t"]) == pytest.approx(expected["heat_load_J_m2"], rel=ENTRY_PLANAR_REL)


# Steep enough for a straight line; 90 deg is left out because lift has no direction there.
STEEP = [c for c in CASES["allen_eggers"] if c["inputs"]["gamma_deg"] < 90]


@pytest.mark.parametrize("case", STEEP, ids=lambda c: f"{c['inputs']['gamma_deg']} deg")
def test_allen_eggers(case):
    """Straight line, no gravity: on a planet shrunk 10 000 times the atmosphere is a metre high and the ground flat."""
    i, expected, scale = case["inputs"], case["expected"], 1.0e-4
    ground = R_EQUATOR + 2.0e5
    forces = similar_planet(scale, ground, 1e-6 / scale**3, i["rho0"], i["H"], 1.2e5)
    y = planar_start(ground, scale, i["V_e"], -math.radians(i["gamma_deg"]), 1.2e5)
    path = flown(forces, ground, scale, y, expected["h_at_a_max"] - 8e3, 1.0 / i["beta_kgm2"], dt=0.02)
    t, load = peak(path["t"], path["load"])
    assert load == pytest.approx(expected["a_max_g"], rel=ALLEN_EGGERS_REL)
    assert np.interp(t, path["t"], path["height"]) == pytest.approx(
        expected["h_at_a_max"], abs=ALLEN_EGGERS_REL * i["H"]
    )
    assert np.interp(t, path["t"], path["speed"]) == pytest.approx(expected["V_at_a_max"], rel=ALLEN_EGGERS_REL)
    # The whole profile: V = V_e exp(-rho H / (2 beta sin gamma)).
    rho = i["rho0"] * np.exp(-path["height"] / i["H"])
    closed = i["V_e"] * np.exp(-rho * i["H"] / (2.0 * i["beta_kgm2"] * math.sin(math.radians(i["gamma_deg"]))))
    assert path["speed"] == pytest.approx(closed, rel=ALLEN_EGGERS_REL)


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
