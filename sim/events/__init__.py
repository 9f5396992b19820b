"""When things happen along a trajectory: zeros of smooth functions of the dense output, each found once, to 1e-6 s.

    path = fly(state, 0.0, 86400.0, world)
    for crossing in eclipses(path, world):
        print(crossing.t, crossing.kind, crossing.values)

Every finder takes trajectories and returns a list of `Crossing`, in order of time; `sim/events/search.py` says what
becomes of the doubtful cases (grazing, ends, jumps).
"""

from sim.events.crossing import Crossing, united
from sim.events.ground import in_view, look, look_at_sun, passes
from sim.events.light import eclipses
from sim.events.orbit import altitudes, apsides, nodes, thresholds
from sim.events.pairs import approaches, ranges
from sim.events.radiation import anomaly_passages

__all__ = [
    "Crossing",
    "altitudes",
    "anomaly_passages",
    "approaches",
    "apsides",
    "eclipses",
    "in_view",
    "look",
    "look_at_sun",
    "nodes",
    "passes",
    "ranges",
    "thresholds",
    "united",
]
