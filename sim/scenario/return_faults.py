"""Faults of a return, as a mission file lists them in [[faults]]."""

from __future__ import annotations

from typing import Annotated, Literal

from sim.scenario.kinds import Table, within

ReturnFaultKind = Literal[
    "engine-out",
    "late-ignition",
    "wrong-attitude",
    "guidance-lost",
    "jet-stream",
    "main-chute-fails",
    "retro-fails",
    "modules-stay",
    "site-closed",
]
# Kind of a fault -> the keys that say how much.
RETURN_FAULT_OF: dict[str, tuple[str, ...]] = {
    "engine-out": ("after_s",),
    "late-ignition": ("late_s",),
    "wrong-attitude": ("off_deg",),
    "jet-stream": ("speed_m_s", "toward_deg"),
}
# Kind of a fault -> the phases in which it shows.
PHASES_OF: dict[str, tuple[str, ...]] = {
    "engine-out": ("deorbit",),
    "late-ignition": ("deorbit",),
    "wrong-attitude": ("deorbit",),
    "guidance-lost": ("entry",),
    "jet-stream": ("entry", "descent"),
    "main-chute-fails": ("descent",),
    "retro-fails": ("descent",),
    "modules-stay": ("deorbit",),
    "site-closed": ("deorbit",),
}
AMOUNTS = tuple(dict.fromkeys(key for keys in RETURN_FAULT_OF.values() for key in keys))


class ReturnFaultBlock(Table):
    """Something that breaks between the undocking and the touchdown.

    One of the two deorbit engines stops `after_s` after ignition; the ignition comes `late_s` late; the thrust points
    `off_deg` upward of where it should; the guidance of the entry is lost; a jet stream of `speed_m_s` that no
    forecast has blows `toward_deg`, clockwise from north; the main parachute fails; the retro rockets fail; the service
    module does not separate; the landing site closes after the undocking.
    """

    kind: ReturnFaultKind
    after_s: Annotated[float, within(0, 600)] | None = None
    late_s: Annotated[float, within(0, 3600)] | None = None
    off_deg: Annotated[float, within(-180, 180)] | None = None
    speed_m_s: Annotated[float, within(0, 150)] | None = None
    toward_deg: Annotated[float, within(0, 360)] | None = None
