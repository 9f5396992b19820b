"""Reads the numbers of `view.html` as its scripts do, written anew: for tests of what the page holds."""

from __future__ import annotations

import numpy as np

from sim.core.trajectory import _coefficients
from sim.report.viewer.nodes import field

KINDS = {"f64": "<f8", "f32": "<f4", "i16": "<i2", "u8": "u1"}


def array(block: bytes, ref: dict) -> np.ndarray:
    count = int(np.prod(ref["shape"]))
    return np.frombuffer(block, KINDS[ref["type"]], count, ref["at"]).reshape(ref["shape"]).astype(float)


def positions(block: bytes, path: dict, times: np.ndarray) -> np.ndarray:
    """Positions (k, 3) along one path, as the page has them between its nodes."""
    t, r, v = (array(block, path[name]) for name in ("t", "r", "v"))
    i = np.clip(np.searchsorted(t, times, side="right") - 1, 0, len(t) - 2)
    i = np.where(t[i + 1] == t[i], i - 1, i)
    h = (t[i + 1] - t[i])[:, None]
    s = (times - t[i])[:, None] / h
    quintic = array(block, path["quintic"])[i] > 0
    falls = np.where(quintic[:, None], 1.0, np.nan)  # where it does not, a field has no meaning
    start, end = ((r[k], v[k] * h, field(np.where(falls == 1.0, r[k], 7e6)) * falls * h * h) for k in (i, i + 1))
    c = _coefficients(start, end)
    five = c[0] + s * (c[1] + s * (c[2] + s * (c[3] + s * (c[4] + s * c[5]))))
    (p0, v0, _), (p1, v1, _) = start, end
    two, three = s * s, s * s * s
    cubic = (
        (2 * three - 3 * two + 1) * p0 + (three - 2 * two + s) * v0 + (3 * two - 2 * three) * p1 + (three - two) * v1
    )
    return np.where(quintic[:, None], five, cubic)


def worst(page: dict, block: bytes, flown, samples: int = 4000) -> dict[tuple[str, str], tuple[float, float]]:
    """By craft and leg the greatest error, m: of the position, and of the difference to the station over what is
    allowed there (5 mm, or 1e-5 of the range); 0 where the path is not relative."""
    found = {}
    draw = np.random.default_rng(4)
    legs = {craft["name"]: {path["leg"]: path for path in craft["paths"]} for craft in page["craft"]}
    station = {leg.leg: leg.trajectory for leg in flown.vehicles[page["station"]]}
    for name, paths in flown.vehicles.items():
        for leg in paths:
            path, own = legs[name][leg.leg], leg.trajectory
            times = np.sort(draw.uniform(own.start, own.end, samples))
            got, truth = positions(block, path, times), own.at(times)[0]
            near = 0.0
            if path["relative"]:
                away = truth - station[leg.leg].at(times)[0]
                allowed = np.maximum(0.005, 1e-5 * np.linalg.norm(away, axis=1))
                near = float(np.max(np.linalg.norm(got - away, axis=1) / allowed))
                got = got + positions(block, legs[page["station"]][leg.leg], times)
            found[name, leg.leg] = float(np.max(np.linalg.norm(got - truth, axis=1))), near
    return found
