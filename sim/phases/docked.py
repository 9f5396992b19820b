"""Docked flight as one stack: hatch, handover, and the wait for the day's landing opportunity."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sim.core.docking_record import DockedFigures, DockedRecord
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.ground_site import Site
from sim.core.scene import DRAG_AREA, POINT, Scene
from sim.core.simplification import Simplification
from sim.core.trajectory import joined
from sim.environment.world import CALM, KnownWorld, World
from sim.orbit.ground_tracking import NOTHING_TO_FIND, GroundTracking
from sim.orbit.propagate import end_state, fly
from sim.orbit.site_passes import Landing, landings

NO_REBOOST = Simplification(
    "docked.no_reboost", "The station is not raised while the ships are docked, however long that is.", "stay"
)
HOUR, DAY = 3600.0, 86400.0
PLANNING_STEP = 300.0  # s: ends 5 cm from where 60 s do


@dataclass(frozen=True)
class Docked:
    """`hatch` s after docking, None where none opens; `handover` s after the hatch opens, or after the start; the
    undocking is `lead` s before the site is overflown."""

    station: str
    ship_down: str
    hatch: float | None
    handover: float
    lead: float
    site: Site
    people_limit: int
    ground: GroundTracking = NOTHING_TO_FIND
    name: str = "docked"
    share: float = 0.4

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        found = *self.ground.simplified_fixes(), *self.ground.simplified_forecast(world)
        return (POINT, DRAG_AREA, CALM, *found, *scene.known_models(self.station), NO_REBOOST)

    def fly(self, scene: Scene, world: World) -> Leg:
        t0 = scene.t
        hatch_t = t0 + (self.hatch or 0.0)
        handover_t = hatch_t + self.handover
        state = scene.flying[self.station]
        stay = fly(state, t0, handover_t, world)
        known = replace(self.ground.forecast(world, handover_t, self.name, 0), step=PLANNING_STEP)
        fix = self.ground.fix(end_state(state, stay), scene.model_error(self.station), self.name, 0)
        ahead = fly(fix, handover_t, handover_t + 2.5 * DAY, known)
        landing = self._choose(landings(ahead, self.site, known, handover_t + HOUR, ahead.end), handover_t, known)
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
            ports=", ".join(f"{port}: {ship}" for ship, port in sorted(scene.docked.items())),
        )
        verdicts = (
            RuleCheck("people aboard", self.name, float(people), "<=", float(self.people_limit), "people", hatch_t),
        )
        return Leg(self.name, t0, after, {self.station: path}, events, verdicts, record=DockedRecord(figures))

    def _choose(self, found: list[Landing], earliest: float, world: KnownWorld) -> Landing:
        """The first day's pass with the smallest cross-track, of those late enough after the handover."""
        feasible = [x for x in found if x.overflight - self.lead >= earliest]
        if not feasible:
            raise Failure(
                f"no landing opportunity at {self.site.name} within two days of {world.zero.plus(earliest)}: "
                f"{len(found)} passes, none within reach"
            )
        first_day = [x for x in feasible if x.overflight <= feasible[0].overflight + DAY]
        return min(first_day, key=lambda x: abs(x.cross_track))
