"""Whose a plane bias is, what is flown without one, and what a time of the record rests on."""

from functools import lru_cache
from statistics import mean

import pytest

from sim.ascent.optimum import Ascents, best_offset
from sim.build.mission import build
from sim.catalogue.facts import fact
from sim.core.epoch import Epoch
from sim.export.record_basis import basis_of
from sim.files.problems import ScenarioError
from sim.orbit.plane_crossing import planes_over
from sim.orbit.propagate import fly
from sim.planning.kept_station import all_sets, known_before
from sim.scenario import load
from sim.verification.forecasts import crossing
from tests.seasons import tiangong

DAY = 86400.0
FREIGHT = ("tz_2", "tz_3", "tz_4", "tz_5", "tz_6", "tz_8", "tz_9")  # those with an element set within two weeks


def refused(mission, *sets):
    with pytest.raises(ScenarioError) as caught:
        load(mission, sets)
    return str(caught.value)


@pytest.mark.parametrize(
    ("sets", "says"),
    [
        (["launch.branch=ascending"], "401 s of jiuquan, descending"),
        (["launch.site=wenchang"], "for wenchang, descending"),
        (["launch.site=kourou", "launch.branch=ascending"], "for kourou, ascending"),
    ],
)
def test_a_bias_of_another_site_or_branch_is_refused_with_what_to_write(sets, says):
    found = refused("shenzhou-24-pakistan", *sets)
    assert says in found and "launch.plane_bias_s" in found and "--set launch.plane_bias_s=" in found
    assert load("shenzhou-24-pakistan", [*sets, "launch.plane_bias_s="]).launch.plane_bias_s is None
    assert load("shenzhou-24-pakistan", [*sets, "launch.plane_bias_s=12"]).launch.plane_bias_s == 12.0


def test_a_bias_of_another_batch_of_rockets_is_refused():
    found = refused("shenzhou-20", "launch.liftoff_utc=2022-06-05T02:44:10Z")
    assert "of another batch of rockets" in found


def test_a_file_that_borrows_is_refused_on_the_command_line():
    done = tiangong("check", "shenzhou-20", "--set", "launch.branch=ascending")
    assert done.code == 2 and "jiuquan, ascending" in done.err and done.err.count("\n") == 1


def test_a_copy_of_the_pad_under_another_name_is_the_same_place(tmp_path):
    (tmp_path / "pad.toml").write_text('extends = "jiuquan"\nname = "a copy"\n')
    (tmp_path / "mission.toml").write_text('extends = "shenzhou-20"\n[launch]\nsite = "./pad.toml"\n')
    assert load(tmp_path / "mission.toml").launch.plane_bias_s == 401.0


def test_a_sequence_without_bias_and_ascent_says_what_it_needs(tmp_path):
    text = 'extends = "tianzhou-cargo"\n[[sequence]]\nphase = "await-launch"\nship = "tianzhou-9"\nlauncher = "cz7"\n'
    text += 'site = "wenchang"\nprofile = "3h"\nport = "aft"\nliftoff_utc = "2025-07-14T21:34:00Z"\n'
    text += 'branch = "descending"\ntrim_days_before = 5.0\ntrim_limit_m_s = 6.0\nphase_off_deg = 0.5\n'
    (tmp_path / "mission.toml").write_text(text)
    assert "no ascent of this ship follows" in refused(tmp_path / "mission.toml")


# ---- the ascent's own optimum


@lru_cache(maxsize=1)
def freight():
    """How long after the plane's passage a Long March 7 from Wenchang leaves most propellant, s; and its site."""
    mission = build(
        load("tianzhou-cargo", ["station.start_utc=2025-07-14T12:00:00Z", "sequence.0.trim_days_before=0.1"])
    )
    await_launch = mission.phases[0]
    state, (first, last) = mission.scene.flying[await_launch.station], await_launch.span
    path = fly(state, 0.0, last + 0.5 * DAY, mission.world)
    (passage,) = planes_over(path, await_launch.site, mission.world, first - 3600.0, last, ("descending",))
    return best_offset(Ascents(await_launch.ascent, state, path, mission.world), passage), await_launch.site


def freight_miss(flight):
    """By the sets about the flight: where the plane was, not whether an old set knew it."""
    later, site = freight()
    flown = Epoch.from_utc(fact(f"missions.{flight}").table["launch"])
    known = known_before(all_sets()[-1].epoch.plus(1.0))
    near = min(all_sets(), key=lambda e: abs(e.epoch.since(flown)))
    assert abs(near.epoch.since(flown)) < 14.0 * DAY
    return crossing(near, known, site, flown)[0].plus(later).since(flown)


@pytest.mark.parametrize("flight", FREIGHT)
def test_the_optimum_is_what_wenchang_flies(flight):
    """Nothing is calibrated: reached +1, -10, +10, -23, +13, +16 and +66 s."""
    assert abs(freight_miss(flight)) < 100.0


def test_on_average_too():
    misses = [freight_miss(flight) for flight in FREIGHT]
    assert abs(mean(misses)) < 40.0 and mean(map(abs, misses)) < 40.0


def test_a_run_flies_that_optimum():
    mission = build(
        load("tianzhou-cargo", ["station.start_utc=2025-07-14T12:00:00Z", "sequence.0.trim_days_before=0.1"])
    )
    phase = mission.phases[0]
    assert phase.bias is None
    state = mission.scene.flying[phase.station]
    path = fly(state, 0.0, phase.span[1] + 0.5 * DAY, mission.world)
    assert phase._least_propellant(state, path, mission.world) == pytest.approx(freight()[0], abs=1.0)


# ---- what a time of the record rests on


@pytest.mark.parametrize(
    ("mission", "kinds"),
    [
        ("shenzhou-20", ("input", "calibrated", "input", "input")),
        ("shenzhou-21", ("input", "input", "input", "input")),
        ("shenzhou-15", ("input", "calibrated", "input", "input")),
        ("shenzhou-22", ("forecast", "calibrated")),
        ("tianzhou-cargo", ("calibrated", "input")),
    ],
)
def test_the_replays_say_what_is_an_input(mission, kinds):
    raw = load(mission).raw
    assert tuple(basis_of(event, raw).kind for event in raw["record"]) == kinds


def test_a_time_that_is_counted_from_an_input_says_so():
    raw = load("shenzhou-20").raw
    assert basis_of("docked", raw).given == "liftoff" and basis_of("touchdown", raw).given == "undocking"
    assert basis_of("docked", load("shenzhou-22").raw).given == ""


def test_what_the_command_line_sets_is_no_longer_from_the_record():
    raw = load("shenzhou-20", ["stay.handover_days=4.0"]).raw
    assert basis_of("undocking", raw).kind == "forecast"


def test_a_bias_that_counts_the_flight_itself_is_calibrated():
    window = ["launch.liftoff_utc=", 'launch.window_utc=["2025-04-24T00:00:00Z", "2025-04-25T00:00:00Z"]']
    found = basis_of("liftoff", load("shenzhou-20", window).raw)
    assert found.kind == "calibrated" and any("plane_bias_since_2022_11" in why for why in found.rests_on)
    assert any("younger than the lift-off" in why for why in found.rests_on)


def test_an_event_that_the_record_has_not_is_refused(tmp_path):
    (tmp_path / "m.toml").write_text('extends = "shenzhou-20"\n[sources]\n"stay.handover_days" = "record:undocked"\n')
    found = refused(tmp_path / "m.toml")
    assert "an event of [record]" in found and "undocking" in found
