"""What a rendezvous took against its floor: by the rocket equation, in the terminal, in --json and in the report."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from made_flight import made_flight

from sim.export.record import as_record
from sim.export.stored import collect
from sim.output.summary import flight_dict, flight_lines
from sim.rendezvous.budget import bill
from sim.report import sections

MASS, EXHAUST = 8000.0, 2850.0  # kg at insertion, m/s
SPENT, LEAST = 61.6, 60.8  # m/s: of phasing, and of its floor


def burnt(dv):
    return MASS * -math.expm1(-dv / EXHAUST)


NOTES = {
    "ascent": {"propellant_left_kg": 870.0},
    "phasing": {
        "propellant_kg": burnt(SPENT),
        "delta_v_m_s": SPENT,
        "floor_m_s": LEAST,
        "delta_v_over_floor": SPENT / LEAST,
        "starts_m_s": [61.5, 61.6, "no plan"],
        "best_start_m_s": 61.5,
        "worst_start_m_s": 61.6,
    },
    "homing": {"propellant_kg": 40.0},
    "transfer": {"propellant_kg": 15.0},
    "docking": {"propellant_kg": 27.5},
    "departure": {"propellant_kg": 9.0},
}


def flown():
    flight, scenario, world = made_flight("docking")
    legs = tuple(replace(leg, notes=NOTES.get(leg.phase, leg.notes)) for leg in flight.legs)
    return replace(flight, legs=legs), scenario, world


def test_the_floor_is_that_of_the_rocket_equation():
    costs = bill(NOTES.items())
    assert costs["floor_kg"] == pytest.approx(burnt(LEAST), rel=2e-4)  # half of 0.8 / 2850
    assert costs["total_kg"] == pytest.approx(burnt(SPENT) + 82.5)  # neither the ascent's nor the departure's
    assert costs["total_over_floor"] == pytest.approx((burnt(SPENT) + 82.5) / burnt(LEAST), rel=2e-4)
    assert costs["worst_start_over_best_m_s"] == pytest.approx(0.1)
    assert bill((name, notes) for name, notes in NOTES.items() if name != "phasing") is None


def test_a_flight_tells_its_bill():
    flight, scenario, world = flown()
    (line,) = [line for line in flight_lines(flight) if line.startswith("rendezvous")]
    total, floor = burnt(SPENT) + 82.5, burnt(LEAST)
    assert f"{total:.0f} kg, {total / floor:.2f} of the {floor:.0f} kg" in line and "1.013 of its floor" in line
    costs = json.loads(json.dumps(flight_dict(flight, Path("out"), 1.0)))["rendezvous"]
    assert costs["propellant_kg"]["docking"] == 27.5 and costs["starts_m_s"] == [61.5, 61.6, "no plan"]
    page = sections.summary(collect(flight, scenario.raw, world, as_record(flight, scenario.raw)))
    assert line.removeprefix("rendezvous ") in page
    assert not [line for line in flight_lines(made_flight("ascent")[0]) if line.startswith("rendezvous")]
