"""The sensors: every noise has the sigma of the ship's file, about the truth, and is a function of its place.

The truth is set up here by numpy and scipy, the noises are read from the file as it is written.
"""

import math
import tomllib
from functools import cache

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from kernels.docking.port_geometry import compose, port_geometry, sight, turn_matrix
from kernels.sensors.sensing import draw_biases, sense
from kernels.sensors.sensors import (
    ACCELEROMETER,
    CAMERA,
    DARK,
    DAZZLED,
    GNSS,
    GYRO,
    LIDAR,
    RADAR,
    SEES,
    SENSORS,
    TRACKER,
    TrueState,
    due,
    readings,
)
from sim.build.sensors import sensors_of
from sim.core.random_streams import stream
from sim.files import paths
from sim.scenario import load
from tests import tolerance

FILE = tomllib.loads((paths.VEHICLES / "shenzhou.toml").read_text("utf-8"))["sensors"]
DT = 0.5
RING = np.array([4.9, 0.0, 0.0])
AIM = port_geometry([-15.0, 0.5, 0.2], [-1.0, 0.0, 0.0], RING)
C = Rotation.from_euler("xyz", [0.4, -1.1, 2.0]).as_matrix()  # inertial to LVLH
STATION = np.array([0.01, -0.02, 0.015, 1e-4, 2e-4, -1e-4])
N = 1.13e-3
DRAWS = 3000


@cache
def flown_sensors():
    return sensors_of(load("shenzhou-20").ship_vehicles["shenzhou"].sensors)


@cache
def sensors():
    """Those of the ship without latency: what they measure is the state that they are given."""
    record = flown_sensors()
    names = ("gnss", "radar", "lidar", "camera")
    return record._replace(tracker_latency=0.0, **{name: getattr(record, name)._replace(latency=0.0) for name in names})


def truth(distance):
    """A ship that faces the port 0.05 rad off its axis, from a line of sight that is not the port's axis; with what
    should be measured: the place of the port in body axes and its rate."""
    turned = Rotation.from_rotvec(STATION[:3])
    port = turned.apply(AIM.port)
    body = Rotation.from_rotvec([0.01, 0.05, -0.03])  # body axes to LVLH
    line = np.array([0.98, 0.15, -0.1]) / np.linalg.norm([0.98, 0.15, -0.1])
    relative = np.concatenate([port - distance * line - body.apply(RING), [0.12, -0.03, 0.02]])
    q = (Rotation.from_matrix(C.T) * body).as_quat()
    w = np.array([1e-3, -2e-3, 5e-4])
    against = body.apply(w) - np.array([0.0, -N, 0.0])
    speed = np.cross(STATION[3:], port) - relative[3:] - np.cross(against, body.apply(RING))
    return relative, q, w, body.inv().apply(distance * line), speed @ line, (body.inv() * turned).as_matrix()


def true_state(relative, q, w, station=STATION, increments=None, axes=C, sun=(0.0, 0.0, 1.0), light=1.0):
    """The record of the truth; nothing is measured by gyro and accelerometer unless set. sun (3,) inertial."""
    return TrueState(
        axes=axes,
        orbit_rate=N,
        relative=relative,
        attitude=q,
        rate=w,
        station=station,
        increments=np.zeros(9) if increments is None else increments,
        sun=np.array(sun),
        light=light,
    )


def sensed(period, distance, run=1, health=None, increments=None, use="sensors"):
    relative, q, w, *_ = truth(distance)
    out = readings()
    health = np.ones(SENSORS, np.uint8) if health is None else np.array(health, np.uint8)
    sense(
        period, DT, true_state(relative, q, w, increments=increments), sensors(), AIM, health, stream(5, run, use), out
    )
    return out


def many(distance, pick):
    """What `pick` takes from the readings of the even periods."""
    relative, q, w, *_ = truth(distance)
    out, record, health, draws = readings(), sensors(), np.ones(SENSORS, np.uint8), stream(5, 1, "sensors")
    found = []
    for period in range(0, 2 * DRAWS, 2):
        sense(period, DT, true_state(relative, q, w), record, AIM, health, draws, out)
        found.append(np.copy(pick(out)))
    return np.array(found)


def is_normal(errors, sigma):
    """Mean 0 and spread sigma, to 4.5 standard errors of either: 7e-6 each at random."""
    n = errors.size
    assert abs(errors.mean()) < 4.5 * sigma / math.sqrt(n)
    assert abs(errors.std() / sigma - 1.0) < 4.5 / math.sqrt(2.0 * n)


def noises(name, distance):
    """The sigmas in the file for a sensor at a distance."""
    sensed = FILE[name]
    return {key: np.interp(distance, sensed["at_m"], row) for key, row in sensed.items() if isinstance(row, list)}


def along_and_across(points, b):
    u = b / np.linalg.norm(b)
    errors = points - b
    return errors @ u, errors - np.outer(errors @ u, u)


@pytest.mark.parametrize("distance", [1.0, 15.0, 60.0, 240.0])
def test_the_camera(distance):
    *_, b, _, turned = truth(distance)
    noise = noises("camera", distance)
    along, across = along_and_across(many(distance, lambda r: r.camera), b)
    is_normal(along, noise["range_m"])
    is_normal(across[:, 1], noise["lateral_m"] * math.sqrt(1.0 - (b[1] / distance) ** 2))
    is_normal(across[:, 2], noise["lateral_m"] * math.sqrt(1.0 - (b[2] / distance) ** 2))
    seen = many(distance, lambda r: r.turned)
    small = Rotation.from_matrix(seen @ turned.T).as_rotvec()
    for axis in range(3):
        is_normal(small[:, axis], math.radians(noise["attitude_deg"]))


@pytest.mark.parametrize(
    ("name", "distance"),
    [("lidar", 25.0), ("lidar", 400.0), ("lidar", 15000.0), ("radar", 300.0), ("radar", 3000.0), ("radar", 90000.0)],
)
def test_radar_and_lidar(name, distance):
    *_, b, rate, _ = truth(distance)
    noise = noises(name, distance)
    found = many(distance, lambda r: getattr(r, name))
    along, across = along_and_across(found[:, :3], b)
    is_normal(along, noise["range_m"])
    sideways = distance * math.radians(noise["line_of_sight_deg"])
    for axis in (1, 2):
        is_normal(across[:, axis], sideways * math.sqrt(1.0 - (b[axis] / distance) ** 2))
    is_normal(found[:, 3] - rate, noise["rate_m_s"])


@pytest.mark.parametrize("distance", [300.0, 3000.0, 50000.0])
def test_relative_gnss(distance):
    relative = truth(distance)[0]
    apart = np.linalg.norm(relative[:3])
    errors = many(distance, lambda r: r.gnss) - relative
    noise = noises("gnss", apart)
    is_normal(errors[:, :3].ravel(), noise["position_m"])
    is_normal(errors[:, 3:].ravel(), noise["velocity_m_s"])


def test_the_star_tracker():
    q = truth(100.0)[1]
    found = Rotation.from_quat(q).inv() * Rotation.from_quat(many(100.0, lambda r: r.tracker))
    arcsec = FILE["star_tracker"]
    for axis, sigma in enumerate((arcsec["across_arcsec"], arcsec["across_arcsec"], arcsec["roll_arcsec"])):
        is_normal(np.degrees(found.as_rotvec()[:, axis]) * 3600.0, sigma)


def test_gyro_and_accelerometer():
    """Noise about the increments, and the second integral of the accelerometer's is that of its white noise: variance
    q dt^3 / 3 and covariance q dt^2 / 2. Their biases are drawn once a run."""
    increments = many(100.0, lambda r: r.increments)
    walk = math.radians(FILE["gyro"]["random_walk_deg_sqrt_h"]) / 60.0 * math.sqrt(DT)
    push = FILE["accelerometer"]["noise_ug_sqrt_hz"] * 9.80665e-6
    is_normal(increments[:, 3:6].ravel(), walk)
    is_normal(increments[:, :3].ravel(), push * math.sqrt(DT))
    is_normal(increments[:, 6:].ravel(), push * math.sqrt(DT**3 / 3.0))
    is_normal(
        (increments[:, 6:] - 0.5 * DT * increments[:, :3]).ravel(), push * math.sqrt(DT**3 / 12.0)
    )  # apart from the first
    out, biases = readings(), []
    for run in range(1000):
        draw_biases(sensors(), stream(5, run, "sensors"), out)
        biases.append(out.bias.copy())
    biases = np.array(biases)
    is_normal(biases[:, :3].ravel(), FILE["accelerometer"]["bias_ug"] * 9.80665e-6)
    is_normal(biases[:, 3:].ravel(), math.radians(FILE["gyro"]["bias_deg_h"]) / 3600.0)


@pytest.mark.small
def test_biases_add_to_the_increments():
    out, draws = readings(), stream(5, 2, "sensors")
    relative, q, w, *_ = truth(100.0)
    increments = np.arange(9.0)
    args = (true_state(relative, q, w, increments=increments), sensors(), AIM, np.ones(SENSORS, np.uint8), draws, out)
    sense(4, DT, *args)
    without = out.increments.copy()
    assert without == pytest.approx(increments, abs=1e-2)
    out.bias[:] = [1.0, 2.0, 3.0, 0.1, 0.2, 0.3]
    sense(4, DT, *args)
    added = np.concatenate([out.bias * DT, 0.5 * DT * DT * out.bias[:3]])
    assert out.increments - without == pytest.approx(added, abs=1e-12)


@pytest.mark.small
def test_a_draw_depends_on_stream_period_and_sensor_alone():
    a, b = sensed(8, 220.0), sensed(8, 220.0)
    assert a.fresh.all()
    health = [1, 0, 1, 1, 1]
    c = sensed(8, 220.0, health=health)
    for name in ("gnss", "lidar", "camera", "turned", "tracker", "increments"):
        assert np.array_equal(getattr(a, name), getattr(b, name))
        assert np.array_equal(getattr(a, name), getattr(c, name))  # a radar that is off moves no other draw
    assert not c.fresh[RADAR] and not c.radar.any()
    for other in (sensed(10, 220.0), sensed(8, 220.0, run=2), sensed(8, 220.0, use="others")):
        for name in ("gnss", "radar", "lidar", "camera", "tracker", "increments"):
            assert not np.any(getattr(other, name) == getattr(a, name)), name


@pytest.mark.small
@pytest.mark.parametrize(
    ("distance", "working"),
    [
        (0.8, ()),
        (1.0, (CAMERA,)),
        (19.0, (CAMERA,)),
        (21.0, (LIDAR, CAMERA)),
        (210.0, (GNSS, RADAR, LIDAR, CAMERA)),
        (251.0, (GNSS, RADAR, LIDAR)),
        (20100.0, (GNSS, RADAR)),
        (120000.0, (RADAR,)),
        (151000.0, ()),
    ],
)
def test_each_works_in_its_range(distance, working):
    assert [i for i in range(SENSORS) if sensed(0, distance).fresh[i]] == [*working, TRACKER]


@pytest.mark.small
def test_each_works_at_its_rate():
    fresh = np.array([sensed(period, 210.0).fresh for period in range(4)])
    assert fresh[:, [LIDAR, CAMERA]].all()
    assert fresh[:, [GNSS, RADAR, TRACKER]].tolist() == [[1, 1, 1], [0, 0, 0], [1, 1, 1], [0, 0, 0]]
    assert not due(1, 0.1, 0.5) and due(5, 0.1, 0.5) and due(3, 0.5, 0.1)


@pytest.mark.small
def test_the_port_must_be_in_sight():
    """The ship turned by 14 and 16 deg off the port sees it with the camera or not; so does a port rotated by 29
    and 31 deg. The radar's cone is wider."""
    record, health, out, draws = sensors(), np.ones(SENSORS, np.uint8), readings(), stream(5, 1, "sensors")
    one = port_geometry([0.0, 0.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 0.0])
    relative, still = np.array([-210.0, 0.0, 0.0, 0.0, 0.0, 0.0]), np.zeros(6)
    for ship, port, seen in ((14.0, 0.0, True), (16.0, 0.0, False), (0.0, 29.0, True), (0.0, 31.0, False)):
        q = Rotation.from_euler("z", ship, degrees=True).as_quat()
        still[1] = math.radians(port)
        actual = true_state(relative, q, np.zeros(3), still, axes=np.eye(3))
        sense(0, DT, actual, record, one, health, draws, out)
        assert bool(out.fresh[CAMERA]) == seen
        assert out.fresh[RADAR] == 1
        assert bool(out.fresh[LIDAR]) == (ship < 15.0)


@pytest.mark.small
def test_small_turns_are_scipys():
    a, b = np.array([0.4, -1.0, 0.3]), np.array([-0.2, 0.9, 1.4])
    out = np.empty((3, 3))
    for vector in (a, b, 1e-7 * a, np.zeros(3)):
        turn_matrix(vector, out)
        assert out == pytest.approx(Rotation.from_rotvec(vector).as_matrix(), abs=tolerance.TURN_MATRIX)
    total = b.copy()
    compose(a, total)
    assert total == pytest.approx(
        (Rotation.from_rotvec(a) * Rotation.from_rotvec(b)).as_rotvec(), abs=tolerance.TURN_MATRIX
    )


@pytest.mark.small
def test_a_range_rate_is_the_rate_of_the_range():
    """Against a central difference of the distance, both craft moving and turning, LVLH turning with them."""
    distance = 30.0
    relative, q, w, _, rate, _ = truth(distance)

    def range_at(t):
        turned = Rotation.from_rotvec(STATION[3:] * t) * Rotation.from_rotvec(STATION[:3])
        frame = Rotation.from_rotvec([0.0, N * t, 0.0]) * Rotation.from_matrix(C)  # inertial to LVLH
        body = frame * Rotation.from_quat(q) * Rotation.from_rotvec(w * t)
        return np.linalg.norm(turned.apply(AIM.port) - relative[:3] - t * relative[3:] - body.apply(RING))

    assert rate == pytest.approx((range_at(0.01) - range_at(-0.01)) / 0.02, abs=tolerance.RANGE_RATE_M_S)
    lb = (Rotation.from_quat(q).inv() * Rotation.from_matrix(C.T)).as_matrix()
    out, turned = np.empty(11), Rotation.from_rotvec(STATION[:3]).as_matrix()
    sight(N, relative, w, turned, AIM.port, STATION[3:], RING, np.ascontiguousarray(lb), out)
    assert out[9] == pytest.approx(distance, rel=tolerance.TURN_MATRIX)
    assert out[10] == pytest.approx(rate, abs=tolerance.RANGE_RATE_M_S)


# ---- what stays for a run, what is late, what blinds


def test_what_stays_for_a_run_has_the_sigma_of_the_file():
    out, mounts, offsets = readings(), [], []
    for run in range(1000):
        draw_biases(flown_sensors(), stream(5, run, "sensors"), out)
        mounts.append(out.mount.copy())
        offsets.append(out.offset.copy())
    mounts, offsets = np.array(mounts), np.array(offsets)
    for sensor, name in ((RADAR, "radar"), (LIDAR, "lidar"), (CAMERA, "camera"), (GYRO, "gyro")):
        is_normal(mounts[:, sensor].ravel(), 1e-3 * FILE[name]["misalignment_mrad"])
    is_normal(mounts[:, ACCELEROMETER].ravel(), 1e-3 * FILE["accelerometer"]["misalignment_mrad"])
    is_normal(mounts[:, TRACKER].ravel(), math.radians(FILE["star_tracker"]["misalignment_arcsec"] / 3600.0))
    for sensor, name in ((GNSS, "gnss"), (RADAR, "radar"), (LIDAR, "lidar"), (CAMERA, "camera")):
        is_normal(offsets[:, sensor].ravel(), FILE[name]["bias_m"])
    assert not mounts[:, GNSS].any() and not offsets[:, TRACKER].any()


def both(change, distance=220.0, increments=None, record=None, **light):
    """The readings of one period without errors that stay, and with those that `change` sets."""
    relative, q, w, *_ = truth(distance)
    found = []
    for alter in (None, change):
        out = readings()
        if alter:
            alter(out)
        actual = true_state(relative, q, w, increments=increments, **light)
        sense(8, DT, actual, record or sensors(), AIM, np.ones(SENSORS, np.uint8), stream(5, 1, "sensors"), out)
        found.append(out)
    return found


@pytest.mark.small
def test_misalignments_turn_and_offsets_shift_what_is_measured():
    mounts = np.arange(1.0, 22.0).reshape(7, 3) * 1e-4
    offsets = np.arange(1.0, 16.0).reshape(5, 3) * 1e-2

    def change(out):
        out.mount[:], out.offset[:] = mounts, offsets

    increments = np.arange(1.0, 10.0) * 1e-3
    plain, off = both(change, increments=increments)
    *_, b, rate, turned = truth(220.0)
    for sensor, name in ((RADAR, "radar"), (LIDAR, "lidar")):
        shift = getattr(off, name) - getattr(plain, name)
        along = offsets[sensor, 0] * b / np.linalg.norm(b)
        assert shift[:3] == pytest.approx(np.cross(mounts[sensor], b) + along, abs=1e-9)
        assert shift[3] == 0.0
    assert off.camera - plain.camera == pytest.approx(np.cross(mounts[CAMERA], b) + offsets[CAMERA], abs=1e-9)
    seen = Rotation.from_matrix(off.turned @ plain.turned.T).as_rotvec()
    assert seen == pytest.approx(mounts[CAMERA], abs=2e-4)  # the noise of 1 to 2 deg turns it
    assert off.gnss - plain.gnss == pytest.approx([*offsets[GNSS], 0.0, 0.0, 0.0], abs=1e-12)
    q, p = Rotation.from_quat(off.tracker), Rotation.from_quat(plain.tracker)
    assert (p.inv() * q).as_rotvec() == pytest.approx(mounts[TRACKER], rel=1e-3)
    for first, sensor in ((0, ACCELEROMETER), (3, GYRO), (6, ACCELEROMETER)):
        part = slice(first, first + 3)
        shift = np.cross(mounts[sensor], increments[part])
        assert off.increments[part] - plain.increments[part] == pytest.approx(shift, abs=1e-12)


@pytest.mark.small
def test_a_late_measurement_is_that_of_then():
    """A state that runs on straight for a period: each sensor sees it as it was its latency ago, less its noise, which
    is that of the same sensor without a latency where it stood then."""
    relative, q, w, *_ = truth(220.0)
    turn = np.array([2e-3, -1e-3, 3e-3])
    health = np.ones(SENSORS, np.uint8)

    def read(record, late):
        at = relative.copy()
        at[:3] -= late * at[3:]
        station = STATION.copy()
        turned = Rotation.from_rotvec(-late * STATION[3:]) * Rotation.from_rotvec(STATION[:3])
        station[:3] = turned.as_rotvec()
        # LVLH goes on turning: what is turned back is the ship against it.
        lb = (Rotation.from_quat(q).inv() * Rotation.from_matrix(C.T)).as_matrix()
        back = turn / DT + N * lb[:, 1]
        then = (
            Rotation.from_matrix(C.T) * Rotation.from_matrix(lb).inv() * Rotation.from_rotvec(-late * back)
        ).as_quat()
        out = readings()
        out.past[:] = relative
        out.past[:3] -= DT * relative[3:]
        actual = true_state(at, then, w, station=station, increments=np.concatenate([np.zeros(3), turn, np.zeros(3)]))
        sense(8, DT, actual, record, AIM, health, stream(5, 1, "sensors"), out)
        return out

    now = read(flown_sensors(), 0.0)
    for name in ("gnss", "radar", "lidar", "camera"):
        then = read(sensors(), FILE[name]["latency_s"])
        assert getattr(now, name) == pytest.approx(getattr(then, name), abs=1e-6), name
        if name == "camera":
            assert now.turned == pytest.approx(then.turned, abs=1e-9)
    back = Rotation.from_quat(read(sensors(), 0.0).tracker).inv() * Rotation.from_quat(now.tracker)
    assert back.as_rotvec() == pytest.approx(-FILE["star_tracker"]["latency_s"] / DT * turn, rel=0.01)


@pytest.mark.small
@pytest.mark.parametrize(
    ("off", "light", "reach", "blind"),
    [
        (25.0, 1.0, 250.0, SEES),
        (19.0, 1.0, 250.0, DAZZLED),
        (19.0, 0.2, 250.0, DAZZLED),  # what is left of the Sun behind the limb is bright enough
        (19.0, 0.0, 250.0, SEES),  # set, and the beacons reach
        (25.0, 0.0, 100.0, DARK),
        (25.0, 0.1, 100.0, SEES),
    ],
)
def test_sun_and_darkness_blind_the_camera_and_nothing_else(off, light, reach, blind):
    q = truth(220.0)[1]
    sun = Rotation.from_quat(q).apply(Rotation.from_euler("z", off, degrees=True).apply([1.0, 0.0, 0.0]))
    out = both(None, record=sensors()._replace(dark_reach=reach), sun=sun, light=light)[0]
    assert out.blind[0] == blind
    assert out.fresh.tolist() == [1, 1, 1, blind == SEES, 1]


@pytest.mark.small
def test_a_camera_that_no_sun_dazzles():
    """A file without the angle."""
    sun = Rotation.from_quat(truth(220.0)[1]).apply([1.0, 0.0, 0.0])
    assert both(None, record=sensors()._replace(sun_cosine=2.0), sun=sun)[0].fresh[CAMERA]
