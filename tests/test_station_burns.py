"""A raise flown as finite burns against paths that share no code with it: the rocket equation, Gauss's equation, and a
flight by SciPy's DOP853 with the point mass and the oblateness alone. Some 2 s of processor time."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from sim.core.epoch import Epoch
from sim.core.vehicle import Engine
from sim.planning.station.drag import falls
from sim.planning.station.flight import Raise, axes, flown
from sim.planning.station.setting import DAY, Burner, setting
from sim.scenario.programme import load_programme

MU, J2, RADIUS, G0 = 3.986004418e14, 1.0826267e-3, 6378137.0, 9.80665  # WGS-84 and EGM2008, standard gravity
CRAFT = Burner("one", Engine(1000.0, 300.0), 0.0, 1e9, 1e3)
DV, AT = 3.0, 0.25 * DAY


@pytest.fixture(scope="module")
def found():
    span = (Epoch.from_utc(f"2026-{day}T00:00:00Z") for day in ("10-17", "11-06"))
    return setting(load_programme("programme"), *span)


def no_air(t: float) -> float:
    return 0.0


def pair(found, end: float):
    """The same flight with a raise in one burn and without."""
    made = [Raise(AT, DV, CRAFT, 1, "raise")]
    burnt = flown(found, found.state, (0.0, end), made, found.world, no_air)
    return burnt, flown(found, found.state, (0.0, end), (), found.world, no_air)


def test_the_mass_is_that_of_the_rocket_equation(found):
    """In rounding: the flow of propellant is constant, whatever the forces."""
    burnt, free = pair(found, 0.5 * DAY)
    before, after = free.path.mass[-1], burnt.path.mass[-1]
    assert 300.0 * G0 * math.log(before / after) == pytest.approx(DV, rel=1e-9)


@pytest.mark.parametrize("burns", [1, 2])
def test_the_axis_rises_by_gauss(found, burns):
    """da/dt = 2 a^2 v f / mu, along the track: 2 a / v dv. To 0.1 %: the eccentricity, 0.001, and the oblateness change
    the speed at the burn by that much of it, and the burn of 270 s turns with the orbit."""
    made = [Raise(AT, DV, CRAFT, burns, "raise")]
    late = np.linspace(0.6, 1.4, 16) * DAY
    with_, without = (
        axes(flown(found, found.state, (0.0, 1.5 * DAY), raises, found.world, no_air).path, late).mean()
        for raises in (made, [])
    )
    middle = 0.5 * (with_ + without)
    assert (with_ - without) / DV == pytest.approx(2.0 * math.sqrt(middle**3 / MU), rel=1e-3)


def _far(t: float, y: np.ndarray, force: float) -> np.ndarray:
    r, v, mass = y[:3], y[3:6], y[6]
    distance = math.sqrt(r @ r)
    z2 = 5.0 * (r[2] / distance) ** 2
    oblate = 1.5 * J2 * (RADIUS / distance) ** 2
    a = -MU / distance**3 * r * (1.0 - oblate * (z2 - np.array([1.0, 1.0, 3.0])))
    forward = np.cross(np.cross(r, v), r)
    a = a + force / mass * forward / math.sqrt(forward @ forward)
    return np.concatenate([v, a, [-force / (300.0 * G0)]])


def test_what_the_burn_changes_is_what_another_integrator_says(found):
    """Half a day: how much farther back the raised station is, 370 km, in both flights. The other one has no air, Sun,
    Moon, or terms of the field beyond the oblateness: they act on both of its flights alike, and on the difference by
    1e-3 of it at most (the third degree is 1e-3 of the second, the difference of the orbits 1e-3 of the radius); it is
    1e-4 here."""
    end = AT + 0.5 * DAY
    burnt, free = pair(found, end)
    y0 = np.concatenate([found.state.r, found.state.v, [found.state.mass]])
    mass = found.state.mass * -math.expm1(-DV / (300.0 * G0))
    half = 0.5 * mass / (1000.0 / (300.0 * G0))

    def leg(y, t0, t1, force=0.0):
        return solve_ivp(_far, (t0, t1), y, "DOP853", args=(force,), rtol=1e-11, atol=1e-6).y[:, -1]

    pushed = leg(leg(leg(y0, 0.0, AT - half), AT - half, AT + half, 1000.0), AT + half, end)
    ours = burnt.path.last()[0] - free.path.last()[0]
    theirs = pushed[:3] - leg(y0, 0.0, end)[:3]
    assert np.linalg.norm(ours) > 3e5
    assert np.linalg.norm(ours) == pytest.approx(np.linalg.norm(theirs), rel=1e-3)


def test_the_fall_of_the_decay_model_is_that_of_the_full_model(found):
    """One model of the decay for plans and forecasts: its rates along the path against the fall of a flight with drag,
    over 15 days: 1 %, as daily weather, 0.5 %, and the mean axis, 10 m of 1500, have it."""
    low, high = (found.axis(km) for km in found.rules.band_km)
    table = falls(found.plane, found.zero, found.end, low, high)
    path = flown(found, found.state, (0.0, 17.0 * DAY), (), found.world).path
    grid = np.arange(DAY, 16.0 * DAY, 0.1 * DAY)
    ratio = np.array([found.stack(t).cda / found.stack(t).mass for t in grid])
    fell = -np.diff(axes(path, np.array([DAY, 16.0 * DAY])))[0]
    assert table.at(grid, axes(path, grid), ratio).sum() * 0.1 * DAY == pytest.approx(fell, rel=0.01)


def test_a_plan_from_sets_after_a_thrust_carries_a_warning():
    """In August 2026 the decay stopped for two days; before it nothing is said. Two settings of ten days."""
    before, after = (
        setting(load_programme("programme"), Epoch.from_utc(f"{a}T00:00:00Z"), Epoch.from_utc(f"{b}T00:00:00Z"))
        for a, b in (("2026-08-08", "2026-08-18"), ("2026-08-14", "2026-08-24"))
    )
    assert before.warnings == ()
    (warning,) = after.warnings
    assert warning.startswith("the element sets since 2026-08-09 do not fall as drag lets them: thrust, or a change of")
