"""The return as it was flown, beside what is published of returns: each figure with its band, and why it lies outside.

The published figures are facts (seeds/facts); a fact without an uncertainty has half a unit of its last figure. What
explains a difference is computed from the flight itself in `sim/reentry/published_reasons.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from sim.catalogue.facts import Fact, fact, facts
from sim.core.epoch import Epoch
from sim.core.flight import Flight
from sim.reentry import published_reasons as reasons
from sim.reentry.flown_return import FlownReturn

SHIPS = "shenzhou"  # with what the name of a ship begins of which the published figures are
EDGE = 1e-6  # of the band; what a file sets to its edge is inside


@dataclass(frozen=True)
class Compared:
    """One published figure beside the flown one: band from `low` to `high`, `flown` None where the flight has no such
    event; `set_by`: the key of a file that sets it, so that it agrees by itself; `calibrated_by`: keys whose values the
    shipped files chose so that this figure agrees, which is no evidence either; `why`: where it lies outside."""

    name: str
    what: str
    unit: str
    published: float
    low: float
    high: float
    flown: float | None
    fact: str
    sources: tuple[str, ...]
    set_by: str
    calibrated_by: str
    why: str

    @property
    def difference(self) -> float | None:
        return None if self.flown is None else self.flown - self.published

    @property
    def inside(self) -> bool:
        slack = EDGE * max(abs(self.low), abs(self.high))
        return self.flown is not None and self.low - slack <= self.flown <= self.high + slack


@dataclass(frozen=True)
class _Row:
    """How one figure is compared: `published` names its fact, or one number of it as `return.blackout.0`."""

    name: str
    what: str
    published: str
    flown: Callable[[FlownReturn], float | None]
    why: Callable[[FlownReturn, float, float], str]
    set_by: str = ""
    calibrated_by: str = ""


def _value(event: str, key: str, scale: float = 1.0) -> Callable[[FlownReturn], float | None]:
    return lambda flown: flown.value(event, key, scale)


def _minutes(first: str, last: str) -> Callable[[FlownReturn], float | None]:
    return lambda flown: flown.between(first, last, 60.0)


_ROWS = (
    _Row(
        "orbital_module_to_landing",
        "orbital module separation to landing",
        "return.om_separation_to_landing",
        _minutes("orbital_module_separation", "touchdown"),
        reasons.module_to_landing,
        calibrated_by="orbital_module_lead_s, entry_angle_deg",
    ),
    _Row(
        "deorbit_to_landing",
        "start of the deorbit burn to landing",
        "return.deorbit_to_landing",
        _minutes("deorbit_burn_start", "touchdown"),
        reasons.deorbit_to_landing,
        calibrated_by="entry_angle_deg",
    ),
    _Row(
        "deorbit_burn",
        "length of the deorbit burn",
        "return.deorbit_burn_duration",
        _value("deorbit_burn_end", "duration_s"),
        reasons.burn,
        calibrated_by="entry_angle_deg",
    ),
    _Row(
        "deorbit_delta_v",
        "speed change of the deorbit burn",
        "return.deorbit_delta_v",
        _value("deorbit_burn_end", "delta_v_m_s"),
        reasons.delta_v,
        calibrated_by="entry_angle_deg",
    ),
    _Row(
        "yaw_turn",
        "turn before the orbital module separates",
        "return.yaw_turn_1",
        _value("yaw_turn", "turn_deg"),
        reasons.as_set,
        "always 90 deg",
    ),
    _Row(
        "module_separation_altitude",
        "service module separates at",
        "return.sm_rm_separation_altitude",
        _value("service_module_separation", "altitude_km"),
        reasons.as_set,
        "service_module_altitude_km",
    ),
    _Row(
        "trim_altitude",
        "capsule turned to its trim attitude at",
        "return.trim_altitude",
        lambda flown: flown.altitude("trim_attitude"),
        reasons.as_set,
    ),
    _Row(
        "blackout_start_altitude",
        "blackout begins at",
        "return.blackout.0",
        lambda flown: flown.altitude("blackout_start"),
        reasons.blackout,
        "capsule.blackout_km",
    ),
    _Row(
        "blackout_end_altitude",
        "blackout ends at",
        "return.blackout.1",
        lambda flown: flown.altitude("blackout_end"),
        reasons.blackout,
        "capsule.blackout_km",
    ),
    _Row(
        "peak_load",
        "greatest load of the entry",
        "shenzhou.entry_g_nominal",
        _value("peak_load", "load_g"),
        reasons.peak_load,
    ),
    _Row(
        "opening_altitude",
        "pilot parachute at",
        "return.parachute_open_altitude",
        lambda flown: flown.at_opening("altitude_km"),
        reasons.as_set,
        "parachutes.opening_altitude_km",
    ),
    _Row(
        "speed_at_opening",
        "speed at the pilot parachute",
        "return.speed_at_pilot_chute",
        lambda flown: flown.at_opening("speed_air_m_s"),
        reasons.falling_at("opening"),
    ),
    _Row(
        "drogue",
        "time under the drogue",
        "return.drogue_duration",
        lambda flown: flown.between("drogue_deployment", "main_chute_deployment", 1.0),
        reasons.as_set,
        "parachutes.drogue_s",
    ),
    _Row(
        "speed_after_drogue",
        "speed as the main parachute comes out",
        "return.speed_steps.0",
        _value("main_chute_deployment", "speed_m_s"),
        reasons.falling_at("main_chute_deployment"),
    ),
    _Row(
        "speed_after_reefing",
        "speed as the main parachute is released to full",
        "return.speed_steps.1",
        _value("main_chute_disreef", "speed_m_s"),
        reasons.falling_at("main_chute_disreef"),
    ),
    _Row(
        "heat_shield_altitude",
        "heat shield separates at",
        "return.heatshield_jettison_altitude",
        _value("heat_shield_jettison", "altitude_km"),
        reasons.as_set,
        "parachutes.heat_shield_altitude_km",
    ),
    _Row(
        "descent_speed",
        "speed under the main parachute near the ground",
        "return.descent_speed_main",
        _value("retro_fire", "speed_m_s"),
        reasons.falling_at("retro_fire"),
        calibrated_by="parachutes.main_drag_coefficient",
    ),
    _Row(
        "retro_height",
        "retro rockets fire over the ground at",
        "return.retro_height",
        lambda flown: flown.over_ground("retro_fire"),
        reasons.as_set,
        "parachutes.retro_height_m",
    ),
    _Row(
        "touchdown_speed",
        "speed at touchdown",
        "return.touchdown_speed",
        _value("touchdown", "speed_m_s"),
        reasons.touchdown,
        calibrated_by="parachutes.retro_thrust_kn",
    ),
)


def compared(flight: Flight) -> tuple[Compared, ...]:
    """Every published figure beside that of the flight; empty for a flight without a deorbit burn, and for another ship
    than a Shenzhou, of which the figures are."""
    flown = FlownReturn.of(flight)
    if flown is None or not flown.ship.lower().startswith(SHIPS):
        return ()
    return tuple(row for row in (_undock_to_landing(flown), *(_compared(row, flown) for row in _ROWS)) if row)


def _compared(row: _Row, flown: FlownReturn) -> Compared:
    topic, key, *part = row.published.split(".")
    known = fact(f"{topic}.{key}")
    value = known.numbers[int(part[0])] if part else known.value
    middle, low, high = band(known, value)
    found = row.flown(flown)
    basis = row.set_by, row.calibrated_by
    made = Compared(
        row.name, row.what, known.unit, middle, low, high, found, row.published, known.source, *basis, why=""
    )
    return _explained(made, flown, row.why)


def _explained(made: Compared, flown: FlownReturn, why: Callable[[FlownReturn, float, float], str]) -> Compared:
    if made.flown is None:
        return replace(made, why="the flight has no such event")
    return made if made.inside else replace(made, why=why(flown, made.low, made.high))


def band(known: Fact, value: object) -> tuple[float, float, float]:
    """Middle and ends of what a fact allows: two numbers are the ends, an uncertainty is about the value, and a number
    alone has half a unit of its last figure."""
    if isinstance(value, list):
        low, high = (float(x) for x in value)
        return 0.5 * (low + high), low, high
    assert isinstance(value, int | float), f"{known.name} is a number"
    stated = re.match(r"[\d.]+", known.uncertainty)
    half = float(stated.group()) if stated else half_of_last_figure(value)
    return float(value), float(value) - half, float(value) + half


def half_of_last_figure(value: float) -> float:
    """Half a unit of the last significant figure of a number: 5 for 120 and for 80.0, 0.5 for 6."""
    if value != int(value):
        digits = f"{value:.6f}".rstrip("0").partition(".")[2]
        return 0.5 * 10.0 ** -len(digits)
    text = str(int(abs(value)))
    return 0.5 * 10.0 ** (len(text) - len(text.rstrip("0")))


# ---- from undocking


def _undock_to_landing(flown: FlownReturn) -> Compared | None:
    """Beside the published return of the like number of revolutions; None where the flight did not undock."""
    hours = flown.between("undocking", "touchdown", 3600.0)
    if flown.when("undocking") is None:
        return None
    three, five = fact("return.undock_to_landing_sz21"), fact("return.undock_to_landing_sz19")
    known = min((three, five), key=lambda f: abs(f.number - hours)) if hours is not None else five
    wide = spread(list(_published_hours(five.number)))
    what = "undocking to landing, " + ("three" if known is three else "five") + " revolutions"
    low, high = known.number - wide, known.number + wide
    made = Compared(
        "undock_to_landing",
        what,
        "h",
        known.number,
        low,
        high,
        hours,
        known.name,
        known.source,
        "undock_to_landing_h",
        "",
        "",
    )
    return _explained(made, flown, reasons.undock_to_landing)


def _published_hours(near: float) -> Iterator[float]:
    """Undocking to landing of all missions that flew about as long a return, h: within half a revolution."""
    for name, one in facts().items():
        if name.startswith("missions.sz_") and isinstance(one.value, dict):
            left, landed = (str(one.table.get(key, "")) for key in ("undocked", "landed"))
            if "T" in left and "T" in landed:
                hours = Epoch.from_utc(landed).since(Epoch.from_utc(left)) / 3600.0
                if abs(hours - near) < 0.75:
                    yield hours


def spread(hours: Sequence[float]) -> float:
    """From the shortest to the longest, h: how far apart returns of one kind are; times are known to a minute."""
    return max(max(hours) - min(hours), 2.0 / 60.0)
