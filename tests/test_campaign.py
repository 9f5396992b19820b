"""Campaigns without a flight: laws of random draws, the file and its problems, the table on the disk, its
statistics."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from typer.testing import CliRunner

import sim
from sim.campaign import directory, table
from sim.campaign.draw import Dispersion, draw
from sim.campaign.load import load_campaign
from sim.campaign.phases import PHASES
from sim.campaign.run import Run
from sim.campaign.summary import spearman, summary, wilson
from sim.cli.main import app
from sim.files import paths
from sim.files.errors import BadInput
from sim.files.output_directory import OutdirError
from sim.files.problems import ScenarioError
from tests.tolerance import FOUR_DIGITS, SIGMAS, SIGNIFICANCE, SUMMED_REL

THRUST = Dispersion("launcher.thrust", "normal", 2.0, "percent")
DRAG = Dispersion("launcher.drag", "uniform", 30.0, "percent")
NAVIGATION = Dispersion("navigation.position", "normal", 100.0, "m")
PARTS = {"launcher.thrust": 1, "launcher.drag": 1, "navigation.position": 3, "air.density": 1}
RUNS = 4000


def drawn(dispersion: Dispersion, seed: int = 1, runs: int = RUNS) -> np.ndarray:
    """(runs, parts)"""
    return np.array([draw((dispersion,), PARTS, seed, run)[dispersion.path] for run in range(runs)])


# ---- random draws


@pytest.mark.parametrize(
    ("dispersion", "law"),
    [
        (THRUST, stats.norm(0.0, 2.0)),
        (DRAG, stats.uniform(-30.0, 60.0)),
        (Dispersion("launcher.drag", "normal", 10.0, "percent", limit=1.5), stats.truncnorm(-1.5, 1.5, 0.0, 10.0)),
        (NAVIGATION, stats.norm(0.0, 100.0)),
    ],
)
def test_draws_follow_their_law(dispersion, law):
    for part in drawn(dispersion).T:
        assert stats.kstest(part, law.cdf).pvalue > SIGNIFICANCE


def test_a_lognormal_factor_is_as_often_twice_as_half():
    """ln of the factor is normal with the spread as its sigma, so that nothing is ever less than nothing."""
    density = Dispersion("air.density", "lognormal", 80.0, "percent")
    factor = 1.0 + 0.01 * drawn(density)[:, 0]
    assert factor.min() > 0.0
    assert stats.kstest(np.log(factor), stats.norm(0.0, 0.8).cdf).pvalue > SIGNIFICANCE


def test_a_limit_is_kept():
    limited = Dispersion("navigation.position", "normal", 100.0, "m", limit=1.0)
    assert np.abs(drawn(limited)).max() <= 100.0


def test_parts_and_runs_and_names_do_not_hang_together():
    a, b = drawn(NAVIGATION), drawn(THRUST)
    far = SIGMAS / math.sqrt(RUNS)
    for x, y in ((a[:, 0], a[:, 1]), (a[:, 1], a[:, 2]), (a[:, 0], b[:, 0]), (a[1:, 0], a[:-1, 0])):
        assert abs(np.corrcoef(x, y)[0, 1]) < far


def test_a_dispersion_more_or_another_order_moves_none():
    alone = draw((THRUST,), PARTS, 5, 17)
    both = draw((NAVIGATION, DRAG, THRUST), PARTS, 5, 17)
    assert both["launcher.thrust"] == alone["launcher.thrust"]
    assert draw((THRUST,), PARTS, 6, 17) != alone and draw((THRUST,), PARTS, 5, 18) != alone


# ---- what the table says


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [  # Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_against_published_intervals(hits, n, low, high):
    found = wilson(hits, n)
    assert found == pytest.approx((low, high), abs=FOUR_DIGITS)
    other = wilson(n - hits, n)
    assert other == pytest.approx((1.0 - found[1], 1.0 - found[0]), abs=1e-15)


def test_rank_correlation_is_scipys_with_ties_too():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=60), rng.integers(0, 5, 60).astype(float)
    assert spearman(x, y) == pytest.approx(stats.spearmanr(x, y).statistic, rel=SUMMED_REL)
    assert spearman(x, np.exp(x)) == pytest.approx(1.0, rel=SUMMED_REL)
    assert spearman(x, np.ones(60)) == 0.0


def row(number: int, status: str = "flown", reason: str = "", broken: tuple[str, ...] = ()) -> Run:
    names = PHASES["ascent"].quantities
    values = {name: 0.1 * number + i for i, name in enumerate(names)} if status == "flown" else {}
    return Run(number, status, reason, broken, {"launcher.thrust": (number / 3.0,)}, values)


def test_failures_are_counted_with_their_reason(tmp_path):
    runs = [row(0), row(1, broken=("a rule", "another")), row(2, "failed", 'the stage ran dry: 3 s, "late"'), row(3)]
    path = tmp_path / "runs.csv"
    table.finish(path, table.header((THRUST,), "ascent"), {r.number: table.line(r, (THRUST,), "ascent") for r in runs})
    rows = table.read(path)
    assert rows[2]["reason"] == 'the stage ran dry: 3 s, "late"' and rows[2]["apogee_km"] == ""
    additional = summary(rows, ["launcher.thrust_percent"], PHASES["ascent"].quantities)
    assert (additional["runs"], additional["completed"], additional["failed"]) == (4, 3, 1)
    assert additional["outcomes"] == {"success": 2, "rule_broken": 1, "failed": 1}
    assert additional["failures"] == {"the stage ran dry": 1} and additional["rules_broken"] == {
        "a rule": 1,
        "another": 1,
    }
    assert additional["influence"]["perigee_km"]["launcher.thrust_percent"] == pytest.approx(1.0)
    assert additional["percentiles"]["perigee_km"]["50"] == 0.1


def test_numbers_come_back_to_the_last_bit(tmp_path):
    path = tmp_path / "runs.csv"
    table.finish(path, table.header((THRUST,), "ascent"), {7: table.line(row(7), (THRUST,), "ascent")})
    assert float(table.read(path)[0]["launcher.thrust_percent"]) == 7 / 3.0


# ---- the directory


PLAN = {"seed": 3, "phase": "ascent", "mission_file": "here"}


def begun(path: Path, plan: dict = PLAN, runs: int = 5):
    return directory.begin(path, plan, runs, force=False)


def test_a_line_that_was_cut_off_is_flown_again(tmp_path):
    begun(tmp_path / "a")
    partial = tmp_path / "a" / directory.PARTIAL
    whole = table.line(row(3), (THRUST,), "ascent")
    partial.write_text("run,status\n" + whole + table.line(row(1), (THRUST,), "ascent")[:-9])
    assert begun(tmp_path / "a").rows == {3: whole}
    assert partial.read_text() == "run,status\n" + whole  # the next line does not hang on to half of another
    partial.write_text("run,sta")
    assert begun(tmp_path / "a").rows == {} and not partial.exists()


def test_another_campaign_is_not_flown_on_in_the_same_directory(tmp_path):
    begun(tmp_path / "a")
    begun(tmp_path / "a", PLAN | {"mission_file": "there"})  # how it was named does not make it another
    with pytest.raises(OutdirError, match=r"differs in seed \(3 there, 4 now\)"):
        begun(tmp_path / "a", PLAN | {"seed": 4})


def test_runs_that_are_there_are_not_left_out(tmp_path):
    begun(tmp_path / "a")
    (tmp_path / "a" / directory.RUNS).write_text("run\n0,x\n9,x\n")
    with pytest.raises(OutdirError, match="ask for -n 10 or more"):
        begun(tmp_path / "a")


def test_what_is_no_campaign_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    for force in (False, True):
        with pytest.raises(OutdirError, match="no campaign"):
            directory.begin(tmp_path, PLAN, 5, force)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


# ---- the file


GOOD = """
schema = 1
kind = "campaign"
name = "small"
phase = "ascent"
[[dispersions]]
path = "launcher.thrust"
law = "normal"
sigma_percent = 1.0
source = "assumed: a test"
"""


def problems(tmp_path, text: str) -> str:
    path = tmp_path / "c.toml"
    path.write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load_campaign(path)
    return str(caught.value)


def test_the_shipped_campaign_is_read():
    campaign = load_campaign("ascent")
    assert campaign.phase == "ascent" and campaign.mission == paths.MISSIONS / "shenzhou-20.toml"
    assert {d.path.split(".")[0] for d in campaign.dispersions} == {"launcher", "air", "wind", "navigation"}
    assert all(d.spread > 0.0 and d.source for d in campaign.dispersions)
    assert set(campaign.required) < set(PHASES["ascent"].quantities)


def test_every_problem_is_reported_at_once(tmp_path):
    text = (
        GOOD.replace('phase = "ascent"', 'phase = "descent"')
        + """
[[dispersions]]
path = "launcher.thrsut"
law = "normal"
sigma_percent = 1.0
source = "assumed: a test"
[[dispersions]]
path = "navigation.velocity"
law = "uniform"
sigma_percent = 1.0
source = "fact:no.such_fact"
[[dispersions]]
path = "launcher.drag"
law = "normal"
sigma_percent = 30.0
source = "assumed: a test"
[[dispersions]]
path = "wind.east"
law = "normal"
sigma_m_s = 10.0
source = "assumed: a test"
[[dispersions]]
path = "launcher.boosters.thrust"
law = "normal"
sigma_percent = 1.0
source = "assumed: a test"
"""
    )
    reported = problems(tmp_path, text)
    for part in (
        "found 'descent'; allowed: a phase that can be dispersed",
        "'launcher.thrsut'",
        "did you mean 'launcher.thrust'?",
        "found sigma_percent; allowed: half_width_m_s, for this path and law",
        "a fact that `tiangong facts` knows",
        "found 30.0, of which 6.8 times may be added; allowed: less than 14.71",
        "which wind.east needs",
        "found 'launcher.boosters.thrust', which dispersions.0 disperses too",
    ):
        assert part in reported
    assert len(reported.splitlines()) == 7


def test_a_path_without_a_spread_and_one_twice(tmp_path):
    assert "no spread" in problems(tmp_path, GOOD.replace("sigma_percent = 1.0\n", ""))
    twice = GOOD + GOOD[GOOD.index("[[") :]
    assert "dispersions.0 disperses too" in problems(tmp_path, twice)


def test_the_schema_is_one(capsys):
    from sim.scenario.schema import SCHEMAS

    assert json.loads(json.dumps(SCHEMAS["campaign"]()))["properties"]["dispersions"]["minItems"] == 1


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"n": 0}, "n: found 0; write a whole number from 1 on, or leave it out for as many runs as the campaign says"),
        ({"n": -1}, "n: found -1; write a whole number from 1 on"),
        ({"n": 1.5}, "n: found 1.5; write a whole number from 1 on"),
        ({"n": 2, "seed": -1}, "seed: found -1; write a whole number from 0 on"),
        ({"n": 2, "seed": 0.5}, "seed: found 0.5; write a whole number from 0 on"),
        ({"n": 2, "workers": -3}, "workers: found -3; write a whole number from 1 on, or leave it out"),
        ({"n": 2, "workers": 0}, "workers: found 0; write a whole number from 1 on, or leave it out"),
    ],
)
def test_a_campaign_of_no_runs_or_workers_is_refused_before_anything_flies(asked, words, monkeypatch):
    monkeypatch.setattr("sim.campaign.conduct.conduct", lambda *given: pytest.fail("flown"))
    monkeypatch.setattr("sim.campaign.sweep.sweep", lambda *given: pytest.fail("flown"))
    with pytest.raises(BadInput) as caught:
        sim.montecarlo("shenzhou-20", "ascent", **asked)
    assert str(caught.value).startswith(words)
    with pytest.raises(BadInput) as caught:
        sim.sweep("shenzhou-20", {"launcher.thrust": [1.0]}, "ascent", **asked)
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize(
    ("option", "words"), [(("-n", "0"), "n: found 0; write"), (("--workers", "-3"), "workers: found -3; write")]
)
def test_the_command_says_the_same_as_the_library(option, words, tmp_path):
    command = ["montecarlo", "shenzhou-20", "--phase", "ascent", "--out", str(tmp_path / "d"), *option]
    run = CliRunner().invoke(app, command)
    assert run.exit_code == 2 and words in run.output, run.output
    assert not (tmp_path / "d").exists()
