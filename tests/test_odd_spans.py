"""Every command that takes a span of time, asked for the odd ends of it: a right answer, or a sentence and exit code 2.

Nothing at all, a minute, a hundred years, backwards, before the element set, what is no number: an internal error would
be a fault of the program, whatever is asked.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.build.sites import site_of
from sim.catalogue.element_sets import element_set
from sim.cli.main import app
from sim.core.epoch import Epoch
from sim.interchange.files import read_mean_elements
from sim.orbit.plane_crossing import planes_over
from sim.planning.station_outlook import Asked, setting
from sim.scenario import load
from sim.scenario.load import load_named
from sim.verification.launches import _crossing

DONE, BAD_INPUT, NOT_FOUND = 0, 2, 3
SECONDS = 2.0  # of processor time that a refusal may take
MISSION, ORBIT = "shenzhou-20", "station-j2"  # the mission's station starts on 2025-04-14
AFTER_THE_SPAN = "css-2025-07-26"
PLANNERS = ("windows", "docking-windows")


@pytest.fixture(scope="module", autouse=True)
def _loaded():
    """What the commands import is there before a clock runs."""
    _run("windows", MISSION, "--from", "1900-01-01", "--days", "1")
    _run("docking-windows", MISSION, "--from", "1900-01-01", "--days", "1")
    _run("propagate", ORBIT, "--out", "never", "--set", "span.duration_s=0")


@pytest.fixture(scope="module")
def two_lines(tmp_path_factory) -> Path:
    """A file with a set of the station of 26 July 2025."""
    found, path = element_set(AFTER_THE_SPAN), tmp_path_factory.mktemp("sets") / "css.tle"
    path.write_text(f"CSS\n{found.line1}\n{found.line2}\n")
    return path


def _run(*arguments):
    began = time.process_time()
    result = CliRunner().invoke(app, [str(x) for x in arguments])
    return result, time.process_time() - began


def _refused(*arguments) -> str:
    """Exit code 2 at once, one line that says what was found or what is allowed, nothing on stdout."""
    result, took = _run(*arguments)
    text = result.stderr.strip()
    assert result.exit_code == BAD_INPUT, (result.exit_code, text)
    assert text and "internal error" not in text and "Traceback" not in text
    assert result.stdout == ""
    assert took < SECONDS
    return text


def _answered(*arguments, codes=(DONE,)):
    result, _ = _run(*arguments)
    assert result.exit_code in codes, (result.exit_code, result.stderr)
    assert "internal error" not in result.stderr
    return result


@pytest.mark.parametrize("verb", PLANNERS)
@pytest.mark.parametrize("days", ["0", "-1", "nan", "inf", "-inf", "36525", "1e-320", "1e-18"])
def test_planners_refuse_lengths_that_are_none(verb, days):
    assert "--days" in _refused(verb, MISSION, "--from", "2025-04-20", "--days", days)


@pytest.mark.parametrize("verb", PLANNERS)
@pytest.mark.parametrize("first", ["1925-04-24", "2125-04-24", "0001-01-01", "9999-12-31", "2025-02-30", "nan", ""])
def test_planners_refuse_days_beyond_the_elements_and_of_no_calendar(verb, first):
    text = _refused(verb, MISSION, "--from", first, "--days", "1")
    assert "--from" in text


def test_docking_windows_refuse_moments_beyond_the_elements_and_outside_the_span():
    for moment in ("1925-04-24", "2125-04-24", "nan", "2025-04-24T25:00:00Z"):
        _refused("docking-windows", MISSION, "--at", moment)
    assert "outside the span" in _refused(
        "docking-windows", MISSION, "--from", "2025-04-24", "--days", "1", "--at", "2025-04-23"
    )


@pytest.mark.parametrize("verb", PLANNERS)
@pytest.mark.parametrize(
    ("first", "days"),
    [
        ("2025-04-24T09:10:00Z", "0.000694"),  # a minute
        ("2025-04-24T09:10:00Z", "1e-5"),  # the least
        ("2025-04-14", "0.01"),  # begins with the station's flight
        ("2025-04-13T23:00:00Z", "0.08"),  # about its start
        ("2025-04-08T20:00:00Z", "0.1"),  # before it by more than the days that are flown beyond a span
        ("2025-04-01", "1"),
        ("2024-04-12", "1"),  # the farthest back
    ],
)
def test_planners_answer_short_spans_and_spans_before_the_elements(verb, first, days):
    """The plane may not pass over the pad in so short a span: exit code 3, and the sentence says so."""
    result = _answered(verb, MISSION, "--from", first, "--days", days, "-q", codes=(DONE, NOT_FOUND))
    if result.exit_code == NOT_FOUND:
        assert "does not pass through the station's plane" in result.stderr


@pytest.mark.parametrize("verb", PLANNERS)
def test_a_span_that_ends_before_its_set_has_an_answer(verb, two_lines):
    asked = (verb, MISSION, "--from", "2025-07-15", "--days", "1", "--elements", two_lines, "-q")
    assert "2025-07-15" in _answered(*asked).stdout


def test_the_plane_before_its_set_is_where_sgp4_has_it(two_lines):
    """Eleven days back through the full model: the pad's passage is that of the set's own mean plane, 0.4 s apart."""
    first = Epoch.from_utc("2025-07-15")
    (elements,) = read_mean_elements(two_lines)
    found = setting(load(MISSION), Asked(first, 1.0, elements))
    (there,) = planes_over(found.path, found.site, found.world, found.start, found.end, ("descending",))
    by_sgp4 = _crossing(found.zero.plus(there.t), (AFTER_THE_SPAN,), site_of(load_named("jiuquan", "site")))
    assert found.zero.plus(there.t).since(by_sgp4) == pytest.approx(0.0, abs=2.0)


@pytest.mark.parametrize("key", ["span.duration_s", "span.step_s"])
@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "1e-300", "3.15576e9", "1e300"])
def test_propagate_and_check_refuse_spans_that_are_none(key, value, tmp_path):
    for verb, more in (("check", ()), ("propagate", ("--out", tmp_path / "out"))):
        assert key in _refused(verb, ORBIT, "--set", f"{key}={value}", *more)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("epoch", ["1925-01-01T00:00:00Z", "2125-01-01T00:00:00Z", "2049-12-31T23:59:59Z", "nan"])
def test_propagate_refuses_times_that_no_table_reaches(epoch, tmp_path):
    _refused("propagate", ORBIT, "--set", f"epoch.utc={epoch}", "--out", tmp_path / "out")


@pytest.mark.parametrize("duration", ["0.001", "1", "60"])
def test_propagate_answers_short_spans_with_both_ends(duration, tmp_path):
    out = tmp_path / "out"
    _answered("propagate", ORBIT, "--set", f"span.duration_s={duration}", "--out", out, "-q")
    header, *rows = (out / "ephemeris.csv").read_text().split()
    assert header.startswith("t_s,")
    assert [float(row.split(",")[0]) for row in rows] == [0.0, float(duration)]


@pytest.mark.parametrize("verb", ["check", "run", "montecarlo", *PLANNERS])
@pytest.mark.parametrize(
    "changes",
    [
        ['launch.window_utc=["2025-04-24T09:00:00Z", "2025-04-24T09:00:00Z"]', "launch.liftoff_utc="],
        ['launch.window_utc=["2025-04-25T09:00:00Z", "2025-04-24T09:00:00Z"]', "launch.liftoff_utc="],
        ['launch.window_utc=["2025-04-24T09:00:00Z", "2125-04-24T09:00:00Z"]', "launch.liftoff_utc="],
        ["launch.liftoff_utc=2125-04-24T09:17:31Z"],
        ["launch.liftoff_utc=1925-04-24T09:17:31Z"],
        ["launch.liftoff_utc=2025-04-14T00:00:00Z"],  # with the station's start
        ["launch.liftoff_utc=2025-03-14T00:00:00Z"],  # before it
        ["launch.liftoff_utc=nan"],
        ["stay.handover_days=nan"],
        ["stay.handover_days=-1"],
        ["stay.handover_days=36525"],
        ["trim.days_before=nan"],
        ["trim.days_before=36525"],
        ["station.start_utc=2125-04-14T00:00:00Z"],
    ],
    ids=lambda changes: changes[0][:48],
)
def test_missions_with_odd_times_are_refused_by_every_command(verb, changes, tmp_path):
    more = {
        "check": [],
        "run": ["--out", tmp_path / "out"],
        "montecarlo": ["--phase", "docking", "-n", "1", "--out", tmp_path / "out"],
    }
    sets = [x for change in changes for x in ("--set", change)]
    _refused(verb, MISSION, *sets, *more.get(verb, []))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("count", ["0", "-1", "nan", "1.5"])
def test_a_campaign_of_no_runs_is_refused(count, tmp_path):
    _refused("montecarlo", MISSION, "--phase", "docking", "-n", count, "--out", tmp_path / "out")
