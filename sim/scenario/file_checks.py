"""What no single key of a vehicle, profile, site or world file can get wrong: keys that must agree with each other."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.sources import SOURCES
from sim.scenario.view import Finding, View, increasing, ordered


def launcher(view: View) -> Iterator[Finding]:
    for stage in ("booster", "stage_1"):
        yield from ordered(view, (stage, "residual_kg"), (stage, "propellant_kg"))
        yield from ordered(view, (stage, "thrust_sea_level_kn"), (stage, "thrust_vacuum_kn"), equal=True)
    yield from ordered(view, ("guidance", "vertical_s"), ("guidance", "kick_end_s"))
    mach, drag = view("aerodynamics", "mach"), view("aerodynamics", "drag_coefficient")
    if mach and drag and len(mach) != len(drag):
        yield Finding(("aerodynamics", "drag_coefficient"), f"{len(drag)} values", f"{len(mach)}, one for each mach")
    yield from increasing(view, ("aerodynamics", "mach"))


def ship(view: View) -> Iterator[Finding]:
    yield from ordered(view, ("parachutes", "heat_shield_altitude_km"), ("parachutes", "opening_altitude_km"))
    yield from ordered(view, ("parachutes", "heat_shield_mass_kg"), ("mass", "return_module_kg"))
    yield from ordered(view, ("docking", "closing_min_m_s"), ("docking", "closing_max_m_s"))


def station(view: View) -> Iterator[Finding]:
    for name in view.keys("ports"):
        axis = view("ports", name, "axis")
        length = sum(x * x for x in axis) ** 0.5 if axis else 1.0
        if abs(length - 1.0) > 1e-6:
            yield Finding(("ports", name, "axis"), f"a vector of length {length:.6g}", "a unit vector")


def profile(view: View) -> Iterator[Finding]:
    yield from increasing(view, ("phasing", "burns_min"))
    burns, homing = view("phasing", "burns_min"), view("phasing", "homing_point_min")
    if burns and homing is not None and not burns[-1] < homing:
        key = ("phasing", "homing_point_min")
        yield Finding(key, str(homing), f"more than the last of phasing.burns_min, {burns[-1]}")
    hold, arrival = view("homing", "hold_m"), view("transfer", "arrival_range_m")
    far = sum(x * x for x in hold) ** 0.5 if hold else None
    if far is not None and arrival is not None and not arrival < far:
        key = ("transfer", "arrival_range_m")
        yield Finding(key, str(arrival), f"less than the range of homing.hold_m, {far:.1f}")
    yield from ordered(view, ("final", "far_hold_range_m"), ("transfer", "arrival_range_m"))
    yield from ordered(view, ("final", "near_hold_range_m"), ("final", "far_hold_range_m"))
    yield from ordered(view, ("final", "closing_speed_m_s"), ("final", "speed_far_m_s"), equal=True)
    radius, ellipsoid = view("safety", "keep_out_radius_m"), view("safety", "ellipsoid_km")
    if radius is not None and ellipsoid and not radius < 1000.0 * min(ellipsoid):
        key = ("safety", "keep_out_radius_m")
        yield Finding(key, str(radius), f"less than the smallest of safety.ellipsoid_km, {min(ellipsoid)} km")


BY_KIND = {
    "launcher": (*SOURCES, launcher),
    "ship": (*SOURCES, ship),
    "station": (*SOURCES, station),
    "profile": (*SOURCES, profile),
    "site": SOURCES,
    "world": SOURCES,
}
