"""The missions that state their phases themselves fly to the end, and every rule holds: cargo, relocation, return."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from flown import Flown, fly_whole

from sim.core.epoch import Epoch
from sim.core.scene import ModelError
from sim.core.station_stack import released, true_stack
from sim.core.vehicle import Mechanism
from sim.rendezvous.relative import relative_state
from sim.scenario import load

BOX = (  # of the contact event: value -> the mechanism's side of the capture box that it is in
    ("lateral_offset_m", lambda box: box.lateral_offset),
    ("lateral_speed_m_s", lambda box: box.lateral_speed),
    ("closing_speed_m_s", lambda box: box.closing_max),
    ("pitch_yaw_deg", lambda box: np.degrees(box.tilt)),
    ("roll_deg", lambda box: np.degrees(box.roll)),
    ("turning_rate_deg_s", lambda box: np.degrees(box.rate)),
)


@pytest.fixture(scope="module")
def cargo() -> Flown:
    return fly_whole("tianzhou-cargo")


@pytest.fixture(scope="module")
def moved() -> Flown:
    return fly_whole("port-relocation")


@pytest.fixture(scope="module")
def home() -> Flown:
    return fly_whole("return-only")


def broken(flown: Flown) -> list[str]:
    return [f"{v.phase}: {v.rule}: {v.value} {v.sense} {v.limit}" for v in flown.flight.verdicts if not v.passed]


def in_the_box(values, box: Mechanism) -> None:
    for key, side in BOX:
        assert 0.0 <= values[key] <= side(box), key
    assert values["closing_speed_m_s"] >= box.closing_min


def test_every_phase_of_the_list_is_flown_and_every_rule_holds(cargo, moved, home):
    for flown in (cargo, moved, home):
        assert flown.flight.failed is None, flown.flight.failed
        names = [leg.phase.replace("_", "-") for leg in flown.flight.legs]
        assert names == list(flown.scenario.phases)
        assert broken(flown) == []


def test_the_cargo_ship_docks_aft_within_the_capture_box(cargo):
    """Nobody aboard, from Wenchang, 3 h 18 min after lift-off as Tianzhou-9 did, give or take ten minutes."""
    contact, docked = cargo.event("contact"), cargo.event("docked")
    assert contact.vehicle == "tianzhou-9" and contact.values["port"] == "aft" and contact.values["tries"] == 1
    in_the_box(contact.values, cargo.phase("docking").approach.ship.docking)
    assert docked.t - cargo.event("liftoff").t == pytest.approx(3.3 * 3600.0, abs=600.0)
    end = cargo.flight.legs[-1].scene
    assert end.docked == {"shenzhou-20": "nadir", "tianzhou-9": "aft"} and end.crew == ()
    assert cargo.leg("ascent").record.figures.launch_pad.startswith("Wenchang")


def test_the_cargo_ships_mass_is_kept_from_pad_to_port(cargo):
    """What is docked is what was launched less what the burns took, and the stack gains just that."""
    ship, stack = cargo.mission.phases[1].ship, cargo.flight.legs[-1].scene
    legs = [cargo.leg(p) for p in ("phasing", "homing", "transfer", "fly_around", "docking")]
    used = sum(leg.record.figures.propellant_kg for leg in legs)
    assert stack.ships["tianzhou-9"] == pytest.approx(ship.mass - used, abs=1e-6)
    trimmed = cargo.leg("await_launch").record.figures.trim_propellant_kg
    before = cargo.mission.scene.flying[cargo.station].mass
    assert stack.flying[cargo.station].mass == pytest.approx(before - trimmed + ship.mass - used, abs=1e-6)


def test_the_relocated_ship_docks_nadir_within_the_capture_box(moved):
    contact = moved.event("contact")
    assert contact.values["port"] == "nadir" and contact.values["tries"] == 1
    in_the_box(contact.values, moved.phase("docking").approach.ship.docking)
    assert moved.event("undocking").values["port"] == "forward"
    end = moved.flight.legs[-1].scene
    assert end.docked == {"tianzhou-9": "aft", "shenzhou-22": "nadir"}
    assert {seat.aboard for seat in end.crew} == {"shenzhou-22"}  # they ride along


def test_the_ship_backs_off_along_the_axis_and_goes_round_outside_the_sphere(moved):
    """LVLH of the true states: ahead at the end of the undocking, under the station at the end of the fly-around."""
    for phase, axis in (("undocking", (1.0, 0.0, 0.0)), ("fly_around", (0.0, 0.0, 1.0))):
        after = moved.leg(phase).scene.flying
        place, speed = relative_state(after["tiangong"], after["shenzhou-22"])
        assert 200.0 < np.linalg.norm(place) < 215.0
        assert np.degrees(np.arccos(place @ axis / np.linalg.norm(place))) < 1.5
        assert np.linalg.norm(speed) < 0.25  # a craft that holds in a turning frame
    around = moved.leg("fly_around")
    times = np.linspace(around.start, around.end, 50)
    apart = [around.trajectories[name].at(times)[0] for name in ("tiangong", "shenzhou-22")]
    assert np.linalg.norm(apart[1] - apart[0], axis=1).min() > 200.0


def test_the_way_back_begins_and_ends_by_where_the_port_is_known_to_be(moved):
    """A station that weighs 2 % more than is known has its port 2 cm elsewhere; what is commanded stays within 6 mm,
    which the known mass of the ship that has left makes."""
    scene, phase = moved.before("undocking"), moved.phase("undocking")
    station = scene.flying["tiangong"]
    heavy = scene.with_(
        flying={**scene.flying, "tiangong": replace(station, mass=1.02 * station.mass)},
        model_errors={"tiangong": ModelError(1.02)},
    )
    sure, drawn = (moved.again("undocking", there).legs[0].record.arcs.points_m for there in (scene, heavy))
    ports = [true_stack(phase.station, released(s, "tiangong", "shenzhou-22")).ports["forward"] for s in (scene, heavy)]
    assert np.linalg.norm(ports[1].position - ports[0].position) > 0.02
    assert np.linalg.norm(drawn - sure, axis=1).max() < 0.007


def test_undocking_and_docking_again_keep_the_mass(moved):
    used = sum(moved.leg(phase).record.figures.propellant_kg for phase in ("undocking", "fly_around", "docking"))
    before, after = moved.mission.scene.flying["tiangong"].mass, moved.flight.legs[-1].scene.flying["tiangong"].mass
    assert before - after == pytest.approx(used, abs=1e-6) and 20.0 < used < 150.0


def test_the_return_lands_near_the_site_with_its_crew(home):
    """The day and hour of 14 November 2025 come out by themselves: 08:40 UTC."""
    touchdown = home.event("touchdown")
    assert touchdown.values["miss_km"] < 30.0 and touchdown.values["speed_m_s"] < 3.5  # without retro rockets: 7.1
    landed = [seat.name for seat in home.flight.legs[-1].scene.crew if seat.aboard == "landed"]
    assert landed == ["Chen Dong", "Chen Zhongrui", "Wang Jie"]
    assert abs(home.flight.epoch(touchdown.t).since(Epoch.from_utc("2025-11-14T08:40:00Z"))) < 180.0  # the record
    assert not any(e.name in ("hatch_open", "handover_complete", "liftoff") for e in home.flight.events)


def test_a_phase_that_is_flown_again_draws_numbers_of_its_own(tmp_path):
    """There and back: the second docking is another one, not the first once more."""
    from sim.files import paths

    text = (paths.MISSIONS / "port-relocation.toml").read_text("utf-8")
    first, rest = text.split("[[sequence]]", 1)
    tables, tail = rest.split("[atmosphere]", 1)
    again = tables.replace('port = "nadir"', 'port = "PORT"').replace('start = "forward"', 'start = "nadir"')
    again = again.replace('"PORT"', '"forward"')
    path = tmp_path / "there-and-back.toml"
    path.write_text(f"{first}[[sequence]]{tables}[[sequence]]{again}[atmosphere]{tail}", "utf-8")
    assert load(path).phases == ("undocking", "fly-around", "docking") * 2
    flown = fly_whole(path)
    assert flown.flight.failed is None and broken(flown) == []
    first, second = (e for e in flown.flight.events if e.name == "contact")
    assert (first.values["port"], second.values["port"]) == ("nadir", "forward")
    assert first.values["lateral_offset_m"] != second.values["lateral_offset_m"]
    assert flown.flight.legs[-1].scene.docked["shenzhou-22"] == "forward"
