"""Faults of a return in a mission file: read into one record, and what is wrong with one is said in one line."""

from __future__ import annotations

import math
from typing import get_args

import pytest

from sim.build.return_faults import return_faults
from sim.core.return_faults import NO_FAULTS, ReturnFaults
from sim.files.problems import ScenarioError
from sim.scenario import load
from sim.scenario.return_faults import PHASES_OF, RETURN_FAULT_OF, ReturnFaultKind

KINDS = get_args(ReturnFaultKind)
WHOLE = {  # kind -> its table, and what of the record it sets
    "engine-out": ("after_s = 60", {"engine_out": 60.0}),
    "late-ignition": ("late_s = 20", {"late": 20.0}),
    "wrong-attitude": ("off_deg = -90", {"attitude_off": -0.5 * math.pi}),
    "guidance-lost": ("", {"guidance_lost": True}),
    "jet-stream": ("speed_m_s = 60, toward_deg = 90", {"jet_stream": (60.0, 0.0)}),
    "main-chute-fails": ("", {"main_fails": True}),
    "retro-fails": ("", {"retro_fails": True}),
    "modules-stay": ("", {"modules_stay": True, "guidance_lost": True}),
    "site-closed": ("", {"site_closed": True}),
}


def of(tables: str, mission: str = "return-only") -> ReturnFaults:
    return return_faults(load(mission, [f"faults=[{tables}]"]).faults)


@pytest.mark.parametrize("mission", ["return-only", "shenzhou-20"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_is_read_from_any_mission_that_comes_home(kind, mission):
    keys, sets = WHOLE[kind]
    found = of(f'{{ kind = "{kind}"{", " if keys else ""}{keys} }}', mission)
    for name, default in vars(NO_FAULTS).items():
        value = sets.get(name, default)
        assert getattr(found, name) == (pytest.approx(value, abs=1e-12) if isinstance(value, tuple | float) else value)


def test_every_kind_is_described():
    assert set(WHOLE) == set(KINDS) == set(PHASES_OF)
    assert set(RETURN_FAULT_OF) == {kind for kind, (keys, _) in WHOLE.items() if keys}


def test_several_break_at_once_beside_one_of_the_docking():
    both = (
        '{ kind = "retro-fails" }, { kind = "sensor-lost", sensor = "camera", range_m = 50 }, { kind = "site-closed" }'
    )
    assert of(both, "shenzhou-20") == ReturnFaults(retro_fails=True, site_closed=True)


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ('{ kind = "late-ignition" }', "faults.0.late_s: found nothing; allowed: given, since kind = 'late-ignition'"),
        ('{ kind = "late-ignition", late_s = -20 }', "faults.0.late_s: found -20; allowed: a number from 0 to 3600"),
        ('{ kind = "late-ignition", lates = 20 }', "faults.0.lates: found an unknown key; .* mean 'late_s'"),
        ('{ kind = "late-ignition", late_s = 20, after_s = 3 }', "faults.0.after_s: .*allowed: only late_s beside"),
        ('{ kind = "modules-stay", off_deg = 3 }', "faults.0.off_deg: .*allowed: nothing beside kind = 'modules-stay'"),
        ('{ kind = "jet-stream", speed_m_s = 60 }', "faults.0.toward_deg: found nothing"),
        ('{ kind = "guidance-lst" }', "faults.0.kind: found 'guidance-lst' .* did you mean 'guidance-lost'"),
        ('{ kind = "retro-fails" }, { kind = "retro-fails" }', "faults.1.kind: .* once more; allowed: each kind once"),
        ('{ kind = "sensor-lost", range_m = 5, sensor = "camra" }', "faults.0.sensor: .* did you mean 'camera'"),
        ('{ kind = "no-thrust" }', "faults.0.range_m: found nothing; allowed: a number from 0.1 to 2000"),
        ("{ }", "faults.0.kind: found nothing; allowed: one of 'engine-out'"),
        ('"guidance-lost"', "faults.0: found 'guidance-lost' .*allowed: a table with kind = one of"),
    ],
)
def test_what_is_wrong_with_one_is_said_once(tables, says):
    with pytest.raises(ScenarioError, match=says) as caught:
        of(tables)
    assert len(caught.value.problems) == 1, str(caught.value)


def test_a_mission_in_which_it_cannot_show_is_refused():
    with pytest.raises(ScenarioError, match="'guidance-lost'; allowed: a mission that flies the phase 'entry'"):
        of('{ kind = "guidance-lost" }', "tianzhou-cargo")
