"""Orbits that follow the Sun: local time of the node against element sets years later, passes, and a camera."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.build.orbit import load_orbit
from sim.catalogue.element_sets import element_set, names, of_craft
from sim.catalogue.places import places
from sim.core.epoch import Epoch
from sim.files.problems import ScenarioError
from sim.orbit.sun_synchronous import as_flown, at_set, falling, is_sun_synchronous, local_time, predicted
from sim.output.imaging import content, lines, node_content, node_line
from sim.planning.passes.imaging import area_points, covered, reach, revisits
from sim.propagation.force_model import ImagingChoice
from sim.propagation.propagate import propagate

PASSES = json.loads((Path(__file__).parent / "data" / "pakistan_passes.json").read_text())
DAY = 86400.0


def minutes(one, two) -> float:
    return 60.0 * ((one.local_time.mean - two.local_time.mean + 12.0) % 24.0 - 12.0)


# ---- local time


@pytest.mark.parametrize(
    ("craft", "mean", "apparent"),
    [("prss-1", 22.0243, 21.9488), ("prsc-eo1", 22.34, 22.2645), ("paktes-1a", 4.0154, 3.9399)],
)
def test_local_time_of_the_node(craft, mean, apparent):
    """Values of an earlier search, by Skyfield's Sun: 0.001 h, as the low-precision Sun has 0.01 deg = 0.0007 h."""
    found = at_set(element_set(f"{craft}-2026-07-04")).local_time
    assert (found.mean, found.apparent) == pytest.approx((mean, apparent), abs=0.001)


def test_the_sun_is_overhead_at_twelve():
    """At the equinox of March 2026 (20th, 14:46 UTC) the apparent Sun's right ascension is zero, and
    a sundial 7.4 min behind the clock (Astronomical Almanac)."""
    noon = local_time(0.0, Epoch.from_utc("2026-03-20T14:46:00Z"))
    assert noon.apparent == pytest.approx(12.0, abs=0.001) and noon.mean == pytest.approx(12.0 + 7.4 / 60.0, abs=0.005)


def test_which_orbits_follow_the_sun():
    sun = {name for craft in ("PRSS-1", "PRSC-EO1", "PakTES-1A") for name in (e.name for e in of_craft(craft))}
    assert all(is_sun_synchronous(element_set(name)) for name in sun)
    assert not any(is_sun_synchronous(e) for e in of_craft("PakSat-1R"))
    assert not is_sun_synchronous(element_set(names()[0]))


# ---- a year later


def test_a_year_of_prsc_eo1_from_one_set():
    """From the set of June 2025, its axis kept by burns, to that of July 2026, 375 days: a drift of -4.1 min, forecast
    to 0.2 min. Its inclination to 0.002 deg of the 0.041 by which it fell."""
    first, last = of_craft("PRSC-EO1")[0], of_craft("PRSC-EO1")[-1]
    now, then = at_set(first), at_set(last)
    forecast = predicted(first, last.epoch)
    assert last.epoch.since(first.epoch) > 370.0 * DAY and minutes(then, now) == pytest.approx(-4.1, abs=0.1)
    assert abs(minutes(forecast, then)) < 0.2
    assert math.degrees(now.inclination - then.inclination) > 0.04
    assert math.degrees(abs(forecast.inclination - then.inclination)) < 0.002


def test_three_years_of_prss_1():
    """From November 2022 to July 2026 its node came 42 min earlier. It has sets of 2022 and 2026 alone; its axis fell
    by 14.7 km, and a forecast of 2022 could not know the strong cycle of the Sun. With the axis of the sets, which is
    hindsight, the plane is right to 0.5 min; as a forecast, with the air as known then, it is 13 min late, 4 a year;
    over the last 108 days the forecast is good to 0.2 of 5.7 min."""
    first, spring, last = of_craft("PRSS-1")
    then, seconds = at_set(last), last.epoch.since(first.epoch)
    assert minutes(then, at_set(first)) == pytest.approx(-42.4, abs=0.2)
    assert abs(minutes(predicted(first, last.epoch, as_flown(first, [spring, last])), then)) < 0.5
    forecast = predicted(first, last.epoch, falling(first, seconds))
    assert 0.0 < -minutes(forecast, then) / (seconds / DAY / 365.25) < 4.0
    assert abs(minutes(predicted(spring, last.epoch, falling(spring, last.epoch.since(spring.epoch))), then)) < 0.2


def test_paktes_has_drifted_by_hours():
    """It has no engines: 206 min later in three and a half years. By hindsight of the axis on straight lines between
    its three sets, 3 % of it; what falls by 33 km does not fall on a straight line."""
    first, spring, last = of_craft("PakTES-1A")
    then = at_set(last)
    drift = minutes(then, at_set(first))
    assert drift == pytest.approx(205.8, abs=0.3)
    assert abs(minutes(predicted(first, last.epoch, as_flown(first, [spring, last])), then)) < 0.04 * drift


def test_without_sun_moon_and_tide_the_year_would_be_wrong(monkeypatch):
    """What the pull on the plane is worth: without it the inclination would not fall at all."""
    from sim.orbit import sun_synchronous

    still = replace(sun_synchronous.theory.sun(Epoch(0)), strength=0.0)
    monkeypatch.setattr(sun_synchronous.theory, "sun", lambda at: still)
    monkeypatch.setattr(sun_synchronous.theory, "moon", lambda at: still)
    first, last = of_craft("PRSC-EO1")[0], of_craft("PRSC-EO1")[-1]
    alone = predicted(first, last.epoch)
    assert alone.inclination == pytest.approx(at_set(first).inclination, abs=2e-6)  # the steps' own error; it fell 7e-4
    assert abs(minutes(alone, at_set(last))) > 2.0


# ---- passes over Suparco's stations


@pytest.mark.parametrize("row", PASSES["rows"], ids=lambda row: row["satellite"])
def test_passes_over_karachi_are_skyfields(row, tmp_path):
    """Rise, top, set to 0.05 s and the height to 0.003 deg, as the file has it."""
    file = tmp_path / "set.tle"
    file.write_text(f"{row['satellite']}\n{row['line1']}\n{row['line2']}\n")
    found = sim.passes(file, site="24.95,67.14,0", days=3.0, min_elevation=row["mask_deg"])
    assert len(found) == len(row["passes"]) == 9
    for one, theirs in zip(found, row["passes"], strict=True):
        mine = one.seen
        for t, key in ((mine.start, "aos_utc"), (mine.top, "tca_utc"), (mine.end, "los_utc")):
            assert abs(found.epoch(t).since(Epoch.from_utc(theirs[key]))) < PASSES["tolerance_s"]
        assert math.degrees(mine.ends.elevation[1]) == pytest.approx(theirs["max_el_deg"], abs=PASSES["tolerance_deg"])


def test_a_shipped_set_is_passed_by_its_craft():
    found = sim.passes("prss-1-2026-07-04", site=["suparco-karachi", "suparco-lahore"], days=1.0)
    assert {p.seen.craft.name for p in found} == {"PRSS-1"} and len(found) >= 4


# ---- a camera


@pytest.fixture(scope="module")
def looking():
    """Sixteen days of PRSS-1 without air, 0.2 s: what the air does to the track is a few km."""
    scenario = load_orbit("prss-1", ["atmosphere.model=none"])
    assert scenario.imaging is not None
    return scenario, propagate(scenario.orbit)


def test_prss_1_looks_at_every_place_within_its_published_revisit(looking):
    """Published: four days. With a roll of 32 deg each place is looked at every 2 to 4 days on the mean; all by day."""
    scenario, flown = looking
    given = content(flown, scenario.imaging)
    assert set(given["places"]) == {"karachi", "lahore", "islamabad", "quetta", "gilgit"}
    for seen in given["places"].values():
        assert 2.0 <= seen["mean_days"] <= 4.0 and seen["longest_days"] < 6.0
        assert all(
            4.5 < float(t[11:13]) + float(t[14:16]) / 60.0 < 7.0 for t in seen["utc"]
        )  # ten in the morning there
    shares = given["covered_by_day_percent"]
    assert shares == sorted(shares) and len(shares) == 16 and 30.0 < shares[-1] < 60.0
    assert "km straight down" in lines(given)[0] and len(lines(given)) == 6


def test_the_share_of_the_area_is_that_of_its_strips(looking):
    """Sixteen days of 60 km strips against a point in the middle: under the swath when the track comes within 30 km, by
    the passes abeam that the landing planner finds."""
    scenario, flown = looking
    choice = scenario.imaging
    first = covered(flown.trajectory, flown.world, choice)
    points = area_points(choice.area)
    checked = 0
    for k in range(0, len(points), 150):
        x, y, z = points[k]
        flat = (1.0 - 1.0 / 298.257223563) ** 2  # the points are on a sphere's directions: to geodetic latitude
        latitude = math.degrees(math.atan2(z, math.hypot(x, y) * flat))
        place = replace(
            places()["karachi"], latitude_deg=latitude, longitude_deg=math.degrees(math.atan2(y, x)), height_m=0.0
        )
        straight = replace(choice, roll=0.0)
        (seen,) = revisits(flown.trajectory, flown.world, straight, [place], 622e3)
        assert bool(seen.times) == bool(np.isfinite(first[k])), k
        if seen.times:
            assert abs(seen.times[0] - first[k]) < 10.0  # it enters the swath before it is abeam
        checked += 1
    assert checked > 6


def test_reach_of_a_roll():
    """Flat: height times the tangent, to 2 % from 100 km; and past the horizon it is refused."""
    assert reach(100e3, math.radians(20.0)) == pytest.approx(100e3 * math.tan(math.radians(20.0)), rel=0.02)
    with pytest.raises(ValueError, match="past the Earth"):
        reach(622e3, math.radians(70.0))


def test_area_of_a_square():
    """A degree by a degree on the equator holds sixteen points; at 60 deg of latitude half of that."""
    corners = np.radians([[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0]])
    assert len(area_points(corners)) == 16
    north = np.radians([[60.0, 0.0], [60.0, 1.0], [61.0, 1.0], [61.0, 0.0]])
    assert len(area_points(north)) == 8
    assert isinstance(ImagingChoice(1.0, 0.0, 0.0, corners, ()), ImagingChoice)


def test_what_is_said_of_the_node():
    scenario = load_orbit("prss-1")
    given = node_content(scenario.chosen.elements)
    assert given["ascending_node_mean_h"] == pytest.approx(22.0243, abs=0.001)
    assert given["drift_min_a_year"] < -10.0 and "descending 10:01" in node_line(given)
    assert node_content(load_orbit("station-j2").chosen.elements) is None


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (["imaging.area_deg=[[24,67],[25,68]]"], "three or more"),
        (["imaging.area_deg=[[24,67],[25,68],[95,70]]"], "89 deg"),
        (['imaging.places=["lahor"]'], "lahore"),
    ],
)
def test_a_camera_that_makes_no_sense_is_refused(given, word):
    with pytest.raises(ScenarioError) as refused:
        load_orbit("prss-1", given)
    assert word in str(refused.value)
