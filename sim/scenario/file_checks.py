"""What no single key of a vehicle, profile, site or world file can get wrong: keys that must agree with each other."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario import (
    arm_file,
    body_file,
    dispersion_checks,
    docking_rules,
    landing_rules,
    launcher_checks,
    spacewalk_rules,
    suborbital_craft,
    surface_site,
    week_checks,
    wind_file,
)
from sim.scenario.body_checks import inertia, thrusters
from sim.scenario.sensing import sensors
from sim.scenario.sources import SOURCES
from sim.scenario.view import Finding, View, increasing, ordered


def launcher(view: View) -> Iterator[Finding]:
    for i in range(view.length("stages")):
        yield from ordered(view, ("stages", i, "residual_kg"), ("stages", i, "propellant_kg"))
        for j in range(len(view("stages", i, "engines") or ())):
            engine = "stages", i, "engines", j
            yield from ordered(view, (*engine, "thrust_sea_level_kn"), (*engine, "thrust_vacuum_kn"), equal=True)
    yield from _phases(view)
    times = [view("jettisons", i, "at_s") for i in range(view.length("jettisons"))]
    for i, (a, b) in enumerate(zip(times, times[1:], strict=False), 1):
        if a is not None and b is not None and not a < b:
            yield Finding(("jettisons", i, "at_s"), f"{b} after {a}", "jettisons in the order of time")
    yield from ordered(view, ("guidance", "vertical_s"), ("guidance", "kick_end_s"))
    yield from _events_and_sequences(view)
    mach, drag = view("aerodynamics", "mach"), view("aerodynamics", "drag_coefficient")
    if mach and drag and len(mach) != len(drag):
        yield Finding(("aerodynamics", "drag_coefficient"), f"{len(drag)} values", f"{len(mach)}, one for each mach")
    yield from increasing(view, ("aerodynamics", "mach"))


def _events_and_sequences(view: View) -> Iterator[Finding]:
    """Debris falls with an event of this launcher, and one published sequence at most is the chosen one."""
    known = {view(key, i, "event") for key in ("phases", "jettisons") for i in range(view.length(key))}
    for i in range(view.length("debris")):
        event = view("debris", i, "event")
        if event is not None and event not in known:
            allowed = f"an event of this launcher: {', '.join(sorted(e for e in known if e))}"
            yield Finding(("debris", i, "event"), f"'{event}'", allowed)
    chosen = [i for i in range(view.length("sequences")) if view("sequences", i, "chosen")]
    for i in chosen[1:]:
        yield Finding(("sequences", i, "chosen"), "a second chosen sequence", f"one, and sequences.{chosen[0]} is it")


def _phases(view: View) -> Iterator[Finding]:
    """Every phase burns, drops and ends by stages that exist; guidance is at the end alone, in two phases at most."""
    stages = {view("stages", i, "name"): i for i in range(view.length("stages"))}
    engines = set(stages)
    for name, i in stages.items():
        count = len(view("stages", i, "engines") or ())
        engines |= {f"{name}.{view('stages', i, 'engines', j, 'name') or 'main'}" for j in range(count)}
    phases = view.length("phases")
    for i in range(phases):
        burning, ends, duration = (view("phases", i, key) for key in ("burning", "ends", "duration_s"))
        unknown = False
        for key, allowed in (("burning", engines), ("drops", stages)):
            for name in view("phases", i, key) or ():
                if name not in allowed:
                    unknown = True
                    yield Finding(("phases", i, key), f"'{name}'", f"one of {', '.join(sorted(map(str, allowed)))}")
        if ends is None and duration is None:
            yield Finding(("phases", i), "neither ends nor duration_s", "the one or the other")
        elif ends == "guidance":
            if i < phases - 2 or (i == phases - 2 and view("phases", i + 1, "ends") != "guidance"):
                yield Finding(("phases", i, "ends"), "'guidance'", "a stage that runs dry; guidance ends the flight")
            if i == phases - 1 and duration is None and view("phases", i - 1, "ends") == "guidance":
                yield Finding(("phases", i), "no duration_s", "the planned length of the last phase")
        elif ends is not None and not unknown and not any(name.partition(".")[0] == ends for name in burning or ()):
            yield Finding(("phases", i, "ends"), f"'{ends}'", "'guidance', or a stage that burns in this phase")


CREWED = (("capsule",), ("parachutes",), ("mass", "return_module_kg"))
PEOPLE = (*CREWED, ("mass", "orbital_module_kg"), ("escape",))  # of a crewed ship alone; the last two it may lack
FREIGHT = (("mass", "cargo_module_kg"), ("mass", "cargo_kg"))


def ship(view: View) -> Iterator[Finding]:
    """A ship with seats has what brings people home; one without has a cargo module instead."""
    seats = view("crew_seats")
    if seats is not None:
        needed, barred = (CREWED, FREIGHT) if seats else (FREIGHT, PEOPLE)
        whose = f"crew_seats = {seats}"
        for path in needed:
            if not _stands(view, path) and path not in view.bad:
                yield Finding(path, "nothing", f"given, since {whose}")
        for path in barred:
            if _stands(view, path):
                yield Finding(path, f"a key of another kind of ship, since {whose}", "no such key")
    yield from ordered(view, ("parachutes", "heat_shield_altitude_km"), ("parachutes", "opening_altitude_km"))
    yield from ordered(view, ("parachutes", "backup_altitude_km"), ("parachutes", "opening_altitude_km"))
    yield from ordered(view, ("parachutes", "reefed_filling_s"), ("parachutes", "reefed_s"), equal=True)
    yield from ordered(view, ("parachutes", "heat_shield_mass_kg"), ("mass", "return_module_kg"))
    yield from _capsule(view)
    yield from ordered(view, ("docking", "closing_min_m_s"), ("docking", "closing_max_m_s"))
    yield from ordered(view, ("docking", "push_off_m_s"), ("docking", "push_off_max_m_s"), equal=True)
    yield from ordered(view, ("docking", "retraction_s"), ("docking", "contact_to_hard_mate_s"))


def _capsule(view: View) -> Iterator[Finding]:
    """The trim table grows up to the hypersonic Mach number, a value of each kind a row; the blackout goes down."""
    trim = "capsule", "trim"
    mach = view(*trim, "mach")
    if mach:
        yield from increasing(view, (*trim, "mach"))
        highest = view(*trim, "hypersonic_mach")
        if highest is not None and not mach[-1] < highest:
            yield Finding(
                (*trim, "mach"), f"{mach[-1]:g} as its last", f"less than hypersonic_mach, which is {highest:g}"
            )
        for key in ("drag_coefficient", "lift_to_drag"):
            values = view(*trim, key)
            if values and len(values) != len(mach):
                yield Finding((*trim, key), f"{len(values)} values", f"{len(mach)}, one of each in mach")
    blackout = view("capsule", "blackout_km")
    if blackout and not blackout[0] > blackout[1]:
        yield Finding(
            ("capsule", "blackout_km"), f"{blackout[0]:g}, then {blackout[1]:g}", "the upper height, then the lower"
        )


def _stands(view: View, path: tuple) -> bool:
    return path[-1] in view.keys(*path[:-1]) if len(path) > 1 else path[0] in view.raw


def station(view: View) -> Iterator[Finding]:
    for name in view.keys("ports"):
        axis = view("ports", name, "axis")
        length = sum(x * x for x in axis) ** 0.5 if axis else 1.0
        if abs(length - 1.0) > 1e-6:
            yield Finding(("ports", name, "axis"), f"a vector of length {length:.6g}", "a unit vector")


def profile(view: View) -> Iterator[Finding]:
    window, phase = view("phase_window_deg"), view("phase_deg")
    if window and not window[0] < window[1]:
        yield Finding(("phase_window_deg",), f"{window[0]} to {window[1]}", "a first angle less than the second")
    elif window and phase is not None and not window[0] <= phase <= window[1]:
        yield Finding(("phase_deg",), str(phase), f"within phase_window_deg, {window[0]} to {window[1]}")
    yield from increasing(view, ("phasing", "burns_min"))
    burns, homing = view("phasing", "burns_min"), view("phasing", "homing_point_min")
    if burns and homing is not None and not burns[-1] < homing:
        key = ("phasing", "homing_point_min")
        yield Finding(key, str(homing), f"more than the last of phasing.burns_min, {burns[-1]}")
    yield from _fallback(view)
    hold = view("homing", "hold_m")
    far = sum(x * x for x in hold) ** 0.5 if hold else None
    for table in ("transfer",), ("transfer", "below"):
        arrival = view(*table, "arrival_range_m")
        if far is not None and arrival is not None and not arrival < far:
            allowed = f"less than the range of homing.hold_m, {far:.1f}"
            yield Finding((*table, "arrival_range_m"), str(arrival), allowed)
        yield from ordered(view, ("final", "far_hold_range_m"), (*table, "arrival_range_m"))
    if view("transfer", "arrival") == "behind" and "below" in view.keys("transfer"):
        yield Finding(("transfer", "below"), "a table", "none, since every transfer of this profile ends behind")
    if view("transfer", "arrival") == "behind" and "fly_around" not in view.raw:
        yield Finding(("fly_around",), "nothing", "a table [fly_around], since transfer.arrival is 'behind'")
    yield from ordered(view, ("final", "near_hold_range_m"), ("final", "far_hold_range_m"))
    yield from ordered(view, ("final", "closing_speed_m_s"), ("final", "speed_far_m_s"), equal=True)
    radius, ellipsoid = view("safety", "keep_out_radius_m"), view("safety", "ellipsoid_km")
    if radius is not None and ellipsoid and not radius < 1000.0 * min(ellipsoid):
        key = ("safety", "keep_out_radius_m")
        yield Finding(key, str(radius), f"less than the smallest of safety.ellipsoid_km, {min(ellipsoid)} km")


def _fallback(view: View) -> Iterator[Finding]:
    """A profile to go over to has its time of decision, and that lies before the homing point."""
    other, when = view("phasing", "fallback"), view("phasing", "fallback_decision_min")
    homing = view("phasing", "homing_point_min")
    key = ("phasing", "fallback_decision_min")
    if (other is None) != (when is None):
        given, absent = ("fallback_decision_min", "fallback") if other is None else ("fallback", key[1])
        yield Finding(("phasing", absent), "nothing", f"given, as phasing.{given} is")
    elif when is not None and homing is not None and not when < homing:
        yield Finding(key, str(when), f"less than phasing.homing_point_min, {homing}")


BY_KIND = {
    "launcher": (*SOURCES, launcher, launcher_checks.whole),
    "ship": (*SOURCES, ship, inertia, thrusters, sensors),
    "station": (*SOURCES, station, inertia),
    "profile": (*SOURCES, profile),
    "docking_rules": docking_rules.RULES,
    "landing_rules": landing_rules.RULES,
    "spacewalk_rules": spacewalk_rules.RULES,
    "uncertainty": (*SOURCES, *dispersion_checks.RULES),
    "week": week_checks.RULES,
    "rocket_plane": suborbital_craft.RULES,
    "wind": wind_file.RULES,
    "arm": arm_file.RULES,
    "body": body_file.RULES,
    "surface_site": surface_site.RULES,
    "site": SOURCES,
    "world": SOURCES,
}
