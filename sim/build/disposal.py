"""From an orbit file with [disposal] to the plan of it: the same orbit, with the burns that were found and an end."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import R_EQUATOR
from sim.ascent.range_safety.parts import Area, Piece
from sim.build.orbit import OrbitScenario
from sim.core.flight import Failure
from sim.core.scene import State
from sim.core.trajectory import Trajectory
from sim.core.vehicle import Engine
from sim.environment.gravity import egm2008
from sim.environment.world import World
from sim.files import packaged
from sim.propagation.force_model import BurnChoice, Orbit
from sim.propagation.propagate import build
from sim.propagation.shell import LOWEST_KM, RUNG_KM, apsides
from sim.reentry.disposal.fallen import fallen
from sim.reentry.disposal.parts import Burner, Disposal, DisposalPlan, Fallen, Lowering, Release
from sim.reentry.disposal.plan import plan
from sim.scenario.disposal import DisposalBlock

STEP = 20.0  # s, of the plan's arcs: against the orbit as it is flown, a test
ABOVE_KM = 60.0  # of the air's table over the apogee of the start


def planned(scenario: OrbitScenario) -> tuple[OrbitScenario, DisposalPlan, World]:
    """The scenario with burns and span as planned, the plan, and the world with air down to the ground.

    Failure where it cannot be flown as it says.
    """
    assert scenario.disposal is not None
    orbit, asked = scenario.orbit, disposal(scenario.disposal)
    top = RUNG_KM * math.ceil(((apsides(orbit)[1] - R_EQUATOR) / 1e3 + ABOVE_KM) / RUNG_KM)
    world = build(orbit, (LOWEST_KM, top))
    coarse = world.forces._replace(gravity=egm2008(2), third_body=0)
    world = replace(world, step=STEP, coarse=coarse)
    state = State(orbit.r, orbit.v, orbit.mass, orbit.drag_area * orbit.drag_coefficient)
    found = plan(asked, state, world)
    return replace(scenario, orbit=_with_burns(orbit, found)), found, world


def disposal(block: DisposalBlock) -> Disposal:
    """The block of the file in SI."""
    burners = {
        b.name: Burner(
            b.name,
            Engine(b.thrust_n, b.isp_s),
            math.inf if b.propellant_kg is None else float(b.propellant_kg),
            float(b.longest_burn_s),
        )
        for b in block.burners
    }
    lowerings = tuple(
        Lowering(1e3 * low.perigee_km, 1e3 * low.apogee_km, 86400.0 * low.hold_days, burners[low.engines])
        for low in block.lowerings
    )
    releases = tuple(
        Release(
            Piece(f.name, "breakup", f.count, float(f.mass_kg), float(f.drag_area_m2), f.spread, f.kick_m_s),
            1e3 * (block.breakup_km if f.height_km is None else f.height_km),
        )
        for f in block.fragments
    )
    corners = np.radians(np.column_stack([block.zone.latitude_deg, block.zone.longitude_deg]).astype(float))
    latitude, longitude = (math.radians(float(x)) for x in block.target_deg)
    return Disposal(
        lowerings=lowerings,
        burner=burners[block.engines],
        perigee=1e3 * block.perigee_km,
        breakup=1e3 * block.breakup_km,
        target=(latitude, longitude),
        descending=block.descending,
        zone=Area(block.zone.name, "sea", corners),
        revolutions=block.revolutions,
        releases=releases,
    )


def _with_burns(orbit: Orbit, found: DisposalPlan) -> Orbit:
    burns = tuple(
        BurnChoice(
            start=burn.start,
            duration=burn.duration,
            thrust=burn.burner.engine.thrust,
            direction=np.array([-1.0, 0.0, 0.0]),
            mass_flow=burn.propellant / burn.duration,
        )
        for burn in found.burns
    )
    return replace(orbit, burns=burns, duration=found.end)


@dataclass(frozen=True)
class DisposalResult:
    """The plan and where the pieces of the orbit as it was flown come down."""

    plan: DisposalPlan
    fallen: Fallen


def fell(found: DisposalPlan, path: Trajectory, world: World) -> DisposalResult:
    """Of the path that was flown, to its end; Failure where a piece may leave the zone."""
    file = packaged.arrays("seeds/assets/coast50.npz")
    land = np.column_stack([file["lat"], file["lon"]]).astype(float)
    result = fallen(found.disposal, path, land[np.isfinite(land).all(axis=1)], world)
    if not result.inside:
        north, east = result.outline.T
        raise Failure(
            f"the pieces may fall outside of {found.disposal.zone.name}: from {north.min():.1f} to {north.max():.1f} "
            f"deg north and {east.min():.1f} to {east.max():.1f} deg east, {result.length_km:.0f} km long; move "
            "disposal.target_deg, or hold the orbit before longer so that another revolution passes it"
        )
    return DisposalResult(found, result)
