"""No line of a message is longer than 254 characters (CCSDS 502.0, 7.3.2): names are limited where they are read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.build.orbit import load_orbit
from sim.core.trajectory import Trajectory
from sim.interchange.cells import LONGEST_NAME
from sim.interchange.files import mean_elements_text, parse_mean_elements
from sim.interchange.oem import parse_oem
from sim.interchange.oem_writing import Arc, write_oem
from sim.interchange.opm import Opm, opm_text, parse_opm
from sim.interchange.problems import InterchangeError
from sim.interchange.state import OrbitState
from sim.scenario import ScenarioError
from tests.made_scenario import mission, problems
from tests.messages import CREATED, EPOCH, OEM, OPM
from tests.messages import TWO as TLE
from tests.test_orbit_file import BASE

LINE = 254
LONG, TOO_LONG = "N" * LONGEST_NAME, "N" * (LONGEST_NAME + 1)
OMM = mean_elements_text(parse_mean_elements(TLE, "x"), "kvn", CREATED)


def renamed(text: str, key: str, name: str) -> str:
    """The message with another value of a key, wherever it stands."""
    lines = [f"{key} = {name}" if line.startswith(f"{key} =") else line for line in text.splitlines()]
    assert f"{key} = {name}" in lines
    return "\n".join(lines) + "\n"


READERS = {
    "OPM": (OPM, parse_opm, ("OBJECT_NAME", "OBJECT_ID")),
    "OEM": (OEM, parse_oem, ("OBJECT_NAME",)),
    "OMM": (OMM, parse_mean_elements, ("OBJECT_NAME", "OBJECT_ID")),
}


@pytest.mark.parametrize(("form", "key"), [(form, key) for form, (_, _, keys) in READERS.items() for key in keys])
def test_a_name_that_fits_into_no_line_is_refused_with_its_key(form, key):
    text, read, _ = READERS[form]
    read(renamed(text, key, LONG), "x")
    with pytest.raises(InterchangeError) as error:
        read(renamed(text, key, TOO_LONG), "x")
    assert {problem.key for problem in error.value.problems} == {key}
    assert all("200 characters at most" in str(problem) for problem in error.value.problems)


def test_orbit_and_mission_files_have_the_same_limit(tmp_path):
    file = tmp_path / "orbit.toml"
    file.write_text(BASE.replace('name = "a check"', f'name = "{LONG}"'))
    assert LONG in file.read_text() and load_orbit(file).orbit.name == LONG
    with pytest.raises(ScenarioError, match="name: .* 200 characters at most"):
        load_orbit(file, [f"name={TOO_LONG}"])
    (line,) = problems(mission(tmp_path), f"name={TOO_LONG}")
    assert "name" in line and "200 characters at most" in line


def test_the_longest_name_is_written_in_lines_that_the_standard_allows(tmp_path):
    t = np.arange(0.0, 601.0, 60.0)
    r, v = np.tile([-6.7781e6, -1.5e6, -1.2e6], (11, 1)), np.tile([-7000.0, -5700.0, -5100.0], (11, 1))
    path = Trajectory(t, r, v, 0.0 * r, np.ones(len(t)))
    write_oem(tmp_path / "x.oem", LONG, EPOCH, [Arc("await_launch", path, 0.0, 600.0, 60.0)], CREATED)
    state = OrbitState(LONG, EPOCH, "gcrf", r[0], v[0], mass=8000.0)
    named = [replace(elements, name=LONG, designator=LONG) for elements in parse_mean_elements(TLE, "x")]
    for text in (
        (tmp_path / "x.oem").read_text(),
        opm_text(Opm(state, LONG, {}), CREATED),
        mean_elements_text(named, "kvn", CREATED),
    ):
        lengths = [len(line) for line in text.splitlines()]
        assert LONGEST_NAME < max(lengths) <= LINE
