"""Energy: along every trajectory the change of v^2/2 is the work of the forces: a.v integrated over the nodes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from ledger import burns, free_fall, kinetic, pieces, power, running_integral

from kernels.atmosphere.winds import add_wind
from kernels.constants import G0, MU_EARTH, OMEGA_EARTH
from kernels.orbit.forces import air_at
from kernels.orbit.orientation import eci_to_ecef
from sim.docking.approach import built
from sim.orbit.propagate import semi_major_axis

MEAN_MOTION = 1.14e-3  # rad/s, of the station

# A spline of degree 5 through nodes 60 s apart: n h = 0.07 for the orbit, (n h)^6 of its 70 W/kg is nothing; what is
# left are the kinks of the air's table, of 1e-3 W/kg in 0.4 W/kg of drag at 200 km, and the high degrees of the
# field. 0.026 J/kg were reached, of 3e7; an acceleration that is 1e-6 of gravity off would make 5 J/kg in a revolution.
COAST_J_KG = 0.05
# Between the deorbit burn and 145 km drag grows to 4 W/kg, and each kink of the air's table, every 2 % of height, turns
# its slope by a tenth: 0.3 J/kg were reached.
DESCENDING_J_KG = 1.0
# The ascent, see its test.
ASCENT_J_KG = 90.0
# From 145 to 100 km drag takes 6000 J/kg, and between nodes 10 s apart the table's kinks lie 9 s apart: 2 were reached.
FALL_J_KG = 5.0


def test_energy_of_every_coast_is_the_work_of_its_forces(flown):
    """Two nodes between two burns are a trapezoid: T^3/12 of the power's second derivative.

    That is n^2 of the 100 W/kg that the orbit's ellipticity gives at most, and (2 n)^2 of what J2 does along the track,
    3/2 J2 (R/a)^2 sin^2 i g v sin 2u = 42 W/kg.
    """
    low = flown.event("service_module_separation").t
    coasts = 0
    for leg in flown.flight.legs:
        for craft, path in leg.trajectories.items():
            if leg.phase in ("ascent", "docking", "entry", "descent") and craft != flown.station:
                continue
            for piece in pieces(path):
                if piece.mass[-1] < piece.mass[0]:
                    continue
                allowed = COAST_J_KG
                if craft == flown.down and leg.phase == "deorbit" and piece.end >= low - 1e-6:
                    allowed = FALL_J_KG if piece.start >= low - 1e-6 else DESCENDING_J_KG
                if len(piece.t) < 5:
                    allowed += (piece.end - piece.start) ** 3 / 12.0 * MEAN_MOTION**2 * (100.0 + 4.0 * 42.0)
                gained = kinetic(piece.v) - kinetic(piece.v[:1])
                worst = np.abs(gained - running_integral(piece.t, power(piece))).max()
                assert worst < allowed, (leg.phase, craft, piece.end - piece.start)
                coasts += 1
    assert coasts > 15


def test_energy_of_every_burn_is_the_work_of_its_forces(flown):
    """A burn of T s has few nodes, often two: the trapezoid errs by T^3/12 of the power's second derivative.

    That is at most n^2 times the thrust's power (both turn with the orbit) plus 2 n g f, by which a thrust f forward
    bends the path against gravity; three times that is allowed, since mass flow adds to it. (Work is 1e4 times more.)
    """
    n, g = MEAN_MOTION, 9.0
    counted = 0
    for phase, craft in (
        ("await_launch", flown.station),
        ("phasing", flown.up),
        ("homing", flown.up),
        ("transfer", flown.up),
        ("departure", flown.down),
        ("deorbit", flown.down),
    ):
        for piece in burns(flown.path(phase, craft)):
            step = np.diff(piece.t).max()
            f = {flown.station: 980.0}.get(craft, 5000.0) / piece.mass[-1]
            allowed = 3.0 * step**2 / 12.0 * (piece.end - piece.start) * (n * n * f * 7700.0 + 2.0 * n * g * f)
            gained = kinetic(piece.v)[-1] - kinetic(piece.v)[0]
            assert gained == pytest.approx(np.trapezoid(power(piece), piece.t), abs=allowed + COAST_J_KG), phase
            counted += 1
    assert counted >= 9


def test_speed_of_every_burn_is_that_of_the_rocket_equation(flown):
    """Recorded delta-v, against ln of the masses at the burn's two nodes."""
    for phase, craft, engine in (
        ("phasing", flown.up, flown.phase("ascent").ship.main),
        ("homing", flown.up, flown.phase("ascent").ship.main),
        ("transfer", flown.up, flown.phase("ascent").ship.main),
        ("departure", flown.down, flown.phase("departure").ship.translation),
    ):
        flown_dv = [engine.isp * G0 * math.log(p.mass[0] / p.mass[-1]) for p in burns(flown.path(phase, craft))]
        reported = [e.values["delta_v_m_s"] for e in flown.leg(phase).events if "delta_v_m_s" in e.values]
        # A mass of 8000 kg known to 1e-12 kg makes 1e-12 m/s; burn times known to 5e-10 s make 3e-10 m/s.
        assert np.allclose(flown_dv, reported, atol=1e-8), phase


def test_energy_of_the_ascent_is_the_work_of_its_forces(flown):
    """First stage: the trapezoid between nodes. Second stage: guidance holds the thrust direction over each step, so an
    interval ends with the direction of its start and the thrust of its end.

    The trapezoid is left with h^2/12 of the change of the power's slope, 6e3 W/kg/s before either cut-off of a stage at
    full load: 30 J/kg for each of two, and some J/kg from the turn at the end of the kick. Of 3e7 J/kg, 3e-6.
    """
    path, world = flown.path("ascent", flown.up), flown.mission.world
    fall = free_fall(path, 0.0, world, drag=False)
    increments = path.a - fall
    size = np.linalg.norm(increments, axis=1)
    aim = increments / size[:, None]
    second = path.t >= flown.event("stage_1_separation").t - 1e-6
    total, worst = 0.0, 0.0
    for i in range(len(path.t) - 1):
        h = path.t[i + 1] - path.t[i]
        ends = fall[i + 1] + size[i + 1] * aim[i] if second[i] else path.a[i + 1]
        total += 0.5 * h * (path.a[i] @ path.v[i] + ends @ path.v[i + 1])
        worst = max(worst, abs(kinetic(path.v[i + 1 : i + 2])[0] - kinetic(path.v[:1])[0] - total))
    assert worst < ASCENT_J_KG
    assert kinetic(path.v[-1:])[0] > 3.0e7


def test_nothing_pushes_the_ship_but_its_thrusters(flown):
    """What free fall does not explain of a change of velocity is at most what the thrusters that fired could give, and
    nothing where none did. Free fall by the trapezoid: a second of it errs by h^3/12 of its second rate, 8e-7 m/s."""
    leg, approach = flown.leg("docking"), flown.phase("docking").approach
    path, fired = leg.trajectories[flown.up], leg.record.thrusters
    fall = free_fall(path, approach.ship.cda, flown.mission.world)
    step = 0.5 * np.diff(path.t)[:, None] * (fall[1:] + fall[:-1])
    fallen = np.vstack([np.zeros(3), np.cumsum(step, axis=0)])
    at = np.searchsorted(path.t, fired.t_s - 1e-6)
    pushed = np.linalg.norm(np.diff(path.v[at] - fallen[at], axis=0), axis=1)
    force = np.linalg.norm(built(approach).force, axis=1)
    names, lag = approach.ship.thrusters.names, built(approach).lag
    given = sum(fired.on_s[name] * n for name, n in zip(names, force, strict=True))[:-1]
    # What comes late of a period's thrust is given in the next.
    late = sum(np.minimum(fired.on_s[name], lag) * n for name, n in zip(names, force, strict=True))[:-1]
    given = given + np.append(0.0, late[:-1])
    assert (pushed <= given / path.mass[-1] + 2e-6).all()
    still = given == 0.0
    assert still.sum() > 100 and pushed[still].max() < 2e-6 and pushed[~still].sum() > 1.0


def test_energy_of_the_entry_is_the_work_of_its_forces(flown):
    """Each step flies the mean of its lift, as the bank moves through it: at both its ends the lift is turned about the
    air's flow to the bank of the start, the middle and the end, and averaged by Simpson's rule.

    Drag and gravity go through a spline, lift (some 1 kW/kg across the Earth's own motion) through a trapezoid, whose
    h^2/12 of slopes that change by 100 W/kg/s at each of a dozen turns is 10 J/kg or less, of 3.1e7.
    """
    path, world = flown.path("entry", flown.down), flown.mission.world
    bank = np.radians(flown.leg("entry").record.entry.bank_deg)
    fall = free_fall(path, 0.0, world, drag=False)
    pole = world.true_of_date(path.start)[2]
    flow = path.v - np.cross(OMEGA_EARTH * pole, path.r)
    for height, r, through in zip(1e3 * flown.leg("entry").record.entry.altitude_km, path.r, flow, strict=True):
        if height <= world.wind[-1, 0]:
            add_wind(height, r, pole, world.wind, through)
    flow /= np.linalg.norm(flow, axis=1)[:, None]
    increments = path.a - fall
    along = np.einsum("ij,ij->i", increments, flow)[:, None] * flow
    lift, turn = increments - along, np.diff(bank)

    def mean(at: slice, of_start: float) -> np.ndarray:
        """Power of the step's lift with speed, flow and lift of one of its ends; that is `of_start` of the turn on."""
        turned = [
            np.cos(angle)[:, None] * lift[at] + np.sin(angle)[:, None] * np.cross(flow[at], lift[at])
            for angle in (share * turn for share in (-of_start, 0.5 - of_start, 1.0 - of_start))
        ]
        return np.einsum("ij,ij->i", (turned[0] + 4.0 * turned[1] + turned[2]) / 6.0, path.v[at])

    sideways = mean(slice(None, -1), 0.0) + mean(slice(1, None), 1.0)
    smooth = running_integral(path.t, np.einsum("ij,ij->i", fall + along, path.v))
    work = smooth + np.append(0.0, np.cumsum(0.5 * np.diff(path.t) * sideways))
    off = np.abs(kinetic(path.v) - kinetic(path.v[:1]) - work).max()
    assert off < 10.0
    assert kinetic(path.v[-1:])[0] - kinetic(path.v[:1])[0] < -3.0e7


def test_energy_under_the_parachutes_is_the_work_of_its_forces(flown):
    """A spline from edge to edge; an edge is a pair of nodes, but where an area begins or ends to
    grow, which is a kink.

    The speed falls e-fold in 1 s at first, where nodes are 0.05 s apart; later 0.5 s, where a spline errs by some 1e-3
    of the work. 5e-3 are allowed, and 1 J/kg.
    """
    path, chutes = flown.path("descent", flown.down), flown.phase("descent").ship.chutes
    drogue, main = (flown.event(f"{name}_deployment").t for name in ("drogue", "main_chute"))
    disreefed = main + chutes.reefed_s
    kinks = (drogue, drogue + chutes.drogue_filling_s, main + chutes.reefed_filling_s, disreefed)
    kinks += (disreefed + chutes.filling_s,)
    smooth = 0
    for piece in pieces(path):
        nearest = [int(np.argmin(np.abs(piece.t - kink))) for kink in kinks]
        cuts = [0, *(i for i in nearest if 5 < i < len(piece.t) - 6), len(piece.t) - 1]
        for begin, end in zip(cuts[:-1], cuts[1:], strict=True):
            rows = slice(begin, end + 1)
            gained = kinetic(piece.v[rows]) - kinetic(piece.v[begin : begin + 1])
            off = np.abs(gained - running_integral(piece.t[rows], power(piece)[rows])).max()
            assert off < 5e-3 * np.abs(np.diff(gained)).sum() + 1.0, piece.t[begin] - path.start
            smooth += 1
    assert smooth >= 9  # pilot, drogue and reefed main as they open and open, filling, full, without the shield, retro


def test_docked_station_sinks_as_the_drag_formula_says(flown):
    """da/dt = -(Cd A / m) rho sqrt(mu a) (1 - w a cos i / v)^2 with the density along the path, against a day's mean a.

    docs/physics.md 9.1, first order in a near-circular orbit: e = 1e-3 and the daily bulge of the air change it by some
    per cent, and the day's mean of the osculating axis keeps 5 m of tides and tesserals of the 300 m it loses: 10 %.
    """
    world, leg = flown.mission.world, flown.leg("docked")
    path, state = leg.trajectories[flown.station], leg.scene.flying[flown.station]
    day = 86400.0

    def mean_axis(start: float) -> float:
        r, v, _ = path.at(start + np.arange(0.0, day, 60.0))
        return float(np.mean(semi_major_axis(r, v)))

    far = path.end - path.start - 1.05 * day
    sunk = (mean_axis(path.start + far) - mean_axis(path.start)) / far
    times = path.start + 0.5 * day + np.linspace(0.0, far, 4000)
    r, v, _ = path.at(times)
    c, row, sun, flow = np.empty((3, 3)), np.empty(12), np.empty(3), np.empty(3)
    rate = []
    for t, ri, vi in zip(times, r, v, strict=True):
        eci_to_ecef(t, world.forces.orientation, row, c)
        sun[:] = world.sun(t)
        rho, _ = air_at(t, ri, vi, world.forces, c, row, sun, flow)
        a = float(semi_major_axis(ri, vi)[0])
        h = np.cross(ri, vi)
        cos_i = float(h @ world.true_of_date(t)[2] / np.linalg.norm(h))
        air = (1.0 - OMEGA_EARTH * a * cos_i / float(np.linalg.norm(vi))) ** 2
        rate.append(-state.cda / state.mass * rho * math.sqrt(MU_EARTH * a) * air)
    assert sunk < 0.0
    assert sunk == pytest.approx(float(np.mean(rate)), rel=0.1)
