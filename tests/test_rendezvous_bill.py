"""What a rendezvous took against its floor: by the rocket equation, in the terminal, in --json and in the report."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from made_flight import made_flight

from sim.export.collected import collect
from sim.export.record import as_record
from sim.output.summary import flight_dict, flight_lines
from sim.rendezvous.budget import propellant_budget
from sim.report import sections

MASS, EXHAUST = 8000.0, 2850.0  # kg at insertion, m/s
SPENT, LEAST = 61.6, 60.8  # m/s: of phasing, and of its floor


def burnt(dv):
    return MASS * -math.expm1(-dv / EXHAUST)


STARTS = {"starts_m_s": (61.5, 61.6, "no plan"), "best_start_m_s": 61.5, "worst_start_m_s": 61.6}
PHASING = {"delta_v_m_s": SPENT, "floor_m_s": LEAST, "delta_v_over_floor": SPENT / LEAST, **STARTS}
TAKEN = {"phasing": burnt(SPENT), "homing": 40.0, "transfer": 15.0, "fly_around": 0.0, "docking": 27.5}


def with_figures(leg):
    """The leg with the propellant of TAKEN, and phasing's with its figures; any other as it is."""
    if leg.phase not in TAKEN:
        return leg
    more = PHASING if leg.phase == "phasing" else {}
    figures = replace(leg.record.figures, propellant_kg=TAKEN[leg.phase], **more)
    return replace(leg, record=replace(leg.record, figures=figures))


def flown():
    flight, scenario, world = made_flight("departure")
    return replace(flight, legs=tuple(with_figures(leg) for leg in flight.legs)), scenario, world


def bill_of(flight, without=""):
    return propellant_budget((leg.phase, leg.record) for leg in flight.legs if leg.phase != without)


def test_the_floor_is_that_of_the_rocket_equation():
    flight, _, _ = flown()
    costs = bill_of(flight)
    assert costs["floor_kg"] == pytest.approx(burnt(LEAST), rel=2e-4)  # half of 0.8 / 2850
    assert costs["total_kg"] == pytest.approx(burnt(SPENT) + 82.5)  # neither the ascent's nor the departure's
    assert costs["total_over_floor"] == pytest.approx((burnt(SPENT) + 82.5) / burnt(LEAST), rel=2e-4)
    assert costs["worst_start_over_best_m_s"] == pytest.approx(0.1)
    assert bill_of(flight, without="phasing") is None
    again = replace(flight, legs=(*flight.legs, *made_flight("docking")[0].legs[3:]))  # with other figures
    assert bill_of(again) == costs  # of a phase that is flown again the first counts


def test_a_flight_reports_its_delta_v_and_propellant():
    flight, scenario, world = flown()
    (line,) = [line for line in flight_lines(flight) if line.startswith("rendezvous")]
    total, floor = burnt(SPENT) + 82.5, burnt(LEAST)
    assert f"{total:.0f} kg of propellant, {total / floor:.2f} times the {floor:.0f} kg that" in line
    assert "phasing 1.013 times its minimum" in line
    costs = json.loads(json.dumps(flight_dict(flight, Path("out"), 1.0)))["rendezvous"]
    assert costs["propellant_kg"]["docking"] == 27.5 and costs["starts_m_s"] == [61.5, 61.6, "no plan"]
    page = sections.summary(collect(flight, scenario.raw, world, as_record(flight, scenario.raw)))
    assert line.removeprefix("rendezvous ") in page
    assert not [line for line in flight_lines(made_flight("ascent")[0]) if line.startswith("rendezvous")]
