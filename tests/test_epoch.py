"""Time against the IERS leap-second file, ERFA, skyfield and the sgp4 package."""

import datetime as dt
import random
from pathlib import Path

import astropy_iers_data
import pytest

from sim.core.epoch import BEIJING, ISLAMABAD, LEAP_SECONDS, NS, Epoch, elapsed


def test_leap_seconds_are_those_of_the_iers():
    """Every row of the file that the IERS publishes (MJD, day, month, year, TAI-UTC); none more, none fewer."""
    rows = (Path(astropy_iers_data.__file__).parent / "data" / "Leap_Second.dat").read_text().splitlines()
    fields = [row.split() for row in rows if row.strip() and not row.startswith("#")]
    table = tuple((f"{int(y):04d}-{int(m):02d}-{int(d):02d}", int(float(offset))) for _, d, m, y, offset in fields)
    assert table == LEAP_SECONDS


@pytest.mark.parametrize(
    "text",
    [
        "1972-01-01T00:00:00.000Z",
        "1999-12-31T23:59:59.999Z",
        "2016-12-31T23:59:59.999Z",
        "2016-12-31T23:59:60.000Z",
        "2016-12-31T23:59:60.999Z",
        "2017-01-01T00:00:00.000Z",
        "2026-10-24T15:06:00.001Z",
    ],
)
def test_utc_survives_the_round_trip(text):
    assert Epoch.from_utc(text).utc() == text


def test_random_instants_survive_the_round_trip_to_the_nanosecond():
    draw = random.Random(24)
    for _ in range(500):
        epoch = Epoch(draw.randrange(-20 * 365 * 86400 * NS, 40 * 365 * 86400 * NS))
        assert Epoch.from_utc(epoch.utc(9)) == epoch


def test_the_last_day_of_2016_has_one_second_more():
    start, end = Epoch.from_utc("2016-12-31"), Epoch.from_utc("2017-01-01")
    assert end.since(start) == 86401.0
    assert Epoch.from_utc("2015-12-31").plus(86400.0) == Epoch.from_utc("2016-01-01")
    assert Epoch.from_utc("2016-12-31T23:59:60.5Z").since(start) == 86400.5


@pytest.mark.parametrize(("day", "after"), LEAP_SECONDS[1:])
def test_an_instant_knows_the_offset_of_its_clock(day, after):
    """To the nanosecond: the old offset until the leap second is over, the new one from midnight on."""
    midnight = Epoch.from_utc(day)
    before = {Epoch(midnight.tai_ns - ns).tai_minus_utc for ns in (40 * NS, 37 * NS, NS + 1, NS, NS // 2, 1)}
    later = {Epoch(midnight.tai_ns + ns).tai_minus_utc for ns in (0, 1, NS, 40 * NS)}
    assert (before, later) == ({after - 1}, {after})


def test_clock_reads_every_second_around_the_leap_once():
    first = Epoch.from_utc("2016-12-31T23:59:58Z")
    read = [first.plus(k).utc(0)[8:19] for k in range(5)]
    assert read == ["31T23:59:58", "31T23:59:59", "31T23:59:60", "01T00:00:00", "01T00:00:01"]
    # Rounding carries into the leap second and out of it.
    assert first.plus(1.9996).utc(3) == "2016-12-31T23:59:60.000Z"
    assert first.plus(2.9996).utc(3) == "2017-01-01T00:00:00.000Z"


@pytest.mark.parametrize(
    ("utc", "day", "fraction"),
    [
        ("2007-04-05T12:00:00Z", 2454195.5, 0.5007544444444444),
        ("2021-06-17T01:22:27Z", 2459382.5, 0.058057685185185184),
    ],
)
def test_terrestrial_time_is_that_of_erfa(utc, day, fraction):
    """ERFA utctai + taitt; 1e-14 day is the last digit of a fraction of a day, under a nanosecond."""
    found_day, found_fraction = Epoch.from_utc(utc).jd_tt()
    assert found_day == day
    assert found_fraction == pytest.approx(fraction, abs=1e-14)


@pytest.mark.parametrize(
    "utc", ["1999-03-01T06:07:08Z", "2016-12-31T12:00:00Z", "2025-04-24T09:17:31Z", "2026-10-06T16:02:50Z"]
)
def test_terrestrial_time_is_that_of_skyfield(utc):
    from skyfield.api import load

    moment = dt.datetime.fromisoformat(utc.replace("Z", "+00:00"))
    theirs = load.timescale(builtin=True).from_datetime(moment)
    day, fraction = Epoch.from_utc(utc).jd_tt()
    # skyfield keeps whole and fraction apart, so that only the last bits of the fraction differ (1e-13 day is 9 ns).
    assert (day - theirs.whole) + (fraction - theirs.tt_fraction) == pytest.approx(0.0, abs=1e-13)


def test_julian_date_of_utc_is_the_one_sgp4_takes():
    from sgp4.api import jday

    day, fraction = Epoch.from_utc("2026-10-06T16:02:50.304256Z").jd_utc()
    their_day, their_fraction = jday(2026, 10, 6, 16, 2, 50.304256)
    # The two may split the day differently; 1e-13 day is 9 ns, 0.07 mm along the orbit.
    assert (day - their_day) + (fraction - their_fraction) == pytest.approx(0.0, abs=1e-13)


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-20 10:31 BJT",
        "2026-10-20T10:31+08:00",
        "2026-10-20T10:31:60Z",
        "2015-12-31T23:59:60Z",
        "2026-13-01",
        "2026-10-20T24:00:01Z",
        "nan",
        "",
    ],
)
def test_what_is_no_utc_is_refused(text):
    with pytest.raises(ValueError):
        Epoch.from_utc(text)


def test_a_local_time_is_refused_with_the_way_to_write_it():
    with pytest.raises(ValueError, match=r"'2026-10-20 10:31 BJT' is not a UTC time; write it like 2026-"):
        Epoch.from_utc("2026-10-20 10:31 BJT")


def test_local_clocks_of_the_two_control_centres():
    """Xinhua gives the landing of Shenzhou-19 as 13:08 in Beijing; the record has 05:08 UTC."""
    landing = Epoch.from_utc("2025-04-30T05:08:00Z")
    assert landing.local(BEIJING).strftime("%d %H:%M %Z") == "30 13:08 BJT"
    assert landing.local(ISLAMABAD).strftime("%d %H:%M %Z") == "30 10:08 PKT"


def test_plus_and_since_are_inverse():
    start = Epoch.from_utc("2025-04-24T09:17:31Z")
    # A double holds a nanosecond up to 2**53 ns, 104 days; 30 days leave a margin.
    for seconds in (0.0, 0.001, 583.25, 30.0 * 86400.0):
        assert start.plus(seconds).since(start) == seconds


def test_elapsed_time_in_words():
    words = [elapsed(s) for s in (155.0, 6 * 3600 + 31 * 60 + 29, 9 * 86400 + 4 * 3600 + 600, -60.0)]
    assert words == ["T+02:35", "T+6:31:29", "T+9 d 04:10", "T-01:00"]


@pytest.mark.parametrize(
    ("utc", "form", "zone", "words"),
    [
        ("2026-11-12T05:19:46.875Z", "%H:%M:%S", None, "05:19:47"),
        ("2026-11-12T05:19:46.499Z", "%H:%M:%S", None, "05:19:46"),
        ("2026-11-04T10:01:56.175Z", "%H:%M", BEIJING, "18:02"),
        ("2026-11-04T18:59:59.500Z", "%d %b %H:%M:%S", ISLAMABAD, "05 Nov 00:00:00"),
        ("2026-11-04T18:00:00Z", "%d %b %Y", None, "04 Nov 2026"),  # a date is not rounded up in the afternoon
        ("2026-12-31T23:59:59.9Z", "%Y-%m-%d %H:%M:%S", None, "2027-01-01 00:00:00"),
    ],
)
def test_clock_texts_are_rounded_to_what_they_show(utc, form, zone, words):
    epoch = Epoch.from_utc(utc)
    assert (epoch.text(form, zone) if zone else epoch.text(form)) == words


def test_a_clock_text_and_utc_round_alike():
    """All over a second, with the half on both sides; `utc` is the exact count of nanoseconds."""
    zero = Epoch.from_utc("2026-11-12T05:19:46Z")
    for ns in (0, 1, 499_999_999, 500_000_000, 500_000_001, 999_999_999):
        epoch = Epoch(zero.tai_ns + ns)
        assert epoch.text("%Y-%m-%dT%H:%M:%SZ") == epoch.utc(0)


def test_elapsed_days_round_the_minute_that_is_shown():
    assert [elapsed(s) for s in (7 * 86400.0 + 70809.8, 86399.6, -5 * 86400.0)] == [
        "T+7 d 19:40",
        "T+1 d 00:00",
        "T-5 d 00:00",
    ]
    assert elapsed(7 * 86400.0 + 70838.8) == "T+7 d 19:41"
