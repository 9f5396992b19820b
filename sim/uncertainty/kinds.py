"""What a campaign needs of the phases that it disperses, known by what they have: no phase is imported here."""

from __future__ import annotations

from dataclasses import Field
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np

from sim.ascent.steering import AscentTarget
from sim.core.scene import Scene
from sim.core.vehicle import LaunchVehicle, Ship, Station
from sim.docking.approach import CloseRange
from sim.environment.world import World
from sim.mission import Phase
from sim.reentry.deorbit_targeting import DeorbitPlan, DeorbitPlanner


@runtime_checkable
class LaunchPhase(Phase, Protocol):
    """The ascent; `planned` gives it with its target and steering, which are then flown as they are."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def launcher(self) -> LaunchVehicle: ...

    @property
    def ship_name(self) -> str: ...

    @property
    def aim(self) -> AscentTarget | None: ...

    @property
    def model(self) -> LaunchVehicle | None: ...

    def planned(self, scene: Scene, world: World) -> LaunchPhase: ...


@runtime_checkable
class WaitingPhase(Phase, Protocol):
    """The wait for the launch; `planned` gives it with its day chosen."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def planned(self, scene: Scene, world: World) -> WaitingPhase: ...

    @property
    def trim_before(self) -> float: ...


@runtime_checkable
class SearchingPhase(Phase, Protocol):
    """The phasing; `planned` gives it with the burns with which its search begins."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def guess(self) -> np.ndarray | None: ...

    def planned(self, scene: Scene, world: World) -> SearchingPhase: ...


@runtime_checkable
class CloseRangePhase(Phase, Protocol):
    """A phase in closed loop near the station."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def approach(self) -> CloseRange: ...


@runtime_checkable
class InboundPhase(CloseRangePhase, Protocol):
    """The approach along the port's axis: `stops` m from port to ring, `holds` s at each."""

    @property
    def stops(self) -> tuple[float, ...]: ...

    @property
    def holds(self) -> tuple[float, ...]: ...


@runtime_checkable
class LeavingPhase(Phase, Protocol):
    """The undocking: off a port of `station`, with holds at `hold_ranges` m."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def station(self) -> Station: ...

    @property
    def hold_ranges(self) -> tuple[float, ...]: ...


@runtime_checkable
class CapsulePhase(Phase, Protocol):
    """The entry: factors of the capsule's `lift` and `drag` over those that its guidance predicts with."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def ship_name(self) -> str: ...

    @property
    def ship(self) -> Ship: ...

    @property
    def lift(self) -> float: ...

    @property
    def drag(self) -> float: ...


@runtime_checkable
class CanopyPhase(Phase, Protocol):
    """The descent: factors of the canopies' `drag` and of the thrust of the retro rockets."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def drag(self) -> float: ...

    @property
    def retro(self) -> float: ...


@runtime_checkable
class BriefPhase(Phase, Protocol):
    """A phase that can be flown without the histories of which a campaign keeps nothing."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def brief(self) -> bool: ...


@runtime_checkable
class DeorbitPhase(Phase, Protocol):
    """The deorbit: its `planner`, and the plan as the `guess` with which its search begins."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def ship_name(self) -> str: ...

    @property
    def planner(self) -> DeorbitPlanner: ...

    @property
    def guess(self) -> DeorbitPlan | None: ...
