"""`tiangong passes` against Orekit, skyfield, published magnitudes, sums made otherwise, and a reader of calendars."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
from typer.testing import CliRunner

import sim
from sim.api.passes import place
from sim.catalogue.facts import fact
from sim.catalogue.places import ground_stations, places
from sim.cli.main import app
from sim.core.epoch import Epoch
from sim.events.sky import earth_fixed
from sim.files.errors import BadInput
from sim.files.problems import ScenarioError
from sim.interchange.ics import CalendarEvent, calendar
from sim.planning.passes import brightness
from sim.planning.passes.chart import sky_chart
from sim.planning.passes.contact import total
from sim.planning.passes.sites import compass, site_of
from tests.kernels.reference import load
from tests.result_schemas import problems
from tests.texts import texts_apart

DATA = load("events.json")["passes"]
ISSUE_S = 0.05  # what a pass is to be good to; the search itself is good to 7 ms (tests/test_events.py)
WHERE = {name: ",".join(map(str, at)) for name, at in DATA["sites_lat_deg_lon_deg_height_m"].items()}


@pytest.fixture(scope="module")
def tle(tmp_path_factory):
    path = tmp_path_factory.mktemp("tle") / "station.tle"
    path.write_text("\n".join(DATA["tle"]) + "\n")
    return path


@pytest.fixture(scope="module", params=(5.0, 10.0))
def reference(request, tle):
    """The element set of the reference over its three days, at one of its masks."""
    start = Epoch.from_utc(DATA["start_utc"])
    found = sim.passes(tle, list(WHERE.values()), start, DATA["days"], min_elevation=request.param)
    return request.param, found


@pytest.fixture(scope="module")
def week():
    """The station's last set, four days of its week over Karachi and Lanzhou."""
    return sim.passes("css-2026-10-06", ["karachi", "lanzhou"], days=4)


# Times and places in the sky ------------------------------------------------------------------------------------------
def test_passes_are_orekits(reference):
    """All 55 of the reference, by the times that the JSON gives: 0.05 s is asked."""
    mask, found = reference
    rows = [row for row in DATA["rows"] if row[1] == mask]
    made = found.content()["passes"]
    assert len(made) == len(rows) > 20
    for row, one in zip(sorted(rows, key=lambda r: (list(WHERE).index(r[0]), r[2])), made, strict=True):
        _, _, rise, _, elevation, azimuth, distance, fall = row
        for end, expected in (("rise", rise), ("set", fall)):
            t = Epoch.from_utc(one[end]["utc"]).since(found.zero)
            assert t == pytest.approx(expected, abs=ISSUE_S)
            assert one[end]["elevation_deg"] == pytest.approx(mask, abs=1e-3)
        assert one["highest"]["elevation_deg"] == pytest.approx(elevation, abs=0.01)
        turn = math.remainder(one["highest"]["azimuth_deg"] - azimuth, 360.0)
        assert abs(turn) * math.cos(math.radians(elevation)) < 0.15
        assert one["highest"]["range_km"] == pytest.approx(distance / 1e3, abs=0.1)
        assert one["whole"]


def test_a_pass_that_is_under_way_at_the_ends_is_kept_and_said_so(tle):
    """Asked for from the middle of a pass to the middle of the next one."""
    first, second = [row for row in DATA["rows"] if row[:2] == ["Karachi", 5.0]][:2]
    start = Epoch.from_utc(DATA["start_utc"]).plus(first[3])
    found = sim.passes(tle, WHERE["Karachi"], start, (second[3] - first[3]) / 86400.0, min_elevation=5.0)
    assert [p.seen.whole for p in found] == [False, False]
    assert found[0].seen.start == 0.0 and found[0].seen.end == pytest.approx(first[7] - first[3], abs=ISSUE_S)
    assert found[1].seen.start == pytest.approx(second[2] - first[3], abs=ISSUE_S)
    assert "*: the pass goes on" in "\n".join(found.lines())


# Light ----------------------------------------------------------------------------------------------------------------
def test_sunlit_dark_and_seen_are_skyfields(week):
    """Of each track the Sun's height at the site and, away from the edges, the light on the craft: skyfield takes a
    round Earth, whose shadow begins up to 6 s earlier or later."""
    from skyfield.api import EarthSatellite, wgs84

    from sim.environment.orientation import skyfield_times
    from sim.environment.world import _ephemeris

    planets, one = _ephemeris(), fact_set("css-2026-10-06")
    checked = 0
    for p in week[:12]:
        t = p.seen.track.t
        times = skyfield_times(week.zero, t)
        here = planets["earth"] + wgs84.latlon(p.place.latitude_deg, p.place.longitude_deg, p.place.height_m)
        height = here.at(times).observe(planets["sun"]).apparent().altaz()[0].radians
        assert p.seen.track.sun == pytest.approx(height, abs=math.radians(0.01))
        lit = EarthSatellite(one.line1, one.line2, ts=times.ts).at(times).is_sunlit(planets)
        inside = np.array([any(a <= x <= b for a, b in p.seen.lit) for x in t])
        edges = np.array([x for span in p.seen.lit for x in span if p.seen.start < x < p.seen.end] or [math.inf])
        far = np.abs(t[:, None] - edges).min(axis=1) > 8.0
        assert (inside[far] == lit[far]).all()
        checked += int(far.sum())
    assert checked > 200


def fact_set(name):
    from sim.catalogue.element_sets import element_set

    return element_set(name)


def test_an_eye_sees_a_craft_only_while_it_is_lit_and_the_sky_is_dark(week):
    limit = math.radians(fact("brightness.dark_enough").number)
    seen = [p.seen for p in week if p.seen.seen]
    assert 3 < len(seen) < len(week)
    for one in seen:
        for a, b in one.seen:
            inside = (one.track.t > a + 0.01) & (one.track.t < b - 0.01)
            assert (one.track.sun[inside] < limit).all() and (one.track.lit[inside] > 0.0).all()
        outside = np.array([not any(a <= x <= b for a, b in one.seen) for x in one.track.t])
        assert ((one.track.sun >= limit) | (one.track.lit == 0.0))[outside].all()
    lit, dark = (sum(bool(getattr(p.seen, name)) for p in week) for name in ("lit", "dark"))
    assert lit < len(week) and dark < len(week)  # the week has passes in shadow and by day


# Brightness -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("standard", "kilometres", "phase_deg", "published", "within"),
    [
        (5.5, 1600.0, 90.0, 6.52, 0.005),  # R. Matson, SeeSat-L, April 2001
        (5.94, 1000.0, 45.0, 5.0, 0.005),  # SeeSat-L, December 2000
        (-1.3, 483.0, 113.0, -2.0, 0.05),  # astronomy.stackexchange.com 28744, of the ISS
        (-1.8, 400.0, 90.0, -3.8, 0.05),  # the ISS overhead: -3.5 to -4 is seen
    ],
)
def test_magnitudes_are_the_published_ones(standard, kilometres, phase_deg, published, within):
    found = brightness.magnitude(standard, np.array([1e3 * kilometres]), np.radians([phase_deg]))
    assert found[0] == pytest.approx(published, abs=within)


def test_a_pass_that_was_predicted_and_seen():
    """5 December 2022 over Galway, 8 deg at the highest: Heavens-Above gave +0.8 without the air, and by eye the
    station was third if not fourth magnitude."""
    found = sim.passes("css-2022-12-04", "53.27,-9.06,10", "2022-12-05T16:30:00Z", 0.04, min_elevation=3.0)
    (one,) = found.content()["passes"]
    assert 7.0 < one["highest"]["elevation_deg"] < 8.5
    assert one["highest"]["magnitude"] == pytest.approx(fact("brightness.galway_predicted").number, abs=0.2)
    brightest, faintest = fact("brightness.galway_seen").numbers
    sigma = found.content()["brightness"]["craft"][0]["sigma_mag"]
    assert brightest - sigma < one["highest"]["magnitude_in_air"] < faintest + sigma


def test_brightness_in_its_limits():
    """Fully lit pi times a right angle's light, nothing seen from behind; half of the Sun is 0.75 mag; twice as far
    1.5 mag; and the two lists of standard magnitudes agree within their errors."""
    d = np.array([1e6, 1e6, 2e6])
    full, right, far = brightness.magnitude(0.0, d, np.array([0.0, 0.5 * math.pi, 0.5 * math.pi]))
    assert right - full == pytest.approx(2.5 * math.log10(math.pi)) and right == pytest.approx(0.0)
    assert far == pytest.approx(5.0 * math.log10(2.0))
    assert brightness.magnitude(0.0, d[:1], np.array([math.pi]))[0] > 30.0
    assert np.isinf(brightness.magnitude(0.0, d[:1], np.zeros(1), np.zeros(1)))
    assert brightness.magnitude(0.0, d[:1], np.zeros(1), 0.5)[0] - full == pytest.approx(0.7526, abs=1e-3)
    iss, other = fact("brightness.iss"), fact("brightness.iss_full_phase")
    between = abs(iss.number - (other.number + 2.5 * math.log10(math.pi)))
    assert between < float(iss.uncertainty) + float(other.uncertainty)
    soyuz = fact("brightness.soyuz_full_phase").number + 2.5 * math.log10(math.pi)
    assert fact("brightness.shenzhou").number == pytest.approx(soyuz, abs=0.05)


def test_the_air_takes_more_from_what_stands_low():
    """Kasten and Young (1989): 1 in the zenith, 5.59 at 10 deg, 37.9 at the horizon."""
    found = brightness.air_mass(np.radians([90.0, 10.0, 0.0]))
    assert found == pytest.approx([1.0, 5.59, 37.92], rel=2e-3)
    taken = brightness.dimmed(np.radians([90.0, 10.0]))
    assert taken == pytest.approx(fact("brightness.extinction").number * found[:2])


def test_a_magnitude_that_is_given_stands_for_the_known_one(tle):
    start = Epoch.from_utc(DATA["start_utc"])
    known, given = (sim.passes(tle, WHERE["Karachi"], start, 0.6, eye=sim.Eye(m)) for m in (None, 2.5))
    for a, b in zip(known, given, strict=True):
        lit = np.isfinite(a.seen.track.magnitude)
        assert b.seen.track.magnitude[lit] - a.seen.track.magnitude[lit] == pytest.approx(3.0)  # from -0.5


def test_what_nobody_has_measured_has_no_magnitude_and_is_still_seen():
    found = sim.passes("iss-20x20", "karachi", days=0.3)
    (one,) = [p for p in found if p.seen.seen]
    assert one.seen.brightest is None
    assert found.content()["passes"][0]["highest"]["magnitude"] is None
    assert problems("passes", found.content(), whole=True) == []
    assert "nobody has measured" in found.lines()[-2]


# Contact --------------------------------------------------------------------------------------------------------------
def test_contact_minutes_are_a_sum_of_seconds(week):
    """The week over Pakistan once more, second by second: each edge of an interval errs by half a step."""
    contact = week.found.contacts[0]
    assert contact.over == "Pakistan" and contact.places == ground_stations("Pakistan")
    path, world = week.found.watched.craft[0].path, week.found.watched.world
    step = 2.0
    t = np.arange(contact.start + 0.5 * step, contact.end, step)
    seen = np.zeros(len(t), dtype=bool)
    for station, intervals in zip(contact.places, contact.by_station, strict=True):
        up = elevation(path, world, site_of(station), t) > math.radians(10.0)
        assert step * up.sum() == pytest.approx(total(intervals), abs=step * math.sqrt(len(intervals)) * 2.0)
        seen |= up
    assert step * seen.sum() == pytest.approx(contact.seconds, abs=step * math.sqrt(len(contact.united)) * 2.0)
    assert contact.seconds < sum(total(x) for x in contact.by_station)
    gaps = np.diff(np.flatnonzero(np.append(np.insert(seen, 0, True), True)))
    assert step * gaps.max() == pytest.approx(contact.longest_gap, abs=2.0 * step)


def elevation(path, world, site, t):
    """Elevations (n,) rad, by a way of its own: the angle to the vertical, in turned blocks."""
    found = []
    for some in np.array_split(t, 80):
        r = np.einsum("nij,nj->ni", earth_fixed(world, some), path.at(some)[0]) - site.ecef()
        north, east = site.latitude, site.longitude
        up = np.array([math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)])
        found.append(0.5 * math.pi - np.arccos(r @ up / np.linalg.norm(r, axis=1)))
    return np.concatenate(found)


def test_contact_of_a_day_is_skyfields(week):
    """Of one station, from skyfield's elevations every 10 s, with the crossings between them by straight lines."""
    from skyfield.api import EarthSatellite, wgs84

    from sim.environment.orientation import skyfield_times

    contact, one = week.found.contacts[0], fact_set("css-2026-10-06")
    station, intervals = contact.places[0], contact.by_station[0]
    t = np.arange(0.0, 86400.0, 10.0)
    times = skyfield_times(week.zero, t)
    here = wgs84.latlon(station.latitude_deg, station.longitude_deg, station.height_m)
    above = (EarthSatellite(one.line1, one.line2, ts=times.ts) - here).at(times).altaz()[0].degrees - 10.0
    edge = np.flatnonzero(above[:-1] * above[1:] < 0.0)
    crossings = t[edge] + 10.0 * above[edge] / (above[edge] - above[edge + 1])
    minutes = np.diff(crossings.reshape(-1, 2), axis=1).sum() / 60.0
    ours = sum(x.length for x in intervals if x.end < 86400.0) / 60.0
    assert ours > 15.0 and ours == pytest.approx(minutes, abs=0.02)


# Places ---------------------------------------------------------------------------------------------------------------
def test_every_place_has_a_fact_a_clock_and_lies_where_its_country_does():
    boxes = {"Pakistan": (23.5, 37.1, 60.8, 77.9), "China": (18.0, 53.6, 73.4, 135.1)}
    for key, one in places().items():
        south, north, west, east = boxes.get(one.country, (-23.0, 0.0, 14.0, 41.0))
        assert south <= one.latitude_deg <= north and west <= one.longitude_deg <= east, key
        assert one.clock.hours == {"Pakistan": 5.0, "China": 8.0, "Namibia": 2.0, "Kenya": 3.0}[one.country]
        assert re.fullmatch(r"[a-z0-9-]+", key) and place(key) == one
    assert len(ground_stations("Pakistan")) == 5 and len(ground_stations("China")) == 9
    assert place("Xian") == place(" xian ") == places()["xian"]


def test_a_site_of_the_catalogue_and_a_point_on_the_map_are_places():
    assert place("jiuquan").clock.name == "CST" and place("jiuquan").height_m == 1073.0
    at = place("-33.5,-70.6,500")
    assert (at.latitude_deg, at.longitude_deg, at.height_m) == (-33.5, -70.6, 500.0)
    assert at.clock.hours == -5.0 and not at.clock.known
    assert compass(math.radians(350.0)) == "N" and compass(math.radians(100.0)) == "E"


# What is asked wrongly ------------------------------------------------------------------------------------------------
def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(ScenarioError) as error:
        sim.passes(
            "shenzhou-20", ["karrachi", "99,0,0"], "x", -1, min_elevation=100.0, overrides=["launch.perigee_kmm=2"]
        )
    lines = [str(p) for p in error.value.problems]
    assert len(lines) == 6
    for words in ("did you mean 'karachi'?", "from -90 to 90", "2026-10-01", "-1", "from -5 to 89", "perigee_kmm"):
        assert any(words in line for line in lines), words


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("css-2026-10-06 --set a=2", ("--set: found 'a=2'", "no keys")),
        ("css-2026-10-06 --days 100", ("--days: found 100", "at most 60")),
        ("css-2026-10-06 --elements pyproject.toml", ("--elements: found a file beside",)),
        ("iss-20x20 --from 2030-01-01", ("--from: found 2030-01-01T00:00:00Z", "2004-06-02T12:00:00Z")),
        ("iss-20x20 --elements pyproject.toml", ("--elements", "beside an orbit")),
        ("shenzhou-20 --from 2030-01-01", ("--from", "not flown")),
        ("shenzhou-20 --elements nope.tle", ("--elements", "nope.tle")),
        ("karachi", ("a place on the ground",)),
        ("pyproject.toml", ("kind",)),
        ("LICENSE", ("LICENSE:1:", "broken TOML")),
    ],
)
def test_errors_of_the_command_teach(line, says):
    run = CliRunner().invoke(app, ["passes", *line.split()])
    assert run.exit_code == 2, run.output
    for words in says:
        assert words in run.output, run.output


def test_a_file_of_several_objects_needs_a_choice_and_takes_one(tmp_path, tle):
    """The station's set, and another object's that is the same but for its number."""
    from sim.interchange.files import read_mean_elements, write_mean_elements

    (one,) = read_mean_elements(tle)
    both = tmp_path / "both.tle"
    write_mean_elements(both, [one, replace(one, number=25544, name="other")], "tle", "2026-01-01T00:00:00")
    line = ["passes", str(both), "--from", DATA["start_utc"], "--days", "0.5"]
    run = CliRunner().invoke(app, line)
    assert run.exit_code == 2 and "several objects" in run.output and "--elements-number" in run.output
    run = CliRunner().invoke(app, [*line, "--elements-number", "25544"])
    assert run.exit_code == 0 and "Karachi" in run.output and run.output.startswith("other\n")
    run = CliRunner().invoke(app, ["passes", "shenzhou-20", "--elements-index", "1"])
    assert run.exit_code == 2 and "holds none" in run.output


def test_a_mission_takes_other_elements_from_a_file(tmp_path):
    """Its own set as a file: nothing but the file's name may change what is read."""
    from sim.api.time_span import ElementFile
    from sim.api.watching import read

    one = fact_set("css-2026-10-06")
    path = tmp_path / "new.tle"
    path.write_text(f"{one.line1}\n{one.line2}\n")
    own, other = (read(ElementFile("shenzhou-24-pakistan"), [], e, None, None) for e in (None, path))
    assert (own.start, own.end) == (other.start, other.end)
    with pytest.raises(BadInput, match="beside an orbit"):
        read(ElementFile("iss-20x20"), [], path, None, None)


# Calendar and chart ---------------------------------------------------------------------------------------------------
def read_back(text: str) -> list[dict[str, str]]:
    """The events of a calendar, by RFC 5545: unfolded lines of name and value, texts without their escapes."""
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    for line in text.split("\r\n"):
        assert len(line.encode()) <= 75
    found: list[dict[str, str]] = []
    for line in text.replace("\r\n ", "").split("\r\n")[:-1]:
        name, _, value = line.partition(":")
        if (name, value) == ("BEGIN", "VEVENT"):
            found.append({})
        elif found:
            value = re.sub(r"\\([nN\\;,])", lambda m: "\n" if m[1] in "nN" else m[1], value)
            assert name not in found[-1] or name == "END"
            found[-1][name] = value
    return found


def test_the_calendar_reads_back_as_the_passes(week):
    read = read_back(week.calendar())
    assert len(read) == len(week) and len({one["UID"] for one in read}) == len(week)
    ordered = sorted(week, key=lambda p: p.seen.start)
    for one, p in zip(read, ordered, strict=True):
        a, b = (p.seen.seen[0][0], p.seen.seen[-1][1]) if p.seen.seen else (p.seen.start, p.seen.end)
        start, end = (as_epoch(one[key]).since(week.zero) for key in ("DTSTART", "DTEND"))
        assert a - 1.0 < start <= a + 1e-6 and b - 1e-6 <= end < b + 1.0  # whole seconds, around what it is about
        assert one["LOCATION"] == p.place.name
        assert ("by eye" in one["SUMMARY"] and "not seen" not in one["SUMMARY"]) == bool(p.seen.seen)
        assert "\n" in one["DESCRIPTION"] and str(p.place.clock) in one["DESCRIPTION"]


def as_epoch(stamp: str) -> Epoch:
    day, clock = stamp[:8], stamp[9:15]
    return Epoch.from_utc(f"{day[:4]}-{day[4:6]}-{day[6:]}T{clock[:2]}:{clock[2:4]}:{clock[4:]}Z")


ODD = "a;b,c\\d\ne \N{SNOWMAN} " + 40 * "ö" + " \x07"


def odd_calendar() -> str:
    zero = Epoch.from_utc("2026-11-04T14:46:49.5Z")
    events = (CalendarEvent(f"u{k}", zero, zero.plus(60.0), ODD, ODD, ODD, ("x, y", "z"), (1.0, -2.0)) for k in (1, 2))
    return calendar(ODD, events, zero)


def test_odd_letters_survive_a_calendar():
    for one in read_back(odd_calendar()):
        assert one["SUMMARY"] == one["DESCRIPTION"] == ODD.replace("\x07", "")
        assert one["GEO"] == "1.000000;-2.000000" and one["DTSTART"] == "20261104T144649Z"


def test_another_program_reads_the_calendar(week):
    """icalendar, where it is installed; elsewhere, in CI too, the reader above alone."""
    if find_spec("icalendar") is None:
        pytest.skip("icalendar is not installed: pip install -e '.[readers]'")
    from icalendar import Calendar

    for text, count in ((week.calendar(), len(week)), (odd_calendar(), 2)):
        events = Calendar.from_ical(text.encode()).walk("VEVENT")
        assert len(events) == count and not any(event.errors for event in events)
    assert str(events[0]["SUMMARY"]) == ODD.replace("\x07", "")


def test_the_sky_chart_has_no_text_on_another(week, monkeypatch):
    from sim.plots.sky_chart import draw

    for one in week.found.places:
        shown = sky_chart(week.found, one)
        assert shown is not None and 1 <= len(shown["tracks"]) <= 6
        texts_apart(lambda shown=shown: draw(shown), monkeypatch)


def test_where_nothing_passes_there_is_no_chart_and_a_line_says_so():
    """Spitsbergen: the station never rises so far north."""
    found = sim.passes("css-2026-10-06", "78.2,15.6,10", days=0.5)
    assert list(found) == [] and found.plot() is None and found.found.contacts == ()
    assert "  no pass in this time" in found.lines()


def test_the_command_writes_what_it_prints(tmp_path):
    out = tmp_path / "out"
    line = ["passes", "css-2026-10-06", "--site", "karachi", "--days", "1", "--out", str(out), "--json"]
    run = CliRunner().invoke(app, line)
    assert run.exit_code == 0, run.output
    import json

    printed, written = json.loads(run.stdout), json.loads((out / "passes.json").read_text())
    assert problems("passes", written, whole=True) == []
    assert printed["passes"] == written["passes"] and printed["contact"][0]["minutes"] > 30.0
    assert {p.name for p in out.iterdir()} == {
        "passes.json",
        "passes.csv",
        "passes.ics",
        "sky_karachi.png",
        "manifest.json",
    }
    assert len((out / "passes.csv").read_text().splitlines()) == 1 + len(written["passes"])
    assert len(read_back((out / "passes.ics").read_bytes().decode())) == len(written["passes"])
    assert set(json.loads((out / "manifest.json").read_text())["files_sha256"]) == {
        "passes.json",
        "passes.csv",
        "passes.ics",
        "sky_karachi.png",
    }
