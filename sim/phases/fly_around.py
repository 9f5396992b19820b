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
from sim.core.station_stack import known_stack
from sim.docking.approach import CloseRange
from sim.docking.history import events, failure_reason, history
from sim.docking.route import Route
from sim.docking.run import end_of, fly_around_path, fly_path
from sim.environment.world import CALM, World
from sim.proximity_safety.zones import ASSUMED


@dataclass(frozen=True)
class FlyAround:
    """The arcs of a route: their times as planned, their ends by what is known to be docked when they are flown."""

    approach: CloseRange
    route: Route
    name: str = "fly_around"
    share: float = 0.05

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        return (DRAG_AREA, CALM, *self.approach.simplified(scene), ASSUMED)

    def fly(self, scene: Scene, world: World) -> Leg:
        approach = self.approach
        name, craft = approach.station.name, approach.ship_name
        route, known = self.route, known_stack(approach.station, scene)
        points = route.points(known.ports, approach.port_name, approach.ship)
        path = fly_around_path(approach, points, route.times, route.waits)
        flown = fly_path(approach, path, scene, world, self.name)
        happened = events(flown, approach)
        loop, arcs = (
            vars(history(flown, approach, scene.propellant[craft])),
            FlyAroundArcs(points, np.array(route.times), np.array(route.waits)),
        )
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
