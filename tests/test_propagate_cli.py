"""`tiangong propagate`: what it writes, how it refuses, and what it leaves behind.

The propagator behind it is a two-body stand-in, about an Earth that turns steadily; the real one has its own tests.
"""

from __future__ import annotations

import csv
import json
import math
import os
import resource
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

import sim
from kernels.orbit.kepler import kepler_propagate
from sim.cli import main as cli
from sim.core.epoch import Epoch
from sim.core.flight import Failure
from sim.core.trajectory import Trajectory
from sim.environment.gravity import GravityFileError
from sim.output.orbit_summary import FILES, row_times
from sim.propagation.propagate import OrbitEnded

ROOT = Path(sim.__file__).resolve().parent.parent
MU, TURN = 3.986004415e14, 7.292115e-5
# STK's two-body ephemeris of the start in configs/orbits/iss-20x20.toml: NASA's GMAT acceptance tests (2013), case
# ISS_Earth_0_0_0, after 86400 s; m.
STK_R = (-553921.8317198088, 4781293.7692349615, 4728226.326411903)


class SteadyEarth:
    """A round Earth that turns about the z axis of GCRF, and a Sun that stands still on the x axis."""

    forces = SimpleNamespace(gravity=SimpleNamespace(mu=3.986004415e14, radius=6378136.3))  # for the manifest

    def ecef(self, t):
        c, s = math.cos(TURN * t), math.sin(TURN * t)
        return np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])

    def true_of_date(self, t):
        return np.eye(3)

    def sun(self, t):
        return np.array([1.496e11, 0.0, 0.0])

    def geodetic(self, t, r):
        east = np.degrees(np.arctan2(r[:, 1], r[:, 0]) - TURN * np.asarray(t))
        radius = np.linalg.norm(r, axis=1)
        return np.degrees(np.arcsin(r[:, 2] / radius)), (east + 180.0) % 360.0 - 180.0, radius - 6378137.0


def two_body(orbit, last: float | None = None):
    """Nodes every 10 s, between which the quintic moves no apsis by 1e-7 s; burns leave doubled nodes and no effect."""
    end = orbit.duration if last is None else last
    edges = [e for b in orbit.burns for e in (b.start, b.start + b.duration) if 0.0 < e < end]
    t = np.sort(np.concatenate([np.linspace(0.0, end, math.ceil(end / 10.0) + 1), edges, edges]))
    r, v = np.empty((len(t), 3)), np.empty((len(t), 3))
    for i, dt in enumerate(t):
        kepler_propagate(orbit.r, orbit.v, float(dt), MU, r[i], v[i])
    a = -MU * r / np.linalg.norm(r, axis=1)[:, None] ** 3
    path = Trajectory(t, r, v, a, np.full(len(t), orbit.mass))
    return SimpleNamespace(
        trajectory=path, world=SteadyEarth(), orbit=orbit, ended="", impact=None, centres=(), parts=(), kept=()
    )


@pytest.fixture
def propagator(monkeypatch):
    """The stand-in; a test may change `fly`."""
    stand_in = SimpleNamespace(fly=two_body, flown=[])

    def propagate(orbit):
        stand_in.flown.append(orbit)
        return stand_in.fly(orbit)

    module = SimpleNamespace(propagate=propagate, OrbitEnded=OrbitEnded)
    monkeypatch.setitem(sys.modules, "sim.propagation.propagate", module)
    return stand_in


def tiangong(*args):
    """Exit code, stdout and stderr of a command line, without a process of its own."""
    result = CliRunner().invoke(cli.app, [str(a) for a in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return SimpleNamespace(code=result.exit_code, out=result.stdout, err=result.stderr)


def fly(out: Path, name="iss-20x20", *sets: str, options=()):
    return tiangong("propagate", name, "--out", out, *(x for s in sets for x in ("--set", s)), *options)


def table(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


# ---- what is written


def test_all_files_appear_and_the_last_state_is_stks(propagator, tmp_path):
    done = fly(tmp_path / "out")
    assert (done.code, done.err) == (0, "")
    assert sorted(os.listdir(tmp_path / "out")) == sorted(FILES) and os.listdir(tmp_path) == ["out"]
    rows = table(tmp_path / "out" / "ephemeris.csv")
    assert rows[0] == ["t_s", "x_m", "y_m", "z_m", "vx_m_s", "vy_m_s", "vz_m_s"]
    assert [float(row[0]) for row in rows[1:]] == [1800.0 * k for k in range(49)]
    # 1 mm: the acceptance of the case; the two-body stand-in itself is exact to micrometres.
    assert math.dist([float(x) for x in rows[-1][1:4]], STK_R) < 1e-3


def test_rows_give_back_every_bit_of_the_trajectory(propagator, tmp_path):
    assert fly(tmp_path / "out", "iss-20x20", "span.step_s=777.7").code == 0
    rows = np.array([[float(x) for x in row] for row in table(tmp_path / "out" / "ephemeris.csv")[1:]])
    r, v, _ = two_body(propagator.flown[0]).trajectory.at(rows[:, 0])
    assert np.array_equal(rows[:, 1:4], r) and np.array_equal(rows[:, 4:], v)
    assert rows[-1, 0] == 86400.0 and rows[-2, 0] == 777.7 * 111


@pytest.mark.parametrize(
    ("duration", "step", "times"),
    [
        (10.0, 5.0, [0.0, 5.0, 10.0]),
        (10.0, 4.0, [0.0, 4.0, 8.0, 10.0]),
        (10.0, 25.0, [0.0, 10.0]),
        (0.3, 0.1, [0.0, 0.1, 0.2, 0.3]),  # 0.1 is no binary fraction: no row a rounding before the last
        (100.0 + 3e-10, 50.0, [0.0, 50.0, 100.0 + 3e-10]),
    ],
)
def test_the_first_row_is_zero_and_the_last_exactly_the_end(duration, step, times):
    found = row_times(duration, step)
    assert len(found) == len(times) and found[-1] == duration and found == pytest.approx(times, abs=1e-12)


def hermite(t, nodes, r, v):
    """Position at `t` by Hermite's divided differences through nodes (n,), r (n,), v (n,): an outside interpolation."""
    z = np.repeat(nodes, 2)
    column = np.repeat(r, 2)
    found, product = column[0], 1.0
    for order in range(1, len(z)):
        nearby = z[order:] - z[: len(z) - order]
        steps = np.diff(column)
        column = np.where(nearby == 0.0, v.repeat(2)[: len(nearby)], steps / np.where(nearby == 0.0, 1.0, nearby))
        product *= t - z[order - 1]
        found += column[0] * product
    return found


def test_the_oem_read_and_interpolated_as_the_standard_says_gives_the_orbit_back(propagator, tmp_path):
    assert fly(tmp_path / "out").code == 0
    lines = (tmp_path / "out" / "ephemeris.oem").read_text("ascii").splitlines()
    reported = dict(line.split(" = ", 1) for line in lines if " = " in line)
    assert reported["CCSDS_OEM_VERS"] == "2.0" and reported["REF_FRAME"] == "GCRF" and reported["TIME_SYSTEM"] == "UTC"
    assert (
        reported["START_TIME"] == "2004-06-01T12:00:00.000000" and reported["STOP_TIME"] == "2004-06-02T12:00:00.000000"
    )
    rows = [line.split() for line in lines if line[:5] == "2004-"]
    zero = Epoch.from_utc("2004-06-01T12:00:00Z")
    t = np.array([Epoch.from_utc(row[0]).since(zero) for row in rows])
    states = np.array([[float(x) for x in row[1:]] for row in rows]) * 1e3
    truth = two_body(propagator.flown[0]).trajectory
    first = 700  # four rows around the middle of an interval, as degree 7 asks for
    middle = 0.5 * (t[first + 1] + t[first + 2])
    four = slice(first, first + 4)
    found = [hermite(middle, t[four], states[four, j], states[four, 3 + j]) for j in range(3)]
    # Micrometres are written in the file; four rows of 60 s add less than that.
    assert math.dist(found, truth.at(middle)[0][0]) < 1e-5


def test_a_burn_cuts_the_oem_and_stands_among_the_events(propagator, tmp_path):
    assert fly(tmp_path / "out", "station-raise", "atmosphere.model=none").code == 0
    text = (tmp_path / "out" / "ephemeris.oem").read_text("ascii")
    assert text.count("META_START") == 3
    events = {row[2]: row for row in table(tmp_path / "out" / "events.csv")[1:]}
    assert float(events["burn_start"][1]) == 7200.0 and float(events["burn_end"][1]) == 7500.0
    assert "thrust_n=980.0" in events["burn_start"][3]


def test_events_stand_in_the_order_of_time_and_where_kepler_puts_them(propagator, tmp_path):
    assert fly(tmp_path / "out").code == 0
    rows = table(tmp_path / "out" / "events.csv")
    assert rows[0] == ["utc", "t_s", "name", "values"]
    times, names = [float(row[1]) for row in rows[1:]], [row[2] for row in rows[1:]]
    assert times == sorted(times) and (names[0], names[-1]) == ("start", "end")
    orbit = propagator.flown[0]
    axis = 1.0 / (2.0 / np.linalg.norm(orbit.r) - orbit.v @ orbit.v / MU)
    period = 2.0 * math.pi * math.sqrt(axis**3 / MU)
    for name in ("ascending_node", "descending_node", "periapsis", "apoapsis", "umbra_entry", "umbra_exit"):
        found = [t for t, n in zip(times, names, strict=True) if n == name]
        assert len(found) in (15, 16)  # 15.5 revolutions in the day
        # The orbit repeats itself: events of a kind are a period apart, to the 1e-6 s that event times promise.
        assert np.diff(found) == pytest.approx(np.full(len(found) - 1, period), abs=1e-6)


def test_the_picture_shows_a_track_over_land_and_sea(propagator, tmp_path):
    assert fly(tmp_path / "out", "station-raise", "atmosphere.model=none").code == 0
    with Image.open(tmp_path / "out" / "ground_track.png") as image:
        pixels = np.asarray(image.convert("RGB")).reshape(-1, 3)
    for colour in ("#0072B2", "#D55E00", "#e9e4d8"):  # the track, the burn, the land
        rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        assert (np.abs(pixels.astype(int) - rgb).max(axis=1) < 3).sum() > 100


def test_the_manifest_repeats_the_file_and_hashes_the_data(propagator, tmp_path):
    assert fly(tmp_path / "out", "iss-20x20", "span.step_s=600").code == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["tiangong_sim"] == sim.__version__ and manifest["scenario"]["span"]["step_s"] == 600
    assert manifest["scenario"]["state"]["position_m"] == [-4453783.586, -5038203.756, -426384.456]
    assert "configs/orbits/iss-20x20.toml" in manifest["data_sha256"]
    assert sorted([*manifest["files_sha256"], "manifest.json"]) == sorted(FILES)
    assert any("span.step_s: assumed" in line for line in manifest["assumed"])


def test_as_json_is_one_object_with_the_last_state(propagator, tmp_path):
    done = fly(tmp_path / "out", options=["--json"])
    reported = json.loads(done.out)
    assert (reported["verb"], reported["status"], reported["rows"]) == ("propagate", "done", 49)
    assert reported["end"]["t_s"] == 86400.0 and math.dist(reported["end"]["position_m"], STK_R) < 1e-3
    assert all(Path(path).is_file() for path in reported["files"].values())


def test_a_name_that_other_programs_would_run_or_choke_on_stays_text(propagator, tmp_path):
    assert fly(tmp_path / "out", "iss-20x20", "name='=cmd()天宫, $x_$'").code == 0
    for name in ("ephemeris.csv", "events.csv"):
        assert "cmd" not in (tmp_path / "out" / name).read_text("utf-8")
    assert "OBJECT_NAME = =CMD()??, $X_$" in (tmp_path / "out" / "ephemeris.oem").read_text("ascii")


# ---- how it refuses


def test_warnings_go_to_stderr_json_and_manifest(propagator, tmp_path):
    done = fly(tmp_path / "out", "station-raise", "atmosphere.model=none", "burns.0.start_s=43000", options=["--json"])
    assert done.code == 0 and "cut at the end" in done.err
    assert json.loads(done.out)["warnings"] == json.loads((tmp_path / "out" / "manifest.json").read_text())["warnings"]


def test_bad_input_is_refused_before_anything_is_touched(propagator, tmp_path):
    done = fly(tmp_path / "a" / "out", "iss-20x20", "span.step_s=0", "gravity.degree=71")
    assert (done.code, done.out) == (2, "") and "span.step_s: " in done.err and "gravity.degree: " in done.err
    assert os.listdir(tmp_path) == [] and propagator.flown == []


def test_existing_results_are_kept_without_force(propagator, tmp_path):
    assert fly(tmp_path / "out").code == 0
    assert fly(tmp_path / "out").code == 2 and len(propagator.flown) == 1
    assert fly(tmp_path / "out", options=["--force"]).code == 0 and os.listdir(tmp_path) == ["out"]


def _raise(error):
    raise error


def not_a_number(orbit):
    flown = two_body(orbit)
    flown.trajectory.r[100:] = np.nan
    return flown


BROKEN = {
    "ends too early": (lambda orbit: two_body(orbit, last=3000.0), 3, "ends at 3000.000 s"),
    "not a finite number": (not_a_number, 3, "after 990.000 s"),
    "fails": (lambda orbit: _raise(Failure("1200.0 s: the ground")), 3, "propagation: 1200.0 s: the ground"),
    "bad coefficients": (lambda orbit: _raise(GravityFileError("f.gfc:12: twice")), 2, "f.gfc:12: twice"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_an_orbit_that_cannot_be_flown_leaves_one_line_and_no_file(case, propagator, tmp_path):
    propagator.fly, code, says = BROKEN[case]
    done = fly(tmp_path / "a" / "out")
    assert (done.code, done.out, done.err.count("\n")) == (code, "", 1) and says in done.err
    assert os.listdir(tmp_path) == []


def test_plot_says_that_this_is_no_run(propagator, tmp_path):
    assert fly(tmp_path / "out").code == 0
    done = tiangong("plot", tmp_path / "out")
    assert done.code == 2 and "no results of a run" in done.err


def test_orbits_are_listed_and_have_a_schema():
    reported = json.loads(tiangong("list", "--json").out)
    assert {"station-j2", "iss-20x20", "station-raise"} <= {orbit["name"] for orbit in reported["orbits"]}
    assert json.loads(tiangong("schema", "orbit").out)["properties"]["burns"]
    assert tiangong("schema", "planet").code == 2


def test_a_bad_orbit_is_refused_within_two_seconds(tmp_path):
    """As a process, elements and field included; seconds of the processor, which other work does not lengthen."""
    began = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "sim.cli.main", "propagate", "station-raise", "--out", str(tmp_path / "o")]
    command += ["--set", "span.step_s=-1"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (done.returncode, done.stdout) == (2, "") and "span.step_s" in done.stderr
    assert ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime < 2.0 and os.listdir(tmp_path) == []


# ---- without the stand-in


def test_the_whole_way_for_a_point_mass_ends_where_stk_does(tmp_path):
    """The case's own acceptance is 1 mm."""
    out = tmp_path / "out"
    sets = ["gravity.field=point", "gravity.degree=", "gravity.order=", "third_body=", "sources="]
    done = fly(out, "iss-20x20", *sets)
    assert (done.code, done.err) == (0, "") and sorted(os.listdir(out)) == sorted(FILES)
    rows = table(out / "ephemeris.csv")
    assert math.dist([float(x) for x in rows[-1][1:4]], STK_R) < 1e-3


def test_the_shipped_burn_raises_the_orbit_as_the_rocket_equation_and_vis_viva_say(tmp_path):
    """Two bodies: da = 2 a2 v dv / mu for a burn along the velocity, mean of v over the burn; on this orbit, 5 minutes
    and 4.3 m/s, the second order in dv/v and the turn of the axes leave 0.1 % of it."""
    off = [f"{key}=" for key in ("gravity.degree", "gravity.order", "third_body", "atmosphere", "sources")]
    done = fly(tmp_path / "out", "station-raise", "gravity.field=point", "span.duration_s=9000", *off)
    assert done.code == 0, done.err
    rows = np.array([[float(x) for x in row] for row in table(tmp_path / "out" / "ephemeris.csv")[1:]])
    axis = 1.0 / (2.0 / np.linalg.norm(rows[:, 1:4], axis=1) - np.sum(rows[:, 4:] ** 2, axis=1) / MU)
    before, after = axis[rows[:, 0] <= 7200.0], axis[rows[:, 0] >= 7500.0]
    # The axis is kept while nothing burns: to a millimetre, since 1e-10 of a is what positions to 1e-4 m allow.
    assert np.ptp(before) < 1e-3 and np.ptp(after) < 1e-3
    burnt = 300.0 * 980.0 / (9.80665 * 290.0)
    dv = 9.80665 * 290.0 * math.log(68500.0 / (68500.0 - burnt))
    during = (rows[:, 0] >= 7200.0) & (rows[:, 0] <= 7500.0)
    speed = np.linalg.norm(rows[during, 4:], axis=1).mean()
    mean = 0.5 * (before.mean() + after.mean())
    assert after.mean() - before.mean() == pytest.approx(2.0 * mean**2 * speed * dv / MU, rel=1e-3)
