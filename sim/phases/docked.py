"""Docked flight as one stack: hatch, handover, and the wait for the landing opportunity that the rules allow."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sim.core.docking_record import DockedFigures, DockedRecord
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.ground_site import Site
from sim.core.scene import DRAG_AREA, POINT, Scene
from sim.core.simplification import Simplification
from sim.core.trajectory import Trajectory, joined
from sim.environment.world import CALM, KnownWorld, World
from sim.orbit.ground_tracking import NOTHING_TO_FIND, GroundTracking
from sim.orbit.propagate import end_state, fly
from sim.orbit.site_passes import landings
from sim.orbit.tracking import SIMPLE_LINKS, Links
from sim.reentry.landing_opportunities import LandingLimits, LandingOpportunity, chosen, judged, view

NO_REBOOST = Simplification(
    "docked.no_reboost", "The station is not raised while the ships are docked, however long that is.", "stay"
)
HOUR, DAY = 3600.0, 86400.0
PLANNING_STEP = 300.0  # s: ends 5 cm from where 60 s do


@dataclass(frozen=True)
class Docked:
    """`hatch` s after docking, None where none opens; `handover` s after the hatch opens, or after the start; the
    undocking is `lead` s before the site is overflown. `limits` of the landing rules; `links` that they ask for, with
    the sine of a relay's elevation from which it is in sight at the site."""

    station: str
    ship_down: str
    hatch: float | None
    handover: float
    lead: float
    site: Site
    people_limit: int
    limits: LandingLimits
    links: Links
    relay_sine: float
    ground: GroundTracking = NOTHING_TO_FIND
    name: str = "docked"
    share: float = 0.4

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        found = *self.ground.simplified_fixes(), *self.ground.simplified_forecast(world)
        return (POINT, DRAG_AREA, CALM, *found, *scene.known_models(self.station), NO_REBOOST, SIMPLE_LINKS)

    def fly(self, scene: Scene, world: World) -> Leg:
        t0 = scene.t
        hatch_t = t0 + (self.hatch or 0.0)
        handover_t = hatch_t + self.handover
        state = scene.flying[self.station]
        stay = fly(state, t0, handover_t, world)
        known = replace(self.ground.forecast(world, handover_t, self.name, 0), step=PLANNING_STEP)
        fix = self.ground.fix(end_state(state, stay), scene.model_error(self.station), self.name, 0)
        ahead = fly(fix, handover_t, handover_t + (2.5 + len(self.limits.closed)) * DAY, known)
        found = self._judged(ahead, handover_t, known)
        best = self._choose(found, handover_t, known)
        landing = best.landing
        undock_t = landing.overflight - self.lead
        path = joined([stay, fly(end_state(state, stay), handover_t, undock_t, world)])
        crew = tuple(
            replace(seat, aboard=self.ship_down if seat.ship_down == self.ship_down else self.station)
            for seat in scene.crew
        )
        after = scene.with_(crew=crew).moved(undock_t, {self.station: end_state(state, path)})
        people = sum(1 for seat in crew if seat.aboard in (self.station, self.ship_down))
        events = (
            ()
            if self.hatch is None
            else (
                Event("hatch_open", hatch_t, self.station, {"people_aboard": people}),
                Event(
                    "handover_complete",
                    handover_t,
                    self.station,
                    {"people_aboard": people, "handover_days": self.handover / DAY},
                ),
            )
        )
        figures = DockedFigures(
            docked_days=(undock_t - t0) / DAY,
            people_aboard=people,
            stack_mass_kg=state.mass,
            landing_opportunity_utc=world.zero.plus(landing.overflight).utc(0),
            landing_cross_track_km=landing.cross_track / 1000.0,
            landing_open=sum(x.open for x in found),
            landing_refused=_refused(found, best, world),
            ports=", ".join(f"{port}: {ship}" for ship, port in sorted(scene.docked.items())),
        )
        verdicts = (
            RuleCheck("people aboard", self.name, float(people), "<=", float(self.people_limit), "people", hatch_t),
        )
        return Leg(self.name, t0, after, {self.station: path}, events, verdicts, record=DockedRecord(figures))

    def _judged(self, ahead: Trajectory, ready: float, known: KnownWorld) -> tuple[LandingOpportunity, ...]:
        """Every pass beside the site on the path as it is known, judged by the landing rules."""
        passes = landings(ahead, self.site, known, ready + HOUR, ahead.end)
        seen = view(ahead, self.site, known, self.links, self.limits, self.relay_sine)
        return judged(seen, passes, self.lead, ready)

    def _choose(self, found: tuple[LandingOpportunity, ...], earliest: float, world: KnownWorld) -> LandingOpportunity:
        """The open one with the least cross-range of the first day that has any, late enough after the handover."""
        best = chosen(found)
        if best is None:
            raise Failure(
                f"no landing opportunity at {self.site.name} within two days of {world.zero.plus(earliest)}: "
                f"{_refused(found, None, world) or 'no pass beside it'}"
            )
        return best


def _refused(found: tuple[LandingOpportunity, ...], best: LandingOpportunity | None, world: World) -> str:
    """The touchdowns that were refused before the chosen one, each with the rules that it breaks."""
    before = [x for x in found if not x.open and (best is None or x.landing.overflight < best.landing.overflight)]
    return "; ".join(f"{world.zero.plus(x.touchdown)}: {', '.join(x.refused_by)}" for x in before)
