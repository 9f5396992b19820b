"""Touches, ways and skies that break a rule of the close range, made rather than flown: quick, and of known size."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from scipy.spatial.transform import Rotation

from kernels.craft.attitude import from_matrix
from kernels.docking.contact import PAIR
from kernels.relative.hill import hcw_stm
from sim.core.flight import RuleCheck
from sim.core.histories import RelativeHistory
from sim.core.scene import Scene, State
from sim.core.station_stack import Stack, released, true_stack
from sim.core.vehicle import Mechanism
from sim.docking.contact import capture, docking_frame, push_verdict, ship_side, station_side, undock
from sim.environment.world import World
from sim.orbit.propagate import fly
from sim.phases.docking import Docking
from sim.phases.undocking import Undocking
from sim.proximity_safety.conditions.judge import judge_contact
from sim.proximity_safety.judge import judge_closing
from sim.rendezvous.relative import relative_columns

STATION_MASS = 9.7e4  # kg
ORBIT = 1.13e-3  # rad/s
RULES = ("camera_sun", "port_light", "sunlight", "links", "home_pass", "crew_day", "beta")


def touch(
    docking: Docking,
    closing: float = 0.13,
    aside: float = 0.0,
    across: float = 0.0,
    turned_deg: tuple[float, float, float] = (0.0, 0.0, 0.0),
    turning_deg_s: float = 0.0,
    **mechanism,
) -> Iterable[RuleCheck]:
    """A contact at the port of a docking: closing m/s, `aside` m off the axis, `across` m/s; roll, pitch, yaw.
    `mechanism`: what of it is other than it should be."""
    approach = docking.approach
    port, ship = approach.port, approach.ship
    box: Mechanism = replace(ship.docking, **mechanism)
    frame, y = docking_frame(port), np.zeros(PAIR)
    pose = Rotation.from_euler("xyz", turned_deg, degrees=True).as_matrix().T @ frame
    y[0:3] = port.position + aside * frame[1] - box.reach * pose[0]
    y[3:6] = closing * frame[0] + across * frame[1]
    from_matrix(np.ascontiguousarray(pose), y[6:10])
    y[10:13] = pose @ frame.T @ np.array([math.radians(turning_deg_s), 0.0, 0.0])
    y[22] = 1.0
    stack = Stack(STATION_MASS, np.zeros(3), approach.station.inertia, approach.station.ports)
    sides = ship_side(ship, 7900.0, box.reach), station_side(port, stack)
    return capture(y, 0.0, *sides, box, "docking", brief=True).verdicts


def springs(docking: Docking, stiffness: float, damping: float):
    """The springs of the ring, stiffer and more damped by factors."""
    own = docking.approach.ship.docking.springs
    return own._replace(stiffness=own.stiffness * stiffness, damping=own.damping * damping)


def drifting(docking: Docking, gap: float, speed: tuple[float, float, float], seconds: float) -> Iterable[RuleCheck]:
    """A ring `gap` m out on the axis of the port that drifts in with a speed along the axis, across it and down."""
    approach = docking.approach
    port, ship = approach.port, approach.ship
    axes = docking_frame(port)
    start = np.concatenate([port.position + (gap + ship.docking.reach) * port.axis, speed @ axes])
    times, phi = np.arange(0.0, seconds, 2.0), np.empty((6, 6))
    states = np.empty((len(times), 6))
    for i, t in enumerate(times):
        hcw_stm(ORBIT, float(t), phi)
        states[i] = phi @ start
    near: RelativeHistory = relative_columns(
        times, states[:, :3] - port.position - ship.docking.reach * port.axis, states[:, 3:]
    )
    return judge_closing(near, port, ship.docking.reach, ship.docking, approach.zones, "docking")


def skies(docking: Docking, station: State, t: float, world: World, hours: float, relays: bool) -> Iterable[RuleCheck]:
    """The docking rules, all of them asked for, every half an hour: of each the one that is worst."""
    assert docking.conditions is not None
    rules = docking.conditions.rules
    hard = {name: getattr(rules, name).model_copy(update={"hard": True}) for name in RULES}
    conditions = replace(docking.conditions, rules=rules.model_copy(update=hard))
    if not relays:
        conditions = replace(conditions, seen_by=replace(conditions.seen_by, relays=np.empty((0, 3))))
    path = fly(station, t, t + 3600.0 * hours, world)
    last, worst = 1200.0, {}
    for contact in np.arange(path.start + 7200.0, path.end - 3600.0, 1800.0):
        around = path.until(float(contact) + conditions.after)
        for v in judge_contact(conditions, around, docking.approach.port.axis, float(contact), last, world, "docking"):
            if v.rule not in worst or v.margin < worst[v.rule].margin:
                worst[v.rule] = v
    return worst.values()


def facing_the_sun(station: State, t: float, world: World, beta_deg: float) -> State:
    """A station on the plane over which the Sun stands so high."""
    sun = world.sun(t) / np.linalg.norm(world.sun(t))
    normal = np.cross(station.r, station.v)
    normal /= np.linalg.norm(normal)
    axis = np.cross(sun, normal)
    axis /= np.linalg.norm(axis)
    wanted = math.radians(90.0 - beta_deg) - math.acos(float(sun @ normal))
    turn = Rotation.from_rotvec(wanted * axis).as_matrix()
    return State(turn @ station.r, turn @ station.v, station.mass, station.cda)


def pushed(undocking: Undocking, scene: Scene, aside: float) -> Iterable[RuleCheck]:
    """A push-off by pushers whose line passes the centre of mass so many times as far off; the camera would not see the
    port after it, so that nothing more is flown."""
    station, name, own = undocking.station, undocking.ship_name, undocking.ship.docking
    rest = true_stack(station, released(scene, station.name, name))
    ship = replace(undocking.ship, docking=replace(own, aside=aside * own.aside))
    push = undock(ship, scene.ships[name], rest, scene.docked[name], ORBIT, scene.t)
    return [push_verdict(push, own, "undocking", scene.t)]
