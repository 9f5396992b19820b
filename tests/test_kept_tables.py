"""Tables of the world: read quickly, filled in part, kept for the next call, and the same numbers in any order."""

from dataclasses import replace

import numpy as np
import pytest

from sim.core.epoch import Epoch
from sim.core.trajectory import Trajectory
from sim.environment import density_table, finals, orientation, world
from sim.environment.density_table import Part, msis_table, weather_table
from sim.environment.space_weather import Weather
from sim.propagation import propagate as propagation
from sim.propagation.force_model import AtmosphereChoice, GravityChoice, ImpulseChoice, Orbit
from sim.propagation.shell import part_of, shell_of, stayed

ZERO = Epoch.from_utc("2026-10-24T03:00:00Z")
WEATHER = Weather(150.0, 140.0, 4.0)
PART = Part(380.0, 400.0, 20.0)
EARTH = 6378137.0


def orbit(inclination=20.0, height=400e3, duration=1200.0, **more) -> Orbit:
    r = EARTH + height
    turn, speed = np.radians(inclination), np.sqrt(3.986004418e14 / r)
    velocity = speed * np.array([0.0, np.cos(turn), np.sin(turn)])
    air = AtmosphereChoice("nrlmsise00", f107=150.0, f107a=140.0, ap=4.0)
    return Orbit(
        "here",
        ZERO,
        np.array([r, 0.0, 0.0]),
        velocity,
        duration,
        60.0,
        drag_area=20.0,
        gravity=GravityChoice("egm2008", 2, 0),
        atmosphere=air,
        **more,
    )


# ---- the table of the Earth's orientation


def row(day="41684.00", x=" 0.120733", y=" 0.136966", ut1=" 0.8084178", dx="   -0.766", dy="   -0.720") -> bytes:
    text = [" "] * 187
    for columns, what in (
        (finals.MJD, day),
        (finals.POLE_X, x),
        (finals.POLE_Y, y),
        (finals.UT1_UTC, ut1),
        (finals.OFFSET_X, dx),
        (finals.OFFSET_Y, dy),
    ):
        text[columns] = what
    return "".join(text).encode() + b"\n"


def test_numbers_of_the_iers_table_are_those_that_python_reads():
    values = ("-0.000000", " 9.999999", "-9.123457", " 0.000001", "  .250000", " -.250000")
    read = finals.read(b"".join(row(x=value, dy=value) for value in values))
    assert [repr(float(x)) for x in read.x] == [repr(float(value)) for value in values]  # the sign of zero too
    assert read.dy.tolist() == [float(value) for value in values] and read.ut1_utc.tolist() == [0.8084178] * 6


def test_rows_that_end_early_are_left_out():
    blank = row(x=" " * 9, y=" " * 9, ut1=" " * 10, dx=" " * 9, dy=" " * 9)
    read = finals.read(row() + row(day="41685.00", dx=" " * 9, dy=" " * 9) + blank)
    assert read.day.tolist() == [41684.0, 41685.0] and read.offset_day.tolist() == [41684.0]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "one width"),
        (row()[:-3], "one width"),
        (row() + row()[:-2] + b"\n ", "one width"),
        (row(x=" 0.12 733"), "no numbers"),
        (row(x=" 0.12-733"), "no numbers"),
        (row(x="--.120733"), "no numbers"),
        (row(x=" 0,120733"), "no numbers"),
        (row() + row(x=" 0.1207.3"), "no numbers"),
        (row(x=" " * 9), "no numbers"),
    ],
)
def test_what_is_no_iers_table_is_refused(data, says):
    with pytest.raises(ValueError, match=says):
        finals.read(data)


def test_the_whole_iers_table_reads_as_skyfield_reads_it():
    from skyfield.data import iers

    with orientation.iers_table().open("rb") as file:
        theirs = iers.parse_x_y_dut1_from_finals_all(file)
    ours = finals.read(orientation.iers_table().read_bytes())
    for mine, name in ((ours.day, "utc_mjd"), (ours.x, "x_arcseconds"), (ours.y, "y_arcseconds")):
        assert np.array_equal(mine, theirs[name])
    assert np.array_equal(ours.ut1_utc, theirs["dut1"])


def test_sun_and_moon_stand_where_skyfield_sees_them():
    ephemeris, times = world._ephemeris(), orientation.skyfield_times(ZERO, np.array([0.0, 1e5, 3e6]))
    for name in ("sun", "moon"):
        theirs = (ephemeris[name] - ephemeris["earth"]).at(times).position.m
        assert np.array_equal(world._seen_from(ephemeris["earth"], ephemeris[name], times), theirs)


def test_many_turns_of_the_earth_are_those_of_one_to_the_last_bit():
    from types import SimpleNamespace

    table = orientation.iau2006(ZERO, 0.0, 3.0 * 86400.0)
    here = world.World(ZERO, 0.0, 3.0 * 86400.0, SimpleNamespace(orientation=table), 60.0)
    times = np.concatenate([np.random.default_rng(2).uniform(-5e4, 3.1e5, 300), [0.0, 21600.0, 1e7]])
    assert np.array_equal(here.ecef_each(times), np.stack([here.ecef(t) for t in times.tolist()]))


# ---- the table of the air


@pytest.mark.parametrize("make", [msis_table, None])
def test_a_part_has_the_nodes_of_the_whole(make):
    if make:
        whole, part = (msis_table(ZERO, 0.0, WEATHER, (350.0, 450.0), p).table for p in (None, PART))
    else:
        whole, part = (weather_table(ZERO, 0.0, 7200.0, (350.0, 450.0), WEATHER, p).change for p in (None, PART))
    filled = part != 0.0
    rows, columns = filled.any(axis=(0, 2, 3)), filled.any(axis=(0, 1, 3))
    inside = np.ix_(range(len(part)), rows, columns, range(part.shape[3]))
    # Of the change a row of time is zero by itself: that of the day which it is the change from.
    assert np.array_equal(part[inside], whole[inside]) and not rows.all() and not columns.all()


def test_a_part_reaches_a_node_beyond_what_is_asked():
    nodes = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    for low, high, first, last in (
        (2.5, 3.5, 1, 3),
        (2.0, 4.0, 1, 3),
        (0.0, 9.0, 0, 4),
        (5.0, 6.0, 3, 4),
        (0.0, 0.5, 0, 1),
    ):
        found = density_table._about(nodes, low, high)
        assert (found.start, found.stop - 1) == (first, last)


def test_an_orbit_in_part_of_its_air_ends_where_it_ends_in_the_whole(monkeypatch):
    some = orbit()
    assert part_of(some)
    here = propagation.propagate(some).trajectory
    monkeypatch.setattr(propagation, "part_of", lambda _: None)
    there = propagation.propagate(some).trajectory
    assert all(np.array_equal(getattr(here, name), getattr(there, name)) for name in ("t", "r", "v", "a"))


def test_an_orbit_that_leaves_its_part_is_flown_again_in_the_whole(monkeypatch):
    some, built = orbit(), []
    whole = propagation.propagate(some).trajectory
    build = propagation.build
    monkeypatch.setattr(propagation, "part_of", lambda _: Part(405.0, 420.0, 5.0))
    monkeypatch.setattr(propagation, "build", lambda *a, **k: built.append(k.get("part")) or build(*a, **k))
    assert np.array_equal(propagation.propagate(some).trajectory.r, whole.r)
    assert built == [Part(405.0, 420.0, 5.0), None]


def test_where_an_orbit_may_be_anywhere_the_whole_table_is_filled():
    assert part_of(orbit(height=215e3)) is None  # it may fall
    kick = ImpulseChoice(10.0, np.array([0.0, 1.0, 0.0]))
    assert part_of(orbit(impulses=(kick,))) is None
    assert part_of(orbit(duration=30 * 86400.0)) is None  # so far down its shell does not reach


def test_a_part_lies_in_the_shell_and_holds_the_orbit():
    for inclination in (0.0, 41.5, 90.0, 170.0):
        some = orbit(inclination)
        part, (low, high) = part_of(some), shell_of(some)
        assert low <= part.low < 400.0 < part.high <= high
        assert part.latitude >= min(inclination, 180.0 - inclination) + 2.0 or part.latitude == 90.0


def _path(r) -> Trajectory:
    r = np.array(r, dtype=float)
    zeros = np.zeros_like(r)
    return Trajectory(np.arange(len(r), dtype=float), r, zeros, zeros, np.ones(len(r)))


@pytest.mark.parametrize(
    ("point", "inside"),
    [
        ([EARTH + 390e3, 0.0, 0.0], True),
        ([EARTH + 380.5e3, 0.0, 0.0], False),
        ([EARTH + 399.5e3, 0.0, 0.0], False),
        ([(EARTH + 386e3) * np.cos(0.3), 0.0, (EARTH + 386e3) * np.sin(0.3)], True),  # 17 deg
        ([(EARTH + 386e3) * np.cos(0.34), 0.0, -(EARTH + 386e3) * np.sin(0.34)], False),  # 19.5 deg
        ([np.nan, 0.0, 0.0], False),
    ],
)
def test_what_stays_in_a_part(point, inside):
    with np.errstate(invalid="ignore"):
        assert stayed(_path([[EARTH + 390e3, 0.0, 0.0], point]), PART) is inside


# ---- what is kept


def test_the_same_call_gives_the_same_bytes_whatever_was_called_before():
    some = orbit()
    first = propagation.propagate(some).trajectory.r.tobytes()
    others = [
        replace(some, epoch=ZERO.plus(40 * 86400.0)),
        replace(some, duration=1500.0),
        replace(some, atmosphere=replace(some.atmosphere, f107=90.0)),
    ]
    ends = [propagation.propagate(other).trajectory.r.tobytes() for other in others]
    assert propagation.propagate(some).trajectory.r.tobytes() == first
    for kept in (density_table._day, orientation._iau2006, world._body_table):
        kept.cache_clear()
    assert [propagation.propagate(other).trajectory.r.tobytes() for other in others[::-1]] == ends[::-1]
    assert propagation.propagate(some).trajectory.r.tobytes() == first


def test_a_table_that_was_read_anew_is_used_anew():
    first = orientation.iau2006(ZERO, 0.0, 86400.0)
    assert orientation.iau2006(ZERO, 0.0, 86400.0) is first
    orientation.timescale.cache_clear()
    again = orientation.iau2006(ZERO, 0.0, 86400.0)
    assert again is not first and np.array_equal(again.rows, first.rows)
    assert orientation.iau2006(ZERO, 0.0, 86400.0, pole=(0.1, 0.2)) is not again
