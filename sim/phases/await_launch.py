"""The station flies on until lift-off: the day is chosen, the trim sets the phase, the plane sets the second.

The trim is planned from what tracking knows days ahead, and corrected by what it has shown since; the second of the
lift-off comes from the last fix. Only what judges looks at the true orbit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from sim.ascent.optimum import Aims, Ascents, best_offset
from sim.core.ascent_record import AwaitLaunchFigures, AwaitLaunchRecord, LaunchSearch
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.ground_site import Site
from sim.core.navigation_errors import EXACT, ExecutionErrors
from sim.core.scene import DRAG_AREA, POINT, KnownState, Scene, State
from sim.core.simplification import Simplification
from sim.core.trajectory import Trajectory, joined
from sim.core.vehicle import Engine
from sim.environment.world import CALM, KnownWorld, World
from sim.orbit import phasing_trim
from sim.orbit.ground_tracking import NOTHING_TO_FIND, GroundTracking
from sim.orbit.launch_day import GIVEN, OPTIMUM, after_plane, opportunities
from sim.orbit.mean_altitude import mean_altitude
from sim.orbit.plane_crossing import (
    NEAREST,
    Window,
    crossings,
    insertion_phase,
    nearest_crossing,
    out_of_plane,
    planes_over,
    window_at,
    wrapped,
)
from sim.orbit.propagate import NO_BURNS, end_state, fly

HOUR, DAY = 3600.0, 86400.0
PLANNING_STEP = 300.0  # s: ends 5 cm from where 60 s do
LAST_FIX = 6.0 * HOUR  # before lift-off, whose second comes from it
WORTH_A_BURN = math.radians(0.02)  # of phase: a smaller miss is not corrected


@dataclass(frozen=True)
class _Trim:
    """A burn of the station at `t` s: `dv` m/s forward as flown and as `commanded`, its `size` m/s, and the mass kg."""

    t: float
    dv: float
    commanded: float
    size: float
    mass: float


@dataclass(frozen=True)
class AwaitLaunch:
    """Times in s, angles in rad.

    window: first and last lift-off; or liftoff: the second itself. bias: lift-off after the mean in-plane instant,
    empirical; where it is None, `ascent` finds the second that leaves most propellant. phase: station ahead of ship at
    insertion that the rendezvous profile requires. after, downrange: nominal duration and arc of the ascent.
    trim_before: how long before lift-off the trim is; trim_limit: the largest, m/s; corrections: how long before it the
    burns are that correct the trim. day: the launch opportunity and the estimate of its trim, m/s, where they are
    chosen already.
    """

    station: str
    engine: Engine
    site: Site
    window: tuple[float, float] | None
    liftoff: float | None
    branch: str
    bias: float | None
    phase: float
    after: float
    downrange: float
    docking_after: float
    trim_before: float
    trim_limit: float
    phase_tolerance: float
    corrections: tuple[float, ...] = ()
    ground: GroundTracking = NOTHING_TO_FIND
    execution: ExecutionErrors = EXACT
    day: tuple[Window, float] | None = None
    ascent: Aims | None = None
    name: str = "await_launch"
    share: float = 1.5

    @property
    def span(self) -> tuple[float, float]:
        """First and last lift-off; twice the same where the second itself is given."""
        if self.window:
            return self.window
        assert self.liftoff is not None  # one of the two always is given
        return self.liftoff, self.liftoff

    @property
    def after_passage(self) -> float:
        """The bias, s; it is known when the phase is flown."""
        assert self.bias is not None
        return self.bias

    def simplified(self, scene: Scene, world: World) -> tuple[Simplification, ...]:
        second = GIVEN if self.liftoff else OPTIMUM if self.bias is None else after_plane(self.bias)
        found = *self.ground.simplified_fixes(), *self.ground.simplified_forecast(world)
        return (POINT, DRAG_AREA, CALM, *found, *scene.known_models(self.station), *self.execution.simplified(), second)

    def fly(self, scene: Scene, world: World) -> Leg:
        wait = self if self.bias is not None else self._with_bias(scene, world)
        windows, costs, chosen = wait._days(scene, world) if self.day is None else ([self.day[0]], [self.day[1]], 0)
        beyond, liftoff, trims = wait._flown(scene, windows[chosen], world)
        return wait._leg(scene, windows, costs, chosen, beyond, liftoff, trims, world)

    def planned(self, scene: Scene, world: World) -> AwaitLaunch:
        """The same with its day chosen: what differs from flight to flight then differs within it."""
        wait = self if self.bias is not None else self._with_bias(scene, world)
        windows, costs, chosen = wait._days(scene, world)
        return replace(wait, day=(windows[chosen], costs[chosen]))

    def _with_bias(self, scene: Scene, world: World) -> AwaitLaunch:
        """The same with the ascent's own optimum as its bias."""
        known, ahead = self._tracked(scene.flying[self.station], scene.t, 0, scene, world)
        free = fly(known, scene.t, self.span[1] + self.docking_after + DAY / 12.0, ahead)
        return replace(self, bias=self._least_propellant(known, free, ahead))

    def _days(self, scene: Scene, world: World) -> tuple[list[Window], list[float], int]:
        """The launch opportunities of the span with their trims, m/s, and which of them is taken."""
        known, ahead = self._tracked(scene.flying[self.station], scene.t, 0, scene, world)
        free = fly(known, scene.t, self.span[1] + self.docking_after + DAY / 12.0, ahead)
        windows = self._windows(free, ahead)
        costs = [self._trim_estimate(w, free) for w in windows]
        return windows, costs, self._choose(windows, costs, scene, ahead)

    def _tracked(self, state: State, t: float, index: int, scene: Scene, world: World) -> tuple[KnownState, KnownWorld]:
        """What tracking knows of the station and of its air at `t`."""
        found = self.ground.fix(state, scene.model_error(self.station), self.name, index)
        return found, replace(self.ground.forecast(world, t, self.name, index), step=PLANNING_STEP)

    def _flown(self, scene: Scene, window: Window, world: World) -> tuple[Trajectory, float, list[_Trim]]:
        """The trim and its corrections, each planned from a fix an hour before it and flown with its error; then the
        second of the lift-off from a last fix. The true path until after it, the lift-off s, and the burns."""
        state, t, burn = scene.flying[self.station], scene.t, NO_BURNS
        pieces, trims = list[Trajectory](), list[_Trim]()
        befores = (self.trim_before, *(x for x in self.corrections if x < self.trim_before - HOUR))
        for i, before in enumerate(befores):
            trim_t = window.liftoff - before
            pieces.append(fly(state, t, trim_t - phasing_trim.BEFORE_BURN, world, burn, self.engine))
            state, t, burn = end_state(state, pieces[-1]), pieces[-1].end, NO_BURNS
            known, ahead = self._tracked(state, t, i + 1, scene, world)
            dv = self._trim(known, t, trim_t, window, ahead, first=i == 0)
            if dv != 0.0:
                commanded = np.array([trim_t, dv, 0.0, 0.0])
                burn = self.execution.flown(commanded, self.ground.draws.stream(f"{self.name}.burns"), i)[None, :]
                size = float(np.linalg.norm(burn[0, 1:]))
                trims.append(_Trim(trim_t, float(burn[0, 1]), dv, size, state.mass))
        last_fix = max(t + 2.0 * phasing_trim.BEFORE_BURN, window.liftoff - LAST_FIX)
        pieces.append(fly(state, t, last_fix, world, burn, self.engine))
        state = end_state(state, pieces[-1])
        known, ahead = self._tracked(state, last_fix, len(befores) + 1, scene, world)
        liftoff = self._liftoff(fly(known, last_fix, window.liftoff + phasing_trim.AHEAD, ahead), window, ahead)
        pieces.append(fly(state, last_fix, liftoff + phasing_trim.AHEAD, world))
        return joined(pieces), liftoff, trims

    def _trim(
        self, known: KnownState, t: float, trim_t: float, window: Window, world: KnownWorld, first: bool
    ) -> float:
        """m/s forward, that bring the phase at the lift-off to the required one; 0 where a correction is not worth its
        burn."""
        free = fly(known, t, window.liftoff + phasing_trim.AHEAD, world)

        def phase_error(path: Trajectory) -> tuple[float, float]:
            liftoff = self._liftoff(path, window, world)
            phase = insertion_phase(liftoff, path, self.site, world, self.after, self.downrange)
            return wrapped(phase - self.phase), liftoff

        miss, liftoff = phase_error(free)
        if not first and abs(miss) < WORTH_A_BURN:
            return 0.0
        guess = phasing_trim.estimate(-miss, free, liftoff, liftoff - trim_t)
        until = window.liftoff + phasing_trim.AHEAD
        return phasing_trim.solve(known, free, trim_t, guess, miss, until, phase_error, world, self.engine)[2]

    def _liftoff(self, path: Trajectory, window: Window, world: KnownWorld) -> float:
        """The second of the lift-off by a known path, where it is not given."""
        return self.liftoff or nearest_crossing(path, self.site, world, window.crossing) + self.after_passage

    def _leg(
        self,
        scene: Scene,
        windows: list[Window],
        costs: list[float],
        chosen: int,
        beyond: Trajectory,
        liftoff: float,
        trims: list[_Trim],
        world: World,
    ) -> Leg:
        path = beyond.until(liftoff)
        state = scene.flying[self.station]
        end = end_state(state, path)
        crossing = nearest_crossing(beyond, self.site, world, liftoff - self.after_passage)
        phase = insertion_phase(liftoff, beyond, self.site, world, self.after, self.downrange)
        window, total = windows[chosen], sum(abs(trim.dv) for trim in trims)
        figures = AwaitLaunchFigures(
            plane_crossing_utc=world.zero.plus(crossing).utc(0),
            plane_bias_s=self.after_passage,
            liftoff_after_crossing_s=liftoff - crossing,
            liftoff_from_plane_condition_utc=world.zero.plus(crossing + self.after_passage).utc(0),
            out_of_plane_at_liftoff_deg=math.degrees(out_of_plane(liftoff, beyond, self.site, world)),
            phase_before_trim_deg=math.degrees(window.phase),
            phase_deg=math.degrees(phase),
            phase_wanted_deg=math.degrees(self.phase),
            trim_m_s=sum(trim.dv for trim in trims),
            trim_propellant_kg=state.mass - end.mass,
            burns=len(trims),
            beta_deg=math.degrees(window.beta),
            sun_elevation_at_pad_deg=math.degrees(window.sun_elevation),
            days_considered=len(windows),
            mean_altitude_start_km=1e-3 * mean_altitude(path, path.start),
            mean_altitude_end_km=1e-3 * mean_altitude(path, path.end),
        )
        trim_t = trims[0].t if trims else liftoff - self.trim_before
        verdicts = (
            RuleCheck("station trim within its limit", self.name, total, "<=", self.trim_limit, "m/s", trim_t),
            RuleCheck(
                "phase at insertion as the profile wants it",
                self.name,
                abs(math.degrees(wrapped(phase - self.phase))),
                "<=",
                math.degrees(self.phase_tolerance),
                "deg",
                liftoff,
            ),
        )
        events = tuple(self._event(trim, liftoff) for trim in trims)
        after = scene.moved(liftoff, {self.station: end})
        search = LaunchSearch(liftoff_given=not self.window, branch=self.branch)
        record = AwaitLaunchRecord(
            figures,
            opportunities(windows, costs, chosen, self.phase, self.trim_limit, self.docking_after),
            self.site.on_ground,
            search,
        )
        return Leg(self.name, scene.t, after, {self.station: path}, events, verdicts, record=record)

    def _event(self, trim: _Trim, liftoff: float) -> Event:
        values = {
            "delta_v_m_s": trim.dv,
            "commanded_m_s": trim.commanded,
            "propellant_kg": phasing_trim.propellant(trim.size, trim.mass, self.engine),
            "days_before_liftoff": (liftoff - trim.t) / DAY,
        }
        return Event("station_trim", trim.t, self.station, values)

    def _least_propellant(self, state: KnownState, path: Trajectory, world: KnownWorld) -> float:
        """Lift-off after the passage, s, by the ascent's own optimum on the first passage of the span.

        From one day to the next it stays within a second (docs/physics.md 4.3).
        """
        assert self.ascent is not None  # given where the bias is not
        first, last = self.span
        near = planes_over(path, self.site, world, first - NEAREST, last + NEAREST, (self.branch,))
        if not near:
            passage = nearest_crossing(path, self.site, world, first, (self.branch,))  # fails with the reason
            near = planes_over(path, self.site, world, passage - 60.0, passage + 60.0, (self.branch,))
        return best_offset(Ascents(self.ascent, state, path, world), near[0])

    def _windows(self, path: Trajectory, world: KnownWorld) -> list[Window]:
        """One launch opportunity a day in the span; for a given lift-off, that one alone."""
        if self.window:
            times = [
                (t, t + self.after_passage)
                for t in crossings(
                    path, self.site, world, self.window[0] - self.after_passage, self.window[1], self.branch
                )
                if self.window[0] <= t + self.after_passage <= self.window[1]
            ]
        else:
            liftoff = self.span[0]
            times = [(nearest_crossing(path, self.site, world, liftoff - self.after_passage), liftoff)]
        return [
            window_at(
                c, t, self.branch, path, self.site, world, self.after, self.downrange, self.docking_after, self.phase
            )
            for c, t in times
        ]

    def _trim_estimate(self, window: Window, path: Trajectory) -> float:
        """Trim that moves the phase to the required one, m/s."""
        return phasing_trim.estimate(wrapped(self.phase - window.phase), path, window.liftoff, self.trim_before)

    def _choose(self, windows: list[Window], costs: list[float], scene: Scene, world: KnownWorld) -> int:
        feasible = [
            i
            for i, w in enumerate(windows)
            if abs(costs[i]) <= self.trim_limit and w.liftoff - self.trim_before > scene.t + 3600.0
        ]
        if feasible:
            return min(feasible, key=lambda i: abs(costs[i]))
        span = (
            f"in {world.zero.plus(self.window[0])} to {world.zero.plus(self.window[1])}"
            if self.window
            else f"at {world.zero.plus(self.span[0])}"
        )
        if not windows:
            raise Failure(f"no launch window: the {self.branch} plane crossing does not occur {span}")
        days = "1 day" if len(windows) == 1 else f"{len(windows)} days"
        i = min(range(len(windows)), key=lambda i: abs(costs[i]))
        raise Failure(
            f"no launch window {span}: of {days} the best, {world.zero.plus(windows[i].liftoff)}, has "
            f"the station {math.degrees(windows[i].phase):.1f} deg ahead at insertion where the profile requires "
            f"{math.degrees(self.phase):.1f} deg; the trim {self.trim_before / DAY:.1f} days before would take "
            f"{costs[i]:+.2f} m/s, the limit is {self.trim_limit:.2f} m/s"
        )
