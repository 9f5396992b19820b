"""The guided entry: roll, trim, wind, navigation in the blackout, and the laws that steer."""

import math

import numpy as np
import pytest

from kernels.constants import J2, MU_EARTH, R_GRAVITY
from kernels.entry.bank import TURN, followed
from kernels.entry.dynamics import trim_shares
from kernels.entry.entry import (
    BALLISTIC,
    BANK,
    COMMAND,
    DRAG_RATIO,
    FIXED,
    HEIGHT,
    KNOWN_ERROR,
    LIFT_RATIO,
    LOST,
    OPENED,
    PLACE_ERROR,
    PREDICTOR,
    REFERENCE,
    REVERSALS,
    TIMED_OUT,
)
from kernels.entry.navigation import InertialUnit
from kernels.maths.random import stream
from kernels.records import make
from tests.kernels.test_entry import CAPSULE, TRIMMED, aimed_ahead, enter, interface, shifted  # noqa: F401 - a fixture
from tests.tolerance import ENTRY_CROSS_M, ENTRY_RANGE_M
from tests.worlds import zonal

SILENT = (1.0e9, -1.0e9)  # a blackout at all heights
EAST = np.array([[0.0, 40.0, 0.0], [12e3, 60.0, 0.0], [30e3, 20.0, 0.0], [60e3, 0.0, 0.0]])


def unit(**errors) -> InertialUnit:
    """A unit that errs in what is given alone, without satellite navigation unless a blackout is given."""
    return make(InertialUnit, **{"on": 1, "blackout": SILENT, "stream": stream(5, 0, 7), **errors})


# The roll -------------------------------------------------------------------------------------------------------------


@pytest.mark.small
@pytest.mark.parametrize("h", [0.5, 2.0, 4.0])
def test_a_roll_is_as_fast_as_it_may_be_and_stops_at_its_command(h):
    """From 50 to -50 deg: 100 deg at 15 deg/s, and 15/7 s more to speed up and slow down, to one step of the control;
    the mean of cosine and sine is that of the angles passed."""
    fastest, acceleration = math.radians(15.0), math.radians(7.0)
    bank, rate, t, banks = math.radians(50.0), 0.0, 0.0, []
    while abs(bank + math.radians(50.0)) > 1e-9 or abs(rate) > 1e-9:
        before = bank
        bank, rate, upward, aside = followed(bank, rate, math.radians(-50.0), h, fastest, acceleration)
        assert math.hypot(upward, aside) <= 1.0 + 1e-12
        assert min(before, bank) - 0.01 <= math.atan2(aside, upward) <= max(before, bank) + 0.01
        assert abs(bank - before) <= h * fastest * (1.0 + 1e-9)
        banks.append(bank)
        t += h
        assert t < 30.0
    assert min(banks) >= math.radians(-50.0) - acceleration * TURN**2 / 8.0  # overshoot: what a step rounds
    exact = 100.0 / 15.0 + 15.0 / 7.0
    assert exact - h <= t <= exact + 1.5 + h


def test_the_bank_of_a_flight_keeps_its_rate_and_acceleration(world, aim):
    _, nodes, extras, end = enter(world, shifted(aim, world, 20e3, 10e3), PREDICTOR)
    assert end[REVERSALS] >= 2
    step = np.diff(nodes[:-1, 0])
    rate = np.diff(np.unwrap(extras[:-1, BANK])) / step
    assert np.abs(rate).max() == pytest.approx(CAPSULE.bank_rate, rel=1e-6)  # it is reached, and not passed
    change = np.abs(np.diff(rate)) / step[1:]
    assert change.max() <= CAPSULE.bank_acceleration * (1.0 + 1e-6)
    assert np.abs(extras[:, COMMAND]).max() <= 2.8


# Trim -----------------------------------------------------------------------------------------------------------------


@pytest.mark.small
def test_trim_is_linear_in_the_mach_number():
    """At 11 km sound goes 295.07 m/s in the standard air; below and above the table its ends hold."""
    trim = np.array([[0.5, 0.8, 0.5], [1.5, 1.2, 0.9], [6.0, 1.0, 1.0]])
    sound = 295.07
    for mach, expected in ((0.2, (0.8, 0.5)), (1.0, (1.0, 0.7)), (1.5, (1.2, 0.9)), (9.0, (1.0, 1.0))):
        assert trim_shares(11e3, mach * sound, trim) == pytest.approx(expected, abs=2e-4)


def test_one_row_is_the_constant_and_ones_are_the_same(world, aim):
    plain = enter(world, aim, FIXED)[3]
    ones = CAPSULE._replace(trim=np.column_stack([[0.5, 2.0, 8.0], np.ones((3, 2))]))
    assert np.array_equal(enter(world, aim, FIXED, capsule=ones)[3], plain)
    slower = enter(world, aim, FIXED, capsule=TRIMMED)[3]
    assert slower[0] < plain[0] - 2.0  # less drag at the end: it falls faster


# Wind -----------------------------------------------------------------------------------------------------------------


def test_wind_moves_the_capsule_and_guidance_that_knows_it_does_not_miss(world, aim):
    """40 to 60 m/s toward the east for the some 150 s below 30 km carry it several km to the east; as forecast, it is
    steered for; not forecast, it is worth two km: each prediction begins anew from where the capsule then is."""
    _, calm, _, _ = enter(world, aim, FIXED)
    _, blown, _, _ = enter(world, aim, FIXED, wind=EAST)
    place = [np.degrees(math.atan2(*(world.ecef(n[-1, 0]) @ n[-1, 1:4])[[1, 0]])) for n in (calm, blown)]
    assert 2e3 < math.radians(place[1] - place[0]) * 6.371e6 * math.cos(0.4) < 12e3
    known = enter(world, aim, PREDICTOR, wind=EAST, forecast=EAST)[3]
    assert abs(known[1]) < ENTRY_RANGE_M and abs(known[2]) < ENTRY_CROSS_M
    missed = enter(world, aim, PREDICTOR, wind=EAST)[3]
    assert math.hypot(missed[1], missed[2]) < 2500.0


# Navigation -----------------------------------------------------------------------------------------------------------


def own_field(world):
    """Point mass and J2: the gravity that the unit computes."""
    return world.forces._replace(drag=0, third_body=0, gravity=zonal(j2=J2, radius=R_GRAVITY))


def known_error(world, aim, seconds, **errors) -> float:
    """Error of the known place after some seconds on the unit alone, m, in the unit's own field."""
    status, _, _, end = enter(world, aim, FIXED, limit=seconds, unit=unit(**errors), forces=own_field(world))
    assert status == TIMED_OUT
    return end[PLACE_ERROR]


def test_a_unit_without_errors_follows_the_flight(world, aim):
    """To the end, in the field that it computes within a metre; in the real one, by 4e-4 m/s2 of higher harmonics."""
    assert enter(world, aim, FIXED, unit=unit(), forces=own_field(world))[3][PLACE_ERROR] < 1.0
    assert 10.0 < enter(world, aim, FIXED, unit=unit())[3][PLACE_ERROR] < 100.0


@pytest.mark.parametrize("axis", range(3))
def test_an_accelerometer_bias_grows_with_the_square_of_time(world, aim, axis):
    """b t^2 / 2 for 60 s; what gravity makes of the displacement is (t / 806 s)^2 / 6 of it, or less."""
    bias = np.zeros(3)
    bias[axis] = 1.0e-2
    assert known_error(world, aim, 60.0, bias=bias) == pytest.approx(0.5 * 1.0e-2 * 60.0**2, abs=0.05)


def test_the_vertical_channel_diverges(world, aim):
    """A height known 1 km wrong pulls by 2 g d / r: after 120 s it is (1 + g t^2 / r) km."""
    y = interface(world)
    start = np.concatenate([1000.0 * y[:3] / np.linalg.norm(y[:3]), np.zeros(3)])
    r = float(np.linalg.norm(y[:3]))
    grown = known_error(world, aim, 120.0, start=start) - 1000.0
    assert grown == pytest.approx(1000.0 * MU_EARTH / r**3 * 120.0**2, rel=0.1)


def test_gyro_drift_is_felt_when_there_is_load(world, aim):
    """A platform that turns away by 1 mrad/s for 60 s: before the air is felt nothing comes of it."""
    assert known_error(world, aim, 30.0, drift=[1e-3, 1e-3, 1e-3]) < 5.0
    assert known_error(world, aim, 300.0, drift=[1e-5, 1e-5, 1e-5]) > 100.0


def test_noise_walks_by_its_size(world, aim):
    """Velocity sigma n sqrt(t), place n sqrt(t^3 / 3), each axis: 1 m/s/sqrt(s) for 60 s, one draw within 3 sigma."""
    sigma = math.sqrt(3.0) * math.sqrt(60.0**3 / 3.0)
    assert 0.1 * sigma < known_error(world, aim, 60.0, noise=1.0) < 3.0 * sigma


def test_the_error_grows_in_the_blackout_and_fixes_end_it(world, aim):
    """With fixes of 15 m outside 80 to 40 km and a coarse unit."""
    coarse = unit(
        bias=[2e-3, -2e-3, 2e-3], start=[15.0] * 3 + [0.2] * 3, fix=[15.0, 0.2], gain=0.2, blackout=[80e3, 40e3]
    )
    _, _, extras, end = enter(world, aim, PREDICTOR, unit=coarse)
    height, error = extras[:, HEIGHT], extras[:, KNOWN_ERROR]
    silent = (height < 80e3) & (height > 40e3)
    assert error[height > 80e3].max() < 60.0
    assert np.flatnonzero(silent)[-1] - np.flatnonzero(silent)[0] + 1 == silent.sum()
    assert 50.0 < error[silent][-1] == error[silent].max()
    assert end[PLACE_ERROR] < 60.0
    assert abs(end[1]) < ENTRY_RANGE_M + 100.0 and abs(end[2]) < ENTRY_CROSS_M + 100.0


# What steers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("angle", "ahead", "right"), [(-1.5, 80e3, -20e3), (-1.6, 0.0, 30e3), (-1.8, -120e3, -10e3)])
def test_without_dispersions_it_opens_within_200_m_of_its_target(world, aim, angle, ahead, right):
    """Other angles at the entry interface than that of the fixture; predictor and flight share their events."""
    y = interface(world)
    speed, up = np.linalg.norm(y[3:]), y[:3] / np.linalg.norm(y[:3])
    level = y[3:] - (y[3:] @ up) * up
    a = math.radians(angle)
    y[3:] = speed * (math.cos(a) * level / np.linalg.norm(level) + math.sin(a) * up)
    status, _, _, end = enter(world, shifted(aim, world, ahead, right), PREDICTOR, y=y, capsule=TRIMMED)
    assert status == OPENED and end[3] < 4.5
    assert abs(end[1]) < ENTRY_RANGE_M and abs(end[2]) < ENTRY_CROSS_M


@pytest.mark.parametrize(("lift", "drag"), [(0.85, 1.0), (1.15, 1.1), (1.0, 0.9)])
def test_what_is_sensed_corrects_the_model(world, aim, lift, drag):
    """The filters end at the true ratios, and the miss stays small though the model was wrong by 10 to 15 %."""
    end = enter(world, aim, PREDICTOR, lift=lift, drag=drag)[3]
    assert (end[LIFT_RATIO], end[DRAG_RATIO]) == pytest.approx((lift, drag), rel=2e-3)
    assert math.hypot(end[1], end[2]) < 600.0
    assert end[3] < 4.5


def test_the_reference_law_lands(world, aim):
    """It tracks range, drag and sink rate of the schedule's own trajectory: some km, where the predictor has 0.2."""
    for ahead, right in ((0.0, 0.0), (40e3, 10e3), (-40e3, -10e3)):
        status, _, _, end = enter(world, shifted(aim, world, ahead, right), REFERENCE)
        assert status == OPENED
        assert abs(end[1]) < 6e3 and abs(end[2]) < 12e3 and end[3] < 5.0


def test_a_ballistic_entry_rolls_steadily_and_meets_8_to_9_g(world, aim):
    """Lift averages out over turns of 28 s: 8 to 9 g, hundreds of km short, as published for Soyuz."""
    status, nodes, extras, end = enter(world, aim, BALLISTIC)
    assert status == OPENED and 8.0 < end[3] < 9.0
    assert 400e3 < end[1] < 1200e3
    assert end[LOST] == nodes[0, 0]
    rate = np.diff(np.unwrap(extras[:-1, BANK])) / np.diff(nodes[:-1, 0])
    assert rate[10:-1] == pytest.approx(0.23, rel=1e-6)
    assert np.diff(rate).max() <= 0.5 * CAPSULE.bank_acceleration * (1.0 + 1e-6)
    assert np.isnan(extras[:-1, COMMAND]).all()


def test_guidance_whose_accelerometers_say_nonsense_is_lost(world, aim):
    """Scale errors of 500 %: drag is sensed four times too large, and the capsule goes over to rolling."""
    status, _, _, end = enter(world, aim, PREDICTOR, unit=unit(scale=[5.0, 5.0, 5.0]))
    assert status == OPENED and math.isfinite(end[LOST]) and end[LOST] > 1000.0
    assert 7.0 < end[3] < 9.5
    assert not math.isfinite(enter(world, aim, PREDICTOR)[3][LOST])
