"""The station flies on until lift-off: the day is chosen, one trim sets the phase, the plane sets the second."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from sim.ascent.optimum import Aims, Ascents, best_offset
from sim.core.ascent_record import AwaitLaunchFigures, AwaitLaunchRecord, LaunchOpportunities, LaunchSearch
from sim.core.flight import Event, Failure, Leg, RuleCheck
from sim.core.scene import Scene, State
from sim.core.trajectory import Trajectory
from sim.core.vehicle import Engine
from sim.environment.world import Site, World
from sim.orbit import phasing_trim
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
from sim.orbit.propagate import end_state, fly

DAY = 86400.0


@dataclass(frozen=True)
class AwaitLaunch:
    """Times in s, angles in rad.

    window: first and last lift-off; or liftoff: the second itself. bias: lift-off after the mean in-plane instant,
    empirical; where it is None, `ascent` finds the second that leaves most propellant. phase: station ahead of ship at
    insertion that the rendezvous profile requires. after, downrange: nominal duration and arc of the ascent.
    trim_before: how long before lift-off the trim is; trim_limit: the largest, m/s.
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

    def fly(self, scene: Scene, world: World) -> Leg:
        state = scene.flying[self.station]
        free = fly(state, scene.t, self.span[1] + self.docking_after + DAY / 12.0, world)
        if self.bias is None:
            return replace(self, bias=self._least_propellant(state, free, world)).fly(scene, world)
        windows = self._windows(free, world)
        costs = [self._trim_estimate(w, free) for w in windows]
        chosen = self._choose(windows, costs, scene, world)
        beyond, liftoff, dv, trim_t = self._trimmed(scene, windows[chosen], costs[chosen], free, world)
        path = beyond.until(liftoff)
        end = end_state(state, path)
        used = state.mass - end.mass
        crossing = nearest_crossing(beyond, self.site, world, liftoff - self.after_passage)
        phase = insertion_phase(liftoff, beyond, self.site, world, self.after, self.downrange)
        window = windows[chosen]
        figures = AwaitLaunchFigures(
            plane_crossing_utc=world.zero.plus(crossing).utc(0),
            plane_bias_s=self.after_passage,
            liftoff_after_crossing_s=liftoff - crossing,
            liftoff_from_plane_condition_utc=world.zero.plus(crossing + self.after_passage).utc(0),
            out_of_plane_at_liftoff_deg=math.degrees(out_of_plane(liftoff, beyond, self.site, world)),
            phase_before_trim_deg=math.degrees(window.phase),
            phase_deg=math.degrees(phase),
            phase_wanted_deg=math.degrees(self.phase),
            trim_m_s=dv,
            trim_propellant_kg=used,
            beta_deg=math.degrees(window.beta),
            sun_elevation_at_pad_deg=math.degrees(window.sun_elevation),
            days_considered=len(windows),
            mean_altitude_start_km=1e-3 * mean_altitude(path, path.start),
            mean_altitude_end_km=1e-3 * mean_altitude(path, path.end),
        )
        events = (
            Event(
                "station_trim",
                trim_t,
                self.station,
                {"delta_v_m_s": dv, "propellant_kg": used, "days_before_liftoff": (liftoff - trim_t) / DAY},
            ),
        )
        verdicts = (
            RuleCheck("station trim within its limit", self.name, abs(dv), "<=", self.trim_limit, "m/s", trim_t),
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
        after = scene.moved(liftoff, {self.station: end})
        search = LaunchSearch(liftoff_given=not self.window, branch=self.branch)
        record = AwaitLaunchRecord(figures, self._table(windows, costs, chosen), self.site.on_ground, search)
        return Leg(self.name, scene.t, after, {self.station: path}, events, verdicts, record=record)

    def _least_propellant(self, state: State, path: Trajectory, world: World) -> float:
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

    def _windows(self, path: Trajectory, world: World) -> list[Window]:
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

    def _choose(self, windows: list[Window], costs: list[float], scene: Scene, world: World) -> int:
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

    def _trimmed(
        self, scene: Scene, window: Window, estimate: float, free: Trajectory, world: World
    ) -> tuple[Trajectory, float, float, float]:
        """Solve the trim so that the phase is right at lift-off: path past it, lift-off, dv, middle of the burn."""
        trim_t = window.liftoff - self.trim_before

        def phase_error(path: Trajectory) -> tuple[float, float]:
            liftoff = self.liftoff or nearest_crossing(path, self.site, world, window.crossing) + self.after_passage
            phase = insertion_phase(liftoff, path, self.site, world, self.after, self.downrange)
            return wrapped(phase - self.phase), liftoff

        path, liftoff, dv = phasing_trim.solve(
            scene.flying[self.station],
            free,
            trim_t,
            estimate,
            window.liftoff + phasing_trim.AHEAD,
            phase_error,
            world,
            self.engine,
        )
        return path, liftoff, dv, trim_t

    def _table(self, windows: list[Window], costs: list[float], chosen: int) -> LaunchOpportunities:
        n = len(windows)
        return LaunchOpportunities(
            t_liftoff_s=np.array([w.liftoff for w in windows]),
            phase_deg=np.degrees([w.phase for w in windows]),
            phase_wanted_deg=np.full(n, math.degrees(self.phase)),
            trim_m_s=np.array(costs),
            trim_limit_m_s=np.full(n, self.trim_limit),
            beta_deg=np.degrees([w.beta for w in windows]),
            sun_elevation_pad_deg=np.degrees([w.sun_elevation for w in windows]),
            docking_t_s=np.array([w.liftoff + self.docking_after for w in windows]),
            sunlit_at_docking=np.array([float(w.lit_at_docking) for w in windows]),
            accepted=np.array([float(abs(c) <= self.trim_limit) for c in costs]),
            chosen=np.array([float(i == chosen) for i in range(n)]),
        )
