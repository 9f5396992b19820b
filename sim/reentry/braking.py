"""The deorbit burn with what is checked and decided aboard: before it, at its ignition, and where an engine stops."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import MU_EARTH, R_EQUATOR
from kernels.orbit.thrust import burn_duration
from sim.core.ground_site import Site
from sim.core.return_faults import ReturnFaults
from sim.core.scene import KnownState
from sim.core.vehicle import Engine, Ship
from sim.reentry.another_pass import another_pass
from sim.reentry.deorbit_burn import Accelerometer, Burnt, Stretch, brake, pointed
from sim.reentry.deorbit_targeting import DeorbitPlan, DeorbitPlanner
from sim.reentry.flown_deorbit import FlownDeorbit

AT_HAND = 36.0 * 3600.0  # s, within which another pass is sought
STAYS_UP = 150e3  # m of perigee, with which a burn that was broken off leaves revolutions to plan in
NO_THRUST = 0.0
AS_PLANNED = "as planned"
CORRECTED = 5400.0  # s before the burn: a revolution, for a last fix and the commands
OLD = 12.0 * 3600.0  # s from the plan to the burn, from which on a later fix knows better (docs/decisions/deorbit.md)


@dataclass(frozen=True)
class Braked:
    """After the burn: `plan` as it was in force at the cut-off, for `planner`; `commanded` m/s, which the accelerometer
    was to count; `outcome` in words."""

    flown: FlownDeorbit
    planner: DeorbitPlanner
    plan: DeorbitPlan
    commanded: float
    burnt: Burnt
    outcome: str


@dataclass(frozen=True)
class Braking:
    """`main`: the engines in use together, `one` of them alone, `backup` those that can take over, None without: as
    they are. `direction` (3,) LVLH, of the thrust but for `faults`. `sites`: where another pass may lead."""

    ship: Ship
    faults: ReturnFaults
    main: Engine
    one: Engine
    backup: Engine | None
    unit: Accelerometer
    direction: np.ndarray
    sites: tuple[Site, ...]
    outcome: str = AS_PLANNED

    def fly(self, flown: FlownDeorbit, planner: DeorbitPlanner, plan: DeorbitPlan) -> Braked:
        """To the cut-off; over another pass where the burn is refused. Failure where no other pass is at hand."""
        faults, engine = self.faults, planner.ship.main
        mass = flown.state.mass / flown.error.mass
        flown = flown.until(plan.burn_t - 0.5 * burn_duration(plan.dv, mass, engine.thrust, engine.isp))
        tilt, limit = math.degrees(faults.attitude_off), math.degrees(self.ship.deorbit.attitude_limit)
        if abs(tilt) > limit:
            return self._again(flown, planner, f"the attitude is {tilt:.1f} deg off, more than {limit:.1f} deg")
        now = self if not tilt else replace(self, outcome=f"burnt {tilt:.1f} deg off, within the limit of the check")
        if faults.late > 0.0:
            flown = flown.until(flown.t + faults.late)
            flown, known, world = flown.found()
            resized = planner.resized(known, flown.t, engine, plan.dv, world)
            if resized is None:
                steep, shallow = (math.degrees(x) for x in self.ship.deorbit.corridor)
                why = f"no burn {faults.late:.0f} s late leads to the site at {steep:.1f} to {shallow:.1f} deg"
                return self._again(flown, planner, why)
            flown = flown.with_event(
                "late_ignition",
                late_s=faults.late,
                delta_v_m_s=resized.dv,
                planned_m_s=plan.dv,
                flight_path_deg=math.degrees(resized.angle),
            )
            words = f"ignition {faults.late:.0f} s late, and {resized.dv - plan.dv:+.1f} m/s for it"
            now, plan = replace(now, outcome=words), replace(plan, dv=resized.dv, angle=resized.angle)
        return now._burn(flown, planner, plan)

    def _burn(self, flown: FlownDeorbit, planner: DeorbitPlanner, plan: DeorbitPlan) -> Braked:
        direction = pointed(self.direction, self.faults.attitude_off)
        flown = flown.with_event("deorbit_burn_start", mass_kg=flown.state.mass, thrust_n=self.main.thrust)
        out, sensing = self.faults.engine_out, self.ship.deorbit.sensing
        stretches: tuple[Stretch, ...] = (Stretch(self.main),)
        if out is not None:
            stretches = Stretch(self.main, out), Stretch(self.one, sensing)
        burnt = brake(flown.state, flown.t, plan.dv, direction, stretches, self.unit, flown.world)
        now = self
        if not burnt.complete:
            left = plan.dv - self.unit.counts(burnt.delta_v, burnt.seconds)
            flown = flown.along(burnt.path, burnt.end)
            if self.backup is not None:
                flown = flown.with_event("engine_out", delta_v_left_m_s=left, then="the other two engines take over")
                then, now = self.backup, replace(self, outcome=f"an engine stopped after {out:g} s, two took over")
            else:
                flown, known, world = flown.found()
                single = Engine(0.5 * planner.ship.main.thrust, planner.ship.main.isp)
                resized = planner.resized(known, flown.t, single, left, world)
                if resized is None and perigee(known) > STAYS_UP:
                    flown = flown.with_event("deorbit_burn_end", delta_v_m_s=burnt.delta_v, duration_s=burnt.seconds)
                    alone = replace(self, main=self.one, one=replace(self.one, thrust=NO_THRUST))
                    slow = replace(planner, ship=replace(planner.ship, main=single))
                    return alone._again(flown, slow, f"an engine stopped after {out:g} s, and one alone comes too late")
                words = f"an engine stopped after {out:g} s, one alone burnt on"
                if resized is not None:
                    extra = resized.dv - left
                    plan = replace(plan, dv=plan.dv + extra, angle=resized.angle)
                    words += f", and {extra:+.1f} m/s for it"
                flown = flown.with_event("engine_out", delta_v_left_m_s=left, then="one engine burns on")
                then, now = self.one, replace(self, outcome=words)
            burnt = brake(flown.state, flown.t, plan.dv, direction, (Stretch(then),), self.unit, flown.world, burnt)
            flown = replace(flown, paths=flown.paths[:-1])  # the first part is in the whole
        flown = flown.along(burnt.path, burnt.end)
        flown = flown.with_event(
            "deorbit_burn_end",
            delta_v_m_s=burnt.delta_v,
            duration_s=burnt.stop - burnt.start,
            propellant_kg=float(burnt.path.mass[0] - burnt.path.mass[-1]),
        )
        return Braked(flown, planner, plan, plan.dv, burnt, now.outcome)

    def _again(self, flown: FlownDeorbit, planner: DeorbitPlanner, why: str) -> Braked:
        """The burn is refused: another pass, for which what failed has been mended or is left out."""
        flown = flown.with_event("burn_refused", why=why).turned(self.ship.turn_propellant(2))
        flown, known, world = flown.found()
        other = another_pass(planner, known, flown.t, world, self.sites, flown.t, flown.t + AT_HAND)
        plan = other.planner.plan(known, flown.t, world, alone=True)
        flown = flown.with_event(
            "another_pass",
            site=other.site.name,
            overflight_utc=world.zero.plus(other.landing.overflight).utc(0),
            cross_track_km=other.landing.cross_track / 1e3,
            later_h=(other.landing.overflight - flown.t) / 3600.0,
            **other.words(),
        )
        flown, plan = corrected(flown, other.planner, plan, alone=True)
        mended = replace(self.faults, late=0.0, attitude_off=0.0, engine_out=None)
        outcome = f"refused: {why}; flown at a later pass over {other.site.name}"
        return replace(self, faults=mended, outcome=outcome).fly(flown, other.planner, plan)


def corrected(
    flown: FlownDeorbit, planner: DeorbitPlanner, plan: DeorbitPlan, alone: bool = False
) -> tuple[FlownDeorbit, DeorbitPlan]:
    """An old plan made again from a fix a revolution before its burn; the flight until that."""
    ground, at = flown.ground, plan.burn_t - CORRECTED
    learns = ground.position or ground.velocity or ground.density or flown.world.forecast is not None
    if not learns or plan.burn_t - flown.t < OLD or at < flown.t:
        return flown, plan
    flown, known, world = flown.until(at).found()
    return flown, planner.plan(known, flown.t, world, guess=plan, alone=alone)


def perigee(state: KnownState) -> float:
    """Height of the perigee of Kepler's orbit over the equator's radius, m."""
    r, v2 = float(np.linalg.norm(state.r)), float(state.v @ state.v)
    a = 1.0 / (2.0 / r - v2 / MU_EARTH)
    h2 = r * r * v2 - float(state.r @ state.v) ** 2
    return a * (1.0 - math.sqrt(max(1.0 - h2 / (MU_EARTH * a), 0.0))) - R_EQUATOR
