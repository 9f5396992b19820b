"""The file of a robotic arm: its joints, its end effector, what it may move and how fast, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from sim.scenario.kinds import Craft, File, Pair, Table, Triple, Words, length, within
from sim.scenario.sources import SOURCES
from sim.scenario.view import Finding, View

ARRANGEMENT = "zxzzzxz"  # the axis of each joint; sim/docking/arm/inverse.py needs it so
Metres = Triple[Annotated[float, within(-50, 50)]]
Direction = Triple[Annotated[float, within(-1, 1)]]


class ArmJoint(Table):
    """`origin_m`: from the joint before, in the frame that turns with that one; `axis` in its own frame."""

    name: Words
    origin_m: Metres
    axis: Direction
    limit_deg: Pair[Annotated[float, within(-720, 720)]]
    rate_deg_s: Annotated[float, within(0.001, 90)]
    acceleration_deg_s2: Annotated[float, within(0.0001, 90)]
    stowed_deg: Annotated[float, within(-720, 720)] = 0.0


class EndEffector(Table):
    """`tip_m`: from the last joint to where it grips, `approach`: along which it does, both in the last joint's frame;
    the limits of what it takes, of the fixture against it; `close_s` until its snares hold."""

    tip_m: Metres
    approach: Direction
    offset_m: Annotated[float, within(0.001, 1)]
    angle_deg: Annotated[float, within(0.1, 45)]
    speed_m_s: Annotated[float, within(0.001, 1)]
    rate_deg_s: Annotated[float, within(0.001, 10)]
    close_s: Annotated[float, within(0, 600)]


class ArmPayload(Table):
    """`mass_kg` at most; how fast the end effector moves and turns with it."""

    mass_kg: Annotated[float, within(1, 2e5)]
    tip_speed_m_s: Annotated[float, within(0.001, 1)]
    tip_rate_deg_s: Annotated[float, within(0.001, 10)]


class ArmBase(Table):
    """Where the arm stands: its first joint's foot and the z and x axes of its base, in the frame of a station's file;
    its booms lie to the side of minus z."""

    position_m: Metres
    z: Direction
    x: Direction


class ArmFile(File):
    kind: Literal["arm"]
    note: Words = ""
    mass_kg: Annotated[float, within(1, 1e4)]
    joints: Annotated[tuple[ArmJoint, ...], length(7, 7)]
    end_effector: EndEffector
    payload: ArmPayload
    bases: Annotated[dict[Craft, ArmBase], length(1, 20)]


def arm(view: View) -> Iterator[Finding]:
    """The arrangement that the inverse kinematics need, limits in order, and base axes that are a frame."""
    for i in range(min(view.length("joints"), len(ARRANGEMENT))):
        axis, limit = view("joints", i, "axis"), view("joints", i, "limit_deg")
        letter = ARRANGEMENT[i]
        along = (1.0, 0.0, 0.0) if letter == "x" else (0.0, 0.0, 1.0)
        if axis and [abs(a) for a in axis] != list(along):
            allowed = f"{list(along)} or its reverse: joints 1 to 7 turn about {', '.join(ARRANGEMENT)}"
            yield Finding(("joints", i, "axis"), f"{list(axis)}", allowed)
        if limit and not limit[0] < limit[1]:
            yield Finding(("joints", i, "limit_deg"), f"{limit[0]:g} to {limit[1]:g}", "a lower and a higher angle")
        stowed = view("joints", i, "stowed_deg")
        if limit and stowed is not None and limit[0] < limit[1] and not limit[0] <= stowed <= limit[1]:
            allowed = f"{limit[0]:g} to {limit[1]:g}, its limit_deg"
            yield Finding(("joints", i, "stowed_deg"), f"{stowed:g}", allowed)
    last = view("joints", 6, "origin_m")
    if last and last[1] != 0.0:
        allowed = "0 for y: joint 7 has to cross the axis of joint 6"
        yield Finding(("joints", 6, "origin_m", 1), f"{last[1]:g}", allowed)
    for name in view.keys("bases"):
        z, x = view("bases", name, "z"), view("bases", name, "x")
        for key, axis in (("z", z), ("x", x)):
            if axis and not any(axis):
                yield Finding(("bases", name, key), "a vector of length 0", "a direction; its length does not matter")
        if z and x and any(z) and any(x) and abs(sum(a * b for a, b in zip(z, x, strict=True))) > 1e-9:
            yield Finding(("bases", name, "x"), f"{list(x)}", f"a direction across z, {list(z)}")
    approach = view("end_effector", "approach")
    if approach and [abs(a) for a in approach] != [0.0, 0.0, 1.0]:
        allowed = "[0.0, 0.0, 1.0] or [0.0, 0.0, -1.0]: along the axis of joint 7"
        yield Finding(("end_effector", "approach"), f"{list(approach)}", allowed)


RULES = (*SOURCES, arm)
