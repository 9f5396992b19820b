"""A flight made by hand, for the tests of reports and files: Kepler arcs and smooth curves, no simulation at all.

It has every leg, event and record of a real rotation, so that the writers and the pictures can be tried in a second.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import made_figures
import made_return
import numpy as np
from made_close_range import ZONES, drift, six
from made_plan import made_record
from made_study import made_study

from sim.core.ascent_record import AscentHistory, AscentRecord, AwaitLaunchRecord, LaunchOpportunities, LaunchSearch
from sim.core.docking_record import (
    DepartureRecord,
    DockedRecord,
    DockingRecord,
    FlyAroundArcs,
    FlyAroundRecord,
    HoldPoints,
)
from sim.core.epoch import Epoch
from sim.core.flight import Event, Flight, Leg, RuleCheck
from sim.core.ground_site import GroundSite
from sim.core.histories import ContactHistory, DepartureDriftHistory, PropellantHistory, RelativeHistory, columns, rows
from sim.core.phasing_record import PhasingFigures, PhasingRecord, TransferFigures, TransferRecord
from sim.core.return_record import DeorbitRecord, DescentRecord, EntryGuidanceHistory, EntryHistory, EntryRecord
from sim.core.scene import Scene, Seat
from sim.core.trajectory import Trajectory
from sim.core.undocking_record import UndockingRecord
from sim.files.paths import MISSIONS

GM = 3.986004415e14
EARTH_RADIUS_M = 6378137.0
EARTH_RATE = 7.292115e-5
ZERO = Epoch.from_utc("2026-10-06T02:00:00Z")
LIFTOFF = Epoch.from_utc("2026-10-24T15:06:00Z").since(ZERO)
INSERTION = LIFTOFF + 585.0
HOMING = INSERTION + 115 * 60.0
TRANSFER = HOMING + 2060.0
AROUND = TRANSFER + 1000.0
FINAL = TRANSFER + 1620.0
CONTACT = FINAL + 900.0
UNDOCKING = CONTACT + 7 * 86400.0
DEORBIT = UNDOCKING + 6 * 3600.0
ENTRY = DEORBIT + 1800.0
DESCENT = ENTRY + 500.0
TOUCHDOWN = DESCENT + 800.0
STATION, UP, DOWN = "tiangong", "shenzhou-24", "shenzhou-23"
PAD = GroundSite("Jiuquan", 40.9583, 100.2914)
SITE = GroundSite("Dongfeng", 41.62, 100.08)


class RoundWorld:
    """An Earth that is a turning sphere: enough to place a track on the map."""

    zero = ZERO
    sidereal_rad_at_zero = np.radians(14.6 + 30.0)

    def geodetic(self, t, r):
        angle = self.sidereal_rad_at_zero + EARTH_RATE * np.asarray(t)
        lon = np.degrees(np.arctan2(r[:, 1], r[:, 0]) - angle)
        radius = np.linalg.norm(r, axis=1)
        return np.degrees(np.arcsin(r[:, 2] / radius)), (lon + 180.0) % 360.0 - 180.0, radius - EARTH_RADIUS_M

    def ecef_each(self, times):
        angle = self.sidereal_rad_at_zero + EARTH_RATE * np.asarray(times)
        c, s, o = np.cos(angle), np.sin(angle), np.zeros(len(angle))
        return np.stack([c, s, o, -s, c, o, o, o, o + 1.0], axis=1).reshape(-1, 3, 3)

    def site_eci(self, site, t):
        r = np.linalg.norm(site.ecef())
        return _fixed_to_inertial([t], np.degrees(site.latitude), np.degrees(site.longitude), r)[0], np.zeros(3)

    def sun(self, t):
        """Over the equator, at noon of 100 E at 05:20 UTC."""
        return _fixed_to_inertial([t], 0.0, 180.0 - (t + 7200.0) / 240.0, 1.496e11)[0]

    def without_air(self, t, r, v):
        return -GM * r / np.linalg.norm(r, axis=1)[:, None] ** 3


def _fixed_to_inertial(t, lat_deg, lon_deg, radius):
    lat, angle = np.radians(lat_deg), np.radians(lon_deg) + RoundWorld.sidereal_rad_at_zero + EARTH_RATE * np.asarray(t)
    x, y, z = np.broadcast_arrays(np.cos(lat) * np.cos(angle), np.cos(lat) * np.sin(angle), np.sin(lat))
    return np.stack([radius * x, radius * y, radius * z], 1)


# The station's plane is the one that a south-easterly lift-off from the pad reaches.
_PAD = _fixed_to_inertial([LIFTOFF], 40.77, 100.29, 1.0)[0]
_INCLINATION = np.radians(41.47)
_U_PAD = np.pi - np.arcsin(_PAD[2] / np.sin(_INCLINATION))
_NODE = np.arctan2(_PAD[1], _PAD[0]) - np.arctan2(np.cos(_INCLINATION) * np.sin(_U_PAD), np.cos(_U_PAD))


def on_orbit(t, radius, lead_deg=0.0):
    """Position (n,3) on a near-circle in the station's plane; `lead_deg` 0 passes the pad at lift-off."""
    t = np.asarray(t, float)
    u = _U_PAD + np.radians(lead_deg) + np.sqrt(GM / 6.7665e6**3) * (t - LIFTOFF)
    p = np.array([np.cos(_NODE), np.sin(_NODE), 0.0])
    q = np.array([-np.sin(_NODE) * np.cos(_INCLINATION), np.cos(_NODE) * np.cos(_INCLINATION), np.sin(_INCLINATION)])
    return radius * (np.outer(np.cos(u), p) + np.outer(np.sin(u), q))


def path(where, start, end, step=60.0, mass=1e5) -> Trajectory:
    """A trajectory through the curve `where(t)`, its velocity and acceleration by central differences."""
    t = np.append(np.arange(start, end - 1e-3, step), end)
    h = 0.5
    before, here, after = where(t - h), where(t), where(t + h)
    return Trajectory(t, here, (after - before) / (2 * h), (after - 2 * here + before) / h**2, np.full(len(t), mass))


def _station_radius(t):
    decay = -90.0 * (t - LIFTOFF) / 86400.0 + np.where(t > LIFTOFF - 5 * 86400.0, 1600.0, 0.0)
    return (6.7665e6 + decay + 5e3 * np.cos(np.sqrt(GM / 6.7665e6**3) * t))[:, None]


def _station(start, end, step=60.0):
    return path(lambda t: on_orbit(t, _station_radius(t), 10.0), start, end, step)


def _relative(t, x, y, z):
    """A relative history in the station's LVLH with rates by differences."""
    v = [np.gradient(c, t) for c in (x, y, z)]
    distance = np.sqrt(x * x + y * y + z * z)
    rate = np.gradient(distance, t)
    return RelativeHistory(t, x, y, z, *v, distance, rate)


def _smooth(t, start, end, a, b):
    s = np.clip((t - start) / (end - start), 0.0, 1.0)
    return a + (b - a) * s * s * (3.0 - 2.0 * s)


def _scene(t, docked, crew):
    propellant = {UP: 600.0, DOWN: 500.0}
    return Scene(t=t, flying={}, docked=docked, ships={UP: 7900.0, DOWN: 7900.0}, propellant=propellant, crew=crew)


def _seat(name, role, nation, up, down, aboard, up_t=None, down_t=None, note=""):
    return Seat(
        name=name,
        role=role,
        nation=nation,
        ship_up=up,
        ship_down=down,
        aboard=aboard,
        up_t=up_t,
        down_t=down_t,
        note=note,
    )


def crew(landed: bool) -> tuple[Seat, ...]:
    home = dict(aboard="landed", down_t=TOUCHDOWN) if landed else dict(aboard=STATION)
    return (
        _seat("commander (not announced)", "commander", "China", UP, UP, STATION, LIFTOFF),
        _seat("flight engineer (not announced)", "flight engineer", "China", UP, UP, STATION, LIFTOFF),
        _seat(
            "payload specialist of Pakistan (slot)", "payload specialist", "Pakistan", UP, DOWN, up_t=LIFTOFF, **home
        ),
        _seat("Zhu Yangzhu", "commander", "China", DOWN, DOWN, **home),
        _seat("Zhang Zhiyuan", "flight engineer", "China", DOWN, DOWN, **home),
        _seat("Lai Ka-ying", "payload specialist", "China (Hong Kong)", DOWN, UP, STATION, note="stays for a year"),
    )


def _windows():
    day = np.arange(12.0)
    trim = np.abs(((day * 115.8 + 60.0) % 360.0) - 180.0) / 40.0
    return LaunchOpportunities(
        t_liftoff_s=LIFTOFF + day * 84738.0,
        phase_deg=(day * 115.8 + 12.0) % 360.0,
        phase_wanted_deg=np.full(12, 9.9),
        trim_m_s=trim,
        trim_limit_m_s=np.full(12, 3.0),
        beta_deg=18.6 - 4.2 * day,
        sun_elevation_pad_deg=-60.0 + 8.0 * day,
        docking_t_s=LIFTOFF + day * 84738.0 + 12900.0,
        sunlit_at_docking=(day % 2),
        accepted=(trim < 3.0).astype(float),
        chosen=(day == 0).astype(float),
    )


def _ascent():
    t = np.arange(0.0, 585.5, 0.5)
    s = t / 585.0
    load = np.where(t < 155, 1.3 + 3.4 * (t / 155) ** 2, np.where(t < 160, 2.5, 0.8 + 3.6 * ((t - 160) / 300) ** 2))
    load = np.where(t > 460, 0.5, load)
    pressure = 25e3 * np.exp(-(((t - 72) / 28) ** 2))
    history = AscentHistory(
        t_s=LIFTOFF + t,
        altitude_km=205.0 * np.sin(np.pi / 2 * s) ** 1.1,
        downrange_km=2320.0 * s**2.2,
        speed_inertial_m_s=352.0 + 7480.0 * s**1.5,
        speed_air_m_s=7450.0 * s**1.5,
        flight_path_deg=90.0 * np.exp(-t / 90.0),
        dynamic_pressure_pa=pressure,
        mach=np.minimum(7450.0 * s**1.5 / 300.0, 25.0),
        axial_load_g=load,
        angle_of_attack_deg=0.1 + 0.0 * t,
        q_alpha_kpa_deg=1e-4 * pressure,
        mass_kg=497e3 * np.exp(-t / 140.0) + 8000.0,
        latitude_deg=40.95 - 9.0 * s**2.2,
        longitude_deg=100.29 + 22.0 * s**2.2,
    )

    def where(tt):
        s = np.clip((tt - LIFTOFF) / 585.0, 0.0, 1.0)
        down = 20.9 * s**2.2
        radius = EARTH_RADIUS_M + 205e3 * np.sin(np.pi / 2 * s) ** 1.1
        mean_motion_deg = np.degrees(np.sqrt(GM / 6.7665e6**3)) * (tt - LIFTOFF)
        u0 = on_orbit(tt, radius[:, None], down - mean_motion_deg)
        return u0

    return history, path(where, LIFTOFF, INSERTION, 2.0, 8080.0)


def _entry():
    t = np.arange(0.0, TOUCHDOWN - ENTRY + 1.0, 1.0)
    speed = (
        7650.0 / (1.0 + np.exp((t - 330.0) / 45.0)) + np.where(t < 500, 180.0, 180.0 * np.exp(-(t - 500) / 60.0)) + 7.0
    )
    altitude = np.where(t < 500, 100.0 - 0.18 * t, 10.0 * (1 - (t - 500) / 800.0) + 1.0 * (t - 500) / 800.0)
    return EntryHistory(
        t_s=ENTRY + t,
        altitude_km=altitude,
        speed_air_m_s=speed,
        load_g=3.6 * np.exp(-(((t - 340) / 60) ** 2)) + np.where(t > 500, 1.0, 0.1),
        dynamic_pressure_pa=8e3 * np.exp(-(((t - 340) / 60) ** 2)),
        heat_flux_kw_m2=900.0 * np.exp(-(((t - 270) / 70) ** 2)),
        bank_deg=np.where(t < 100, 45.0, np.where((t // 90) % 2 == 0, 50.0, -50.0)) * (t < 470),
        latitude_deg=41.6 - 6.0 * np.exp(-t / 160.0),
        longitude_deg=100.1 - 14.0 * np.exp(-t / 160.0),
    )


def _guidance(entry):
    away = np.hypot(entry.latitude_deg - 41.6, entry.longitude_deg - 100.1)
    return EntryGuidanceHistory(
        t_s=entry.t_s,
        mach=entry.speed_air_m_s / 300.0,
        bank_command_deg=entry.bank_deg,
        navigation_error_m=5.0 + 0.1 * (entry.t_s - ENTRY),
        drag_m_s2=9.4 * entry.load_g,
        range_to_go_km=100.0 * away,
    )


def _entry_path(start, end, step):
    def where(tt):
        # The ground point slides to the site; the fixed-Earth curve is turned into the inertial frame.
        t = tt - ENTRY
        lat = 41.6 - 6.0 * np.exp(-t / 160.0) if np.ndim(t) == 0 else 41.6 - 6.0 * np.exp(-np.maximum(t, -1.0) / 160.0)
        lon = 100.1 - 14.0 * np.exp(-np.maximum(t, -1.0) / 160.0)
        altitude = np.where(t < 500, 100.0 - 0.18 * t, 10.0 - 9.0 * (t - 500) / 800.0)
        return _fixed_to_inertial(tt, lat, lon, EARTH_RADIUS_M + 1e3 * altitude)

    return path(where, start, end, step, 3200.0)


def _record(figures, relative, propellant, start):
    """Of a leg in which the ship is a point."""
    if isinstance(figures, PhasingFigures):
        return PhasingRecord(figures, relative, propellant)
    if isinstance(figures, TransferFigures):
        return TransferRecord(figures, relative, propellant, drift(start, -5e3, 0.0), ZONES)
    arcs = drift(start, 0.0, 0.0)
    drifts = DepartureDriftHistory(**columns(arcs), burn=1.0 + arcs.arc, range_m=np.hypot(arcs.x_m, arcs.z_m))
    return DepartureRecord(figures, relative, propellant, drifts, ZONES)


def _rendezvous_leg(phase, start, end, curve, events, verdicts=(), step=5.0, record=_record, docked=None, figures=None):
    t = np.append(np.arange(start, end - 1e-3, step), end)
    x, y, z = (np.asarray(c, float) for c in curve(t))

    def ship(tt):
        return on_orbit(tt, _station_radius(tt), 10.0) + np.interp(tt, t, z)[:, None] * -1e-3

    seats = crew(False)
    propellant = PropellantHistory(t, _smooth(t, start, end, 900.0, 850.0))
    left = record(figures, _relative(t, x, y, z), propellant, start)
    name = DOWN if phase == "departure" else UP
    flown = {STATION: _station(start, end), name: path(ship, start, end, 30.0, 8000.0)}
    scene = _scene(end, docked or {DOWN: "nadir"}, seats)
    return Leg(phase, start, scene, flown, tuple(events), tuple(verdicts), left)


def _contact(t0):
    """A damped oscillation after the touch, then five minutes in which the ring is drawn in."""
    t = np.append(np.arange(0.0, 25.0, 0.1), np.arange(25.0, 480.5, 1.0))
    oscillation, inward = np.exp(-0.2 * t), 0.4 * _smooth(t, 180.0, 480.0, 0.0, 1.0)
    return ContactHistory(
        t_s=t0 + t,
        force_n=620.0 * oscillation * np.cos(0.8 * t - 0.7),
        stroke_m=0.16 * oscillation * np.sin(0.8 * t) + inward,
        offset_m=0.045 * oscillation,
        relative_speed_m_s=0.13 * oscillation,
        angle_deg=0.6 * oscillation,
        rate_deg_s=0.2 * oscillation,
        side_force_n=90.0 * oscillation,
        torque_n_m=520.0 * oscillation,
    )


def _fly_around():
    """From 600 m behind below the station to 200 m ahead of it, the nose to the station all the way."""

    def ring(t):
        s = _smooth(t, AROUND, FINAL - 120.0, 0.0, 1.0)
        r, angle = 600.0 - 390.0 * s, np.pi * (1.0 - s)
        return r * np.cos(angle) - 5.0, 0.0 * t, r * np.sin(angle)

    hold = FINAL - 120.0
    events = [
        Event("hold_arrival", hold, UP, {"range_m": 205.0}),
        Event("hold_departure", FINAL, UP, {"range_m": 205.0}),
    ]

    def record(figures, relative, propellant, _):
        arcs = FlyAroundArcs(np.array([[-600.0, 0.0, 0.0], [205.0, 0.0, 0.0]]), np.array([500.0]), np.array([120.0]))
        return FlyAroundRecord(**vars(six(relative, propellant, pitch=170.0)), figures=figures, arcs=arcs)

    more = {"step": 1.0, "record": record, "figures": made_figures.FLY_AROUND}
    return _rendezvous_leg("fly_around", AROUND, FINAL, ring, events, **more)


def made_flight(until: str = "descent") -> tuple[Flight, SimpleNamespace, RoundWorld]:
    """The flight up to and including the phase `until`, its scenario, and the world to place it on."""
    legs = []
    seats = crew(False)
    trim = Event("station_trim", LIFTOFF - 5 * 86400.0, STATION, {"delta_v_m_s": 1.1, "propellant_kg": 40.0})
    legs.append(
        Leg(
            "await_launch",
            0.0,
            _scene(LIFTOFF, {DOWN: "nadir"}, seats),
            {STATION: _station(0.0, LIFTOFF)},
            (trim,),
            record=AwaitLaunchRecord(made_figures.AWAIT_LAUNCH, _windows(), PAD, LaunchSearch(False, "descending")),
        )
    )
    history, climb = _ascent()
    study = made_study(LIFTOFF)
    figures = replace(made_figures.ASCENT, study=study.figures)
    moments = (
        ("liftoff", 0.0),
        ("max_dynamic_pressure", 72.0),
        ("tower_jettison", 120.0),
        ("booster_separation", 155.0),
        ("stage_1_separation", 160.0),
        ("fairing_separation", 211.0),
        ("main_engine_cutoff", 460.0),
    )
    events = [Event(n, LIFTOFF + t, UP, {"altitude_km": 10.0}) for n, t in moments]
    orbit = {"perigee_km": 200.1, "apogee_km": 350.2, "inclination_deg": 41.47, "raan_deg": 130.0}
    events.append(Event("orbit_insertion", INSERTION, UP, orbit))
    verdicts = (RuleCheck("axial load", "ascent", 4.8, "<=", 5.0, "g", LIFTOFF + 155.0),)
    legs.append(
        Leg(
            "ascent",
            LIFTOFF,
            _scene(INSERTION, {DOWN: "nadir"}, seats),
            {STATION: _station(LIFTOFF, INSERTION), UP: climb},
            tuple(events),
            verdicts,
            AscentRecord(figures, history, PAD, study.impact, study.aborts, study.views),
        )
    )

    def phasing(t):
        s = (t - INSERTION) / (HOMING - INSERTION)
        return -1.15e6 * (1 - s) ** 1.2 - 30e3 * s, 800 * np.cos(6 * s), 10e3 + 90e3 * (1 - s) ** 2 * np.cos(8 * s) ** 2

    burns = [Event("phasing_burn", INSERTION + 60.0 * m, UP, {"delta_v_m_s": 10.0}) for m in (31, 54, 87, 105)]
    legs.append(_rendezvous_leg("phasing", INSERTION, HOMING, phasing, burns, step=20.0, figures=made_figures.PHASING))

    def homing(t):
        return (
            _smooth(t, HOMING, HOMING + 2000, -30e3, -5e3),
            0 * t + 20.0,
            _smooth(t, HOMING, HOMING + 2000, 10e3, 0.0) * np.cos((t - HOMING) / 1500),
        )

    hold = HOMING + 2000.0
    events = [
        Event("homing_start", HOMING, UP, {"range_m": 31623.0}),
        Event("hold_arrival", hold, UP, {"range_m": 5000.0}),
        Event("hold_departure", hold + 60.0, UP, {"range_m": 5000.0}),
    ]
    legs.append(_rendezvous_leg("homing", HOMING, TRANSFER, homing, events, figures=made_figures.TRANSFER))

    def transfer(t):
        s = np.clip((t - TRANSFER) / 990.0, 0, 1)
        return _smooth(t, TRANSFER, TRANSFER + 990, -5e3, -600.0), 0 * t + 2.0, 900.0 * np.sin(np.pi * s)

    events = [Event("transfer_burn", at, UP, {"delta_v_m_s": 2.0}) for at in (TRANSFER, AROUND - 10.0)]
    legs.append(_rendezvous_leg("transfer", TRANSFER, AROUND, transfer, events, figures=made_figures.TRANSFER))
    legs.append(_fly_around())

    def final(t):
        x = np.where(t < FINAL + 400, _smooth(t, FINAL, FINAL + 400, 200.0, 30.0), 30.0)
        return np.where(t > FINAL + 460, 30.0 * (CONTACT - t) / (CONTACT - FINAL - 460), x), 0.02 + 0 * t, 0.04 + 0 * t

    box = {"closing_speed_m_s": 0.13, "lateral_offset_m": 0.04, "lateral_speed_m_s": 0.002}
    events = [
        Event("hold_arrival", FINAL + 400.0, UP, {"range_m": 30.0}),
        Event("hold_departure", FINAL + 460.0, UP, {"range_m": 30.0}),
        Event("contact", CONTACT, UP, box),
        Event("docked", CONTACT, UP, {"port": "forward"}),
    ]
    verdicts = (
        RuleCheck("closing speed at contact, least", "docking", 0.13, ">=", 0.08, "m/s", CONTACT),
        RuleCheck("closing speed at contact, most", "docking", 0.13, "<=", 0.18, "m/s", CONTACT),
    )

    def docked(figures, relative, propellant, _):
        loop, holds = six(relative, propellant), HoldPoints(np.array([200.0, 30.0]), np.array([0.0, 60.0]))
        drifting = drift(FINAL, 210.0, 0.0)
        return DockingRecord(**vars(loop), figures=figures, holds=holds, contact=_contact(CONTACT), drift=drifting)

    ports = {DOWN: "nadir", UP: "forward"}
    more = {"step": 1.0, "docked": ports, "record": docked, "figures": made_figures.DOCKING}
    legs.append(_rendezvous_leg("docking", FINAL, CONTACT, final, events, verdicts, **more))
    events = (
        Event("hatch_open", CONTACT + 3 * 3600.0, STATION),
        Event("handover_complete", UNDOCKING - 3600.0, STATION),
    )
    legs.append(
        Leg(
            "docked",
            CONTACT,
            _scene(UNDOCKING, {DOWN: "nadir", UP: "forward"}, seats),
            {STATION: _station(CONTACT, UNDOCKING)},
            events,
            record=DockedRecord(made_figures.DOCKED),
        )
    )

    def leave(t):
        s = (t - UNDOCKING) / 3600.0
        return -900.0 * s**2, 0 * t, 200 * s

    events = [
        Event("undocking", UNDOCKING, DOWN, {"speed_m_s": 0.2}),
        Event("separation_burn", UNDOCKING + 300, DOWN, {}),
        Event("orbital_module_separation", DEORBIT - 300, DOWN, {}),
    ]
    legs.append(
        _rendezvous_leg(
            "departure",
            UNDOCKING,
            DEORBIT,
            leave,
            events,
            step=20.0,
            docked={UP: "forward"},
            figures=made_figures.DEPARTURE,
        )
    )
    landed = crew(True)

    def fall(t):
        return on_orbit(t, (6.7665e6 - 290e3 * _smooth(t, DEORBIT, ENTRY, 0.0, 1.0))[:, None], 10.0)

    events = (
        Event("deorbit_burn_start", DEORBIT, DOWN, {"mass_kg": 5950.0, "thrust_n": 5000.0}),
        Event(
            "deorbit_burn_end",
            DEORBIT + 144.0,
            DOWN,
            {"delta_v_m_s": 124.0, "duration_s": 144.0, "propellant_kg": 254.0},
        ),
        Event("service_module_separation", ENTRY - 200, DOWN, {"altitude_km": 145.0}),
    )
    legs.append(
        Leg(
            "deorbit",
            DEORBIT,
            _scene(ENTRY, {UP: "forward"}, seats),
            {STATION: _station(DEORBIT, ENTRY), DOWN: path(fall, DEORBIT, ENTRY, 20.0, 5000.0)},
            events,
            record=DeorbitRecord(made_figures.DEORBIT, fragments=made_return.fragments(ENTRY)),
        )
    )
    curve = _entry()
    early, late = rows(curve, curve.t_s <= DESCENT), rows(curve, curve.t_s >= DESCENT)
    events = (
        Event(
            "entry_interface",
            ENTRY,
            DOWN,
            {
                "altitude_km": 100.0,
                "speed_inertial_m_s": 7900.0,
                "speed_air_m_s": 7550.0,
                "flight_path_deg": -1.7,
            },
        ),
        Event("blackout_start", ENTRY + 110, DOWN, {"altitude_km": 80.0}),
        Event("blackout_end", ENTRY + 333, DOWN, {"altitude_km": 40.0}),
        Event("peak_load", ENTRY + 340, DOWN, {"load_g": 3.7}),
    )
    verdicts = (RuleCheck("load in entry", "entry", 3.7, "<=", 5.0, "g", ENTRY + 340),)
    legs.append(
        Leg(
            "entry",
            ENTRY,
            _scene(DESCENT, {UP: "forward"}, seats),
            {STATION: _station(ENTRY, DESCENT), DOWN: _entry_path(ENTRY, DESCENT, 2.0)},
            events,
            verdicts,
            EntryRecord(
                made_figures.ENTRY,
                early,
                SITE,
                _guidance(early),
                made_return.CAPSULE,
                made_return.footprint(),
            ),
        )
    )
    events = (
        Event("drogue_deployment", DESCENT, DOWN, {"altitude_km": 10.0}),
        Event("main_chute_deployment", DESCENT + 16, DOWN, {"altitude_km": 8.5, "speed_m_s": 78.0}),
        Event("heat_shield_jettison", DESCENT + 300, DOWN, {"altitude_km": 6.0, "speed_m_s": 9.0}),
        Event("retro_fire", TOUCHDOWN - 0.3, DOWN, {"altitude_km": 1.001, "speed_m_s": 7.1}),
        Event(
            "touchdown",
            TOUCHDOWN,
            DOWN,
            {"latitude_deg": 41.6, "longitude_deg": 100.1, "miss_km": 3.1, "speed_m_s": 2.4},
        ),
    )
    verdicts = (RuleCheck("distance from the site", "descent", 3.1, "<=", 50.0, "km", TOUCHDOWN),)
    legs.append(
        Leg(
            "descent",
            DESCENT,
            _scene(TOUCHDOWN, {UP: "forward"}, landed),
            {STATION: _station(DESCENT, TOUCHDOWN), DOWN: _entry_path(DESCENT, TOUCHDOWN, 2.0)},
            events,
            verdicts,
            DescentRecord(made_figures.DESCENT, late, SITE, made_return.ELLIPSE, made_return.WIND),
        )
    )
    keep = [leg.phase for leg in legs].index(until) + 1
    week = made_record(CONTACT, UNDOCKING) if keep == len(legs) else None
    return Flight("Made by hand", ZERO, tuple(legs[:keep]), week=week), made_scenario(), RoundWorld()


def made_undocking() -> Leg:
    """The ship of the flight moves back along the axis of the forward port to 200 m, after the landing."""
    start = TOUCHDOWN + 3600.0
    end = start + 1500.0
    push_off = rows(_contact(start - 2.0), slice(20))

    def back(t):
        return _smooth(t, start, end - 60.0, 0.0, 200.0), 0.01 + 0.0 * t, 0.02 + 0.0 * t

    def record(figures, relative, propellant, _):
        arcs = FlyAroundArcs(np.array([[10.3, 0.0, 0.0], [210.3, 0.0, 0.0]]), np.array([1440.0]), np.array([60.0]))
        return UndockingRecord(**vars(six(relative, propellant)), figures=figures, arcs=arcs, push_off=push_off)

    events = [
        Event("undocking", start, UP, {"port": "forward", "push_off_m_s": 0.2}),
        Event("hold_arrival", end - 60.0, UP, {"range_m": 200.0}),
    ]
    more = {"step": 1.0, "docked": {}, "record": record, "figures": made_figures.UNDOCKING}
    return _rendezvous_leg("undocking", start, end, back, events, **more)


def made_retreat() -> tuple[Flight, SimpleNamespace, RoundWorld]:
    """The flight that ends in a retreat from 30 m: a failed leg with what it left, as the mission loop records it."""
    flight, scenario, world = made_flight("docking")
    last = flight.legs[-1]
    record = last.record
    until = record.relative.t_s < FINAL + 460.0
    cut = {
        name: rows(getattr(record, name), until)
        for name in ("relative", "propellant", "attitude", "navigation", "thrusters", "guidance")
    }
    kept = replace(record, **cut, figures=None, contact=None, drift=None)
    events = [
        *(event for event in last.events if event.t < FINAL + 460.0),
        Event("fault", FINAL + 300.0, UP, {"fault": "sensor lost: camera", "range_m": 50.0}),
        Event("back_off", FINAL + 402.0, UP, {"why": "it did not see the port", "range_m": 30.0}),
        Event("retreat", FINAL + 420.0, UP, {"why": "no attempt was left", "range_m": 30.0}),
    ]
    failed = Leg(
        "docking",
        last.start,
        flight.legs[-2].scene,
        {},
        tuple(events),
        (),
        kept,
        status="failed",
        reason="the ship retreated: no attempt was left",
    )
    return Flight(flight.name, flight.zero, (*flight.legs[:-1], failed)), scenario, world


def made_scenario() -> SimpleNamespace:
    """What a resolved scenario holds, as far as it is needed."""
    earlier = "2026-05-24T15:08:36Z"
    raw = {
        "name": "Made by hand",
        "station": {"name": STATION, "elements": "css-2026-10-06"},
        "docked": [{"ship": DOWN, "port": "nadir"}, {"ship": "tianzhou-10", "port": "aft"}],
        "launch": {"ship": UP, "site": "jiuquan", "vehicle": "shenzhou", "perigee_km": 200.0, "apogee_km": 350.0},
        "rendezvous": {"profile": "3.5h", "port": "forward"},
        "named": {
            "launch_site": {"latitude_deg": 40.9583, "longitude_deg": 100.2914},
            "landing_site": {"latitude_deg": 41.62, "longitude_deg": 100.08},
        },
        "return": {"ship": DOWN, "site": "dongfeng"},
        "crew": [{"name": s.name, **({"ship_up_utc": earlier} if s.ship_up == DOWN else {})} for s in crew(False)],
        "record": {"liftoff": "2026-10-24T15:05:00Z", "docked": "2026-10-24T19:10:00Z"},
    }
    return SimpleNamespace(
        raw=raw,
        files=(MISSIONS / "shenzhou-20.toml",),
        assumed=[("configs/missions/x.toml", "trim.days_before", "assumed: five")],
        sequence=(),
        branches={},
    )
