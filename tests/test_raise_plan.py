"""A plan of raises as other commands read it: the station flown on it, and what is refused."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from typer.testing import CliRunner

from kernels.constants import MU_EARTH
from sim.cli.main import app
from sim.core.epoch import Epoch
from sim.files.errors import BadInput
from sim.files.problems import ScenarioError
from sim.planning.raise_plan import read_raise_plan
from sim.planning.rotation.timeline import timeline
from sim.planning.station.flight import axes
from sim.planning.station_on_plan import refuse_other_programme, station_on_plan
from sim.scenario.programme import load_programme

DAY = 86400.0
START, END = "2026-10-08T00:00:00Z", "2026-10-20T00:00:00Z"
RAISE = {"utc": "2026-10-12T06:00:00Z", "delta_v_m_s": 1.5, "craft": "tianzhou-10", "burns": 2}


def plan(raises=(), **changes) -> dict:
    """What `station --json` prints, as far as it is read."""
    planned = {"raises": list(raises), "launches": []}
    return {"schema": 1, "name": "p", "from_utc": START, "until_utc": END, "planned": planned, **changes}


@pytest.fixture
def written(tmp_path):
    def write(content) -> object:
        path = tmp_path / "station.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def programme():
    return load_programme("programme", alternatives=False)


def test_the_station_rises_by_what_the_raise_gives(programme, written):
    """Two flights, with and without it: the mean axis differs by 2 a dv / v, less what the air takes of it in a day
    (0.1 %) and what the sampling of a revolution leaves (10 m of 2.6 km)."""
    start, end = Epoch.from_utc("2026-10-10T00:00:00Z"), Epoch.from_utc("2026-10-14T00:00:00Z")
    with_it, without = (
        station_on_plan(programme, read_raise_plan(written(plan(raises))), start, end) for raises in ([RAISE], [])
    )
    assert with_it.elements.name == "css-2026-10-06" and with_it.zero <= start  # the last set before the start
    t = Epoch.from_utc("2026-10-13T12:00:00Z").since(with_it.zero)
    at = t + np.linspace(-40000.0, 40000.0, 60)  # day and night, and all places on the orbit
    axis, other = (float(axes(one.path, at).mean()) for one in (with_it, without))
    given = 2.0 * other * RAISE["delta_v_m_s"] / math.sqrt(MU_EARTH / other)
    assert axis - other == pytest.approx(given, rel=5e-3)
    before = Epoch.from_utc("2026-10-12T04:00:00Z").since(with_it.zero)
    apart = np.linalg.norm(with_it.path.at(before)[0] - without.path.at(before)[0])
    assert apart < 0.5  # nothing of the raise before it; the flight is cut at other nodes, which gives 5 cm


def test_a_set_that_is_younger_has_the_raises_before_it(programme, written):
    early = RAISE | {"utc": "2026-10-01T06:00:00Z"}
    found = read_raise_plan(written(plan([early], from_utc="2026-09-25T00:00:00Z")))
    start, end = Epoch.from_utc("2026-10-07T00:00:00Z"), Epoch.from_utc("2026-10-08T00:00:00Z")
    made = station_on_plan(programme, found, start, end)
    assert made.zero.since(made.elements.epoch) == pytest.approx(1.0)
    assert not made.path.jumps().size and np.ptp(made.path.mass) == 0.0  # no propellant was used


def test_what_a_plan_does_not_reach_is_said(written):
    found = read_raise_plan(written(plan()))
    a, b = Epoch.from_utc(START), Epoch.from_utc(END)
    assert found.uncovered(a, b) == ""
    assert "before 2026-10-08" in found.uncovered(a.plus(-1.0), b) and "after" not in found.uncovered(a.plus(-1.0), b)
    assert "after 2026-10-20" in found.uncovered(a, b.plus(1.0))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("raise it", "found no JSON; write it with `tiangong station"),
        ("[1]", "no plan of raises"),
        ({"schema": 1, "windows": []}, "no plan of raises"),
        (plan(schema=2), "schema 2 of a later version of tiangong-sim, and this one reads up to 1; install"),
        (plan(schema="1"), "found schema '1'"),
    ],
)
def test_what_is_no_plan_is_refused(content, words, written):
    with pytest.raises(BadInput) as refused:
        read_raise_plan(written(content))
    assert words in str(refused.value) and "station.json" in str(refused.value)


def test_everything_that_is_wrong_in_a_plan_is_told_at_once(written):
    broken = [RAISE | {"utc": "noon"}, RAISE | {"burns": 3, "delta_v_m_s": "1"}, 7]
    with pytest.raises(ScenarioError) as refused:
        read_raise_plan(written(plan(broken, until_utc=START)))
    keys = {p.key for p in refused.value.problems}
    rows = {"0.utc", "1.burns", "1.delta_v_m_s", "2"}
    assert keys == {f"planned.raises.{row}" for row in rows} | {"until_utc"}


def test_a_plan_of_another_programme_is_refused(programme, written):
    row = {"ship": "shenzhou-24", "liftoff_utc": "2026-11-14T10:00:00Z", "programme_utc": "2026-11-14T10:00:00Z"}
    content = plan() | {"planned": {"raises": [], "launches": [row, row | {"ship": "shenzhou-42"}]}}
    with pytest.raises(ScenarioError) as refused:
        refuse_other_programme(timeline(programme), read_raise_plan(written(content)))
    assert "2026-11-04T10:02:00" in str(refused.value) and "shenzhou-42" in str(refused.value)


def test_a_raise_by_a_craft_that_is_not_there_is_refused(programme, written):
    found = read_raise_plan(written(plan([RAISE | {"craft": "tianzhou-9"}])))
    start, end = Epoch.from_utc("2026-10-10T00:00:00Z"), Epoch.from_utc("2026-10-14T00:00:00Z")
    with pytest.raises(ScenarioError, match="tianzhou-10"):
        station_on_plan(programme, found, start, end)


def test_a_later_version_ends_the_commands_that_read_it_with_bad_input(written, tmp_path):
    path = written(plan(schema=2))
    catalogue = tmp_path / "none.tle"
    for words in (["screen", "programme", "--catalog", catalogue], ["eva", "programme"]):
        done = CliRunner().invoke(app, [*map(str, words), "--raises", str(path)])
        assert done.exit_code == 2 and "later version" in done.stderr, words
