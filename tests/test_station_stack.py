"""The station with what is docked to it: limits, symmetry, and the parallel-axis theorem against points of mass."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.docking.capture import hard_mate
from kernels.docking.contact import PAIR
from sim.build.vehicles import ship_of, station_of
from sim.core.docking_frame import axes_of_port
from sim.core.scene import ModelError, Scene, State
from sim.core.station_stack import KnownStack, Stack, known_stack, released, stack, true_stack
from sim.core.vehicle import Port, Station, Visitor
from sim.docking.contact import ship_side, station_side, undock
from sim.rendezvous.relative import joined, relative_state, split
from sim.scenario.load import load_named

SHIPS = {"shenzhou-1": "shenzhou", "shenzhou-2": "shenzhou", "tianzhou-1": "tianzhou"}
MODELS = {name: ship_of(load_named(vehicle, "ship")) for name, vehicle in SHIPS.items()}
TIANGONG = station_of("tiangong", load_named("tiangong", "station"), MODELS)
AT = {"shenzhou-1": "forward", "shenzhou-2": "nadir", "tianzhou-1": "aft"}
WEIGHS = {"shenzhou-1": 7902.0, "shenzhou-2": 7802.0, "tianzhou-1": 13000.0}
EXACT = dict(rel=1e-12, abs=1e-6)  # kg m2 and m: rounding of sums of 1e7


def of(*ships: str, station: Station = TIANGONG, **weighs: float) -> Stack:
    """The stack with these ships at their ports."""
    masses = {ship: weighs.get(ship, WEIGHS[ship]) for ship in ships}
    return stack(station, station.modules + sum(masses.values()), {ship: AT[ship] for ship in ships}, masses)


def scene(*ships: str) -> Scene:
    r, v = np.array([6.76e6, 0.0, 0.0]), np.array([0.0, 5.0e3, 5.8e3])
    mass = TIANGONG.modules + sum(WEIGHS[ship] for ship in ships)
    return Scene(
        t=0.0,
        flying={"tiangong": State(r, v, mass, 700.0)},
        docked={ship: AT[ship] for ship in ships},
        ships={ship: WEIGHS[ship] for ship in ships},
        propellant={},
        crew=(),
    )


# ---- limits


def test_alone_it_is_as_its_file_has_it():
    alone = of()
    assert alone.mass == TIANGONG.modules and not alone.centre.any()
    assert np.array_equal(alone.inertia, TIANGONG.inertia)
    assert all(np.array_equal(alone.ports[k].position, port.position) for k, port in TIANGONG.ports.items())


def test_a_ship_that_weighs_nothing_changes_nothing():
    light = Station(**{**vars(TIANGONG), "visitors": {"shenzhou-1": Visitor(4.9, np.zeros((3, 3)))}})
    alone, with_it = of(station=light), stack(light, light.modules, {"shenzhou-1": "nadir"}, {"shenzhou-1": 0.0})
    assert with_it.inertia == pytest.approx(alone.inertia) and not with_it.centre.any()


def test_equal_ships_at_opposite_ports_leave_the_centre_where_symmetry_has_it():
    ports = {"forward": Port(np.array([8.0, 0.0, 0.0]), np.array([1.0, 0.0, 0.0]))}
    ports["aft"] = Port(-ports["forward"].position, -ports["forward"].axis)
    model = MODELS["shenzhou-1"]
    visitor = Visitor(model.docking.ring, model.inertia)
    even = Station(**{**vars(TIANGONG), "ports": ports, "visitors": {"a": visitor, "b": visitor}})
    both = stack(even, even.modules + 16e3, {"a": "forward", "b": "aft"}, {"a": 8e3, "b": 8e3})
    assert both.centre == pytest.approx(np.zeros(3), abs=1e-12)
    moved = 2.0 * (8e3 * (8.0 + model.docking.ring) ** 2 + np.diag(model.inertia)[1:])
    assert np.diag(both.inertia)[1:] == pytest.approx(np.diag(even.inertia)[1:] + moved, **EXACT)
    assert both.inertia[0, 0] == pytest.approx(even.inertia[0, 0] + 2.0 * model.inertia[0, 0], **EXACT)


def test_a_ship_without_a_file_is_a_point_at_its_port():
    docked = stack(TIANGONG, TIANGONG.modules + 13e3, {"a ship": "aft"}, {"a ship": 13e3})
    assert docked.centre == pytest.approx(13e3 * TIANGONG.ports["aft"].position / docked.mass)
    d = TIANGONG.ports["aft"].position
    pair = 13e3 * TIANGONG.modules / docked.mass
    assert docked.inertia == pytest.approx(TIANGONG.inertia + pair * (d @ d * np.eye(3) - np.outer(d, d)), **EXACT)


def test_modules_that_weigh_more_than_their_file_are_spread_over_their_shape():
    heavy = stack(TIANGONG, 1.01 * TIANGONG.modules, {}, {})
    assert heavy.inertia == pytest.approx(1.01 * TIANGONG.inertia) and not heavy.centre.any()


# ---- sums


def points(mass: float, inertia: np.ndarray, centre: np.ndarray, axes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Six points that have a body's mass, centre and inertia, from its principal axes: masses (6,), places (6, 3).

    `axes`: rows, the body's axes. On axis i a pair at a distance s_i with m s_i^2 / 3 = (sum of moments) / 2 - I_i.
    """
    moments, principal = np.linalg.eigh(inertia)
    arms = np.sqrt(3.0 / mass * (0.5 * moments.sum() - moments))
    places = [
        centre + sign * arm * (axis @ axes) for arm, axis in zip(arms, principal.T, strict=True) for sign in (1, -1)
    ]
    return np.full(6, mass / 6.0), np.array(places)


@pytest.mark.parametrize("ships", [(), ("shenzhou-2",), ("shenzhou-1", "tianzhou-1"), tuple(AT)])
def test_mass_centre_and_inertia_are_those_of_points(ships):
    """Every body made of six points and all of them summed by the definition: no parallel-axis theorem."""
    bodies = [points(TIANGONG.modules, TIANGONG.inertia, np.zeros(3), np.eye(3))]
    for ship in ships:
        port, model = TIANGONG.ports[AT[ship]], MODELS[ship]
        place = port.position + model.docking.ring * port.axis
        bodies.append(points(WEIGHS[ship], model.inertia, place, axes_of_port(port.axis)))
    masses, places = (np.concatenate(part) for part in zip(*bodies, strict=True))
    centre = masses @ places / masses.sum()
    d = places - centre
    inertia = np.einsum("i,ij,ij->", masses, d, d) * np.eye(3) - np.einsum("i,ij,ik->jk", masses, d, d)
    docked = of(*ships)
    assert docked.mass == pytest.approx(masses.sum()) and docked.centre == pytest.approx(centre, abs=1e-12)
    assert docked.inertia == pytest.approx(inertia, **EXACT)


@pytest.mark.parametrize("ships", [(), ("shenzhou-1",), ("shenzhou-2", "tianzhou-1"), tuple(AT)])
def test_the_inertia_is_that_of_a_body(ships):
    inertia = of(*ships).inertia
    moments = np.linalg.eigvalsh(inertia)
    assert np.array_equal(inertia, inertia.T) and moments.min() > 0.0 and moments.max() <= moments[:2].sum()


def test_ports_keep_their_places_from_one_another():
    """What is docked moves all of them alike; the centre of mass moves toward it."""
    for ships in (("shenzhou-2",), tuple(AT)):
        docked = of(*ships)
        shifts = [docked.ports[k].position - port.position for k, port in TIANGONG.ports.items()]
        assert all(shift == pytest.approx(-docked.centre, abs=1e-12) for shift in shifts)
    below = of("shenzhou-2").centre
    assert below[2] > 0.0 and below[0] > 0.0 and below[1] == 0.0


def test_the_inertia_is_that_of_the_hard_mate():
    """Two ways to one body: the kernel joins station and ship as they stand, the stack has them at their port."""
    before, after, model = of("tianzhou-1"), of("tianzhou-1", "shenzhou-1"), MODELS["shenzhou-1"]
    port = before.ports["forward"]
    pair = np.zeros(PAIR)
    pair[0:3] = port.position + model.docking.ring * port.axis
    pair[6:10] = 0.0, 0.0, 1.0, 0.0  # half a turn about z: its nose to the port
    pair[22] = 1.0
    place, rate, inertia = np.empty(6), np.empty(3), np.empty((3, 3))
    sides = ship_side(model, WEIGHS["shenzhou-1"], model.docking.ring), station_side(port, before)
    hard_mate(pair, *sides, place, rate, inertia)
    assert inertia == pytest.approx(after.inertia, **EXACT)
    assert before.centre + place[:3] == pytest.approx(after.centre, abs=1e-12)


# ---- docking and undocking


def test_docking_keeps_momentum_and_the_port_where_it_is():
    """The station's state goes over to the common centre of mass, from which the ports lie elsewhere by as much."""
    alone, model, name = scene("tianzhou-1"), MODELS["shenzhou-1"], "tiangong"
    station, port = alone.flying[name], true_stack(TIANGONG, alone).ports["forward"]
    whole = State(station.r, station.v, station.mass + WEIGHS["shenzhou-1"], station.cda)
    rest, ship = split(whole, WEIGHS["shenzhou-1"], 44.0, port.position + model.docking.ring * port.axis, np.zeros(3))
    both = joined(rest, ship)
    assert both.mass * both.v == pytest.approx(rest.mass * rest.v + ship.mass * ship.v, rel=1e-15)
    mated = scene("tianzhou-1", "shenzhou-1")
    after = true_stack(TIANGONG, mated.moved(0.0, {name: both}))
    for k, there in after.ports.items():  # from either centre of mass
        apart = there.position - true_stack(TIANGONG, alone).ports[k].position
        assert apart == pytest.approx(
            relative_state(both, rest)[0], abs=1e-5
        )  # LVLH of one is turned against the other's


def test_undocking_undoes_it():
    """The ship leaves from its port of the station that stays behind, whose centre of mass is not the stack's."""
    mated, name, ship = scene("shenzhou-1", "tianzhou-1"), "tiangong", "shenzhou-1"
    left = released(mated, name, ship)
    assert set(left.docked) == {"tianzhou-1"} and left.flying[name].mass == TIANGONG.modules + WEIGHS["tianzhou-1"]
    alone = true_stack(TIANGONG, left)
    push = undock(MODELS[ship], WEIGHS[ship], alone, AT[ship], 1.13e-3, 0.0)
    whole = mated.flying[name]
    rest, free = split(whole, WEIGHS[ship], 44.0, push.position, push.velocity)
    for part in ("r", "v"):
        total = rest.mass * getattr(rest, part) + free.mass * getattr(free, part)
        assert total == pytest.approx(whole.mass * getattr(whole, part), rel=1e-14)
    # The origin of the station's own frame has not moved but by what the pushers did: half a second of millimetres.
    before = true_stack(TIANGONG, mated).centre
    moved = relative_state(whole, rest)[0] - (alone.centre - before)
    share = WEIGHS[ship] / whole.mass * MODELS[ship].docking.push_stroke
    assert np.linalg.norm(moved) == pytest.approx(share, rel=0.02)


# ---- what is known


def test_a_known_stack_weighs_what_is_known():
    true = scene("shenzhou-1", "tianzhou-1")
    station = true.flying["tiangong"]
    heavier = true.with_(
        flying={"tiangong": State(station.r, station.v, 1.01 * station.mass, station.cda)},
        model_errors={"tiangong": ModelError(1.01)},
    )
    known, exact = known_stack(TIANGONG, heavier), true_stack(TIANGONG, true)
    assert isinstance(known, KnownStack) and not isinstance(true_stack(TIANGONG, heavier), KnownStack)
    assert known.centre == pytest.approx(exact.centre) and known.inertia == pytest.approx(exact.inertia)
    # A hundredth of the mass more in the modules takes the centre of mass toward theirs, by centimetres.
    apart = true_stack(TIANGONG, heavier).centre - known.centre
    assert 0.005 < np.linalg.norm(apart) < 0.05
