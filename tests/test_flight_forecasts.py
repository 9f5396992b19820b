"""Flights of the record as forecasts: nothing younger than a lift-off goes in, and the intervals cover the flown."""

import json
import math

import numpy as np
import pytest

from sim.catalogue.element_sets import element_set
from sim.catalogue.facts import fact
from sim.core.epoch import Epoch
from sim.files import packaged
from sim.orbit.kept_altitude import KeptAltitude, kept_altitude
from sim.planning import kept_station
from sim.planning.kept_station import all_sets, axis_of, known_before
from sim.scenario import load
from sim.verification import flights_table
from sim.verification.flights import batch, forecasts, rendezvous_s
from sim.verification.forecasts import FLIGHTS, combined, crossing, jiuquan, kept_plane, launched
from tests.seasons import tiangong
from tests.tolerance import SAME_PASSAGE_S

DAY = 86400.0
ROWS = flights_table.rows()


def instant(text):
    return Epoch.from_utc(text)


def test_every_crewed_flight_of_the_record_is_there():
    assert [row["flight"] for row in ROWS] == [f"shenzhou-{n}" for n in range(12, 24)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["flight"])
def test_nothing_that_goes_in_is_younger_than_the_lift_off(row):
    """Read from the dates: sets by their epochs, flights by when the value that calibrates was there to be seen."""
    flown = instant(row["lift_off"]["flown_utc"])
    given = row["inputs"]
    assert instant(given["element_set_epoch_utc"]) < flown
    assert given["element_sets_known"] == sum(e.epoch < flown for e in all_sets())
    assert given["space_weather"] is None
    for event, key in (("lift_off", "launch"), ("docking", "docked")):
        for other in row[event]["rests_on"]:
            if other.startswith("shenzhou"):
                assert instant(fact(f"missions.{other.replace('shenzhou-', 'sz_')}").table[key]) < flown
    if row["touchdown"]:
        undocked = fact(f"missions.{row['flight'].replace('shenzhou-', 'sz_')}").table["undocked"]
        for other in row["touchdown"]["rests_on"]:
            assert instant(fact(f"missions.{other.replace('shenzhou-', 'sz_')}").table["landed"]) < instant(undocked)


@pytest.mark.parametrize("name", ["shenzhou-15", "shenzhou-22"])
def test_the_missions_that_are_foreseen_know_nothing_younger(name):
    """The set is older than the lift-off, and the air is the mean of the days up to that set, from the data file."""
    mission = load(name)
    epoch = element_set(mission.station.elements).epoch
    assert epoch < instant(mission.record["liftoff"])
    flux, _, _ = measured(epoch.utc(0)[:10], 81)
    assert mission.atmosphere.f107a == pytest.approx(np.mean(flux), abs=0.06)
    flux, _, ap = measured(epoch.utc(0)[:10], 27)
    assert mission.atmosphere.f107 == pytest.approx(np.mean(flux), abs=0.06)
    assert mission.atmosphere.ap == pytest.approx(np.mean(ap), abs=0.06)


def measured(last: str, days: int):
    """F10.7, its own average and Ap of so many days up to a date, (3, days), read from the packaged file."""
    rows = [line.split(",") for line in packaged.content("seeds/assets/space_weather.csv").decode().splitlines()]
    rows = [row for row in rows if row[0][:2] in ("19", "20") and row[0] <= last and row[-1] == "o"]
    assert rows[-1][0] == last
    return np.array([[float(x) for x in row[1:4]] for row in rows[-days:]]).T


def test_without_the_sets_of_later_days_the_forecasts_are_the_same(monkeypatch):
    """Not by what is said to go in: the later sets are taken away."""
    whole = {f.flight: f for f in forecasts()}["sz_20"]
    cut = tuple(e for e in all_sets() if e.epoch < launched("sz_20"))
    monkeypatch.setattr(kept_station, "all_sets", lambda: cut)
    alone = {f.flight: f for f in forecasts()}["sz_20"]
    assert (alone.lift_off.at, alone.docking.at) == (whole.lift_off.at, whole.docking.at)
    assert alone.lift_off.half_width == whole.lift_off.half_width


def test_a_forecast_knows_the_day_and_not_the_second():
    site, flown = jiuquan(), launched("sz_20")
    known = known_before(flown)
    passages = [crossing(known.last, known, site, flown.plus(off))[0] for off in (-1500.0, 0.0, 900.0)]
    assert max(abs(p.since(passages[1])) for p in passages) < SAME_PASSAGE_S


@pytest.mark.parametrize(("event", "basis", "of"), [("lift-off", "calibrated", 10), ("docking", None, 12)])
def test_nine_of_ten_lie_in_their_intervals(event, basis, of):
    covered, counted = flights_table.share(ROWS, event, basis)
    assert counted == of and covered >= 0.9 * of


def test_the_intervals_are_not_wide_for_nothing():
    """The misses fill them: of ten calibrated lift-offs the mean square is of the order of the variance."""
    shares = [r["lift_off"]["miss_s"] / r["lift_off"]["half_width_s"] for r in ROWS]
    shares = [s for s, r in zip(shares, ROWS, strict=True) if r["lift_off"]["basis"] == "calibrated"]
    assert 0.3 < 2.0 * math.sqrt(sum(s * s for s in shares) / len(shares)) < 1.5
    by_age = sorted((r["inputs"]["element_set_age_days"], r["lift_off"]["half_width_s"]) for r in ROWS[4:])
    assert by_age[0][1] < 40.0 and by_age[-1][1] < 600.0


def test_an_interval_that_misses_is_a_table_that_misses():
    wrong = [json.loads(json.dumps(row)) for row in ROWS]
    assert flights_table.held(wrong)
    for row in wrong[-2:]:
        row["lift_off"]["covered"] = False
    assert not flights_table.held(wrong)


def test_the_first_flight_of_a_batch_has_nothing_to_be_calibrated_on():
    first = [row["flight"] for row in ROWS if row["lift_off"]["basis"] == "uncalibrated"]
    assert first == ["shenzhou-12", "shenzhou-15"]
    assert [batch(f) for f in FLIGHTS] == [1] * 3 + [2] * 9


def test_the_sun_in_the_docking_camera_puts_two_flights_off():
    """The two that took 418 minutes are the two whose nominal approach looks into the Sun, by geometry alone."""
    late = [f for f in FLIGHTS[:9] if rendezvous_s(f) > 400 * 60.0]
    assert late == ["sz_14", "sz_16"]
    assert [row["flight"] for row in ROWS if row["docking"]["put_off_by_the_sun"]] == ["shenzhou-14", "shenzhou-16"]


def test_the_command_prints_the_table():
    done = tiangong("verify", "flights")
    assert done.code == 0 and "OUTSIDE" not in done.out and "hard mate" in done.out
    assert "no blind forecasts" in done.out  # what was learned from the flights that it explains stands there too
    assert json.loads(tiangong("verify", "flights", "--json").out)["flights"] == ROWS


# ---- the model of a kept altitude


def test_pairs_of_sets_scatter_as_the_model_has_it():
    """Every set against every later one within 110 days: the node's miss over its sigma, by the days between them."""
    sets = all_sets()
    zero = sets[0].epoch
    kept = known_before(sets[-1].epoch.plus(1.0)).kept
    pairs = []
    for i, a in enumerate(sets):
        record, axis = a.satrec(), axis_of(a)
        for b in sets[i + 1 :]:
            days = b.epoch.since(a.epoch) / DAY
            if days < 110.0:
                node = kept_plane(a, kept)(b.epoch)[1]
                miss = math.remainder(node - math.radians(b.raan_deg), 2.0 * math.pi)
                pairs.append((days, b.epoch.since(zero), miss / kept.node_sigma(axis, record.inclo, days * DAY)))
    days, _, scaled = np.array(pairs).T
    for low, high in ((0, 2), (2, 8), (8, 16), (16, 30), (30, 60), (60, 110)):
        here = scaled[(days >= low) & (days < high)]
        assert len(here) > 50 and 0.4 < math.sqrt(float(np.mean(here**2))) < 1.5, (low, high)


def test_the_average_of_a_kept_altitude_is_that_of_the_process():
    """Against many made histories of the process: expectation and sigma of the average, from a known start."""
    kept, steps, dt = KeptAltitude(6.77e6, 5000.0, 40.0 * DAY, 10), 400, 0.1 * DAY
    rng, fade = np.random.default_rng(5), math.exp(-0.1 / 40.0)
    a = np.full(4000, 6.76e6)
    total = np.zeros(4000)
    for _ in range(steps):
        new = kept.mean + fade * (a - kept.mean) + kept.spread * math.sqrt(1 - fade**2) * rng.standard_normal(4000)
        total, a = total + 0.5 * (a + new), new
    average = total / steps
    age = steps * dt
    error = kept.sigma(age) / math.sqrt(4000)
    assert abs(average.mean() - kept.expected(6.76e6, age)) < 4.0 * error
    assert average.std() == pytest.approx(kept.sigma(age), rel=0.05)


@pytest.mark.parametrize("share", [1e-6, 1e-3])
def test_expansions_for_short_ages_join_the_closed_forms(share):
    """At the ages where the one takes over from the other, to a thousandth of what grows."""
    kept, age = KeptAltitude(6.77e6, 5000.0, 40.0 * DAY, 10), share * 40.0 * DAY
    for grown in (kept.sigma, lambda t: kept.expected(6.76e6, t) - 6.76e6):
        below, above = grown(0.9999 * age), grown(1.0001 * age)
        assert above == pytest.approx(below, rel=1e-3)


def test_a_process_is_found_again():
    rng, fade = np.random.default_rng(3), math.exp(-10.0 / 40.0)
    axes = [6.77e6]
    for _ in range(300):
        axes.append(6.77e6 + fade * (axes[-1] - 6.77e6) + 5000.0 * math.sqrt(1 - fade**2) * rng.standard_normal())
    found = kept_altitude([10.0 * DAY * i for i in range(301)], axes)
    assert found.counted == 301
    assert found.spread == pytest.approx(5000.0, rel=0.15) and 25.0 < found.time / DAY < 64.0
    assert abs(found.mean - 6.77e6) < 1500.0


def test_what_scatters_more_is_less_sure():
    tight, wide = (combined(values, [25.0] * 4, 15.0) for values in ([400, 401, 399, 400], [350, 450, 380, 420]))
    assert tight[0] == pytest.approx(wide[0], abs=1.0) and wide[1].variance > 4.0 * tight[1].variance
    assert combined([400.0], [25.0], 15.0)[1].freedom == 3.0
