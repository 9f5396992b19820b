"""Why a figure of a return differs from the published one, from the data of the flight: a sentence for each kind.

Every function takes the return and the band, from `low` to `high`, that the flown figure lies outside of.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from kernels.constants import G0
from sim.catalogue.facts import fact
from sim.reentry.flown_return import FlownReturn

NO_MORE = "the flight does not have the data that would explain it"
STEADY = 0.1  # of the load: within that of one g a capsule falls at a steady speed


def nearer(value: float, low: float, high: float) -> float:
    """The end of a band that a value outside of it is nearer to."""
    return low if value < low else high


def as_set(flown: FlownReturn, low: float, high: float) -> str:
    return "a file of this mission sets it to another figure than the published one"


def undock_to_landing(flown: FlownReturn, low: float, high: float) -> str:
    coast, rest = (
        flown.between("undocking", "deorbit_burn_start", 3600.0),
        flown.between("deorbit_burn_start", "touchdown", 60.0),
    )
    if coast is None or rest is None:
        return "the flight ended before the landing"
    return (
        f"{coast:.2f} h from undocking to the deorbit burn and {rest:.1f} min from there to the landing: the ship left "
        "at another point of the orbit than the published flight, and the pass over the site is fixed"
    )


def module_to_landing(flown: FlownReturn, low: float, high: float) -> str:
    lead, rest = (
        flown.between("orbital_module_separation", "deorbit_burn_start", 60.0),
        flown.between("deorbit_burn_start", "touchdown", 60.0),
    )
    if lead is None or rest is None:
        return NO_MORE
    both = fact("return.om_separation_to_landing").number - fact("return.deorbit_to_landing").number
    return (
        f"the orbital module leaves {lead:.1f} min before the burn, which the published times put {both:.0f} min "
        f"apart, and from the burn to the landing it is {rest:.1f} min: {_stretches(flown)}"
    )


def deorbit_to_landing(flown: FlownReturn, low: float, high: float) -> str:
    return _stretches(flown) or NO_MORE


def _stretches(flown: FlownReturn) -> str:
    """The minutes from the burn to the landing, stretch by stretch, with what makes each as long as it is."""
    burn, entry, landed = (flown.when(name) for name in ("deorbit_burn_start", "entry_interface", "touchdown"))
    opening = flown.opening_t
    if burn is None or entry is None or landed is None or opening is None:
        return ""
    angle, high = flown.value("entry_interface", "flight_path_deg"), flown.value("entry_interface", "altitude_km")
    steep = "" if angle is None else f" at {angle:.2f} deg"
    sink = 1000.0 * ((flown.at_opening("altitude_km") or 0.0) - (flown.air_at(landed, "altitude_km") or 0.0))
    return (
        f"{(entry - burn) / 60.0:.1f} min down to {high or 0.0:.0f} km{steep}, {(opening - entry) / 60.0:.1f} min to "
        f"the parachutes, {(landed - opening) / 60.0:.1f} min under them, sinking {sink / (landed - opening):.1f} m/s "
        "on average"
    )


def burn(flown: FlownReturn, low: float, high: float) -> str:
    mass, thrust = (flown.value("deorbit_burn_start", key) for key in ("mass_kg", "thrust_n"))
    length, made, used = (
        flown.value("deorbit_burn_end", key) for key in ("duration_s", "delta_v_m_s", "propellant_kg")
    )
    if mass is None or thrust is None or length is None or made is None or not used:
        return NO_MORE
    flow = used / length
    exhaust = thrust / flow
    edge = nearer(length, low, high)
    longer = exhaust * math.log(mass / (mass - flow * edge)) if mass > flow * edge else math.inf
    heavier = mass * edge / length  # the share of the mass that is burnt is that of the speed change
    angle = flown.value("entry_interface", "flight_path_deg")
    needs = "the entry" if angle is None else f"the entry angle of {angle:.2f} deg"
    return (
        f"{thrust:.0f} N give the {mass:.0f} kg the {made:.1f} m/s that {needs} needs in {length:.1f} s; {edge:.0f} s "
        f"would be {longer:.1f} m/s, or a ship of {heavier:.0f} kg"
    )


def delta_v(flown: FlownReturn, low: float, high: float) -> str:
    made, angle = flown.value("deorbit_burn_end", "delta_v_m_s"), flown.value("entry_interface", "flight_path_deg")
    mass, thrust = (flown.value("deorbit_burn_start", key) for key in ("mass_kg", "thrust_n"))
    if made is None or mass is None or thrust is None:
        return NO_MORE
    aimed = "" if angle is None else f"; the burn is as large as an entry at {angle:.2f} deg needs"
    published = fact("return.deorbit_burn_mean").number
    return (
        f"the published figure is {published:.0f} s of burn on a ship of published mass; with {thrust:.0f} N and "
        f"{mass:.0f} kg so long a burn gives {thrust * published / mass:.0f} m/s{aimed}"
    )


def blackout(flown: FlownReturn, low: float, high: float) -> str:
    edges = [(name, flown.when(f"blackout_{name}")) for name in ("start", "end")]
    speeds = [f"{name} at {flown.air_at(t, 'speed_air_m_s') or 0.0:.0f} m/s" for name, t in edges if t is not None]
    return f"the plasma follows speed and density, not altitude alone: {', '.join(speeds)}"


def peak_load(flown: FlownReturn, low: float, high: float) -> str:
    air, t = flown.opening, flown.when("peak_load")
    angle = flown.value("entry_interface", "flight_path_deg")
    if air is None or t is None or angle is None:
        return NO_MORE
    deep = air.load_g > 0.2
    up = float(np.mean(np.cos(np.radians(air.bank_deg[deep])))) if deep.any() else 1.0
    return (
        f"the capsule enters at {angle:.2f} deg, and its bank leaves {100.0 * up:.0f} % of the lift to hold it up: "
        "less lift up, or a steeper entry, is a greater load"
    )


def touchdown(flown: FlownReturn, low: float, high: float) -> str:
    before, after = flown.value("retro_fire", "speed_m_s"), flown.value("touchdown", "speed_m_s")
    if after is None:
        return NO_MORE
    if before is None:
        return "the retro rockets did not fire"
    return (
        f"the retro rockets take {before - after:.1f} m/s from {before:.1f} m/s; to come to "
        f"{nearer(after, low, high):g} m/s they would have to take {before - nearer(after, low, high):.1f} m/s"
    )


def falling_at(name: str) -> Callable[[FlownReturn, float, float], str]:
    """The reason for a speed of fall, as the pilot parachute opens (`opening`) or at the event of that name."""

    def why(flown: FlownReturn, low: float, high: float) -> str:
        t = flown.opening_t if name == "opening" else flown.when(name)
        if t is None or flown.air is None:
            return NO_MORE
        before = t - 1e-3  # an event that changes the area is two rows of one time
        speed, pressure, load, altitude = (
            flown.air_at(before, key) for key in ("speed_air_m_s", "dynamic_pressure_pa", "load_g", "altitude_km")
        )
        mass = flown.mass(before)
        if not speed or not pressure or not load or mass is None or altitude is None:
            return NO_MORE
        density, area = 2.0 * pressure / speed**2, load * G0 * mass / pressure
        edge = nearer(speed, low, high)
        steady = mass * G0 / (0.5 * density * edge**2)
        braking = "falls at a steady speed" if abs(load - 1.0) < STEADY else f"is still braked, by {load:.2f} g"
        return (
            f"with {mass:.0f} kg and {area:.1f} m² of drag area in {density:.3f} kg/m³ at {altitude:.1f} km it "
            f"{braking}; {edge:g} m/s is the steady speed of {steady:.1f} m²"
        )

    return why
