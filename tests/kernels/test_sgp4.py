"""SGP4 in bulk: against the published rows, and against the package on element sets of all kinds.

A catalogue of one's own (lines of three, or of two) is tried too where TIANGONG_CATALOGUE names its file.
"""

import math
import os
from pathlib import Path

import numpy as np
import pytest
from sgp4.api import WGS84, Satrec, SatrecArray
from sgp4.model import Satrec as PlainSatrec

from kernels.orbit.sgp4_batch import ASK, near_earth_states
from kernels.orbit.sgp4_near import near_earth, rough_cosine, rough_sine, sincos
from sim.catalogue.element_sets import element_set, names
from sim.core.epoch import Epoch
from sim.orbit.sgp4_batch import ERRORS, NOT_FINITE, satellites, states
from tests import tolerance as tol
from tests.kernels.reference import load

CASES = load("sgp4_all_rows.json")["satellites"]
IDS = [f"{case['satellite']}-{k}" for k, case in enumerate(CASES)]
CATALOGUE = os.environ.get("TIANGONG_CATALOGUE", "")


def record(case):
    return Satrec.twoline2rv(case["line1"], case["line2"])


def after(sat, minutes):
    """Two-part dates that many minutes after a satellite's epoch; whole days apart, so that 1e6 minutes stay sharp."""
    days, fractions = np.divmod(np.asarray(minutes, dtype=float) / 1440.0, 1.0)
    return sat.jdsatepoch + days, sat.jdsatepochF + fractions


def near_earth_records():
    """Near-earth satellites of the verification set, and the station's sets."""
    found = [record(case) for case in CASES] + [element_set(name).satrec() for name in names()]
    return [sat for sat in found if sat.method == "n"]


def kernel_alone(group, days, fractions):
    shape = len(group), days.size
    codes, r, v = np.zeros(shape, np.uint8), np.zeros((*shape, 3)), np.zeros((*shape, 3))
    near_earth_states(group.elements, group.epochs, group.near, days, fractions, codes, r, v)
    return codes, r, v


# --- the published rows


def test_the_whole_set_is_here():
    assert len(CASES) == 33 and sum(len(case["rows"]) for case in CASES) == 666
    assert [case["stops"][1] for case in CASES if case["stops"]] == [1, 1, 6, 6, 4, 3, 6]


@pytest.mark.parametrize("case", [case for case in CASES if case["rows"]], ids=lambda case: case["satellite"])
def test_published_rows(case):
    sat, rows = record(case), np.array(case["rows"])
    errors, r, v = states([sat], *after(sat, rows[:, 0]))
    assert not errors.any()
    np.testing.assert_allclose(r[0], 1e3 * rows[:, 1:4], rtol=0.0, atol=tol.SGP4_PUBLISHED_M)
    np.testing.assert_allclose(v[0], 1e3 * rows[:, 4:7], rtol=0.0, atol=tol.SGP4_PUBLISHED_M_S)


@pytest.mark.parametrize("case", [case for case in CASES if case["stops"]], ids=lambda case: case["satellite"])
def test_published_error_codes(case):
    sat, (minutes, code) = record(case), case["stops"]
    errors, r, v = states([sat], *after(sat, [minutes]))
    assert errors[0, 0] == code and code in ERRORS
    assert np.isfinite(r).all() == np.isfinite(v).all() == (code == 6)


@pytest.mark.small
@pytest.mark.parametrize("number", ["5", "6251", "28057", "29141"])
def test_the_kernel_has_published_rows_in_every_mode(number):
    (case,) = [case for case in CASES if case["satellite"] == number]
    sat, rows = record(case), np.array(case["rows"])
    codes, r, v = kernel_alone(satellites([sat]), *after(sat, rows[:, 0]))
    assert not codes.any()
    np.testing.assert_allclose(r[0], 1e3 * rows[:, 1:4], rtol=0.0, atol=tol.SGP4_PUBLISHED_M)
    np.testing.assert_allclose(v[0], 1e3 * rows[:, 4:7], rtol=0.0, atol=tol.SGP4_PUBLISHED_M_S)


# --- the package


def assert_as_the_package(records, days, fractions, metres, metres_s):
    """Every row: the same code, finite where the package is, and near it."""
    errors, r, v = states(records, days, fractions)
    e, r_km, v_km_s = SatrecArray(records).sgp4(days, fractions)
    np.testing.assert_array_equal(errors, e)
    np.testing.assert_array_equal(np.isfinite(r), np.isfinite(r_km))
    assert np.isfinite(r[errors == 0]).all() and np.isfinite(v[errors == 0]).all()
    assert np.nanmax(np.abs(r - 1e3 * r_km)) < metres
    assert np.nanmax(np.abs(v - 1e3 * v_km_s)) < metres_s
    return errors


@pytest.mark.parametrize("sat", near_earth_records(), ids=lambda sat: f"{sat.satnum}@{sat.jdsatepoch + 0.5:.0f}")
def test_a_week_around_the_epoch_as_the_package(sat):
    minutes = np.linspace(-7.0, 7.0, 401) * 1440.0
    days, fractions = after(sat, minutes)
    codes, _, _ = kernel_alone(satellites([sat]), days, fractions)
    errors = assert_as_the_package([sat], days, fractions, tol.SGP4_WEEK_M, tol.SGP4_WEEK_M_S)
    if not errors.any():
        assert not (codes == ASK).any()  # the kernel's own work, not the package's


def test_decay_and_far_dates_as_the_package():
    """Eight years to both sides: most satellites decay, some before their epoch, and codes 1, 4 and 6 appear."""
    records = near_earth_records()
    offsets = np.concatenate([np.linspace(-3000.0, 3000.0, 601), [-20000.0, 20000.0]])
    seen = set()
    for sat in records:
        days, fractions = after(sat, offsets * 1440.0)
        errors = assert_as_the_package([sat], days, fractions, tol.SGP4_ANYWHERE_M, tol.SGP4_ANYWHERE_M / 900.0)
        seen |= set(errors.ravel().tolist())
    assert {0, 1, 4, 6} <= seen


def made(ecco, perigee_radii=1.05, inclo=0.9, bstar=1e-4):
    """A satellite of given eccentricity and perigee, from 1 January 2026."""
    no = 0.0743669161 / (perigee_radii / (1.0 - ecco)) ** 1.5
    sat = Satrec()
    sat.sgp4init(1, "i", 99999, 27759.0, bstar, 0.0, 0.0, ecco, 1.0, inclo, 2.0, no, 3.0)
    return sat


@pytest.mark.parametrize("ecco", [0.0, 1e-7, 9.9e-5, 1.1e-4, 0.001, 0.0499, 0.0501, 0.2, 0.4, 0.44])
@pytest.mark.parametrize("inclo", [0.0, 1.1, math.pi / 2, 3.1, math.pi])
def test_every_shape_and_inclination_as_the_package(ecco, inclo):
    sat = made(ecco, inclo=inclo)
    assert sat.method == "n"
    days, fractions = after(sat, np.linspace(-1440.0, 1440.0, 193))
    codes, _, _ = kernel_alone(satellites([sat]), days, fractions)
    assert not codes.any()
    assert_as_the_package([sat], days, fractions, tol.SGP4_WEEK_M, tol.SGP4_WEEK_M_S)


@pytest.mark.parametrize("perigee_km", [40.0, 97.0, 99.0, 155.0, 157.0, 219.0, 221.0])
def test_every_layer_of_the_drag_model_as_the_package(perigee_km):
    sat = made(0.02, 1.0 + perigee_km / 6378.135)
    days, fractions = after(sat, np.linspace(0.0, 600.0, 121))
    assert_as_the_package([sat], days, fractions, tol.SGP4_WEEK_M, tol.SGP4_WEEK_M_S)


def test_constants_of_the_theory_as_the_packages_plain_twin():
    for case in CASES:
        sat = record(case)
        if sat.method != "n":
            continue
        twin = PlainSatrec.twoline2rv(case["line1"], case["line2"])
        ours = near_earth(sat.ecco, sat.inclo, sat.nodeo, sat.argpo, sat.mo, sat.no_kozai, sat.bstar)
        theirs = {"bcc4": twin.bstar * twin.cc4, "bcc5": twin.bstar * twin.cc5, "no": twin.no_unkozai}
        theirs |= {"ao": twin.a, "root_ao": math.sqrt(twin.a), "sinio": math.sin(twin.inclo)}
        theirs |= {"cosio": math.cos(twin.inclo)}
        if twin.isimp:  # there the theory leaves these out of the sums, and the kernel has zeros
            theirs |= dict.fromkeys(("bcc5", "omgcof", "xmcof"), 0.0)
        for name, value in ours._asdict().items():
            reference = theirs.get(name, getattr(twin, name, None))
            assert value == pytest.approx(reference, rel=tol.SGP4_COEFFICIENT_REL, abs=1e-300), (
                case["satellite"],
                name,
            )


@pytest.mark.skipif(not CATALOGUE, reason="TIANGONG_CATALOGUE names no file")
def test_a_catalogue_within_a_week_as_the_package():
    lines = [line for line in Path(CATALOGUE).read_text().splitlines() if line[:2] in ("1 ", "2 ")]
    records = [Satrec.twoline2rv(*pair) for pair in zip(lines[::2], lines[1::2], strict=True)]
    middle = np.median([sat.jdsatepoch + sat.jdsatepochF for sat in records])
    offsets = np.linspace(-7.0, 7.0, 101)
    for start in range(0, len(records), 2000):
        part = records[start : start + 2000]
        assert_as_the_package(part, np.full(101, middle), offsets, tol.SGP4_WEEK_M, tol.SGP4_WEEK_M_S)


# --- lanes, threads, edges


@pytest.mark.small
def test_sine_and_cosine_in_lanes():
    for x in np.concatenate([np.linspace(-7.0, 7.0, 1001), [0.0, math.pi, -math.pi, 2.0 * math.pi]]):
        sine, cosine = sincos(x)
        assert abs(sine - math.sin(x)) < tol.LANE_SINE and abs(cosine - math.cos(x)) < tol.LANE_SINE
        assert abs(rough_sine(x) - math.sin(x)) < tol.LANE_ROUGH_SINE
        assert abs(rough_cosine(x) - math.cos(x)) < tol.LANE_ROUGH_SINE


@pytest.mark.small
def test_sine_and_cosine_of_many_turns():
    """Turns are taken off with the double 2 pi, as fmod does."""
    for x in np.random.default_rng(1).uniform(-1e5, 1e5, 2000):
        rest = math.fmod(x, 2.0 * math.pi)
        assert sincos(x) == pytest.approx((math.sin(rest), math.cos(rest)), rel=0.0, abs=tol.LANE_SINE)


def test_neither_threads_nor_company_change_a_bit():
    records = [record(case) for case in CASES] + [element_set(name).satrec() for name in names()]
    fractions = np.linspace(-2.0, 2.0, 301)
    days = np.full(301, 2461000.5)
    one, two = (states(records, days, fractions, threads=threads) for threads in (1, 2))
    for a, b in zip(one, two, strict=True):
        assert a.tobytes() == b.tobytes()
    group = satellites(records)
    for row in group.near[::9]:  # alone, one time at a call: another place in the lanes
        for k in (0, 7, 150, 300):
            alone = states([records[row]], days[k : k + 1], fractions[k : k + 1])
            for a, b in zip(one, alone, strict=True):
                assert a[row, k].tobytes() == b[0, 0].tobytes()


def test_epochs_and_element_sets_are_taken():
    chosen = element_set("css-2026-10-06")
    times = [chosen.epoch.plus(60.0 * k) for k in range(3)]
    errors, r, _ = states([chosen], times)
    assert errors.shape == (1, 3) and r.shape == (1, 3, 3)
    for k, time in enumerate(times):
        _, r_km, _ = chosen.satrec().sgp4(*time.jd_utc())
        np.testing.assert_allclose(r[0, k], 1e3 * np.array(r_km), rtol=0.0, atol=tol.SGP4_WEEK_M)


def test_no_satellites_have_no_states():
    assert [a.shape for a in states([], [Epoch.from_utc("2026-10-07")])] == [(0, 1), (0, 1, 3), (0, 1, 3)]
    assert states([element_set("css-2026-10-06")], np.empty(0), np.empty(0))[0].shape == (1, 0)


def test_what_is_no_number_has_a_code():
    """The package returns NaN and no error here."""
    sat = made(0.01, bstar=math.nan)
    assert sat.sgp4(2461000.5, 0.0)[0] == 0
    errors, r, _ = states([made(0.01), sat], np.array([2461000.5]), np.array([0.0]))
    assert errors.tolist() == [[0], [NOT_FINITE]]
    assert np.isfinite(r[0]).all() and not np.isfinite(r[1]).all()


def test_given_arrays_are_filled():
    sat = element_set("css-2026-10-06").satrec()
    days, fractions = after(sat, np.arange(10.0))
    arrays = np.full((1, 10), 9, np.uint8), np.zeros((1, 10, 3)), np.zeros((1, 10, 3))
    errors, r, v = states([sat], days, fractions, out=arrays)
    assert errors is arrays[0] and r is arrays[1] and v is arrays[2]
    assert not errors.any() and r.all() and v.all()
    with pytest.raises(ValueError, match=r"out: r is float64 \(1, 3, 10\); it must be a C-contiguous float64"):
        states([sat], days, fractions, out=(arrays[0], np.zeros((1, 3, 10)), arrays[2]))


def test_another_earth_is_refused():
    lines = element_set("css-2026-10-06").line1, element_set("css-2026-10-06").line2
    with pytest.raises(ValueError, match=r"satellite 48274 \(row 1\) .* 398600.5 .* WGS-72"):
        satellites([Satrec.twoline2rv(*lines), Satrec.twoline2rv(*lines, WGS84)])


@pytest.mark.parametrize(
    ("jd", "fr", "says"),
    [
        ([2461000.5, math.nan], [0.0, 0.0], "time 1 is jd = nan"),
        ([2461000.5], [math.inf], "time 0 is jd = 2461000.5, fr = inf"),
        ([2461000.5, 2461001.5], [0.0], r"shapes \(2,\) and \(1,\)"),
    ],
)
def test_times_that_are_none(jd, fr, says):
    with pytest.raises(ValueError, match=says):
        states([element_set("css-2026-10-06")], jd, fr)


def test_one_part_dates_are_refused():
    with pytest.raises(TypeError, match="two parts"):
        states([element_set("css-2026-10-06")], [2461000.5])


def test_no_threads_and_no_records_are_refused():
    with pytest.raises(ValueError, match="threads = 0; it must be 1 or more"):
        states([element_set("css-2026-10-06")], [2461000.5], [0.0], threads=0)
    with pytest.raises(TypeError, match="row 0 is of type str; give sgp4.api.Satrec"):
        states([element_set("css-2026-10-06").line1], [2461000.5], [0.0])
