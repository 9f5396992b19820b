"""Chang'e-6 and ICUBE-Q against the record: the flight, its plane, the first revolutions, and lifetimes by plane.

Record: launch, insertion, release and landing by CNSA; landing site by LROC (lroc.sese.asu.edu/images/1374); the orbit
by CNSA, its inclination from one text. Departure and plane of either craft are not published.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from kernels.constants import G0
from sim.build.orbit import load_orbit
from sim.core.epoch import Epoch
from sim.environment.central_body import CentralBody, map_axes_at
from sim.events.orbit import apsides
from sim.planning.lunar.departure import LaunchSite
from sim.planning.lunar.sight import Sight, local_sky, sight
from sim.planning.lunar.translunar import LunarTarget, LunarTransfer, transfer
from sim.propagation.force_model import Orbit
from sim.propagation.propagate import FlownOrbit, OrbitEnded, propagate
from sim.propagation.start import from_keplerian
from sim.scenario.load import load_named

LIFT_OFF = Epoch.from_utc("2024-05-03T09:27:29Z")
INSERTION = Epoch.from_utc("2024-05-08T02:12:00Z")
RELEASE = Epoch.from_utc("2024-05-08T08:14:00Z")
FIRST_PICTURES = Epoch.from_utc("2024-05-10T12:00:00Z")  # published on that day
LANDING, ASCENT = Epoch.from_utc("2024-06-01T22:23:16Z"), Epoch.from_utc("2024-06-03T23:38:10Z")
PERILUNE_M, APOLUNE_M, PERIOD_H, INCLINATION_DEG = 2.0e5, 8.6e6, 11.985, 137.0
SITE_DEG = -41.6385, 206.0148  # latitude, east longitude
PERIGEE_M = 2.0e5  # of the departure, assumed
DAY = 86400.0
CIRCLE_DEG_DAY = 0.727  # drift of the node of a 200 km circle in 137 deg, by the Moon's J2 of 2.03e-4
LIFE_DAYS = 180.0  # planned: three to six months
NODES_DEG = ARGUMENTS_DEG = tuple(range(0, 360, 60))
HOURS_LIMIT, PERILUNE_LIMIT_KM, SHARE = 1.0, 50.0, 0.02
SOLVED_LIMIT_M = 10.0  # at the departure; the corrector leaves 1 m at the Moon, which is less


def target(node: str = "ascending") -> LunarTarget:
    """What the file `change-6` was solved for; the engine and the mass are the file's."""
    orbit, pad = load_orbit("change-6").orbit, load_named("wenchang", "site")
    (burn,) = orbit.burns
    return LunarTarget(
        site=LaunchSite(pad.latitude_deg, pad.longitude_deg),
        lift_off=LIFT_OFF,
        departure=orbit.epoch,
        insertion=INSERTION,
        judged=RELEASE,
        perigee=PERIGEE_M,
        perilune=PERILUNE_M,
        apolune=APOLUNE_M,
        inclination=math.radians(INCLINATION_DEG),
        node="ascending" if node == "ascending" else "descending",
        mass=orbit.mass,
        thrust=burn.thrust,
        isp=burn.thrust / (burn.mass_flow * G0),
    )


def solved(node: str = "ascending") -> LunarTransfer:
    """The flight targeted again."""
    orbit = load_orbit("change-6").orbit
    assert orbit.other_centre is not None  # the shipped file has one
    return transfer(target(node), orbit.other_centre, orbit.gravity)


def rows() -> list[dict]:
    """The whole table for other programs; `held` where a row has a limit."""
    again = {node: solved(node) for node in ("ascending", "descending")}
    return [
        *flight(again["ascending"]),
        *planes(again),
        *revolutions(),
        *pictures(),
        *light(),
        *lifetimes(NODES_DEG, ARGUMENTS_DEG),
    ]


def held(table: Sequence[dict]) -> bool:
    """Whether every row with a limit is within it."""
    return all(row.get("held", True) for row in table)


def _row(kind: str, what: str, found: float, record: float, limit: float) -> dict:
    within = bool(abs(found - record) <= limit)
    return {"kind": kind, "what": what, "record": record, "found": found, "limit": limit, "held": within}


def flight(again: LunarTransfer) -> list[dict]:
    """The shipped flight, and how far its start is from one that was targeted just now."""
    orbit = load_orbit("change-6").orbit
    flown = propagate(orbit)
    part = flown.parts[-1]
    perilune = next(c for c in apsides(part.trajectory) if c.kind == "periapsis")
    late = part.orbit.epoch.plus(perilune.t).since(LIFT_OFF) / 3600.0
    height = (perilune.values["radius_m"] - part.orbit.body.radius) / 1e3 if part.orbit.body else math.nan
    apart = float(np.linalg.norm(orbit.r - again.orbit.r))
    return [
        _row("flight", "lift-off to perilune, h", late, INSERTION.since(LIFT_OFF) / 3600.0, HOURS_LIMIT),
        _row("flight", "height of that perilune, km", height, PERILUNE_M / 1e3, PERILUNE_LIMIT_KM),
        _row("flight", "departure solved again, m apart", apart, 0.0, SOLVED_LIMIT_M),
    ]


def planes(again: dict[str, LunarTransfer]) -> list[dict]:
    """The two planes of 137 deg that the arrival allows, and how far off each the landing site was at the landing.

    Once with the plane held among the stars, and once with the drift of a 200 km circle for the whole time: what
    Chang'e-6 flew in those weeks is not published, and lies between.
    """
    table = []
    for node, made in again.items():
        part = propagate(made.orbit).parts[-1]
        r, v, _ = part.trajectory.last()
        body = part.orbit.body
        assert body is not None
        normal = np.cross(r, v) / np.linalg.norm(np.cross(r, v))
        pole = map_axes_at(body, LANDING)[2]
        days = LANDING.since(INSERTION) / DAY
        offsets = [
            _off_plane(_turned(normal, pole, math.radians(days * drift)), body) for drift in (0.0, CIRCLE_DEG_DAY)
        ]
        table.append(
            {
                "kind": "plane",
                "node": node,
                "azimuth_deg": math.degrees(made.departure.azimuth),
                "arc_deg": math.degrees(made.departure.arc),
                "corrections": list(made.corrections),
                "site_off_plane_deg": offsets[0],
                "site_off_drifted_plane_deg": offsets[1],
            }
        )
    return table


def _turned(vector: np.ndarray, pole: np.ndarray, angle: float) -> np.ndarray:
    c, s = math.cos(angle), math.sin(angle)
    return c * vector + s * np.cross(pole, vector) + (1.0 - c) * (pole @ vector) * pole


def _off_plane(normal: np.ndarray, body: CentralBody) -> float:
    up, _ = local_sky(body, *SITE_DEG, LANDING)
    return math.degrees(math.asin(float(up @ normal)))


def revolutions() -> list[dict]:
    """ICUBE-Q's first revolution after its release, apolune to apolune, and how many were done by 2024-05-10."""
    flown = propagate(load_orbit("icube-q").orbit)
    found, radius = apsides(flown.trajectory), _radius(flown)
    low = next(c for c in found if c.kind == "periapsis")
    second = next(c for c in found if c.kind == "periapsis" and c.t > low.t)
    high = next(c for c in found if c.kind == "apoapsis" and c.t > low.t)
    done = sum(
        c.kind == "periapsis" and flown.orbit.epoch.plus(c.t) < Epoch.from_utc("2024-05-10T00:00:00Z") for c in found
    )
    km = [(c.values["radius_m"] - radius) / 1e3 for c in (low, high)]
    return [
        _row("icube-q", "period, h", (second.t - low.t) / 3600.0, PERIOD_H, SHARE * PERIOD_H),
        _row("icube-q", "perilune, km", km[0], PERILUNE_M / 1e3, SHARE * PERILUNE_M / 1e3),
        _row("icube-q", "apolune, km", km[1], APOLUNE_M / 1e3, SHARE * APOLUNE_M / 1e3),
        _row("icube-q", "perilunes before 2024-05-10", done, 3, 0),
    ]


def _radius(flown: FlownOrbit) -> float:
    assert flown.orbit.body is not None
    return flown.orbit.body.radius


def pictures() -> list[dict]:
    """What the camera had before it, from the release on, at each apsis until the first pictures were shown."""
    flown = propagate(load_orbit("icube-q").orbit)
    epoch = flown.orbit.epoch
    last = FIRST_PICTURES.since(epoch)
    times = [("release", 0.0), *((c.kind, c.t) for c in apsides(flown.trajectory) if 60.0 < c.t < last)]
    return [
        {"kind": "picture", "at": name, "utc": epoch.plus(t).utc(0), **_plain(sight(flown, t))} for name, t in times
    ]


def _plain(seen: Sight) -> dict:
    return {key: round(float(value), 3) for key, value in seen._asdict().items()}


def light() -> list[dict]:
    """Sun and Earth over the landing site, from landing to ascent."""
    body = load_orbit("icube-q").orbit.body
    assert body is not None
    table = []
    for epoch in (LANDING, LANDING.plus(0.5 * ASCENT.since(LANDING)), ASCENT):
        _, sky = local_sky(body, *SITE_DEG, epoch)
        table.append({"kind": "light", "utc": epoch.utc(0), **{key: round(x, 3) for key, x in sky.items()}})
    return table


def lifetimes(nodes: Sequence[float], arguments: Sequence[float]) -> list[dict]:
    """The shipped plane first, then planes over node and argument of perilune, deg, else as the shipped file has it."""
    orbit = load_orbit("icube-q").orbit
    assert orbit.body is not None
    turn = map_axes_at(orbit.body, orbit.epoch)
    a = 0.5 * (PERILUNE_M + APOLUNE_M) + orbit.body.radius
    e = 0.5 * (APOLUNE_M - PERILUNE_M) / a
    table = [{"kind": "lifetime", "raan_deg": None, "argument_of_perilune_deg": None, **life(orbit)}]
    for node in nodes:
        for argument in arguments:
            r, v = from_keplerian(orbit.mu, a, e, (INCLINATION_DEG, node, argument, 180.0))
            lived = life(replace(orbit, r=turn.T @ r, v=turn.T @ v))
            table.append({"kind": "lifetime", "raan_deg": node, "argument_of_perilune_deg": argument, **lived})
    return table


def life(orbit: Orbit, days: float = LIFE_DAYS) -> dict:
    """`days` to the impact, None where there is none in that time, and the `lowest_km` over the mean radius."""
    assert orbit.body is not None
    try:
        flown, end = propagate(replace(orbit, duration=days * DAY)), None
    except OrbitEnded as ended:
        flown, end = ended.flown, ended.flown.trajectory.end / DAY
    low = float(np.linalg.norm(flown.trajectory.r, axis=1).min()) - orbit.body.radius
    return {"days": end, "lowest_km": max(low, 0.0) / 1e3}


def lines(table: Sequence[dict]) -> Iterator[str]:
    """The table for people."""
    yield "Chang'e-6 and ICUBE-Q, May 2024: flown against the record"
    for row in (r for r in table if "limit" in r):
        word = "" if row["held"] else "  MISSED"
        found = f"{row['found']:10.3f}  record {row['record']:9.3f} within {row['limit']:g}"
        yield f"  {row['kind']:<8} {row['what']:<34} {found}{word}"
    yield "targeted, so no forecast: the hours of lift-off and insertion, and 200 x 8600 km in 137 deg at the release"
    yield "planes of the arrival by the node that lies ahead; the landing site's distance from each at the landing"
    for row in (r for r in table if r["kind"] == "plane"):
        offset = f"{row['site_off_plane_deg']:6.1f} deg, with a drift {row['site_off_drifted_plane_deg']:6.1f} deg"
        launch = f"launch azimuth {row['azimuth_deg']:.1f} deg, {row['arc_deg']:.1f} deg to perigee"
        yield f"  {row['node']:<11} {launch}; {offset}"
    yield "ICUBE-Q's camera: height, Sun over the ground below, phase angle, lit part of the disc, Moon and Earth"
    for row in (r for r in table if r["kind"] == "picture"):
        earth = "hidden" if row["earth_hidden"] else f"{row['earth_off_limb_deg']:.1f} deg off the limb"
        yield (
            f"  {row['utc'][:16]} {row['at']:<9} {row['height_km']:8.1f} km  {row['sun_elevation_deg']:6.1f}  "
            f"{row['phase_angle_deg']:6.1f} deg  {100 * row['lit_part']:3.0f} %  "
            f"Moon {row['moon_width_deg']:.1f} deg wide; Earth {earth}"
        )
    yield f"light at {SITE_DEG[0]} {SITE_DEG[1]} deg E: elevation and azimuth of the Sun, elevation of the Earth"
    for row in (r for r in table if r["kind"] == "light"):
        yield (
            f"  {row['utc']}  {row['sun_elevation_deg']:6.2f}  {row['sun_azimuth_deg']:6.1f}  "
            f"{row['earth_elevation_deg']:6.2f} deg"
        )
    yield from _lifetime_lines([r for r in table if r["kind"] == "lifetime"])


def _lifetime_lines(table: list[dict]) -> Iterator[str]:
    if not table:
        return
    yield f"days to the impact, - for none in {LIFE_DAYS:.0f} (lowest km); down: node, across: argument of perilune"
    yield f"  flown plane {_life(table[0])}"
    arguments = list(dict.fromkeys(r["argument_of_perilune_deg"] for r in table[1:]))
    yield "       " + "".join(f"{a:>14}" for a in arguments)
    for node in dict.fromkeys(r["raan_deg"] for r in table[1:]):
        yield f"  {node:>5}" + "".join(f"{_life(r):>14}" for r in table[1:] if r["raan_deg"] == node)


def _life(row: dict) -> str:
    return f"- ({row['lowest_km']:.0f})" if row["days"] is None else f"{row['days']:.1f}"
