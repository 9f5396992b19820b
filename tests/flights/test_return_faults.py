"""Faults of a return, each from a mission file to its end: what comes of it, and that without it another thing does.

All are flown from one scene at the start of the deorbit, with nothing unknown but what sensors and engines err by.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pytest

from sim.build.mission import build
from sim.build.return_faults import return_faults
from sim.campaign.phases import ready
from sim.campaign.words import HOME
from sim.core.flight import Event, Flight
from sim.core.return_faults import NO_FAULTS, ReturnFaults
from sim.mission import Mission, fly
from sim.scenario import load

MISSION = "return-only"


@dataclass(frozen=True)
class Home:
    """The way home of one mission, with what breaks on it."""

    mission: Mission
    faults: ReturnFaults

    @cached_property
    def flight(self) -> Flight:
        phases = tuple(replace(phase, faults=self.faults) for phase in self.mission.phases)
        return fly(replace(self.mission, phases=phases))

    def __getitem__(self, name: str) -> Event:
        """The event of that name; the last where there are several."""
        return [event for event in self.flight.events if event.name == name][-1]

    def figures(self, phase: str):
        return next(leg for leg in self.flight.legs if leg.phase == phase).record.figures

    def value(self, rule: str) -> float:
        return next(check.value for check in self.flight.verdicts if check.rule == rule)

    @property
    def names(self) -> set[str]:
        return {event.name for event in self.flight.events}

    @property
    def broken(self) -> set[str]:
        return {check.rule for check in self.flight.verdicts if not check.passed}


@pytest.fixture(scope="module")
def mission() -> Mission:
    return ready(build(load(MISSION)), HOME)[0]


@pytest.fixture(scope="module")
def sound(mission) -> Home:
    """Nothing breaks, and it comes down within 2 km of the site by all rules."""
    home = Home(mission, NO_FAULTS)
    assert home.broken == set() and home["touchdown"].values["miss_km"] < 2.0
    assert not home.names & {"engine_out", "late_ignition", "burn_refused", "guidance_lost", "backup_chute_deployment"}
    return home


@pytest.fixture(scope="module")
def with_(mission):
    """The way home with faults as a mission file lists them."""

    def home(tables: str) -> Home:
        found = return_faults(load(MISSION, [f"faults=[{tables}]"]).faults)
        assert found != NO_FAULTS
        return Home(mission, found)

    return home


def test_an_engine_stops_and_the_others_take_over(with_, sound):
    """The accelerometer counts to the same end: the burn is longer by what is lost until it shows, and by the weaker
    pair; the capsule lands as well."""
    home, plain = with_('{ kind = "engine-out", after_s = 60 }'), sound.figures("deorbit")
    burn = home.figures("deorbit")
    assert home["engine_out"].t - home["deorbit_burn_start"].t == pytest.approx(60.0, abs=3.0)
    assert 20.0 < float(home["engine_out"].values["delta_v_left_m_s"]) < burn.commanded_m_s
    assert "stopped after 60 s" in burn.outcome and plain.outcome == "as planned"
    assert burn.delta_v_m_s == pytest.approx(burn.commanded_m_s, abs=0.5) and burn.burn_s > plain.burn_s + 1.0
    assert home["touchdown"].values["miss_km"] < 5.0 and home.broken == set()


def test_an_ignition_that_is_late_costs_more_and_still_leads_to_the_site(with_, sound):
    """20 s are 150 km: a larger burn makes the entry steeper and the way shorter."""
    home, plain = with_('{ kind = "late-ignition", late_s = 20 }'), sound.figures("deorbit")
    burn = home.figures("deorbit")
    assert home["deorbit_burn_start"].t - sound["deorbit_burn_start"].t == pytest.approx(20.0, abs=0.5)
    assert 1.0 < burn.commanded_m_s - plain.commanded_m_s < 5.0 and burn.entry_angle_deg < plain.entry_angle_deg - 0.02
    assert "20 s late" in burn.outcome and home["touchdown"].values["miss_km"] < 5.0 and home.broken == set()


@pytest.mark.parametrize("off_deg", [10.0, -170.0])
def test_no_burn_begins_in_a_wrong_attitude(with_, sound, off_deg):
    """It is refused and flown at a pass of a later day, which the sound return did not need."""
    home = with_(f'{{ kind = "wrong-attitude", off_deg = {off_deg} }}')
    assert "attitude" in str(home["burn_refused"].values["why"]) and float(home["another_pass"].values["later_h"]) > 6.0
    assert home["deorbit_burn_start"].t - sound["deorbit_burn_start"].t > 6.0 * 3600.0
    assert "later pass" in home.figures("deorbit").outcome and home["touchdown"].values["miss_km"] < 5.0


def test_a_burn_in_an_attitude_within_the_limit_is_flown_and_made_good(with_, sound):
    """2 deg upward are 5 m/s radial and 0.1 m/s of the size: a third of a minute and some 10 km, which the guidance of
    the entry takes up."""
    home = with_('{ kind = "wrong-attitude", off_deg = 2 }')
    assert "burn_refused" not in home.names and home["touchdown"].values["miss_km"] < 5.0
    angle, plain = (x.figures("deorbit").entry_angle_deg for x in (home, sound))
    assert 0.002 < abs(angle - plain) < 0.5


def test_without_guidance_the_entry_is_ballistic(with_, sound):
    """It rolls steadily: no lift on the whole, twice to three times the load, and some 700 km short of the site.

    8 to 9 g are what Soyuz capsules had in ballistic entries; a few tenths more come with a steeper angle.
    """
    home, plain = with_('{ kind = "guidance-lost" }'), sound.value("load on the crew at entry")
    load, beyond = home.value("load on the crew at entry"), home["touchdown"].values["beyond_site_km"]
    assert 8.0 < load < 9.5 and load > 2.0 * plain
    assert home["guidance_lost"].t == pytest.approx(home["entry_interface"].t, abs=1.0)
    assert -900.0 < beyond < -300.0 and home.figures("entry").guidance_lost_s == 0.0
    assert home.broken == {"load on the crew at entry", "touchdown inside the ellipse"}
    assert home.value("speed at touchdown") < 3.5  # the crew comes down alive all the same


def test_a_jet_stream_that_no_forecast_has_blows_the_capsule_away(with_, sound):
    """60 m/s at 11.5 km: the capsule hangs below 10 km for its whole depth, and is blown some km further east."""
    home = with_('{ kind = "jet-stream", speed_m_s = 60, toward_deg = 90 }')
    moved = float(home["touchdown"].values["longitude_deg"]) - float(sound["touchdown"].values["longitude_deg"])
    assert 0.012 < moved < 0.12  # 1 to 10 km at 41.6 deg of latitude
    back = with_('{ kind = "jet-stream", speed_m_s = 60, toward_deg = 270 }')
    assert float(back["touchdown"].values["longitude_deg"]) < float(sound["touchdown"].values["longitude_deg"]) - 0.012
    assert home.broken == set()


def test_a_main_parachute_that_fails_is_made_up_for_by_the_back_up(with_, sound):
    home = with_('{ kind = "main-chute-fails" }')
    assert {"main_chute_failure", "backup_chute_deployment"} <= home.names
    assert float(home["backup_chute_deployment"].values["altitude_km"]) < 6.5
    down, plain = (x.value("speed before retro fire") for x in (home, sound))
    assert 8.0 < down < 10.0 and 7.0 < plain < 8.0
    assert home.broken == {"speed before retro fire", "speed at touchdown"}
    assert home["touchdown"].t < sound["touchdown"].t - 120.0 and home.value("speed at touchdown") < 7.0


def test_without_retro_rockets_it_lands_at_the_speed_of_the_parachute(with_, sound):
    home = with_('{ kind = "retro-fails" }')
    assert home.value("speed at touchdown") == pytest.approx(home.value("speed before retro fire"), abs=0.2)
    assert home.broken == {"speed at touchdown"} and sound.value("speed at touchdown") < 3.5
    seat, plain = (float(x["touchdown"].values["seat_load_g"]) for x in (home, sound))
    assert seat > 2.0 * plain


def test_a_service_module_that_stays_is_torn_off_in_the_air(with_, sound):
    """Torn off it tumbles and goes over to a ballistic entry, as Soyuz TMA-11 did in 2008: 8.2 g and 420 km short of
    its site."""
    home = with_('{ kind = "modules-stay" }')
    assert "service_module_separation" not in home.names and {"modules_stay", "service_module_breakaway"} <= home.names
    height = float(home["service_module_breakaway"].values["altitude_km"])
    assert height == pytest.approx(80.0, abs=1.0) and "broke away at 80 km" in home.figures("deorbit").outcome
    assert 8.0 < home.value("load on the crew at entry") < 9.9
    assert -900.0 < home["touchdown"].values["beyond_site_km"] < -300.0 and home.value("speed at touchdown") < 3.5


def test_a_site_that_closes_after_the_undocking_is_waited_for(with_, sound):
    """This mission names no back-up: the ship flies on to a pass of the next day, on the propellant that it has."""
    home = with_('{ kind = "site-closed" }')
    closed = home["landing_site_closed"].values
    assert float(closed["later_h"]) > 6.0 and home["touchdown"].t - sound["touchdown"].t > 6.0 * 3600.0
    assert "closed" in home.figures("deorbit").outcome and home["touchdown"].values["miss_km"] < 5.0


def test_a_site_that_closes_is_left_for_the_back_up(tmp_path):
    """The grassland of Siziwang in the place of Dongfeng: what steers and what judges take the site of the scene."""
    (tmp_path / "s.toml").write_text(
        'schema = 1\nkind = "site"\nname = "Siziwang"\nlatitude_deg = 42.3\nlongitude_deg = 111.4\nheight_m = 1200\n'
        'sources = { latitude_deg = "assumed", longitude_deg = "assumed", height_m = "assumed" }\n'
    )
    (tmp_path / "m.toml").write_text(f'extends = "{MISSION}"\n[[faults]]\nkind = "site-closed"\n')
    backup = f"sequence.3.backup_site='{tmp_path / 's.toml'}'"
    flight = fly(ready(build(load(tmp_path / "m.toml", [backup])), HOME)[0])
    assert flight.failed is None
    figures = flight.legs[0].record.figures
    touchdown = next(event for event in flight.events if event.name == "touchdown").values
    assert "Siziwang" in figures.landing_site and touchdown["miss_km"] < 15.0
    assert float(touchdown["longitude_deg"]) == pytest.approx(111.4, abs=0.5)
