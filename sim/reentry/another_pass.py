"""Another pass over a landing site, where the planned one is not to be: a later revolution or day, or another site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.core.flight import Failure
from sim.core.ground_site import Site
from sim.core.scene import KnownState
from sim.environment.world import KnownWorld
from sim.orbit.propagate import fly
from sim.orbit.site_passes import Landing, landings
from sim.reentry.deorbit_targeting import DeorbitPlanner

REACH = 140e3  # m of cross-range that an entry makes good without reversals (docs/physics.md 10.2)
SOONEST = 5400.0  # s from now to abeam of the site: to plan, to turn, to burn, and the half revolution down


@dataclass(frozen=True)
class AnotherPass:
    """`site`: where; `landing`: its pass; `planner`: set to it; `refused`: how many passes of the sites lay too far to
    the side before it, and `nearest` m: the least cross-track among these, inf for none."""

    site: Site
    landing: Landing
    planner: DeorbitPlanner
    refused: int
    nearest: float

    def words(self) -> dict[str, float]:
        """What was refused before it, for an event."""
        if not self.refused:
            return {}
        return {"passes_refused": self.refused, "least_cross_track_of_these_km": self.nearest / 1e3}


def another_pass(
    planner: DeorbitPlanner,
    state: KnownState,
    t: float,
    world: KnownWorld,
    sites: Sequence[Site],
    after: float,
    until: float,
) -> AnotherPass:
    """The earliest pass over one of the sites from `after` to `until` s whose cross-track an entry can make good; the
    planner set to it, for a plan from the state at `t` s. Failure where there is none."""
    path = fly(state, t, until, world)
    first = max(after, t + SOONEST)
    found = sorted(
        ((one, site) for site in sites for one in landings(path, site, world, first, until, within=1500e3)),
        key=lambda each: each[0].overflight,
    )
    aside: list[float] = []
    for landing, site in found:
        if abs(landing.cross_track) <= REACH:
            moved = replace(planner, site=site, landing_in=landing.overflight - t)
            return AnotherPass(site, landing, moved, len(aside), min(aside, default=float("inf")))
        aside.append(abs(landing.cross_track))
    names = " or ".join(site.name for site in sites)
    nearest = f"; the nearest is {min(aside) / 1e3:.0f} km to the side" if aside else ""
    raise Failure(
        f"no pass over {names} within {REACH / 1e3:.0f} km of cross-range between {world.zero.plus(first)} and "
        f"{world.zero.plus(until)}{nearest}"
    )
