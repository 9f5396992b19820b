"""Geostationary craft in their element sets: burns found, a plane that is left alone, a slot that was left."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import brentq
from typer.testing import CliRunner

import sim
from sim.build.orbit import load_orbit
from sim.catalogue.element_sets import check_lines, element_set, every_name, names, of_craft
from sim.cli.main import app
from sim.core.epoch import Epoch
from sim.interchange.files import parse_sets
from sim.orbit import geostationary as theory
from sim.orbit.slot_changes import (
    SlotSet,
    axis_steps,
    burns,
    is_geostationary,
    leaves,
    plane_free,
    slot_set,
    slot_warning,
    standing,
)
from sim.output.orbit_summary import outline, standing_content, standing_line

DAY = 86400.0
SLOT = math.radians(38.0)
START = Epoch.from_utc("2026-01-01T00:00:00Z")


def made(days, kicks=(), tilts=()) -> list[SlotSet]:
    """A craft at 38 E by theory alone, a set at each of `days`; `kicks`: (day, m of the axis), `tilts`: (day, m/s)."""
    bend, drift = theory.longitude_acceleration(SLOT), theory.plane_drift(START)
    falls = bend * theory.RADIUS / (1.5 * theory.TURN) * DAY  # m a day
    sets = []
    for day in days:
        axis = theory.RADIUS - falls * day + sum(size for when, size in kicks if day > when)
        undone = sum(dv for when, dv in tilts if day > when) / theory.SPEED
        normal = drift * day * DAY - undone * drift / np.linalg.norm(drift)
        sets.append(SlotSet(START.plus(day * DAY), SLOT, 0.0, axis, normal))
    return sets


# ---- the sets


def test_sets_of_other_craft_are_sound_and_stand_in_the_order_of_time():
    others = [name for name in every_name() if name not in names()]
    assert len(others) == 85
    for name in others:
        one = element_set(name)
        assert check_lines(one.line1, one.line2) == [] and one.grade == "A" and one.source
        assert name.startswith(f"{one.craft.lower()}-{one.epoch.utc(0)[:10]}")
    for craft in {element_set(name).craft for name in others}:
        epochs = [e.epoch for e in of_craft(craft)]
        assert len(epochs) > 2 and all(a < b for a, b in pairwise(epochs))
        assert len({e.line1[2:7] for e in of_craft(craft)}) == 1


def test_longitudes_are_those_of_an_earlier_search():
    """PakSat-1R within 37.93 and 38.03 E on the mean from May 2026 on, MM1 within 38.16 and 38.32 E: SGP4 with GMST,
    by others. One set of MM1, of 9 August, was made the day after a burn and is 24 km off."""
    west = [math.degrees(slot_set(e).longitude) for e in of_craft("PakSat-1R") if e.name >= "paksat-1r-2026-05"]
    assert len(west) > 25 and min(west) > 37.925 and max(west) < 38.035
    east = [math.degrees(slot_set(e).longitude) for e in of_craft("PakSat-MM1") if e.mean_motion_rev_day > 1.0024]
    assert len(east) > 25 and min(east) > 38.16 and max(east) < 38.32
    tilts = {e.name: math.degrees(np.linalg.norm(slot_set(e).normal)) for e in of_craft("PakSat-1R")}
    assert tilts["paksat-1r-2022-11-03"] == pytest.approx(0.0175, abs=0.025)
    assert tilts["paksat-1r-2026-08-12"] == pytest.approx(0.832, abs=0.025)  # SGP4 adds the waves of Sun and Moon


# ---- burns


def test_a_made_craft_shows_its_burns_and_no_others():
    days = np.arange(0.0, 60.0, 1.5)
    assert burns(made(days)) == []
    found = burns(made(days, kicks=[(20.0, 1900.0)], tilts=[(33.5, 1.9)]))
    assert [b.kind for b in found] == ["east-west", "north-south"]
    one, two = found
    assert one.after.since(START) / DAY < 20.0 < one.before.since(START) / DAY
    assert (one.size, one.dv) == pytest.approx((1900.0, 0.0693), rel=0.001)
    assert two.after.since(START) / DAY < 33.5 < two.before.since(START) / DAY
    assert two.dv == pytest.approx(1.9, rel=1e-3)


def test_a_burn_in_the_noise_stays_hidden():
    assert burns(made(np.arange(0.0, 60.0, 1.5), kicks=[(20.0, 200.0)], tilts=[(33.0, 0.2)])) == []


def test_burns_of_paksat_1r():
    """By eye in the axis of its sets: 3.4 km up between 29 and 30 July 2026, and never in the daily sets of 24 to 30
    May and 30 July to 12 August. The north-south burns of the years before lie in the gap from 2022 to 2026."""
    found = standing(of_craft("PakSat-1R"), Epoch.from_utc("2026-08-12T23:00:00Z")).burns
    east = [b for b in found if b.kind == "east-west" and b.before.since(b.after) < 5.0 * DAY]
    assert [(b.after.utc(0)[:10], b.before.utc(0)[:10]) for b in east] == [("2026-07-29", "2026-07-30")]
    assert 0.10 < east[0].dv < 0.15
    north = [b for b in found if b.kind == "north-south"]
    assert [b.before.utc(0)[:10] for b in north] == ["2026-03-19"]


def test_the_fall_of_the_axis_between_burns_is_that_of_the_theory():
    """Daily sets of August 2026: 138 m a day by the closed form; to 15 % over twelve days, which are not a whole wave
    of the Moon (13.7 days, some 45 m a day)."""
    sets = [slot_set(e) for e in of_craft("PakSat-1R") if e.name >= "paksat-1r-2026-07-31"]
    s = axis_steps(sets)
    assert not s.found.any() and s.change.sum() == pytest.approx(s.drag.sum(), rel=0.15)


# ---- what is known of a slot


def test_north_south_keeping_of_paksat_1r_stopped_in_the_second_half_of_2025():
    """The record: inclination 0.05 deg in June 2025, 0.83 in August 2026. MM1, kept, shows nothing of the kind."""
    at = Epoch.from_utc("2026-08-12T23:00:00Z")
    free = standing(of_craft("PakSat-1R"), at).plane_free
    assert free is not None and "2025-07" < free.utc(0) < "2025-12"
    sets = [slot_set(e) for e in of_craft("PakSat-1R")]
    kept = [s for s in sets if s.epoch < Epoch.from_utc("2026-05-25T00:00:00Z")]
    assert plane_free(kept[1:2], ()) is None  # one set tells nothing


def test_paksat_1r_has_left_its_slot_and_it_is_said_when_its_old_set_is_used():
    before = standing(of_craft("PakSat-1R"), Epoch.from_utc("2026-08-13T00:00:00Z"))
    assert before.known and before.left is None and math.degrees(before.slot) == pytest.approx(38.0)
    assert before.leaves is not None and "2026-08-17" < before.leaves.utc(0) < "2026-08-27"
    later = standing(of_craft("PakSat-1R"), Epoch.from_utc("2026-11-01T00:00:00Z"))
    assert not later.known and later.left == ("2026-08-13", "2026-08-17") and 80.0 < later.age < 81.0
    assert "HAS LEFT it between 2026-08-13 and 2026-08-17" in standing_line(later)
    given = standing_content(later)
    assert given["left_between"] == ["2026-08-13", "2026-08-17"] and len(given["burns"]) == len(later.burns)
    said = "PakSat-1R has left its slot, between 2026-08-13 and 2026-08-17"
    found = sim.passes("paksat-1r-2026-08-12", start="2026-10-01", days=1.0)
    assert any(warning.startswith(said) for warning in found.warnings)
    assert not any("slot" in w for w in sim.passes("paksat-1r-2026-08-12", start="2026-08-13", days=1.0).warnings)
    year = load_orbit("paksat-1r", ["span.duration_s=9000000", "span.step_s=36000"])
    assert any(warning.startswith(said) for warning in year.warnings)


def test_what_was_not_known_then_is_not_told():
    """Nothing younger than the moment that is asked about: neither sets nor the record."""
    at = Epoch.from_utc("2026-06-15T00:00:00Z")
    found = standing(of_craft("PakSat-1R"), at)
    assert found.newest.epoch < at and found.left is None
    with pytest.raises(ValueError, match="no element set"):
        standing(of_craft("PakSat-1R"), Epoch.from_utc("2020-01-01T00:00:00Z"))


def test_any_geostationary_set_grows_old():
    """Of a craft that no record knows: after its free drift has taken it out of a usual box the set is warned of."""
    lines = element_set("paksat-1r-2026-08-12")
    other = lines.line1.replace("37779", "37748"), lines.line2.replace("37779", "37748")
    (one,) = parse_sets("ANOTHER\n" + "\n".join(map(resummed, other)) + "\n", "here").sets
    assert is_geostationary(one) and not is_geostationary(element_set("prss-1-2026-07-04"))
    assert slot_warning(one, one.epoch.plus(3.0 * DAY)) is None
    warning = slot_warning(one, one.epoch.plus(60.0 * DAY))
    assert warning is not None and "unless it burned" in warning and "60 days old" in warning


def resummed(line: str) -> str:
    from sim.catalogue.element_sets import checksum

    return line[:68] + str(checksum(line))


def test_a_free_drift_leaves_when_the_parabola_does():
    """From rest at the middle: half width = bend t^2 / 2; to the twentieth of a day that is looked at."""
    still = SlotSet(START, SLOT, 0.0, theory.RADIUS, np.zeros(2))
    expected = math.sqrt(2.0 * math.radians(0.1) / theory.longitude_acceleration(SLOT))
    out = leaves(still, SLOT, math.radians(0.1))
    assert out is not None and out.since(START) == pytest.approx(expected, abs=0.06 * DAY)
    stable = brentq(theory.longitude_acceleration, 1.25, 1.36)
    assert leaves(replace(still, longitude=stable), stable, math.radians(0.1)) is None


def test_check_shows_what_the_sets_say():
    shown = CliRunner().invoke(app, ["check", "paksat-1r"])
    assert shown.exit_code == 0 and "north-south keeping stopped about 2025-" in shown.output
    assert outline(load_orbit("paksat-1r"))["slot"]["known"] is True
    assert "slot" not in outline(load_orbit("prss-1"))
