"""The launch planner against the record, against real ascents, and against laws of the geometry.

The season is that of tests/seasons.py; verdicts, text and commands stand in test_launch_verdicts.py.
"""

import json
import math
import re
from dataclasses import replace

import numpy as np
import pytest

from sim.api.launch_windows import LaunchWindows
from sim.api.time_span import site
from sim.ascent.optimum import Ascents
from sim.build.mission import build
from sim.catalogue.facts import fact
from sim.core.epoch import Epoch
from sim.core.ground_site import Site
from sim.orbit import phasing_trim
from sim.orbit.plane_crossing import out_of_plane, planes_over
from sim.orbit.propagate import fly, mean_plane
from sim.output.launch_windows import chart
from sim.planning.launch.plan import plan
from sim.planning.launch.station import station_plan
from sim.planning.station_outlook import Asked, setting
from sim.scenario import load
from sim.verification import launches as record
from tests.result_schemas import problems
from tests.seasons import MISSION, SEASON, season, tiangong
from tests.test_windows import PAD
from tests.test_windows import record as flown_record
from tests.tolerance import (
    CROSSING_ANGLE_DEG,
    MARGIN_EDGE_KG,
    MARGIN_KG,
    RECORD_PHASE_DEG,
    RESERVE_SPAN_S,
    SAME_TRIM_M_S,
)
from tests.worlds import DAY

# ---- the record


def test_one_flight_foretells_the_lift_off_of_the_others():
    """Shenzhou-15 alone calibrates; reached -10, -8, +2 and -19 s. Those of 2021 follow from the plane: 42 and 33 s."""
    reported = {lift.flight: lift for lift in record.lifts()}
    assert set(reported) == {"sz_12", "sz_13", "sz_15", "sz_20", "sz_21", "sz_22", "sz_23"}
    assert [name for name, lift in reported.items() if lift.calibrates] == ["sz_15"]
    for name in ("sz_20", "sz_21", "sz_22", "sz_23"):
        assert reported[name].bias == reported["sz_15"].bias and abs(reported[name].miss) < 30.0
    for name in ("sz_12", "sz_13"):
        assert reported[name].bias == 0.0 and abs(reported[name].miss) < 60.0
    crossing = {name: Epoch.from_utc(fact(f"launch.in_plane_{name}").value) for name in reported}
    for name, lift in reported.items():  # the facts' own reading of the same planes
        assert abs(lift.crossing.since(crossing[name])) <= float(fact(f"launch.in_plane_{name}").uncertainty.split()[0])


def test_the_phases_of_the_record_lie_in_the_planners_window():
    reported = {lift.flight: lift.phase for lift in record.lifts() if lift.phase is not None}
    found = season().setting.profiles[0]
    assert found.key == "3.5h"
    for name, phase in (("sz_21", 9.9), ("sz_22", 9.9), ("sz_23", 10.6)):
        assert math.degrees(reported[name]) == pytest.approx(phase, abs=RECORD_PHASE_DEG)
        assert found.limits.window[0] <= reported[name] <= found.limits.window[1]


def test_verify_prints_the_table_in_one_command():
    done = tiangong("verify", "lift-offs")
    assert done.code == 0 and "MISSED" not in done.out
    rows = json.loads(tiangong("verify", "lift-offs", "--json").out)["lift_offs"]
    assert len(rows) == 7 and all(row["held"] for row in rows)
    assert tiangong("verify", "something").code == 2


# ---- crossings


def test_the_closed_form_about_a_crossing_is_the_planes_own_angle():
    found = season().setting
    for opportunity in season().opportunities[:12:3]:
        crossing = opportunity.crossing
        for away in (-1500.0, -300.0, 0.0, 401.0, 900.0):
            own = out_of_plane(crossing.t + away, found.path, found.site, found.world)
            assert math.degrees(crossing.angle(crossing.t + away) - own) == pytest.approx(0.0, abs=CROSSING_ANGLE_DEG)
        assert crossing.time(crossing.angle(crossing.t + 401.0)) == pytest.approx(crossing.t + 401.0, abs=1e-6)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_site_at_the_edge_of_the_plane_has_a_double_root_and_one_beyond_has_none(sign):
    """The two branches close in on each other as the square root of what is left of the latitude."""
    world, path, launch = flown_record("sz_21")
    inclination = mean_plane(path, launch, world)[0]

    def over(short_deg):
        place = Site("edge", 0.0, PAD.longitude, 0.0)
        latitude = inclination - math.radians(short_deg)
        return planes_over(
            path, replace(place, latitude=sign * _geodetic(latitude)), world, launch - DAY / 2, launch + DAY / 2
        )

    apart = []
    for short in (0.4, 0.1):
        crossings = over(short)
        assert {c.branch for c in crossings} == {"ascending", "descending"}
        one, two = (c.t for c in crossings[:2])
        apart.append(two - one)
    assert apart[0] / apart[1] == pytest.approx(2.0, rel=0.05)
    assert over(-0.05) == []
    pole = Site("pole", sign * math.pi / 2, 0.0, 0.0)
    assert planes_over(path, pole, world, launch - DAY / 2, launch) == []


def _geodetic(geocentric):
    from kernels.constants import FLATTENING

    return math.atan(math.tan(geocentric) / (1.0 - FLATTENING) ** 2)


def test_the_other_branch_is_as_far_away_as_it_says():
    """The inclination sways by 0.003 deg in a day, which moves a crossing 0.5 deg short of the edge by some seconds."""
    found = season()
    both = [
        [c.crossing for c in found.opportunities[::3] if c.crossing.branch == b] for b in ("ascending", "descending")
    ]
    for up in both[0][1:-1:7]:
        near = min(both[1], key=lambda down: abs(down.t - up.t))
        assert up.until("descending") == pytest.approx(near.t - up.t, abs=10.0)
        assert near.until("ascending") == pytest.approx(up.t - near.t, abs=10.0)
        assert up.until("ascending") == 0.0


def test_a_site_on_the_equator_is_passed_half_a_turn_apart():
    world, path, launch = flown_record("sz_21")
    equator = Site("equator", 0.0, 0.5, 0.0)
    up, down = planes_over(path, equator, world, launch - DAY / 2, launch + DAY / 2)[:2]
    assert {up.branch, down.branch} == {"ascending", "descending"}
    assert (down.t - up.t) * up.rate == pytest.approx(math.pi, abs=1e-3)


# ---- the season of October and November 2026


def test_every_day_is_listed_on_both_branches_and_says_why():
    """In 61 days the pad passes 62 times through the plane on each branch: a day has 23 h 32 m."""
    found = season()
    times = {b: sorted({c.crossing.t for c in found.opportunities if c.crossing.branch == b}) for b in found.margins}
    for branch, series in times.items():
        assert branch in ("ascending", "descending") and len(series) in (62, 63)
        assert np.diff(series) == pytest.approx(84738.0, abs=20.0)  # 23 h 32 min 18 s
    days = {found.setting.zero.plus(t).utc(0)[:10] for t in times["descending"]}
    assert len(days) == 61
    assert len(found.opportunities) == sum(map(len, times.values())) * 3
    for opportunity in found.opportunities:
        assert opportunity.verdict.reasons
        assert opportunity.open <= opportunity.liftoff <= opportunity.close
        if opportunity.verdict.accepted:
            assert (
                opportunity.verdict.score == pytest.approx(sum(opportunity.verdict.parts.values()))
                and opportunity.verdict.parts
            )
            assert 0.0 < opportunity.verdict.score <= sum(fact("planning.weights").value.values()) == 100
        else:
            assert opportunity.verdict.score is None
            assert all(re.search(r"\d", reason) for reason in opportunity.verdict.reasons)


def test_the_patterns_of_the_season_are_those_of_the_orbit():
    """Lift-off goes round the clock in 50.9 days, and the Sun over the plane nearly so: its declination sways it.

    Every third day the phase nearly closes: 46 turns of the station in 3 nodal days.
    """
    drawn = chart(season())
    nodal_day = float(np.mean(np.diff(drawn["liftoff"])))
    assert nodal_day / (DAY - nodal_day) == pytest.approx(50.9, abs=0.3)
    t, beta = drawn["liftoff"] / DAY, drawn["beta"]
    rising = np.flatnonzero((beta[:-1] < 0.0) & (beta[1:] >= 0.0))
    zeros = [t[i] - beta[i] * (t[i + 1] - t[i]) / (beta[i + 1] - beta[i]) for i in rising]
    assert len(zeros) == 2 and zeros[1] - zeros[0] == pytest.approx(50.9, abs=3.5)
    step = np.abs((np.diff(drawn["phase"]) + 180.0) % 360.0 - 180.0)
    slip = np.abs((drawn["phase"][3:] - drawn["phase"][:-3] + 180.0) % 360.0 - 180.0)
    assert step.min() > 100.0 and slip.max() < 25.0


def test_days_of_the_worked_example():
    """docs/physics.md 4.8 from a set of June: 9, 24 October 2026 at 22:02, 15:06, beta 14.3, 18.6; good to 4 min."""
    found = season()
    for when, beta in (("2026-10-09T22:02:00Z", 14.3), ("2026-10-24T15:06:00Z", 18.6)):
        at = Epoch.from_utc(when).since(found.setting.zero)
        own = [c for c in found.opportunities if c.crossing.branch == "descending"]
        near = min(own, key=lambda c: abs(c.liftoff - at))
        assert abs(near.liftoff - at) < 240.0
        assert math.degrees(near.day.beta) == pytest.approx(beta, abs=1.0)


# ---- the rocket's margin


def test_what_the_rocket_keeps_is_what_it_keeps_in_flight():
    """At the planned second and at the edges of the window the ascent is flown again, at the mission's own step."""
    from sim.ascent.optimum import heading
    from sim.ascent.steering import EARTH_TURN_DEG, solve, steered

    found, curve = season().setting, season().margins["descending"]
    ascents = Ascents(found.ascent, found.station, found.path, found.world)
    crossing = next(c.crossing for c in season().opportunities if c.crossing.branch == "descending")
    planned = ascents.aim(crossing.t + found.bias)
    guess = heading(planned, found.world) - math.radians(EARTH_TURN_DEG)
    steering = solve(ascents.record, planned, guess, found.world)
    kept = steered(ascents.record, planned, steering, ascents.forces).propellant_left
    assert curve.at(curve.aim) == pytest.approx(kept, abs=MARGIN_KG)
    low, high = curve.limits
    assert low < curve.aim < high
    for edge in (low, high):
        left = ascents.propellant_left(ascents.aim(crossing.time(edge)), replace(steering, azimuth=curve.azimuth))
        assert left == pytest.approx(curve.reserve, abs=MARGIN_EDGE_KG)
    # Another second, solved anew in full: no better than what turning the azimuth alone finds.
    other = ascents.aim(crossing.time(curve.angle[1]))
    again = solve(ascents.record, other, heading(other, found.world) - math.radians(EARTH_TURN_DEG), found.world)
    full = steered(ascents.record, other, again, ascents.forces).propellant_left
    assert curve.propellant_left[1] == pytest.approx(full, abs=MARGIN_KG)


def test_the_frozen_rocket_never_keeps_more_and_the_day_does_not_matter():
    for curve in season().margins.values():
        inside = np.linspace(max(curve.angle[0], curve.frozen_angle[0]), min(curve.angle[-1], curve.frozen_angle[-1]))
        reaimed = np.interp(inside, curve.angle, curve.propellant_left)  # a chord lies below a curve that bends down
        frozen = np.array([curve.at(a) for a in inside])
        assert (frozen <= reaimed + 25.0).all()
        assert abs(curve.other_day) < 1.0
        assert curve.propellant_left.max() < 1.2 * curve.at(curve.aim)


def test_the_sigma_of_a_lift_off_grows_with_the_age_of_the_set():
    """The season begins five days before the set, and ends 55 days after it."""
    found = season()
    ages = np.array([c.crossing.t for c in found.opportunities]) / DAY
    sigmas = np.array([c.passage_sigma for c in found.opportunities])
    older = ages > 1.0
    assert np.all(np.diff(sigmas[older & (ages > 5.0)]) > -1.0)
    assert 2.0 < sigmas[np.argmin(abs(ages))] < 5.0 and 100.0 < sigmas[-1] < 250.0


def test_the_span_of_the_uncalibrated_is_what_the_launcher_flies():
    span = fact("launch.span_of_reserve").numbers
    curve = season().margins["descending"]
    passage = next(c.crossing for c in season().opportunities if c.crossing.branch == "descending")
    flown = [passage.time(angle) - passage.t for angle in curve.limits_reaimed]
    assert flown == pytest.approx(span, abs=RESERVE_SPAN_S)
    best = passage.time(curve.best) - passage.t
    assert best == pytest.approx(fact("launch.least_propellant_offset").number, abs=RESERVE_SPAN_S)


def test_without_a_bias_the_ascent_chooses_the_second():
    """Turning away from the Earth's spin costs: the optimum lies before the crossing, where the azimuth is less."""
    found = plan(setting(load(MISSION), Asked(SEASON.start.plus(20 * DAY), 1.0, bias="none")))
    curve = found.margins["descending"]
    opportunity = next(c for c in found.opportunities if c.crossing.branch == "descending")
    assert opportunity.liftoff < opportunity.crossing.t - 100.0  # docs/physics.md 5.4: -280 s, very flat
    assert curve.at(curve.aim) > season().margins["descending"].at(season().margins["descending"].aim)
    assert curve.propellant_left.max() - curve.at(curve.aim) < MARGIN_KG


def test_branches_over_the_equator_mirror_each_other_and_no_azimuth_is_the_end_of_its_search():
    """North and south are alike there; 0.12 deg of azimuth is what its search is stopped at."""
    found = plan(setting(load(MISSION), Asked(SEASON.start.plus(20 * DAY), 1.0, site=site("0,0,0"))))
    down, up = found.margins["descending"], found.margins["ascending"]
    assert 180.0 - math.degrees(down.azimuth) == pytest.approx(math.degrees(up.azimuth), abs=0.12)
    assert down.at(down.aim) == pytest.approx(up.at(up.aim), abs=MARGIN_KG)
    assert down.best == pytest.approx(-up.best, abs=math.radians(0.02))
    crossing = next(c.crossing for c in found.opportunities if c.crossing.branch == "descending")
    ascents = Ascents(found.setting.ascent, found.setting.station, found.setting.path, found.setting.world)
    aim = ascents.aim(crossing.time(0.0))
    steering = ascents.solved(aim)
    left, best = ascents.reaimed(aim, steering)
    for off in np.radians([-20.0, -6.0, 6.0, 20.0]):  # from wherever it begins, the search comes to the same azimuth
        again, turned = ascents.reaimed(aim, replace(steering, azimuth=best.azimuth + off))
        assert math.degrees(turned.azimuth - best.azimuth) == pytest.approx(0.0, abs=0.24)
        assert again == pytest.approx(left, abs=MARGIN_KG)


# ---- the station


@pytest.mark.parametrize("place", ["41.6,100,1000", "41.65,100,0", "-41.64,100,0"])
def test_a_site_that_both_branches_pass_within_the_hour_has_a_plan(place):
    """The site is on one side of the plane 40 minutes before and after: the crossing is that of the branch asked
    for."""
    planned = station_plan(plan(setting(load(MISSION), Asked(SEASON.start.plus(20 * DAY), 4.0, site=site(place)))))
    crossing = planned.opportunity.crossing
    assert abs(crossing.until("ascending")) < 2400.0
    assert planned.liftoff == pytest.approx(planned.opportunity.liftoff, abs=60.0)


def test_the_planned_trim_is_the_one_that_the_mission_flies():
    """In the file's own window both come to 4 November: the planner by its score, the mission by the least trim."""
    found = plan(setting(load(MISSION), Asked()))
    planned = station_plan(found)
    mission = build(load(MISSION, ["uncertainty="]))  # the planner knows of no errors
    leg = mission.phases[0].fly(mission.scene, mission.world)
    assert leg.end == pytest.approx(planned.liftoff, abs=0.1)
    assert leg.record.figures.trim_m_s == pytest.approx(planned.burn.dv, abs=SAME_TRIM_M_S)
    assert leg.record.figures.phase_deg == pytest.approx(math.degrees(planned.phase), abs=0.01)
    assert leg.record.figures.trim_propellant_kg == pytest.approx(planned.burn.kg, rel=1e-3)


def test_the_trim_of_a_row_is_the_one_that_is_flown_also_from_inside_the_window():
    """The row estimates what the station's block solves, good to 10 %; without trims neither has one."""
    found = season()
    inside = [
        c
        for c in found.opportunities
        if c.profile.limits.window[0] <= c.day.phase <= c.profile.limits.window[1]
        and c.liftoff > c.profile.limits.trim_before + phasing_trim.BEFORE_BURN
    ]
    assert len(inside) > 20 and all(c.day.trim != 0.0 for c in inside)
    for opportunity in [c for c in inside if c.verdict.accepted][::9]:
        planned = station_plan(replace(found, best=found.opportunities.index(opportunity)))
        assert planned.burn.dv == pytest.approx(opportunity.day.trim, rel=0.1, abs=0.02)
        assert planned.burn.kg == pytest.approx(opportunity.trim_kg, rel=0.1, abs=4.0)
    free = plan(setting(load(MISSION), Asked(SEASON.start.plus(10 * DAY), 20.0, trims=False)))
    planned = station_plan(free)
    assert planned.opportunity.day.trim == 0.0 and "no trim" in planned.opportunity.verdict.reasons[0]
    assert (planned.burn, planned.last, planned.pair) == (None, None, None)
    assert planned.liftoff == planned.opportunity.liftoff and planned.phase == pytest.approx(
        planned.opportunity.day.phase
    )


def test_where_the_reserve_is_never_kept_there_is_no_window(tmp_path):
    """Neither in the rows, nor in the lines, and the chart is drawn all the same."""
    # 401 s after the crossing, where the equator's optimum is 306 s before
    own = "--bias", "file", "--set", "launch.plane_bias_s=401"
    heavy = "--from", "2026-10-24", "--days", 1.5, "--site", "0,0,0", *own
    done = tiangong("windows", MISSION, *heavy, "--json", "--out", tmp_path / "o")
    assert done.code == 0, done.err
    assert problems("windows", json.loads((tmp_path / "o" / "windows.json").read_text()), whole=True) == []
    rows = [row for row in json.loads(done.out)["windows"] if row["branch"] == "descending"]
    assert rows and all(row["open_utc"] is row["close_utc"] is row["phase_open_utc"] is None for row in rows)
    assert all("kg of propellant left" in " ".join(row["reasons"]) for row in rows)
    lines = tiangong("windows", MISSION, *heavy).out.splitlines()
    assert any(re.search(r"-        -  3\.5h", line) for line in lines) and not any("+0 " in line for line in lines)


def test_two_burns_put_two_days_right():
    planned = station_plan(season())
    found, (first, second) = season().setting, planned.pair
    burns = np.array([[b.t, b.dv, 0.0, 0.0] for b in (first, second)])
    before = phasing_trim.state_before(found.station, found.path, first.t)
    until = planned.liftoff + 3.5 * DAY
    path = fly(before, first.t - phasing_trim.BEFORE_BURN, until, found.world, burns, found.await_launch.engine)
    site, ascent = found.site, found.ascent
    days = planes_over(path, site, found.world, planned.liftoff - 2000.0, until - 7200.0, ("descending",))
    from sim.orbit.plane_crossing import insertion_phase

    for crossing in (days[0], days[3]):
        t = crossing.t + found.bias
        phase = insertion_phase(t, path, site, found.world, ascent.after, ascent.downrange)
        assert math.degrees(phase) == pytest.approx(9.9, abs=0.1)


def test_decay_leaves_as_much_unknown_as_the_brief_has_it():
    """docs/physics.md 4.6: a fall of 0.15 km a day known to 25 % makes 2.3 deg in 10 days, 0.2 in 3."""
    for days, sigma in ((10.0, 2.3), (3.0, 0.2)):
        found = phasing_trim.phase_sigma(days * DAY, -150.0 / DAY, 6.768e6, 0.25)
        assert math.degrees(found) == pytest.approx(sigma, abs=0.05)
    # and -1.245 deg a day for each km of height, by a burn of 0.566 m/s
    assert math.degrees(phasing_trim.drift_per_speed(6.768e6)) * DAY * 0.566 == pytest.approx(-1.245, rel=0.01)


def test_blackouts_are_taken_out_of_the_windows():
    """A blackout of ten seconds in the middle of one window leaves its two ends and every other window whole; one over
    all leaves nothing. Opportunities without a window have no parts."""
    found = season()
    windows = LaunchWindows(found, None)
    one = next(i for i, c in enumerate(windows) if c.usable and c.usable[1] - c.usable[0] > 20.0)
    first, last = windows[one].usable
    middle = 0.5 * (first + last)
    whole = windows.clear_of([])
    assert [len(parts) for parts in whole] == [int(c.usable is not None and c.usable[0] < c.usable[1]) for c in windows]
    parts = windows.clear_of([(windows.epoch(middle - 5.0), windows.epoch(middle + 5.0))])
    assert [windows.epoch(t) for t in (first, middle - 5.0)] == list(parts[one][0])
    assert [windows.epoch(t) for t in (middle + 5.0, last)] == list(parts[one][1])
    beside = [i for i, c in enumerate(windows) if c.usable and (c.usable[1] < first or c.usable[0] > last)]
    assert beside and all(parts[i] == whole[i] for i in beside)
    assert windows.clear_of([(windows.epoch(windows[0].liftoff - 1e6), windows.epoch(windows[-1].liftoff + 1e6))]) == [
        [] for _ in windows
    ]
