"""A mission that cannot be flown says which phase, why, and with what numbers; nothing half done is left behind.

Failure is data up to the outer edge: the flight ends with a leg that failed, on the scene that the phase was handed.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.build.mission import build
from sim.cli.main import app
from sim.core.flight import Flight
from sim.core.ground_site import Site
from sim.files.paths import SITES, VEHICLES
from sim.scenario import load

MISSION = "shenzhou-24-pakistan"


def why(flight: Flight, phase: str) -> str:
    """The reason of the one leg, which failed."""
    (leg,) = flight.legs
    assert (leg.phase, leg.status) == (phase, "failed")
    assert leg.trajectories == {} and leg.end == leg.start  # it hands on what it was handed
    # It holds its history until then, and nothing later.
    begun = ["undocking", "hold_arrival", "hold_departure"], ["liftoff", "max_dynamic_pressure"], ["hold_departure"]
    assert [e.name for e in leg.events] in ([], *begun)
    return leg.reason


def varied(file, changes: dict[str, str], tmp_path) -> str:
    """A shipped configuration file with some of its lines replaced, as a file of its own, without the old sources."""
    text = file.read_text(encoding="utf-8").partition("[sources]")[0]
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    other = tmp_path / f"other-{file.name}"
    other.write_text(text, encoding="utf-8")
    return str(other)


@pytest.fixture
def built(pakistan, monkeypatch):
    """A mission with overrides, round the world that is there already, whose tables take a second to make."""
    monkeypatch.setattr("sim.build.mission.build_world", lambda *_: pakistan.mission.world)
    return lambda *overrides: build(load(MISSION, overrides))


# ---- no launch


def test_a_trim_that_is_too_small_leaves_no_window(pakistan):
    reason = why(pakistan.again("await_launch", trim_limit=0.1), "await_launch")
    assert "of 12 days the best" in reason and "the limit is 0.10 m/s" in reason
    # The trim that it says is needed is the one that is flown where it is allowed (an estimate, good to 10 %).
    needed = abs(float(reason.split("would take ")[1].split()[0]))
    assert needed == pytest.approx(abs(pakistan.event("station_trim").values["delta_v_m_s"]), rel=0.1)


def test_a_window_of_an_hour_misses_the_plane(pakistan):
    noon = pakistan.event("liftoff").t + 6.0 * 3600.0
    reason = why(pakistan.again("await_launch", window=(noon, noon + 3600.0)), "await_launch")
    assert "the descending plane crossing does not occur in" in reason
    assert str(pakistan.mission.zero.plus(noon)) in reason


def test_from_60_degrees_north_the_plane_is_out_of_reach(pakistan, built, tmp_path):
    """A site of its own file, as a user would write it; the station's inclination is 41.5 deg."""
    north = varied(SITES / "jiuquan.toml", {"latitude_deg = 40.9583": "latitude_deg = 60.0"}, tmp_path)
    phase = built(f"launch.site={north}", "launch.plane_bias_s=").phases[0]
    reason = why(pakistan.again("await_launch", site=phase.site), "await_launch")
    assert "no launch window" in reason and "descending" in reason


def test_a_given_second_from_60_degrees_north_says_how_far_off_the_plane_stays(april_2025):
    site = april_2025.phase("await_launch").site
    north = Site("north", math.radians(60.0), site.longitude, site.height)
    reason = why(april_2025.again("await_launch", site=north), "await_launch")
    # 60 - 41.5 deg, less 0.2 of geocentric latitude, at the closest; more away from there.
    stays = [float(x) for x in reason.split("it stays ")[1].split(" deg")[0].split(" to ")]
    assert min(stays) > 18.0


# ---- no orbit


def test_a_launcher_with_too_little_propellant_runs_dry(pakistan):
    """Thirty tons of 86 missing: the lighter stack flies a little faster, but not the 1 km/s that they were worth."""
    launcher = pakistan.phase("ascent").launcher
    record = launcher.record
    tanks = record.tanks - np.array([0.0, 0.0, 3e4])
    short = replace(launcher, record=record._replace(tanks=tanks, loaded=record.loaded - 3e4))
    reason = why(pakistan.again("ascent", launcher=short), "ascent")
    assert "the second stage ran dry before orbit" in reason
    missing = float(reason.split(" m/s to go")[0].split()[-1])
    # Burning from 74 t down to 14.4 t instead of from 104 t loses 298 s g0 ln(104 / 74) = 1000 m/s; the first stage
    # with 30 t less gains 280 s g0 (ln(469 / 107) - ln(499 / 137)) = 510, and 0.8 t were to spare, 160: so 330 at
    # most, and less by what the livelier rocket saves in gravity losses.
    assert 0.0 < missing < 330.0
    assert "0 kg of propellant left" in reason


def test_a_launcher_with_too_little_thrust_is_refused_before_the_flight(tmp_path):
    """Four boosters of 350 kN and the core's 2960 kN are 4.4 MN: under the 4.9 MN that the rocket weighs."""
    booster = "dry_mass_kg = 3500.0\n\n[[stages.engines]]\n"
    weak = varied(
        VEHICLES / "cz2f-g.toml",
        {
            f"{booster}thrust_vacuum_kn = 816.3\nthrust_sea_level_kn = 740.4": (
                f"{booster}thrust_vacuum_kn = 400.0\nthrust_sea_level_kn = 350.0"
            )
        },
        tmp_path,
    )
    done = command(tmp_path, f"launch.launcher={weak}")
    assert done.exit_code == 2
    assert "phases.0.burning" in done.stderr and "more than 1, to lift off" in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["other-cz2f-g.toml"]


def test_a_trim_that_is_too_small_ends_the_command_with_3(tmp_path):
    done = command(tmp_path, "trim.limit_m_s=0.1")
    assert done.exit_code == 3
    assert done.stderr.startswith("await_launch: no launch window") and "0.10 m/s" in done.stderr
    assert list(tmp_path.iterdir()) == []


def command(tmp_path, override: str):
    return CliRunner().invoke(app, ["run", MISSION, "--out", str(tmp_path / "out"), "--quiet", "--set", override])


# ---- not enough propellant, on the way up and down


@pytest.mark.parametrize(
    ("phase", "ship", "kept", "says"),
    [
        ("phasing", "up", 100.0, "the burns need"),
        ("homing", "up", 10.0, "kg needed, 10 kg left"),
        ("docking", "up", 2.0, "ran out of propellant"),
        ("undocking", "down", 5.0, "ran out of propellant"),
        ("departure", "down", 3.0, "not enough propellant for the departure"),
        ("deorbit", "down", 200.0, "not enough propellant for the deorbit burn"),
    ],
)
def test_a_ship_without_propellant_says_where_it_runs_out(pakistan, phase, ship, kept, says):
    scene, craft = pakistan.before(phase), getattr(pakistan, ship)
    short = scene.with_(propellant={**scene.propellant, craft: kept})
    reason = why(pakistan.again(phase, short), phase)
    assert says in reason
    spent = pakistan.leg(phase).record.figures.propellant_kg
    assert spent > kept  # so that it was right to give up
    if phase not in ("docking", "undocking"):
        assert f"{spent:.0f} kg" in reason and f"{kept:.0f} kg" in reason


def test_the_propellant_that_the_scenario_gives_is_what_the_return_has(pakistan, built):
    """`docked.0.propellant_kg` reaches the deorbit burn: with 200 kg there is not enough, as above."""
    scene = built("docked.0.propellant_kg=200.0", "docked.0.mass_kg=7282.0").scene
    assert scene.propellant[pakistan.down] == 200.0


def test_a_ship_file_with_a_small_tank_cannot_phase(pakistan, built, tmp_path):
    small = varied(VEHICLES / "shenzhou.toml", {"\npropellant_kg = 1000.0": "\npropellant_kg = 120.0"}, tmp_path)
    mission = built(f"launch.vehicle={small}")
    ship = next(phase for phase in mission.phases if phase.name == "ascent").ship
    assert ship.propellant == 120.0
    before = pakistan.before("phasing")
    light = replace(before.flying[pakistan.up], mass=ship.mass)
    scene = before.with_(
        propellant={**before.propellant, pakistan.up: ship.propellant}, flying={**before.flying, pakistan.up: light}
    )
    assert "the ship carries 120 kg" in why(pakistan.again("phasing", scene), "phasing")


# ---- not there


def test_a_ship_that_is_not_docked_cannot_leave(pakistan):
    reason = why(pakistan.again("undocking", ship_name="shenzhou-22"), "undocking")
    assert "shenzhou-22 is not docked" in reason
    assert all(ship in reason for ship in pakistan.before("undocking").docked)
    reason = why(pakistan.again("departure", pakistan.before("undocking")), "departure")
    assert "has not undocked: in free flight are tiangong" in reason


def test_a_site_far_from_the_track_has_no_landing(pakistan):
    """At 60 deg north the track, which turns at 41.5 deg, never comes within 400 km."""
    planner = pakistan.phase("deorbit").planner
    site = planner.site
    north = Site("north", math.radians(60.0), site.longitude, site.height)
    assert "no pass over north" in why(pakistan.again("deorbit", planner=replace(planner, site=north)), "deorbit")
    assert "no landing opportunity at north" in why(pakistan.again("docked", site=north), "docked")


def test_what_fails_later_keeps_what_was_flown(pakistan):
    """The legs before stay, and the failed one holds the last scene: that is what a report can still show."""
    from sim.mission import fly

    # Without the braking of the air (a capsule of a tenth of a square metre) it passes perigee and rises again.
    entry = pakistan.phase("entry")
    slick = replace(entry.ship, capsule=entry.ship.capsule._replace(cda=0.1, cla=1.0))
    phases = pakistan.phase("deorbit"), replace(entry, ship=slick), pakistan.phase("descent")
    flight = fly(replace(pakistan.mission, scene=pakistan.before("deorbit"), phases=phases))
    assert [(leg.phase, leg.status) for leg in flight.legs] == [("deorbit", "flown"), ("entry", "failed")]
    assert flight.failed.scene is flight.legs[0].scene
    assert "the capsule skipped out of the air: at its lowest" in flight.failed.reason
