"""Orbits that end early or go where nobody expected: reported in one line with time, height and speed, never as
numbers."""

from __future__ import annotations

import csv
import json
import math
import os
import re

import numpy as np
import pytest

import sim
from kernels.atmosphere.air import density
from kernels.orbit.kepler import kepler_propagate
from sim.api.propagation import PropagationEnded
from sim.build.orbit import load_orbit
from sim.core.epoch import Epoch
from sim.interchange.oem import read_oem
from sim.output.orbit_summary import FILES
from sim.propagation.force_model import AtmosphereChoice, GravityChoice, ImpulseChoice, Orbit
from sim.propagation.propagate import OrbitEnded, propagate
from tests.test_orbit_file import BASE, file, problems
from tests.test_propagate_cli import fly
from tests.tolerance import AIR_TABLE_REL

AIR = '[spacecraft]\nmass_kg = {}\ndrag_area_m2 = {}\n[atmosphere]\nmodel = "us76"\n'
UP = ["state.position_m=[7000000.0, 0.0, 0.0]", "state.velocity_m_s=[1000.0, 0.0, 0.0]"]
MU = 3.986004418e14


def ended(tmp_path, add: str, *sets: str) -> tuple[str, float, float, float]:
    """How it ended, when (s), and height (km) and speed (m/s) at the node before, with which the files end."""
    done = fly(tmp_path / "out", str(file(tmp_path, add=add)), *sets)
    assert (done.code, done.out, done.err.count("\n")) == (3, "", 1), done
    found = re.fullmatch(
        r"propagation: the orbit (\w+ \w+ \w+).*? (\d+) s after its epoch, at 2007-\S+: "
        r"([\d.]+) km up and (\d+) m/s at the node before"
        r"(?:; the (\d+) s until then are in (.*))?\n",
        done.err,
    )
    assert found, done.err
    how, *numbers, kept, where = found.groups()
    after, height, speed = (float(x) for x in numbers)
    if after == 0.0:  # nothing was flown, and nothing is kept
        assert kept is None and os.listdir(tmp_path) == ["orbit.toml"]
        return how, after, height, speed
    assert where == str(tmp_path / "out") and sorted(os.listdir(where)) == sorted(FILES)
    table = np.loadtxt(tmp_path / "out" / "ephemeris.csv", delimiter=",", skiprows=1)
    assert np.isfinite(table).all() and table[0, 0] == 0.0 and table[-1, 0] < after
    assert float(kept) == pytest.approx(table[-1, 0], abs=0.51)
    assert np.linalg.norm(table[-1, 4:]) == pytest.approx(speed, abs=0.51)
    last = read_oem(tmp_path / "out" / "ephemeris.oem").segments[-1]
    assert np.abs(last.r[-1] - table[-1, 1:4]).max() < 1e-2  # a step of the OEM's clock is a microsecond
    with (tmp_path / "out" / "events.csv").open(encoding="utf-8") as lines:
        *_, end = csv.DictReader(lines)
    assert end["name"] == "end" and float(end["t_s"]) == pytest.approx(table[-1, 0], abs=1e-9)
    assert f"{float(end['values'].split('altitude_m=')[1].split(';')[0]) / 1e3:.1f}" == f"{height:.1f}"
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["ended"] in done.err
    return how, after, height, speed


def test_thrown_straight_up_it_comes_down_when_free_fall_says(tmp_path):
    """No orbit plane, no perigee: the energy gives the top, and the fall from there to the ground takes its time."""
    how, after, *_ = ended(tmp_path, "", *UP, f"gravity.mu_m3_s2={MU}")
    r, v = np.empty(3), np.empty(3)
    # The plane's own limit: Kepler's orbit with a metre a second sideways is the same fall.
    times = np.arange(0.0, 700.0)
    radii = []
    for t in times:
        kepler_propagate(np.array([7e6, 0.0, 0.0]), np.array([1000.0, 1.0, 0.0]), float(t), MU, r, v)
        radii.append(float(np.linalg.norm(r)))
    landed = float(times[np.argmax(np.array(radii) < 6378137.0)])
    assert how == "meets the ground" and 0.0 <= after - landed <= 31.0  # the node after it: a step is 30 s at most


@pytest.mark.parametrize(("mass", "area", "sets"), [(100, 1, UP), (1, 1, UP), (0.001, 1e6, [])])
def test_air_that_stops_it_within_a_step_ends_it_before_the_numbers_burst(mass, area, sets, tmp_path):
    """The smaller the load on the air, the higher; never faster than the fall or the orbit itself."""
    how, after, height, speed = ended(tmp_path, AIR.format(mass, area), *sets)
    assert how == "ends in the" and speed < 8000.0 and 30.0 < height < 450.0 and after < 700.0


def test_a_decaying_orbit_ends_near_the_ground_with_less_than_it_had(tmp_path):
    low = ["state.position_m=[6550000.0, 0.0, 0.0]", "state.velocity_m_s=[0.0, 7800.0, 100.0]"]
    _, after, height, speed = ended(tmp_path, AIR.format(100, 1), *low, "span.duration_s=864000", "span.step_s=600")
    assert 3600.0 < after < 864000.0 and height < 80.0 and speed < 7800.0


def test_the_air_of_an_orbit_that_an_impulse_lowers_is_that_of_its_new_heights():
    """Against NRLMSISE-00 itself, at the lowest point flown; the table's edge, 65 km higher, has a third of it."""
    import pymsis

    r = 6.778e6
    air = AtmosphereChoice("nrlmsise00", f107=120.0, f107a=120.0, ap=8.0)
    orbit = Orbit(
        name="lowered",
        epoch=Epoch.from_utc("2026-03-20T12:00:00Z"),
        r=np.array([r, 0.0, 0.0]),
        v=np.array([0.0, math.sqrt(MU / r), 0.0]),
        duration=3600.0,
        step=60.0,
        mass=1000.0,
        drag_area=1.0,
        gravity=GravityChoice("point"),
        atmosphere=air,
        impulses=(ImpulseChoice(300.0, np.array([-30.0, 0.0, 0.0])),),
    )
    flown = propagate(orbit)
    latitude, longitude, height = flown.world.geodetic(flown.trajectory.t, flown.trajectory.r)
    i = int(np.argmin(height))
    assert height[i] < 300e3
    t, table = float(flown.trajectory.t[i]), flown.world.forces.air
    when = np.datetime64("2026-03-20T12:00:00") + np.timedelta64(round(t * 1e9), "ns")
    of_model = pymsis.calculate(
        when, longitude[i], latitude[i], height[i] / 1e3, [120.0], [120.0], [[8.0] * 7], version=0
    ).ravel()[0]
    hours = (12.0 + t / 3600.0 + longitude[i] / 15.0) % 24.0
    found = density(t, float(height[i]), math.radians(latitude[i]), hours / 12.0 * math.pi, table)
    assert found == pytest.approx(float(of_model), rel=AIR_TABLE_REL)


def test_a_parabola_and_a_hyperbola_are_flown(tmp_path):
    """With exactly no energy to spare the speed is that of escape all along."""
    sets = ["state.position_m=[8000000.0, 0.0, 0.0]", "state.velocity_m_s=[0.0, 10000.0, 0.0]"]
    path = propagate(load_orbit(file(tmp_path), [*sets, "gravity.mu_m3_s2=4e14"]).orbit).trajectory
    radius, speed = np.linalg.norm(path.r, axis=1), np.linalg.norm(path.v, axis=1)
    assert speed == pytest.approx(np.sqrt(8e14 / radius), rel=1e-9) and radius[-1] > 1e8
    faster = load_orbit(file(tmp_path), [*sets, "gravity.mu_m3_s2=3.9e14"]).orbit
    path = propagate(faster).trajectory
    energy = 0.5 * np.sum(path.v**2, axis=1) - 3.9e14 / np.linalg.norm(path.r, axis=1)
    assert energy == pytest.approx(np.full(len(energy), energy[0]), rel=1e-9) and energy[0] > 0.0


# ---- found by trying every key


def test_an_order_above_the_degree_that_holds_without_one_is_refused(tmp_path):
    (line,) = problems(file(tmp_path, BASE.replace('"point"', '"egm2008"')), "gravity.order=21")
    assert "gravity.order: found 21" in line and "at most the degree, 20" in line


def test_a_degree_that_j2_has_not_is_refused(tmp_path):
    (line,) = problems(file(tmp_path), "gravity.field=j2", "gravity.degree=1")
    assert "gravity.degree: found 1" in line and "2 with field = 'j2'" in line


def test_the_length_of_a_direction_does_not_matter(tmp_path):
    burn = "[spacecraft]\nmass_kg = 100\n[[burns]]\nstart_s = 1\nduration_s = 9\nthrust_n = 1\nmass_flow_kg_s = 0\n"
    for length in ("5e-324", "1e-300", "1e6"):
        path = file(tmp_path, add=burn + f"direction = [0, {length}, 0]\n")
        assert load_orbit(path).orbit.burns[0].direction.tolist() == [0.0, 1.0, 0.0]


def test_python_and_json_have_what_was_flown_before_the_end(tmp_path):
    """The burn that goes on after the end is cut there, and the impulse after it is none."""
    engine = "[[burns]]\nstart_s = 60\nduration_s = 9000\nthrust_n = 1\nmass_flow_kg_s = 0\ndirection = [0, 1, 0]\n"
    engine += "[[impulses]]\nat_s = 9000\ndelta_v_m_s = [0, 1, 0]\nframe = 'lvlh'\n"
    low = ["state.position_m=[6500000.0, 0.0, 0.0]", "state.velocity_m_s=[0.0, 7600.0, 100.0]", "span.duration_s=10000"]
    orbit = load_orbit(file(tmp_path, add=engine.join(["[spacecraft]\nmass_kg = 100\n", ""])), low)
    with pytest.raises(OrbitEnded) as caught:
        sim.propagate(orbit.orbit)
    flown = caught.value.flown
    path, end = flown.trajectory, flown.orbit.duration
    assert path.end == end < 9000.0 and flown.orbit.impulses == () and flown.orbit.burns[0].duration == end - 60.0
    assert (np.linalg.norm(path.r, axis=1) > 6.35e6).all() and str(caught.value) == flown.ended
    with pytest.raises(PropagationEnded) as written:
        sim.propagate(orbit, tmp_path / "py")
    assert np.array_equal(written.value.flown.r, path.r) and written.value.flown.result is not None
    assert [event.name for event in written.value.flown.events][-1] == "end"
    done = fly(tmp_path / "out", str(tmp_path / "orbit.toml"), *low, options=["--json"])
    said = json.loads(done.out)
    assert (done.code, said["status"], said["phase"], said["reason"]) == (3, "failed", "propagation", flown.ended)
    assert said["end"]["t_s"] == end and said["end"]["position_m"] == path.r[-1].tolist()
