"""The filters of the close range: honest about their errors on arcs that they have not made, and against dense algebra.

The sensors have biases, misalignments and latencies. Normalised error squared over independent runs is chi-squared; its
mean over RUNS runs must lie in the two-sided 95 % band (Bar-Shalom, Li, Kirubarajan 2001, section 5.4.2). A mark, or a
group of states, is one of many such means: together they are held to the band that 95 % of honest filters stay in, each
at 95 % to the power of one over their number. Errors that stay for a run make the means of its marks alike.
"""

import math
from functools import lru_cache

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.stats import chi2

from kernels.docking.port_geometry import port_geometry, turn_matrix
from kernels.sensors.attitude_filter import attitude_filter, begin_attitude, predict_attitude, update_attitude
from kernels.sensors.kalman import filter_workspace, update
from kernels.sensors.navigation import NO_FIX, OK, filter_state, navigate, reset
from kernels.sensors.relative_filter import STATES, predict_relative, relative_filter
from kernels.sensors.relative_updates import look_back, update_relative
from kernels.sensors.sensors import CAMERA, GNSS, LIDAR, RADAR, SENSORS, TRACKER, TrueState
from sim.build.sensors import filter_model_of, sensors_of
from sim.core.random_streams import stream
from sim.scenario import load
from tests import tolerance
from tests.kernels.made_approach import arc, many

RUNS = 40  # benches/sensed_docking.py flies 200
GROUPS = {
    name: slice(3 * i, 3 * i + 3)
    for i, name in enumerate(("p", "v", "theta", "omega", "bias", "camera", "offset", "lidar"))
}
AIM = port_geometry([-15.0, 0.0, 0.0], [-1.0, 0.0, 0.0], [4.9, 0.0, 0.0])


@lru_cache(maxsize=1)
def ship():
    model = load("shenzhou-20").ship_vehicles["shenzhou"]
    return sensors_of(model.sensors), filter_model_of(model.navigation)


@lru_cache(maxsize=8)
def flown(start, slope, periods, marks, runs=RUNS, **more):
    sensors, filter_model = ship()
    one = arc(
        start,
        slope,
        periods,
        station=filter_model.station,
        rate=filter_model.oscillation,
        noise=filter_model.station_noise,
        **more,
    )
    return many(one, sensors, filter_model, AIM, runs, marks, lambda run, name: stream(7, run, name))


def near():
    """From 200 m to 0.5 m from contact; the marks are periods of 0.5 s."""
    return flown(200.0, 1.0 / 400.0, 1170, (1, 20, 100, 300, 600, 900, 1100, 1165))


def far():
    """From 2 km, by 2.65 m/s at first, to 10 m."""
    return flown(2000.0, 1.0 / 800.0, 4450, (1, 20, 200, 1000, 2000, 3000, 4000, 4400))


def normalised(errors, covs):
    """Mean over the runs of e' P^-1 e, for every mark."""
    return np.einsum("rki,rki->rk", errors, np.linalg.solve(covs, errors[..., None])[..., 0]).mean(axis=0)


def band(states, runs=RUNS, share=0.95):
    return chi2.ppf([0.5 - 0.5 * share, 0.5 + 0.5 * share], runs * states) / runs


def inside(values, limits):
    return bool(np.all((limits[0] <= values) & (values <= limits[1])))


@pytest.mark.parametrize("flight", [near, far])
def test_errors_are_as_large_as_the_filter_says(flight):
    out = flight()
    whole = normalised(out.errors, out.covs)
    assert inside(whole, band(STATES, share=0.95 ** (1.0 / whole.size)))


@pytest.mark.parametrize("flight", [near, far])
def test_errors_of_every_group_of_states_are_as_large_as_the_filter_says(flight):
    """One band for all means of both arcs together: that one of them leaves its own has to be as rare as 5 %."""
    out = flight()
    found = np.array([normalised(out.errors[..., s], out.covs[..., s, s]) for s in GROUPS.values()])
    assert inside(found, band(3, share=0.95 ** (0.5 / found.size)))


@pytest.mark.parametrize("flight", [near, far])
def test_attitude_errors_are_as_large_as_the_filter_says(flight):
    out = flight()
    found = normalised(out.turns, out.turn_covs)
    assert inside(found, band(9, share=0.95 ** (1.0 / found.size)))


@pytest.mark.parametrize("flight", [near, far])
def test_residuals_are_as_large_as_the_filter_says(flight):
    """Of every sensor that measured; residuals of an honest filter are white, so all of a sensor's count. Both arcs
    have nine such means."""
    squares = flight().squares.sum(axis=0)
    numbers = {GNSS: 6, RADAR: 4, LIDAR: 4, CAMERA: 6, TRACKER: 3}
    for sensor, states in numbers.items():
        total, count = squares[sensor]
        if count:
            assert inside(total / count, band(states, runs=count, share=0.95 ** (1.0 / 9.0))), sensor
    assert (squares[[LIDAR, CAMERA, TRACKER], 1] > 0).all()


def test_without_the_camera_the_filter_knows_less_and_says_so():
    """Lost at 50 m (period 740): from 20 m on, where the lidar ends too, only the accelerometer is left."""
    marks = (735, 850, 1000, 1100, 1165)
    out = flown(200.0, 1.0 / 400.0, 1170, marks, lost=740, dead=(CAMERA,))
    with_camera = flown(200.0, 1.0 / 400.0, 1170, marks)
    wide = np.sqrt(np.einsum("rkii->rki", out.covs))
    narrow = np.sqrt(np.einsum("rkii->rki", with_camera.covs))
    assert np.array_equal(wide[:, 0], narrow[:, 0])
    assert (wide[:, 1:, :3] > narrow[:, 1:, :3]).all()
    assert (np.diff(wide[:, 2:, :3], axis=1) > 0.0).all()
    assert (wide[:, -1, 1:3] > 10.0 * narrow[:, -1, 1:3]).all()
    found = normalised(out.errors, out.covs)
    assert inside(found, band(STATES, share=0.95 ** (1.0 / found.size)))


def test_a_station_that_drifts_is_detected_and_followed():
    """0.1 deg/s from 53 m on (period 700): noticed within 40 s in every run; then no surer than it may be, for the
    oscillation goes on beside the drift and is noise to the filter. Never in the nominal arcs."""
    sensors, filter_model = ship()
    spin = math.radians(0.1)
    one = arc(
        200.0,
        1.0 / 400.0,
        980,
        station=filter_model.station,
        rate=filter_model.oscillation,
        noise=filter_model.station_noise,
        lost=700,
        spin=spin,
    )
    out = many(one, sensors, filter_model, AIM, 100, (699, 780, 980), lambda run, name: stream(7, run, name))
    assert (out.adrift[:, 0] == 0.0).all() and (out.adrift[:, 1:] == 1.0).all()
    for states in (slice(15), GROUPS["p"], GROUPS["theta"]):
        size = len(range(15)[states])
        after = normalised(out.errors[..., states], out.covs[..., states, states])[2]
        assert after < band(size, runs=100)[1]
    assert np.abs(out.errors[:, 2, 6:9]).max() < math.radians(tolerance.FOLLOWED_DEG)
    for flight in (near, far):
        assert not flight().adrift.any()


# ---- one period at a time


def level(sensors, filter_model, distance=100.0, health=None, run=1):
    """A navigation started `distance` m from the port by a ship at rest on LVLH axes that hardly turn."""
    nav = filter_state()
    relative = np.array([-19.9 - distance, 0.0, 0.0, 0.0, 0.0, 0.0])
    health = np.ones(SENSORS, np.uint8) if health is None else np.array(health, dtype=np.uint8)
    unit = np.array([0.0, 0.0, 0.0, 1.0])
    draws = stream(3, run, "level")
    reset(sensors, filter_model, draws, nav)
    actual = TrueState(
        axes=np.eye(3),
        orbit_rate=1.1e-3,
        relative=relative,
        attitude=unit,
        rate=np.zeros(3),
        station=np.zeros(6),
        increments=np.zeros(9),
        sun=np.array([0.0, 0.0, 1.0]),
        light=1.0,
    )
    status = navigate(0, 0.5, actual, sensors, filter_model, AIM, health, draws, nav)
    return status, nav, relative


@pytest.mark.small
@pytest.mark.parametrize(
    ("distance", "failed", "sensor"),
    [(400.0, (), GNSS), (400.0, (GNSS,), LIDAR), (400.0, (GNSS, LIDAR), RADAR), (100.0, (), CAMERA)],
)
def test_the_first_fix_is_a_measurement(distance, failed, sensor):
    """Not the truth: it errs by its sensor's noise, which its covariance has; each sensor as the first one."""
    sensors, filter_model = ship()
    health = [0 if i in failed else 1 for i in range(SENSORS)]
    status, nav, relative = level(sensors, filter_model, distance, health)
    assert status == OK and nav.taken[sensor] == 1
    error = relative - nav.relative.x[:6]
    assert (error[:3] != 0.0).all()
    square = error[:3] @ np.linalg.solve(nav.relative.cov[:3, :3], error[:3])
    assert square < chi2.ppf(1.0 - 1e-3, 3)
    assert nav.sigma == pytest.approx(3.0 * np.sqrt(np.diag(nav.relative.cov)[:6]))
    bias = nav.readings.bias
    assert (bias != 0.0).all() and not nav.relative.x[12:15].any()  # the filter starts without the true biases


@pytest.mark.small
@pytest.mark.parametrize("failed", [(TRACKER,), (GNSS, RADAR, LIDAR, CAMERA)])
def test_without_a_sensor_there_is_no_fix(failed):
    sensors, filter_model = ship()
    health = [0 if i in failed else 1 for i in range(SENSORS)]
    assert level(sensors, filter_model, 400.0, health)[0] == NO_FIX


@pytest.mark.small
def test_a_wild_measurement_is_refused_and_changes_nothing():
    """Six sigma of the residual on one of six numbers is beyond the gate, 4 sigma is not."""
    sensors, filter_model = ship()
    _, nav, _ = level(sensors, filter_model, 400.0)
    state = nav.relative
    look_back(0.0, 1.1e-3, np.zeros(3), np.eye(3), state)
    sigma = np.sqrt(state.cov[1, 1] + np.interp(420.0, sensors.gnss.at, sensors.gnss.sigma[:, 0]) ** 2)
    x, cov = state.x.copy(), state.cov.copy()
    wild = x[:6].copy()
    wild[1] += 8.0 * sigma

    def taken(measured):
        nav.readings.gnss[:] = measured
        return update_relative(GNSS, nav.readings, 1.1e-3, np.zeros(3), nav.attitude.cov, AIM, sensors.gnss, state)

    assert taken(wild) < -39.0
    assert np.array_equal(state.x, x) and np.array_equal(state.cov, cov)
    near = x[:6].copy()
    near[1] += 4.0 * sigma
    assert taken(near) > 0.0
    assert state.x[1] > x[1] and state.cov[1, 1] < cov[1, 1]


def at_rest(sensors, filter_model, assumed, offset, periods=400):
    """The error of place after so many periods at rest 100 m from the port, by a camera with the true offset (3,) m, of
    which the filter has the sigma in `assumed`; gyro and accelerometer push nothing."""
    nav, draws, n = filter_state(), stream(3, 2, "at rest"), 1e-9
    relative = np.array([-119.9, 0.0, 0.0, 0.0, 0.0, 0.0])
    reset(sensors, filter_model, draws, nav)
    nav.readings.bias[:], nav.readings.mount[:] = 0.0, 0.0
    nav.readings.offset[CAMERA] = offset
    unit, sun = np.array([0.0, 0.0, 0.0, 1.0]), np.array([0.0, 0.0, 1.0])
    actual = TrueState(np.eye(3), n, relative, unit, np.zeros(3), np.zeros(6), np.zeros(9), sun, 1.0)
    health = np.zeros(SENSORS, np.uint8)
    health[[CAMERA, TRACKER]] = 1
    for period in range(periods):
        assert navigate(period, 0.5, actual, assumed, filter_model, AIM, health, draws, nav) == OK
    return relative[:3] - nav.relative.x[:3], nav


@pytest.mark.small
def test_an_offset_without_a_state_is_its_error():
    """Nothing but the camera measures: what it is off the filter is off, by algebra. With a state for it the filter is
    off by as much, for nothing can show it, but says so."""
    sensors, filter_model = ship()
    offset = np.array([0.5, -0.3, 0.4])
    perfect = sensors._replace(camera=sensors.camera._replace(bias=0.0, mount=0.0), tracker_mount=0.0)
    assumed = sensors._replace(camera=sensors.camera._replace(bias=0.5, mount=0.0), tracker_mount=0.0)
    error, nav = at_rest(sensors, filter_model, perfect, offset)
    sigma = np.sqrt(np.diag(nav.relative.cov)[:3])
    assert np.abs(error - offset).max() < 4.0 * sigma.max() and (np.abs(error) > 4.0 * sigma).all()
    assert not nav.relative.x[15:21].any() and not nav.relative.cov[15:21].any()  # states without a variance stay
    error, nav = at_rest(sensors, filter_model, assumed, offset)
    cov = nav.relative.cov[:3, :3]
    assert error @ np.linalg.solve(cov, error) < chi2.ppf(1.0 - 1e-3, 3)
    assert np.diag(cov) == pytest.approx(0.25, rel=0.2)


@pytest.mark.small
def test_a_dazzled_camera_gives_no_measurement():
    sensors, filter_model = ship()
    _, nav, relative = level(sensors, filter_model)
    unit, increments = np.array([0.0, 0.0, 0.0, 1.0]), np.zeros(9)
    for sun, taken in (([1.0, 0.0, 0.0], 1), ([-1.0, 0.0, 0.0], 2)):
        actual = TrueState(np.eye(3), 1.1e-3, relative, unit, np.zeros(3), np.zeros(6), increments, np.array(sun), 1.0)
        navigate(1, 0.5, actual, sensors, filter_model, AIM, np.ones(SENSORS, np.uint8), stream(3, 1, "level"), nav)
        assert nav.taken[CAMERA] == taken and nav.readings.blind[0] == (taken == 1)


# ---- against dense algebra


def made_covariance(n, seed):
    z = np.random.default_rng(seed).normal(size=(n, n))
    return z @ z.T + 0.1 * np.eye(n)


@pytest.mark.small
@pytest.mark.parametrize(("n", "m"), [(9, 3), (15, 4), (32, 6)])
def test_an_update_is_josephs(n, m):
    rng = np.random.default_rng(m)
    p, h, r, nu = made_covariance(n, 1), rng.normal(size=(m, n)), made_covariance(m, 2), rng.normal(size=m)
    h[:, n - 5 : n - 3] = 0.0  # columns that are not read
    work = filter_workspace(n)
    work.h[:m], work.noise[:m, :m], work.residual[:m] = h, r, nu
    found = p.copy()
    square = update(found, m, n - 5, n - 3, 3, 1e9, work)
    s = h @ p @ h.T + r
    k = p @ h.T @ np.linalg.inv(s)
    left = np.eye(n) - k @ h
    assert square == pytest.approx(nu @ np.linalg.solve(s, nu), rel=tolerance.FILTER_REL)
    assert work.correction == pytest.approx(k @ nu, rel=tolerance.FILTER_REL, abs=tolerance.FILTER_REL)
    assert found == pytest.approx(left @ p @ left.T + k @ r @ k.T, rel=tolerance.FILTER_REL, abs=tolerance.FILTER_REL)
    assert np.array_equal(found, found.T)


def relative_rates(n, oscillation, lb):
    """The matrix of the filter's linear motion: Hill's equations, a pendulum, a bias that pushes."""
    a = np.zeros((STATES, STATES))
    a[0:3, 3:6] = np.eye(3)
    a[3, 5], a[5, 3], a[5, 2], a[4, 1] = 2.0 * n, -2.0 * n, 3.0 * n * n, -n * n
    a[3:6, 12:15] = -lb.T
    a[6:9, 9:12] = np.eye(3)
    a[9:12, 6:9] = -oscillation * oscillation * np.eye(3)
    return a


@pytest.mark.small
def test_a_prediction_is_the_exponential_of_its_motion():
    """State and covariance, against scipy's matrix exponential and van Loan's integral of the noise (1978)."""
    _, filter_model = ship()
    # A quiet station, for which the tolerance is reasoned: its noise within a period is that of a straight line.
    filter_model = filter_model._replace(station_noise=math.radians(6e-6))
    n, dt, noise = 1.1e-3, 0.5, 5e-4
    lb = np.empty((3, 3))
    turn_matrix(np.array([0.3, -0.5, 0.9]), lb)
    state = relative_filter()
    rng = np.random.default_rng(5)
    scale = np.concatenate([np.repeat([0.1, 0.01, 1e-4, 1e-6, 1e-4, 1e-3, 1e-2, 1e-3], 3), np.full(8, 0.1)])
    state.cov[:] = made_covariance(STATES, 7) * np.outer(scale, scale)
    state.x[:] = rng.normal(size=STATES) * scale
    state.x[:3] += [-100.0, 3.0, -5.0]
    state.oscillation[:] = filter_model.oscillation, filter_model.station_noise
    x, p, dv = state.x.copy(), state.cov.copy(), np.array([0.02, -0.01, 0.005])
    predict_relative(dt, n, dv, 0.5 * dt * dv, lb, noise, 0.0, filter_model, state)
    a = relative_rates(n, filter_model.oscillation, lb)
    model = filter_model.model + filter_model.model_slope * np.linalg.norm(x[:3])
    q = np.zeros((STATES, STATES))
    q[3:6, 3:6] = (noise**2 + model**2) * np.eye(3)
    q[9:12, 9:12] = filter_model.station_noise**2 * np.eye(3)
    both = expm(np.block([[-a, q], [np.zeros((STATES, STATES)), a.T]]) * dt)
    flow = both[STATES:, STATES:].T
    size = np.sqrt(np.outer(np.diag(p), np.diag(p)))
    assert (state.cov - (flow @ p @ flow.T + flow @ both[:STATES, STATES:])) / size == pytest.approx(
        np.zeros((STATES, STATES)), abs=tolerance.FILTER_NOISE_REL
    )
    pushed = np.zeros((STATES + 1, STATES + 1))
    pushed[:STATES, :STATES] = a
    pushed[3:6, STATES] = lb.T @ dv / dt
    assert state.x == pytest.approx(
        (expm(pushed * dt) @ np.append(x, 1.0))[:STATES], rel=1e-9, abs=tolerance.FILTER_STATE
    )


def test_the_attitude_filter_settles_where_the_gain_without_a_bias_does():
    """A random walk of the angle seen by white noise has a closed answer: P (P + r)^-1 r = P - q before and after."""
    sensors, _ = ship()
    state, unit = attitude_filter(), np.array([0.0, 0.0, 0.0, 1.0])
    begin_attitude(unit, sensors.tracker, 0.0, 0.0, state)
    for _ in range(4000):
        predict_attitude(np.zeros(3), 1.0, sensors.gyro_walk, state)
        assert update_attitude(unit, sensors.tracker, 0.0, state) >= 0.0
    q, r = sensors.gyro_walk**2, sensors.tracker**2
    before = 0.5 * (q + np.sqrt(q * q + 4.0 * q * r))
    assert np.diag(state.cov)[:3] == pytest.approx(before - q, rel=tolerance.FILTER_REL)
