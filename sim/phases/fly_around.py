"""Fly-around from the end of the transfer to the axis of the port, in closed loop and six degrees of freedom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kernels.docking import log
from kernels.docking.plan import ARRIVED
from sim.core.docking_record import FlyAroundArcs, FlyAroundFigures, FlyAroundRecord
from sim.core.flight import Failure, Leg, RuleCheck
from sim.core.scene import DRAG_AREA, Scene
from sim.core.simplification import Simplification
from sim.docking.approach import CloseRange
from sim.docking.history import events, failure_reason, history
from sim.docking.run import end_of, fly_around_path, fly_path
from sim.environment.world import CALM, World
from sim.proximity_safety.zones import ASSUMED


@dataclass(frozen=True)
class FlyAround:
    """`points` (k + 1, 3) LVLH m, the ends of the arcs for the ship's centre of mass, the first where it begins; times
    and waits (k,) s."""

    approach: CloseRange
    points: np.ndarray
    times: tuple[float, ...]
    waits: tuple[float, ...]
    name: str = "fly_around"
    share: float = 0.05

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        return (DRAG_AREA, CALM, *self.approach.simplified(scene), ASSUMED)

    def fly(self, scene: Scene, world: World) -> Leg:
        approach = self.approach
        name, craft = approach.station.name, approach.ship_name
        path = fly_around_path(approach, self.points, self.times, self.waits)
        flown = fly_path(approach, path, scene, world, self.name)
        happened = events(flown, approach)
        loop, arcs = vars(history(flown, approach, scene.propellant[craft])), self._arcs()
        if flown.status != ARRIVED:
            raise Failure(
                failure_reason(flown, approach), happened, record=FlyAroundRecord(**loop, figures=None, arcs=arcs)
            )
        station, ship = end_of(flown, scene.flying[name], scene.flying[craft])
        after = scene.with_(
            propellant={**scene.propellant, craft: scene.propellant[craft] - flown.used},
            attitudes={**scene.attitudes, craft: flown.state[6:13].copy()},
        ).moved(flown.t, {name: station, craft: ship})
        times = flown.log[:, log.TIME]
        position = flown.log[:, log.PLACE : log.PLACE + 3]
        distance = np.linalg.norm(position, axis=1)
        error = np.linalg.norm(flown.log[:, log.DEMAND : log.DEMAND + 3] - position, axis=1)
        nearest = int(np.argmin(distance))
        verdicts: tuple[RuleCheck, ...] = (
            RuleCheck(
                "keep-out sphere respected in fly around",
                self.name,
                float(distance[nearest]),
                ">=",
                approach.zones.keep_out,
                "m",
                float(times[nearest]),
            ),
        )
        figures = FlyAroundFigures(
            propellant_kg=flown.used,
            duration_s=flown.t - scene.t,
            nearest_m=float(distance[nearest]),
            most_off_the_arc_m=float(error.max()),
            off_at_end_m=float(error[-1]),
        )
        paths, record = {craft: flown.ship, name: flown.station}, FlyAroundRecord(**loop, figures=figures, arcs=arcs)
        return Leg(self.name, scene.t, after, paths, happened, verdicts, record=record)

    def _arcs(self) -> FlyAroundArcs:
        return FlyAroundArcs(self.points, np.array(self.times), np.array(self.waits))
