"""Numbers made by others, read from tests/data, and the turns between their frames and ours."""

import json
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parent.parent / "data"
MU = 3.986004418e14  # m3/s2, WGS-84: Kepler-only work


def load(name):
    """The contents of tests/data/`name`."""
    return json.loads((DATA / name).read_text())


def ids(cases):
    """Test ids of a list of cases."""
    return [str(case.get("id", case.get("name"))) for case in cases]


def lvlh_from_rtn(a):
    """LVLH (x, y, z) = (T, -N, -R) of radial, along-track, cross-track components (..., 3)."""
    a = np.asarray(a, dtype=float)
    return np.stack([a[..., 1], -a[..., 2], -a[..., 0]], axis=-1)


def random_state(rng, e, q, nu_limit=np.pi):
    """State (r, v) of a random orientation and true anomaly, eccentricity `e` and pericentre radius `q` m.

    Written with vectors in the orbit plane, not with the kernels under test.
    """
    # On a hyperbola stay within 80 % of the way to the asymptote.
    limit = nu_limit if e < 1.0 else 0.8 * np.arccos(-1.0 / e)
    nu = rng.uniform(-limit, limit)
    p = q * (1.0 + e)
    axes, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    r = p / (1.0 + e * np.cos(nu)) * (np.cos(nu) * axes[0] + np.sin(nu) * axes[1])
    v = np.sqrt(MU / p) * (-np.sin(nu) * axes[0] + (e + np.cos(nu)) * axes[1])
    return r, v
