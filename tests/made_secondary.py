"""An element set whose SGP4 path goes through a state: a secondary that meets a craft where a test wants it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.catalogue.element_sets import element_set
from sim.conjunctions.screened_craft import dates_of
from sim.conjunctions.screening_catalogue import parse_catalogue
from sim.core.epoch import Epoch
from sim.interchange.mean import MeanElements
from sim.interchange.state import OrbitState, from_gcrf, keplerian

STEPS = (1e-6, 1e-6, 1e-6, 1e-3, 1e-3, 1e-3)  # of mean motion rev/day, eccentricity and angles deg


def through(at: Epoch, r: np.ndarray, v: np.ndarray, number: int, name: str) -> MeanElements:
    """Mean elements of epoch `at` that SGP4 takes through r (3,) m and v (3,) m/s of GCRF then, to a millimetre.

    From osculating elements by Newton's method, in e cos, e sin of the perigee and the mean argument of latitude, which
    a circle has too.
    """
    teme = from_gcrf(OrbitState(name, at, "gcrf", r, v), "teme")
    k = keplerian(teme)
    nu, e = np.radians(k.true_anomaly_deg), k.eccentricity
    anomaly = 2.0 * np.arctan2(np.sqrt(1.0 - e) * np.sin(nu / 2.0), np.sqrt(1.0 + e) * np.cos(nu / 2.0))
    mean = np.degrees(anomaly - e * np.sin(anomaly)) % 360.0
    argp = np.radians(k.argument_of_perigee_deg)
    x = np.array([86400.0 / k.period_s, e * np.cos(argp), e * np.sin(argp), k.inclination_deg, k.raan_deg, 0.0])
    x[5] = np.degrees(argp) + mean
    any_set = element_set("css-2026-07-03")
    (base,) = parse_catalogue(f"{any_set.line1}\n{any_set.line2}\n", "any").objects
    wanted = np.concatenate([teme.r, teme.v])

    def made(x: np.ndarray) -> MeanElements:
        argp = np.degrees(np.arctan2(x[2], x[1]))
        return replace(
            base,
            name=name,
            number=number,
            epoch=at,
            mean_motion_rev_day=float(x[0]),
            eccentricity=float(np.hypot(x[1], x[2])),
            inclination_deg=float(x[3]),
            raan_deg=float(x[4]) % 360.0,
            argp_deg=float(argp) % 360.0,
            mean_anomaly_deg=float(x[5] - argp) % 360.0,
        )

    def state(x: np.ndarray) -> np.ndarray:
        error, r, v = made(x).satrec().sgp4(*(float(d[0]) for d in dates_of(at, 0.0)))
        assert error == 0
        return 1e3 * np.concatenate([r, v])

    for _ in range(20):
        off = wanted - state(x)
        if np.linalg.norm(off[:3]) < 1e-3:
            return made(x)
        jacobian = np.column_stack([(state(x + h) - state(x - h)) / (2.0 * np.max(h)) for h in np.diag(STEPS)])
        x = x + np.linalg.solve(jacobian, off)
    raise AssertionError(f"no mean elements go through the state: {np.linalg.norm(off[:3]):.3g} m are left")
