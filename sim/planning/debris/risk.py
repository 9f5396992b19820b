"""Hits and penetrations of a station over months: each face by itself, with and without shields, and one window."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.catalogue.facts import fact
from sim.core.epoch import Epoch
from sim.environment.space_weather import weather_at
from sim.planning.debris import damage, flux

YEAR = 365.25 * 86400.0
INCLINATION_DEG = 41.47  # of the station
CIRCULAR_KM_S = 7.68  # of the station and of debris on circular orbits at its height
METEOROID_KM_S, METEOROID_ANGLE = 20.0, math.radians(45.0)  # the mean of the first; the second, of an isotropic flux
SIZES_MM = (0.1, 0.3, 0.5, 1.0, 3.0, 10.0)
TILTS = {"front": 90.0, "back": 90.0, "left": 90.0, "right": 90.0, "up": 0.0, "down": 180.0}
SIDES = {"front": 0.0, "left": 90.0, "right": -90.0, "back": 180.0}  # deg from the direction of flight
Limit = Callable[[float, float, float], float]  # (speed km/s, angle rad, density g/cm3) -> diameter cm


@dataclass(frozen=True)
class Environment:
    """`start` to `end`, `years` long; `height` km; `solar` sfu, of the year before."""

    start: Epoch
    end: Epoch
    height: float
    solar: float

    @property
    def years(self) -> float:
        return self.end.since(self.start) / YEAR

    @property
    def year(self) -> float:
        """The middle of the span, as 2026.5."""
        middle = self.start.plus(0.5 * self.end.since(self.start))
        return 2000.0 + middle.since(Epoch.from_utc("2000-01-01T00:00:00Z")) / YEAR


@dataclass(frozen=True)
class Expected:
    """Expected number of events, of debris and of meteoroids."""

    debris: float
    meteoroids: float

    @property
    def number(self) -> float:
        return self.debris + self.meteoroids

    @property
    def probability(self) -> float:
        """Of one or more: 1 - exp(-number)."""
        return -math.expm1(-self.number)


def environment(start: Epoch, end: Epoch, height_km: float) -> Environment:
    """With the mean F10.7 of the 13 months about the day that lies a year before the middle of the span."""
    middle = start.plus(0.5 * end.since(start) - YEAR)
    days = [middle.plus(86400.0 * k) for k in range(-197, 198)]
    return Environment(start, end, height_km, float(np.mean([weather_at(d).f107 for d in days])))


def events(around: Environment, face: str, area: float, limit: Limit) -> Expected:
    """Particles at and above `limit` on `area` m2 of a face: integrated over the speeds of debris, each of which comes
    from its own angle to the direction of flight, left and right alike."""
    speeds, shares = flux.debris_speeds(INCLINATION_DEG)
    total = 0.0
    if face in SIDES:
        normal = math.radians(SIDES[face])
        for v, share in zip(speeds.tolist(), shares.tolist(), strict=True):
            from_flight = math.acos(min(1.0, v / (2.0 * CIRCULAR_KM_S)))
            for side in (from_flight, -from_flight):
                cosine = math.cos(side - normal)
                if cosine > 1e-3:  # a flat plate across the stream meets four times what a tumbling one meets
                    total += 0.5 * share * 4.0 * cosine * _debris(around, limit, v, math.acos(cosine))
    share = flux.focusing(around.height) * flux.sky_share(TILTS[face], around.height)
    return Expected(area * around.years * total, area * around.years * share * _meteoroids(limit))


def tumbling(around: Environment, area: float, limit: Limit) -> Expected:
    """The same on a surface that looks all ways alike, at 45 deg."""
    speeds, shares = flux.debris_speeds(INCLINATION_DEG)
    each = zip(speeds.tolist(), shares.tolist(), strict=True)
    total = sum(share * _debris(around, limit, v, METEOROID_ANGLE) for v, share in each)
    share = flux.focusing(around.height) * np.mean([flux.sky_share(t, around.height) for t in (0.0, 180.0)])
    return Expected(area * around.years * total, float(area * around.years * share * _meteoroids(limit)))


def _debris(around: Environment, limit: Limit, v: float, angle: float) -> float:
    """Flux at the limit for such a hit; the density follows the size, so it is asked twice."""
    d = limit(v, angle, 2.8)
    d = limit(v, angle, float(flux.debris_density(d)))
    return float(flux.debris_flux(d, around.height, INCLINATION_DEG, around.year, around.solar))


def _meteoroids(limit: Limit) -> float:
    d = limit(METEOROID_KM_S, METEOROID_ANGLE, flux.METEOROID_DENSITY)
    return float(flux.meteoroid_flux(flux.meteoroid_mass(d)))


def content(around: Environment) -> dict:
    """Every face, the pipes outside with and without a shield, and the window of a capsule, as rows."""
    wall, pipe, shield = (fact(f"debris.{name}").table for name in ("module_wall", "pipe_wall", "pipe_shield"))
    faces = []
    for face, area in fact("debris.face_areas").table.items():
        through = events(around, face, area, lambda v, a, rho: damage.whipple_diameter(v, a, rho, wall))
        hits = {f"{mm:g}": _row(events(around, face, area, _size(mm))) for mm in SIZES_MM}
        faces.append({"face": face, "area_m2": area, "hits_by_mm": hits, "through_wall": _row(through)})
    bare = tumbling(around, pipe["area_m2"], lambda v, a, rho: damage.single_diameter(v, a, rho, pipe["wall_cm"]))
    behind = tumbling(around, pipe["area_m2"], lambda v, a, rho: damage.whipple_diameter(v, a, rho, shield))
    window = fact("debris.capsule_window").number
    panes = {
        f"{mm:g}": {
            **_row(tumbling(around, window, _size(mm))),
            "crater_mm": 10.0 * float(damage.glass_crater(0.1 * mm, 10.0, METEOROID_ANGLE, 2.8)),
        }
        for mm in SIZES_MM
    }
    return {
        "from_utc": around.start.utc(0),
        "until_utc": around.end.utc(0),
        "height_km": around.height,
        "inclination_deg": INCLINATION_DEG,
        "solar_flux_sfu": around.solar,
        "models": "debris: NASA TM-100471 (1989); meteoroids: Gruen et al. (1985); walls: NASA/TP-2003-210788",
        "faces": faces,
        "pipes": {"area_m2": pipe["area_m2"], "bare": _row(bare), "shielded": _row(behind)},
        "window": {"area_m2": window, "hits_by_mm": panes},
    }


def _size(mm: float) -> Limit:
    return lambda v, angle, density: 0.1 * mm


def _row(expected: Expected) -> dict:
    return {
        "debris": expected.debris,
        "meteoroids": expected.meteoroids,
        "number": expected.number,
        "probability": expected.probability,
    }


def lines(found: dict) -> list[str]:
    """The same in words."""
    made = [
        f"{found['from_utc']} to {found['until_utc']}, {found['height_km']:g} km, F10.7 of the year before "
        f"{found['solar_flux_sfu']:.0f} sfu",
        found["models"],
        "",
        f"{'face':<6} {'m2':>5}  " + "".join(f"{f'>={mm:g} mm':>11}" for mm in SIZES_MM) + "  through the wall",
    ]
    for row in found["faces"]:
        hits = "".join(f"{row['hits_by_mm'][f'{mm:g}']['number']:11.2e}" for mm in SIZES_MM)
        made.append(f"{row['face']:<6} {row['area_m2']:5.0f}  {hits}  {row['through_wall']['probability']:.2e}")
    pipes, window = found["pipes"], found["window"]
    made += [
        "",
        f"pipes outside, {pipes['area_m2']:g} m2: holed with probability {pipes['bare']['probability']:.2e} bare, "
        f"{pipes['shielded']['probability']:.2e} behind a shield",
        f"window of a capsule, {window['area_m2']:g} m2:",
    ]
    for mm, row in window["hits_by_mm"].items():
        made.append(
            f"  {mm:>4} mm and larger: probability {row['probability']:.2e}; crater {row['crater_mm']:.1f} mm deep"
        )
    return made
