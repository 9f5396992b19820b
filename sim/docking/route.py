"""The route of a fly-around about the station: when its arcs are flown, and where they begin and end.

The times are those of a plan, by the places of the ports in the station's own frame. The points are about the station's
centre of mass, which moves by metres with what is docked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.core.vehicle import Port, Ship
from sim.rendezvous.relative import docked_position


@dataclass(frozen=True)
class Route:
    """To the far hold, `hold` m from a port to the ring, by arcs of `times` (k,) s with `waits` (k,) s after each.

    From `start`, the name of a port at the hold on whose axis it begins; else from `behind` m behind the station, first
    in line with it to the distance of the hold. `below`: by a point below the station, between what lies on opposite
    sides of it.
    """

    hold: float
    times: tuple[float, ...]
    waits: tuple[float, ...]
    start: str | None = None
    behind: float = 0.0
    below: bool = False

    def points(self, ports: Mapping[str, Port], port: str, ship: Ship) -> np.ndarray:
        """Ends of the arcs (k + 1, 3) LVLH m for the ship's centre of mass; `ports` from the station's centre of mass.

        As many as `times` needs: where nothing is left to fly around, straight from behind to the hold.
        """
        end = on_axis(ports[port], ship, self.hold)
        radius = float(np.linalg.norm(end))
        if self.start is not None:
            first = [on_axis(ports[self.start], ship, self.hold)]
        else:
            first = [np.array([-self.behind, 0.0, 0.0]), np.array([-radius, 0.0, 0.0])]
        middle = [np.array([0.0, 0.0, radius])] if self.below else []
        places = [*first, *middle, end]
        return np.array([*places[: len(self.times)], end])


def on_axis(port: Port, ship: Ship, gap: float) -> np.ndarray:
    """The ship's centre of mass with its docked ring `gap` m out on the axis of a port, from where the port's place is
    counted, (3,) m."""
    return docked_position(port, ship) + gap * port.axis
