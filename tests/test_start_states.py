"""Where an orbit may start: EME2000 by the published frame bias, and an OEM by the interpolation that it names."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import sim
from kernels.constants import MU_EARTH
from kernels.orbit.kepler import kepler_propagate
from sim.build.orbit import load_orbit
from sim.core.epoch import Epoch
from sim.interchange.files import starting_state
from sim.interchange.frames import frame_of, gcrf_to_eme2000
from sim.interchange.times import written
from tests.messages import OPM, refused
from tests.test_orbit_file import BASE, file, problems
from tests.test_propagate_cli import fly
from tests.tolerance import BIAS_REL, OEM_INTERPOLATED_M, OEM_INTERPOLATED_M_S

# IAU SOFA's own test of `bp00` (t_sofa_c.c): the bias matrix for any date.
SOFA = np.array(
    [
        [0.9999999999999942498, -0.7078279744199196626e-7, 0.8056217146976134152e-7],
        [0.7078279477857337206e-7, 0.9999999999999969484, 0.3306041454222136517e-7],
        [-0.8056217380986972157e-7, -0.3306040883980552500e-7, 0.9999999999999962084],
    ]
)
MAS = math.pi / 180.0 / 3.6e6
R, V = np.array([6.7e6, 1.2e6, -4.0e5]), np.array([-8.0e2, 5.4e3, 5.2e3])
ZERO = Epoch.from_utc("2026-01-01")


# ---- EME2000


def test_the_frame_bias_is_the_published_one():
    from skyfield.framelib import ICRS_to_J2000

    bias = gcrf_to_eme2000()
    assert np.abs(bias - SOFA).max() < BIAS_REL
    assert np.abs(bias - np.array(ICRS_to_J2000)).max() < 1e-12  # Skyfield builds its own, to the second order
    # IERS Conventions 2010, 5.4.4: xi0 = -16.617 mas, eta0 = -6.8192 mas, d alpha0 = -14.6 mas.
    small = np.array([bias[2, 0], bias[2, 1], bias[0, 1]]) / MAS
    assert small == pytest.approx([-16.617, -6.8192, -14.6], abs=5e-4)


def test_a_state_in_eme2000_is_that_much_off(tmp_path):
    base = load_orbit(file(tmp_path)).orbit
    orbit = load_orbit(file(tmp_path), ["state.frame=eme2000"]).orbit
    assert orbit.r == pytest.approx(SOFA.T @ base.r, abs=1e-8) and orbit.v == pytest.approx(SOFA.T @ base.v, abs=1e-11)
    assert 0.1 < math.dist(orbit.r, base.r) < 0.8  # 23 mas in all of 6,757 km: 0.76 m
    (warning,) = load_orbit(file(tmp_path), ["state.frame=eme2000", "orientation.model=iau1976"]).warnings
    assert "frame bias" in warning and "frame = 'gcrf'" in warning


@pytest.mark.parametrize("word", ["EME2000", "J2000"])
def test_an_opm_in_eme2000_is_turned_and_icrf_is_gcrf(word, tmp_path):
    (tmp_path / "a.opm").write_text(OPM)
    (tmp_path / "b.opm").write_text(OPM.replace("REF_FRAME = GCRF", f"REF_FRAME = {word}"))
    (tmp_path / "c.opm").write_text(OPM.replace("REF_FRAME = GCRF", "REF_FRAME = ICRF"))
    a, b, c = (starting_state(tmp_path / f"{name}.opm").state for name in "abc")
    assert b.frame == "gcrf" and b.r == pytest.approx(SOFA.T @ a.r, abs=1e-8)
    assert c.r.tolist() == a.r.tolist() and c.v.tolist() == a.v.tolist()


def test_other_frames_of_date_are_not_taken():
    assert [frame_of(word) for word in ("TOD", "MOD", "B1950", "FK5", "EME200", "ICRF3")] == [None] * 6


# ---- OEM

HEAD = """CCSDS_OEM_VERS = 2.0
CREATION_DATE = 2026-01-01T00:00:00
ORIGINATOR = TEST
"""


def kepler(t: float) -> tuple[np.ndarray, np.ndarray]:
    r, v = np.empty(3), np.empty(3)
    kepler_propagate(R, V, float(t), MU_EARTH, r, v)
    return r, v


def segment(times, method: str | None = "HERMITE", degree: int = 7, frame: str = "GCRF", turn=None, more="") -> str:
    """A segment of Kepler's orbit at `times` s, to the last bit."""
    turn = np.eye(3) if turn is None else turn
    stamps = [written(ZERO.plus(float(t))) for t in times]
    lines = [
        "META_START",
        "OBJECT_NAME = A",
        "OBJECT_ID = 2026-001A",
        "CENTER_NAME = EARTH",
        f"REF_FRAME = {frame}",
        "TIME_SYSTEM = UTC",
        f"START_TIME = {stamps[0]}",
        f"STOP_TIME = {stamps[-1]}",
    ]
    lines += [f"INTERPOLATION = {method}", f"INTERPOLATION_DEGREE = {degree}"] if method else []
    lines += [*more.splitlines(), "META_STOP"]
    for stamp, t in zip(stamps, times, strict=True):
        state = np.concatenate([turn @ x for x in kepler(t)]) / 1e3
        lines.append(" ".join([stamp, *(f"{x:.17g}" for x in state)]))
    return "\n".join(lines) + "\n"


def oem(folder: Path, *segments: str) -> Path:
    path = folder / "start.oem"
    path.write_text(HEAD + "".join(segments))
    return path


MINUTES = np.arange(0.0, 1801.0, 60.0)


@pytest.mark.parametrize("t", [630.0, 5.0, 1797.5, 899.999])
@pytest.mark.parametrize(("method", "degree"), [("HERMITE", 7), ("HERMITE", 9), ("LAGRANGE", 8), (None, 0)])
def test_between_rows_an_oem_gives_keplers_orbit(method, degree, t, tmp_path):
    start = starting_state(oem(tmp_path, segment(MINUTES, method, degree)), ZERO.plus(t))
    r, v = kepler(t)
    assert math.dist(start.state.r, r) < OEM_INTERPOLATED_M and math.dist(start.state.v, v) < OEM_INTERPOLATED_M_S
    assert len(start.warnings) == (method is None) and all("names no interpolation" in w for w in start.warnings)


def test_linear_is_the_chord(tmp_path):
    start = starting_state(oem(tmp_path, segment(MINUTES, "LINEAR", 1)), ZERO.plus(630.0)).state
    (r0, v0), (r1, v1) = kepler(600.0), kepler(660.0)
    assert start.r == pytest.approx(0.5 * (r0 + r1), abs=1e-8) and start.v == pytest.approx(0.5 * (v0 + v1), abs=1e-11)


def test_a_row_is_given_back_as_it_stands_and_the_first_is_the_start(tmp_path):
    path = oem(tmp_path, segment(MINUTES, "SPLINE"))
    for at, t in ((None, 0.0), (ZERO.plus(660.0), 660.0), (ZERO.plus(1800.0), 1800.0)):
        state = starting_state(path, at).state
        assert state.epoch == ZERO.plus(t) and math.dist(state.r, kepler(t)[0]) < 1e-8


def test_another_frame_is_interpolated_in_itself_and_turned(tmp_path):
    path = oem(tmp_path, segment(MINUTES, frame="EME2000", turn=SOFA))
    assert math.dist(starting_state(path, ZERO.plus(630.0)).state.r, kepler(630.0)[0]) < OEM_INTERPOLATED_M


def test_at_a_manoeuvre_the_later_segment_counts(tmp_path):
    """Its rows are of another orbit here: what came before shifted by ten minutes."""
    later = segment(MINUTES + 600.0).replace(written(ZERO.plus(600.0)), written(ZERO.plus(1800.0)), 3)
    lines = later.splitlines()
    head = [line for line in lines if "2026-01-01" not in line or "=" in line]
    rows = [
        f"{written(ZERO.plus(1800.0 + t))} " + " ".join(line.split()[1:])
        for t, line in zip(MINUTES, lines[len(head) :], strict=True)
    ]
    head = [line.replace(written(ZERO.plus(2400.0)), written(ZERO.plus(3600.0))) for line in head]
    path = oem(tmp_path, segment(MINUTES), "\n".join([*head, *rows]) + "\n")
    assert math.dist(starting_state(path, ZERO.plus(1800.0)).state.r, kepler(600.0)[0]) < 1e-8
    assert math.dist(starting_state(path, ZERO.plus(1799.0)).state.r, kepler(1799.0)[0]) < OEM_INTERPOLATED_M
    assert math.dist(starting_state(path, ZERO.plus(1801.0)).state.r, kepler(601.0)[0]) < OEM_INTERPOLATED_M


USEABLE = f"USEABLE_START_TIME = {written(ZERO.plus(120.0))}\nUSEABLE_STOP_TIME = {written(ZERO.plus(1680.0))}\n"
GAP = segment(MINUTES), segment(MINUTES + 3600.0)
REFUSED = {  # segments, start, what is found and allowed
    "before": ([segment(MINUTES)], -1.0, "no rows for the start", "2026-01-01T00:00:00.000000 to"),
    "after": ([segment(MINUTES)], 1801.0, "no rows for the start", "to 2026-01-01T00:30:00.000000"),
    "in a gap": (GAP, 2700.0, "no rows for the start", "00:30:00.000000, 2026-01-01T01:00:00"),
    "not useable": ([segment(MINUTES, more=USEABLE)], 60.0, "no rows for the start", "00:02:00.000000 to"),
    "another method": ([segment(MINUTES, "SPLINE")], 30.0, "'SPLINE'", "HERMITE, LAGRANGE, LINEAR"),
    "too few rows": ([segment(MINUTES[:5], "LAGRANGE", 7)], 30.0, "takes 8 rows; the segment has 5", "enough"),
    "no degree": ([segment(MINUTES, "HERMITE", -3)], 30.0, "'-3'", "a whole number from 1"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_an_oem_cannot_give_is_refused(case, tmp_path):
    segments, t, found, allowed = REFUSED[case]
    (problem,) = refused(starting_state, oem(tmp_path, *segments), ZERO.plus(t))
    assert found in problem.found and allowed in problem.allowed and "start.oem" in problem.file


ELEMENTS = BASE.split("[epoch]")[0] + 'elements = "{}"\n[span]' + BASE.split("[span]")[1]


def test_an_orbit_file_starts_from_an_oem_that_the_program_wrote(tmp_path):
    """A burnt round trip: half an orbit on, at no row and after an impulse, and flown on from there to the same end."""
    path = file(tmp_path, BASE.replace("28800.0", "7200.0"), "[[impulses]]\nat_s = 1000\ndelta_v_m_s = [9, 0, 0]\n")
    assert fly(tmp_path / "out", str(path)).code == 0
    whole = load_orbit(path).orbit
    text = ELEMENTS.format("out/ephemeris.oem")
    again = load_orbit(file(tmp_path, text), ["span.duration_s=3645.5", "epoch.utc=2007-11-20T00:59:14.5"]).orbit
    truth = sim.propagate(whole)
    r, v, _ = truth.at(3554.5)
    assert math.dist(again.r, r[0]) < OEM_INTERPOLATED_M and math.dist(again.v, v[0]) < OEM_INTERPOLATED_M_S
    assert math.dist(sim.propagate(again).last()[0], truth.last()[0]) < 1e-3
    first = load_orbit(file(tmp_path, text)).orbit
    assert first.epoch == whole.epoch and math.dist(first.r, whole.r) < 1e-6


def test_an_oem_of_two_objects_or_with_a_start_beyond_it_is_refused_by_the_orbit_file(tmp_path):
    two = segment(MINUTES) + segment(MINUTES + 3600.0).replace("OBJECT_NAME = A", "OBJECT_NAME = B")
    oem(tmp_path, two)
    (line,) = problems(file(tmp_path, ELEMENTS.format("start.oem")))
    assert "start.oem" in line and "one object in a file" in line
    oem(tmp_path, segment(MINUTES))
    (line,) = problems(file(tmp_path, ELEMENTS.format("start.oem")), "epoch.utc=2026-01-02T00:00:00")
    assert "no rows for the start" in line
