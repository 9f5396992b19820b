"""The ISS: its end in the South Pacific, and side by side with Tiangong; against the record, brute force, skyfield.

Its rotation from Baikonur is flown in tests/flights/test_soyuz_iss.py. The numbers are in tests/data/iss.json.
"""

from __future__ import annotations

import csv
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import sim
from kernels.constants import G0
from sim.build import disposal as building
from sim.build.orbit import load_orbit
from sim.catalogue import element_sets
from sim.cli.main import app
from sim.core.epoch import Epoch
from sim.core.flight import Failure
from sim.environment.world import build_world, sgp4_state
from sim.files.problems import ScenarioError
from sim.interchange.files import parse_sets
from sim.orbit.propagate import beta_angle
from sim.reentry.disposal.plan import two_impulses

DATA = json.loads((Path(__file__).parent / "data" / "iss.json").read_text("utf-8"))
MU, EQUATOR = 3.986004418e14, 6378.137e3  # of the record
STATION = "css-2026-08-20"
WEEK = "2026-08-17T00:00:00Z"


# ---- its end


@pytest.fixture(scope="module")
def ended(tmp_path_factory) -> Path:
    """The shipped disposal as the command writes it, flown once: 3 s."""
    out = tmp_path_factory.mktemp("deorbit") / "out"
    run = CliRunner().invoke(app, ["propagate", "iss-deorbit", "--out", str(out), "--quiet"])
    assert run.exit_code == 0, run.output
    assert "of the South Pacific" in run.output and "perigee to 50 km" in run.output
    return out


@pytest.fixture(scope="module")
def disposal(ended) -> dict:
    return json.loads((ended / "disposal.json").read_text("utf-8"))


def states(ended: Path) -> np.ndarray:
    with (ended / "ephemeris.csv").open() as file:
        return np.array([[float(x) for x in row] for row in list(csv.reader(file))[1:]])


def apsides_km(row: np.ndarray) -> tuple[float, float]:
    """Kepler's, of one row of the ephemeris, km over the record's radius."""
    r, v = row[1:4], row[4:7]
    radius, h = np.linalg.norm(r), np.linalg.norm(np.cross(r, v))
    a = 1.0 / (2.0 / radius - v @ v / MU)
    e = math.sqrt(1.0 - h * h / (MU * a))
    return (a * (1.0 - e) - EQUATOR) / 1e3, (a * (1.0 + e) - EQUATOR) / 1e3


@pytest.mark.parametrize(
    ("row", "start", "end"),
    [(0, (415, 415), (270, 270)), (1, (270, 270), (145, 200)), (2, (145, 200), (50, 200))],
)
def test_impulses_are_those_of_the_record(row, start, end):
    size = two_impulses((1e3 * start[0], 1e3 * start[1]), (1e3 * end[0], 1e3 * end[1]))
    assert size == pytest.approx(DATA["deorbit"]["rows"][row]["dv_mps"], abs=DATA["deorbit"]["tolerance_m_s"])


def test_its_steps_are_those_that_are_published(ended, disposal):
    """Waypoints of the record, 2 km: what the oblateness does to a height within a revolution, which the plan averages
    or takes the lowest of. The perigee of the last burn is osculating; 0.5 km: a row a minute, in whose first minute
    the air and the oblateness act."""
    aims = DATA["deorbit"]["published"]
    burns = disposal["burns"]
    held = [b for b in burns if b["name"].startswith("apogee to 270")][-1]
    assert 0.5 * (held["perigee_km"] + held["apogee_km"]) == pytest.approx(aims["hold_km"], abs=2.0)
    last = [b for b in burns if b["name"].startswith("apogee to 200")][-1]
    assert [last["perigee_km"], last["apogee_km"]] == pytest.approx(aims["last_ellipse_km"], abs=2.0)
    rows = states(ended)
    after = rows[np.searchsorted(rows[:, 0], burns[-1]["start_s"] + burns[-1]["duration_s"])]
    assert apsides_km(after)[0] == pytest.approx(aims["final_perigee_km"], abs=0.5)
    assert [s["two_impulses_m_s"] for s in disposal["steps"]] == pytest.approx(
        [row["dv_mps"] for row in DATA["deorbit"]["rows"]], abs=DATA["deorbit"]["tolerance_m_s"]
    )


def test_every_burn_keeps_the_rocket_equation_and_the_engines_their_limits(disposal):
    """1e-9: no more than the figures' 12 digits."""
    mass = DATA["deorbit"]["published"]["mass_kg"]
    for burn in disposal["burns"]:
        left = mass * math.exp(-burn["delta_v_m_s"] / (300.0 * G0))
        assert burn["propellant_kg"] == pytest.approx(mass - left, rel=1e-9)
        thrust = {"deorbit vehicle": 10400.0, "station and cargo ships": 6140.0}[burn["engines"]]
        assert burn["duration_s"] == pytest.approx(burn["propellant_kg"] * 300.0 * G0 / thrust, rel=1e-9)
        assert burn is disposal["burns"][-1] or burn["duration_s"] <= 1.02 * 600.0
        mass = left
    assert disposal["propellant_kg"]["deorbit vehicle"] < 15900.0


def test_its_pieces_fall_in_the_zone_and_clear_of_land(ended, disposal):
    """Every point of every ellipse by the box itself; shorter than the limit, narrower than is published."""
    fall = disposal["fall"]
    assert -60.0 < min(fall["latitude_deg"]) < max(fall["latitude_deg"]) < -35.0
    assert -170.0 < min(fall["longitude_deg"]) < max(fall["longitude_deg"]) < -80.0
    width, length = DATA["deorbit"]["published"]["footprint_km"]
    assert 1000.0 < fall["length_km"] < length and fall["width_km"] < width
    assert fall["to_land_km"] > 1500.0 and fall["inside"]
    # The aimed pieces come down about the target: what is left is the distance of the next track, half of one at most.
    (aimed,) = [p for p in fall["pieces"] if p["name"] == "truss segments"]
    east = (aimed["longitude_deg"] - fall["target_deg"][1]) * math.cos(math.radians(48.9))
    assert math.hypot(aimed["latitude_deg"] - fall["target_deg"][0], east) * 111.2 < 825.0
    # Heavier for its area falls farther, and sooner.
    order = sorted(fall["pieces"], key=lambda p: p["mass_per_drag_area_kg_m2"])
    assert [p["longitude_deg"] for p in order] == sorted(p["longitude_deg"] for p in order)
    assert [p["impact_s"] for p in order] == sorted((p["impact_s"] for p in order), reverse=True)
    assert {path.name for path in ended.iterdir()} >= {"disposal.json", "fallen.csv", "fall_area.png"}


def test_the_plan_is_what_is_flown():
    """Break-up at 78 km by the plan's own arcs, and by the propagation with its other method and steps: 50 m in
    height and 0.5 km along the way after 35 revolutions, a tenth of what one day's air is uncertain by. And it is the
    program that finds the time: another node, another hour, the same sea."""
    scenario = load_orbit("iss-deorbit", ["keplerian.raan_deg=77.0"])
    planned, found, world = building.planned(scenario)
    flown = sim.propagate(planned.orbit)
    latitude, longitude, height = flown.world.geodetic(found.end, flown.at(found.end)[0])
    assert height[0] == pytest.approx(78e3, abs=50.0)
    result = building.fell(found, flown, world)
    assert result.fallen.inside and -170.0 < longitude[0] < -100.0 and latitude[0] < -35.0
    narrow = replace(found.disposal.zone, corners=found.disposal.zone.corners + math.radians(20.0))
    with pytest.raises(Failure, match="may fall outside of"):
        building.fell(replace(found, disposal=replace(found.disposal, zone=narrow)), flown, world)


def test_what_cannot_be_flown_is_said_before_it_is():
    scenario = load_orbit("iss-deorbit")
    block = scenario.disposal
    poor = tuple(b.model_copy(update={"propellant_kg": 9000.0}) for b in block.burners)
    with pytest.raises(Failure, match=r"station and cargo ships has 9000 kg of propellant; its burns take 11\d{3} kg"):
        building.planned(replace(scenario, disposal=block.model_copy(update={"burners": poor})))
    north = replace(scenario, disposal=block.model_copy(update={"target_deg": (-60.0, -123.0)}))
    with pytest.raises(Failure, match=r"of 51\.\d\d deg, never passes -60"):
        building.planned(north)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("disposal.engines=tug", ("disposal.engines", "'tug'", "station and cargo ships, deorbit vehicle")),
        ("disposal.lowerings.1.perigee_km=210", ("disposal.lowerings.1.perigee_km", "at most the apogee, 200 km")),
        ("disposal.zone.longitude_deg=[-170.0, -170.0, -80.0]", ("as many as latitudes",)),
        ("disposal.zone.longitude_deg=[-170.0, -170.0, 80.0, 80.0]", ("does not cross the date line",)),
        ("disposal.fragments.0.height_km=70", ("at least breakup_km, 78 km",)),
        ("disposal.target_deg=[-123.0, -48.0]", ("a latitude from -90 to 90",)),
        ("atmosphere.model=us76", ("'nrlmsise00'", "[disposal]")),
    ],
)
def test_a_file_that_cannot_be_is_refused_with_what_to_write(change, says):
    with pytest.raises(ScenarioError) as error:
        load_orbit("iss-deorbit", [change])
    for words in says:
        assert words in str(error.value)


# ---- beside Tiangong


@pytest.fixture(scope="module")
def iss_file(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("iss") / "iss.tle"
    file.write_text(f"ISS (ZARYA)\n{DATA['set']['line1']}\n{DATA['set']['line2']}\n")
    return file


def brute(start: Epoch, seconds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Range, m, and its rate's sign times range, of the two sets at `seconds`, by the package itself in TEME."""
    one = element_sets.element_set(STATION)
    (first,) = parse_sets(f"{one.line1}\n{one.line2}\n", "a").sets
    (second,) = parse_sets(f"{DATA['set']['line1']}\n{DATA['set']['line2']}\n", "b").sets
    day, fraction = start.jd_utc()
    dates = np.full(seconds.size, day), fraction + seconds / 86400.0
    (_, r1, v1), (_, r2, v2) = (each.satrec().sgp4_array(*dates) for each in (first, second))
    return 1e3 * np.linalg.norm(r2 - r1, axis=1), np.einsum("ij,ij->i", r2 - r1, v2 - v1)


def test_closest_approaches_of_a_week_are_those_of_brute_force(iss_file):
    """Ranges at every second of the week, 1.5 s of processor time; about each minimum below 200 km at every 0.01 s, in
    which they move 47 m along their relative velocity and 0.02 m of range. Held: 1 s and 10 m; met: 0.01 s and 1 m."""
    found = sim.screen(STATION, iss_file, WEEK, 7.0, near=sim.Near(within=200.0))
    (craft,) = found.content()["craft"]
    start, t = Epoch.from_utc(WEEK), np.arange(0.0, 7.0 * 86400.0 + 1.0)
    distance, rate = brute(start, t)
    least = np.flatnonzero((rate[:-1] < 0.0) & (rate[1:] >= 0.0) & (distance[:-1] < 200e3))
    assert len(craft["approaches"]) == len(least) >= 3
    for row, k in zip(craft["approaches"], least, strict=True):
        fine = t[k] + np.arange(-2.0, 3.0, 0.01)
        near = brute(start, fine)[0]
        best = int(np.argmin(near))
        assert Epoch.from_utc(row["tca_utc"]).since(start) == pytest.approx(fine[best], abs=0.02)
        assert 1e3 * row["miss_km"] == pytest.approx(near[best], abs=1.0)
        # Planes of 41.5 and 51.6 deg: between their difference and their sum.
        assert 10.1 < row["plane_angle_deg"] < 93.2
    assert "deg apart at the nearest" in "\n".join(found.lines())


def test_both_are_watched_and_the_nights_that_show_both_are_told(iss_file):
    """Each alone gives the same passes as both together; the nights are those in which both are seen."""
    place = "41.0,29.0,50"
    span = {"site": place, "start": "2026-08-18", "days": 2.0}
    both = sim.passes([STATION, str(iss_file)], **span)
    alone = [sim.passes(one, **span) for one in (STATION, str(iss_file))]
    times = sorted(p["rise"]["utc"] for one in alone for p in one.content()["passes"])
    assert times == sorted(p["rise"]["utc"] for p in both.content()["passes"])
    nights = {n["evening"] for n in both.content()["same_night"]}
    seen = [
        {
            (Epoch.from_utc(a).plus(2 * 3600.0 - 43200.0)).utc(0)[:10]
            for p in one.content()["passes"]
            for a, _ in p["seen_by_eye"]
        }
        for one in alone
    ]
    assert nights == seen[0] & seen[1] != set()
    assert "both seen by eye in one night" in "\n".join(both.lines())
    run = CliRunner().invoke(app, ["passes", STATION, "--with", "karachi"])
    assert run.exit_code == 2 and "beside another" in run.output


def test_the_angle_to_the_sun_is_skyfields():
    """Three sets; of a fourth row of that list the set is not at hand. And never more than the rule of the record."""
    rows = DATA["beta"]["rows"]
    assert len(rows) == 3
    for row in rows:
        (one,) = parse_sets(f"{row['line1']}\n{row['line2']}\n", "beta").sets
        r, v = sgp4_state(row["line1"], row["line2"], one.epoch)
        world = build_world(one.epoch, 0.0, 60.0, 2, True, False, None, 60.0)
        normal = np.cross(r, v) / np.linalg.norm(np.cross(r, v))
        beta = math.degrees(beta_angle(0.0, normal, world))
        assert beta == pytest.approx(row["beta_deg"], abs=DATA["beta"]["tolerance_deg"])
        assert abs(beta) < DATA["beta"]["max_deg"]
