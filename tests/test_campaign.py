"""Campaigns without a flight: laws of random draws, the file and its problems, the table on the disk, its
statistics."""

from __future__ import annotations

import json
import math
import sys

import numpy as np
import pytest
from scipy import stats
from typer.testing import CliRunner

import sim
from sim.campaign import estimate, table
from sim.campaign.estimate import cores, processes
from sim.campaign.load import load_campaign
from sim.campaign.phases import PHASES
from sim.campaign.run import Run
from sim.campaign.summary import spearman, summary, wilson
from sim.cli.main import app
from sim.files import paths
from sim.files.errors import BadInput
from sim.files.problems import ScenarioError
from sim.uncertainty.draw import Dispersion, draw
from tests.tolerance import ESTIMATED_REL, FOUR_DIGITS, SIGMAS, SIGNIFICANCE, SUMMED_REL

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
    table.write(
        path, table.header((THRUST,), "ascent"), {r.number: table.line(r, (THRUST,), "ascent", b"") for r in runs}
    )
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
    table.write(path, table.header((THRUST,), "ascent"), {7: table.line(row(7), (THRUST,), "ascent", b"")})
    assert float(table.read(path)[0]["launcher.thrust_percent"]) == 7 / 3.0


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
    from sim.scenario.schema import schema_of

    assert json.loads(json.dumps(schema_of("campaign")))["properties"]["dispersions"]["minItems"] == 1


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"n": 0}, "n: found 0; write a whole number from 1 to 1000000, or leave it out for as many runs"),
        ({"n": -1}, "n: found -1; write a whole number from 1 to 1000000"),
        ({"n": 1.5}, "n: found 1.5; write a whole number from 1 to 1000000"),
        ({"n": 2, "seed": -1}, "seed: found -1; write a whole number from 0 to 18446744073709551615"),
        ({"n": 2, "seed": 0.5}, "seed: found 0.5; write a whole number from 0 to 18446744073709551615"),
        ({"n": 10**9}, "n: found 1000000000; write a whole number from 1 to 1000000"),
        ({"n": 10**5000}, "n: found an integer of more than 30 digits; write a whole number from 1 to 1000000"),
        ({"n": True}, "n: found True; write a whole number from 1 to 1000000"),
        (
            {"n": 2, "seed": 2**64},
            "seed: found 18446744073709551616; write a whole number from 0 to 1844674407370955161",
        ),
        ({"n": 2, "workers": 100_000}, "workers: found 100000; write a whole number from 1 to 1024, or leave it out"),
        ({"n": 2, "workers": -3}, "workers: found -3; write a whole number from 1 to 1024, or leave it out"),
        ({"n": 2, "workers": 0}, "workers: found 0; write a whole number from 1 to 1024, or leave it out"),
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
    ("option", "words"),
    [
        (("-n", "0"), "n: found 0; write"),
        (("--workers", "-3"), "workers: found -3; write"),
        (("-n", "1000000000"), "n: found 1000000000; write a whole number from 1 to 1000000"),
        (("--workers", "100000"), "workers: found 100000; write a whole number from 1 to 1024"),
        (("--seed", "18446744073709551616"), "seed: found 18446744073709551616; write a whole number from 0 to"),
        (
            ("--sweep", "pilot.attitude_deadband=1", "--seed", "18446744073709551616"),
            "seed: found 18446744073709551616",
        ),
    ],
)
def test_the_command_says_the_same_as_the_library_and_at_once(option, words, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "sim.api.campaigns", None)  # what takes seconds to import is not
    command = ["montecarlo", "shenzhou-20", "--phase", "ascent", "--out", str(tmp_path / "d"), *option]
    run = CliRunner().invoke(app, command)
    assert run.exit_code == 2 and words in run.output, run.output
    assert not (tmp_path / "d").exists()


def test_the_largest_seed_is_drawn_from():
    assert draw((THRUST,), PARTS, 2**64 - 1, 0) != draw((THRUST,), PARTS, 0, 0)


@pytest.mark.parametrize("number", ["1000000", "18446744073709551616", "4294967296"])
def test_a_run_that_no_campaign_has_is_refused(number, tmp_path):
    done = CliRunner().invoke(app, ["montecarlo", "rerun", str(tmp_path), number])
    assert done.exit_code == 2 and f"run: found {number}; write a whole number from 0 to 999999" in done.output


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [("seed", 2**64, f"from 0 to {2**63 - 1}"), ("runs", 10**9, "from 1 to 1000000"), ("seed", -1, "from 0 to")],
)
def test_a_file_says_its_limits_to_the_last_digit(key, value, allowed, tmp_path):
    assert f"{key}: found {value}; allowed: a whole number {allowed}" in problems(tmp_path, f"{key} = {value}\n{GOOD}")


def test_a_spread_of_nothing_is_one(tmp_path):
    (tmp_path / "c.toml").write_text(GOOD.replace("sigma_percent = 1.0", "sigma_percent = 0"))
    (still,) = load_campaign(tmp_path / "c.toml").dispersions
    assert draw((still,), PARTS, 5, 17) == {"launcher.thrust": (0.0,)}


# ---- what it will take


def estimated(tmp_path, *more: str) -> dict:
    command = ["montecarlo", "shenzhou-20", "--out", str(tmp_path / "d"), "--plan", "--json", *more]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0 and not (tmp_path / "d").exists(), done.output
    return json.loads(done.output)


def test_a_campaign_is_estimated_without_a_flight(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.campaign.conduct.conduct", lambda *given: pytest.fail("flown"))
    few, many = (estimated(tmp_path, "-n", n, "--workers", "2") for n in ("1000", "101000"))
    assert (few["status"], few["runs"], few["rows"], few["processes"], few["present"]) == ("planned", 1000, 1000, 2, 0)
    assert many["seconds"] > 50 * few["seconds"] and many["memory_bytes"] > few["memory_bytes"]
    # 630 bytes a row came out of a campaign of 20,000 ascents: once unfinished, once whole.
    assert (many["disk_bytes"] - few["disk_bytes"]) / 100_000 == pytest.approx(2 * 630, rel=ESTIMATED_REL)
    swept = estimated(tmp_path, "-n", "1000", "--sweep", "launcher.thrust=1,2,3", "--workers", "2")
    assert (swept["campaigns"], swept["rows"]) == (3, 3000) and swept["seconds"] > 2.5 * few["seconds"]
    words = CliRunner().invoke(app, ["montecarlo", "shenzhou-20", "--out", str(tmp_path / "d"), "--plan"]).output
    assert "rows     500, of 36 columns" in words and words.endswith("nothing was flown\n")


def test_few_runs_need_no_process_and_no_more_than_runs():
    assert [processes(n, 1) for n in (10, 39, 40, 1000)] == [0, 0, 1, 1]
    assert processes(3, 8) == 3 and processes(39, None) == 0 and processes(10_000, None) == cores()


def test_more_memory_than_is_free_is_refused(monkeypatch):
    campaign = load_campaign("ascent")
    monkeypatch.setattr(estimate, "free_memory", lambda: 2.0e9)
    estimate.refuse_beyond_memory(campaign, 500, 4)
    with pytest.raises(BadInput, match="12 workers need some 3.1 GB .* 2.0 GB are free; ask for at most 7 "):
        estimate.refuse_beyond_memory(campaign, 500, 12)
    with pytest.raises(BadInput, match="ask for fewer runs"):
        estimate.refuse_beyond_memory(campaign, 1_000_000, 2)
    monkeypatch.setattr(estimate, "free_memory", lambda: None)
    estimate.refuse_beyond_memory(campaign, 500, 64)
