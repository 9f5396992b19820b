"""What is declared of the stay and of the return."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from statements import declared, exact, holds, home_leg, of, returning

from kernels.constants import G0, MU_EARTH
from kernels.entry.parachutes import ON_TIME, chute_area
from sim.core.flight import recorded
from sim.core.navigation_errors import EXACT, PERFECT
from sim.core.return_record import DescentRecord, EntryRecord
from sim.core.scene import Scene, State
from sim.orbit.propagate import fly as fly_orbit
from sim.orbit.propagate import semi_major_axis
from sim.phases.deorbit import Deorbit
from sim.phases.departure import Departure
from sim.phases.entry import Entry
from sim.rendezvous.relative import relative_state


@holds("docked.no_reboost")
def test_nothing_raises_the_station_during_a_stay():
    """Neither propellant is burnt, nor is the path another than that of a body that is left alone."""
    leg, mission = home_leg("docked"), returning()
    path = leg.trajectories["tiangong"]
    assert leg.phase == "docked" and np.ptp(path.mass) == 0.0
    free = fly_orbit(mission.scene.flying["tiangong"], leg.start, leg.end, mission.world)
    np.testing.assert_allclose(free.r[-1], path.r[-1], atol=1e-3)  # m; the steps begin anew where the stay is planned


@holds("departure.hill")
def test_the_separation_burns_are_planned_by_hill_and_not_by_the_orbit_that_is_flown():
    """With an exact fix and exact burns the ship is left at what Hill's equations miss, and at no more."""
    mission = returning()
    phase = replace(of(mission, Departure), navigation=PERFECT, execution=EXACT)
    scene, name = home_leg("undocking").scene, phase.ship_name
    leg = phase.fly(scene, mission.world)
    down, back = (e for e in leg.events if e.name == "separation_burn")
    n = math.sqrt(MU_EARTH / float(semi_major_axis(*(scene.flying["tiangong"].r, scene.flying["tiangong"].v))[0]) ** 3)
    assert back.t - down.t == pytest.approx(math.pi / n, abs=2.0)  # of the orbit that osculates at the fix
    half = 0.5 * phase.down * 7900.0 / phase.ship.translation.thrust + 2.0
    station, ship = (State(*(x[0] for x in leg.trajectories[c].at(down.t + half)), 0.0) for c in ("tiangong", name))
    _, rate = relative_state(station, ship)
    missed = float(np.linalg.norm(rate - np.array([0.0, 0.0, phase.down])))
    assert 1e-6 < missed < 0.03
    assert "departure.hill" in declared(mission, phase)


@holds("deorbit.separations")
def test_modules_separate_without_a_push_and_at_their_height():
    mission = returning()
    leg, phase = home_leg("deorbit"), of(mission, Deorbit)
    path = leg.trajectories[phase.ship_name]
    for name in ("orbital_module_separation", "service_module_separation"):
        t = next(e.t for e in leg.events if e.name == name)
        (_, v0, _), (_, v1, _) = path.at(t - 0.01), path.at(t + 0.01)
        assert np.linalg.norm(v1 - v0) < 0.02 * 10.0  # gravity alone
    height = mission.world.geodetic(t, path.at(t)[0])[2][0]
    assert height == pytest.approx(phase.separation_altitude, abs=0.01)


def half_way(lift: float = 1.0, drag: float = 1.0, **moved: float) -> tuple[Entry, float]:
    """The entry flown on from where there is air to steer by: the phase, and the first bank angle, deg."""
    mission = returning()
    phase, leg = replace(of(mission, Entry), lift=lift, drag=drag), home_leg("entry")
    path, history = leg.trajectories[phase.ship_name], recorded(leg, EntryRecord).entry
    i = int(np.argmax(history.load_g > 0.5))
    along = path.v[i] / np.linalg.norm(path.v[i])
    ship = State(path.r[i] + moved.get("place", 0.0) * along, path.v[i] + moved.get("speed", 0.0) * along, 0.0, 0.0)
    ship = replace(ship, mass=float(path.mass[i]) * moved.get("mass", 1.0))
    scene = Scene(float(path.t[i]), {phase.ship_name: ship}, {}, {}, {}, ())
    flown = phase.fly(scene, mission.world)
    return phase, float(recorded(flown, EntryRecord).entry.bank_deg[0])


@holds("entry.state_known", "entry.mass_known", "entry.capsule_known")
def test_what_the_entry_guidance_knows_is_declared_and_nothing_else():
    """Another place, speed or mass is commanded for at once. Another lift is not known, and is not declared as
    known."""
    phase, plain = half_way()
    assert {"entry.state_known", "entry.mass_known", "entry.capsule_known"} <= declared(exact(), phase)
    assert half_way()[1] == plain
    for moved in ({"place": 10.0}, {"speed": 0.1}, {"mass": 1.001}):
        assert half_way(**moved)[1] != plain, moved
    other, bank = half_way(lift=1.05)
    assert "entry.capsule_known" not in declared(exact(), other)
    assert bank == plain


@holds("entry.capsule")
def test_the_capsule_has_one_drag_and_one_lift_and_follows_its_bank_command():
    mission = returning()
    phase, leg = of(mission, Entry), home_leg("entry")
    history, path = recorded(leg, EntryRecord).entry, leg.trajectories[phase.ship_name]
    capsule = phase.ship.lander
    thick = history.dynamic_pressure_pa > 1.0
    area = G0 * history.load_g[thick] * path.mass[thick] / history.dynamic_pressure_pa[thick]
    np.testing.assert_allclose(area, math.hypot(capsule.cda, capsule.cla), rtol=1e-9)
    assert np.ptp(path.mass) == 0.0
    assert np.abs(np.diff(np.radians(history.bank_deg))).max() <= capsule.bank_rate * 0.5 * (1.0 + 1e-9)


@holds("descent.canopies", "descent.heights_known")
def test_canopies_are_areas_in_time_and_heights_are_exact():
    mission = returning()
    leg, ship = home_leg("descent"), of(mission, Entry).ship
    history, path = recorded(leg, DescentRecord).entry, leg.trajectories[of(mission, Entry).ship_name]
    events = {e.name: e for e in leg.events}
    before = history.t_s < events["retro_fire"].t - 1.0
    area = G0 * history.load_g * path.mass / history.dynamic_pressure_pa
    steady = before & (np.append(np.diff(history.t_s) > 0.0, True)) & (np.insert(np.diff(history.t_s) > 0.0, 0, True))
    planned = np.array([chute_area(t - leg.start + ON_TIME, ship.chutes)[0] for t in history.t_s[steady]])
    np.testing.assert_allclose(area[steady], planned, rtol=1e-6)
    assert history.altitude_km[0] == pytest.approx(ship.opening_altitude / 1e3, abs=2e-5)
    step = 1e-3 * 0.05 * 12.0  # km that it sinks in a step, at most
    shield = events["heat_shield_jettison"].values["altitude_km"]
    assert 0.0 <= ship.chutes.shield_altitude / 1e3 - shield < step
    fired = events["retro_fire"].values["altitude_km"] - 1e-3 * of(mission, Entry).site.height
    assert 0.0 <= 1e-3 * ship.chutes.retro_height - fired < step
