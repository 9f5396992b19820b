"""The right-hand side of the descent against published drops of the NASA Engineering and Safety Center.

NASA/TM-2015-218675: from 30,000 ft over the equator, at rest on the turning Earth; WGS-84 with J2, US Standard
Atmosphere 1976; values of four simulations at 15 and 30 s. A ball without drag (case 1), a brick that tumbles without
(2) and with damping (3), and a ball of 1 slug with drag (6). The bricks have no drag and no lift: their centres fall as
the ball does, which is what is compared; their rates belong to a body, and tests/kernels/test_six_dof.py flies such.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from kernels.atmosphere.air import US76
from kernels.atmosphere.us76 import us76
from kernels.constants import R_EQUATOR
from kernels.entry.parachutes import DescentWork, chute_derivative, refresh_field
from kernels.orbit.forces import scratch
from kernels.records import Air, make
from tests.tolerance import NESC_DROP_FT, NESC_MACH_REL, NESC_SINK_FT_S
from tests.worlds import field, turning, zonal

PUBLISHED = json.loads((Path(__file__).parent.parent / "data" / "nesc_drops.json").read_text(encoding="utf-8"))
FOOT = 0.3048
SLUG = 14.593903
EMPTY = {"table": np.zeros((1, 2, 2, 1)), "ut0": 0.0, "x0": 4.0, "dx": 1.0, "scale": 1.0}
STEP = 0.25  # s
CALM = np.zeros((0, 3))


def falls(cda: float) -> dict[float, tuple[float, float, float]]:
    """From 30,000 ft by steps of Runge and Kutta: time s -> height ft, sinking speed ft/s, Mach."""
    c = PUBLISHED["constants"]
    spin = c["omega_radps"]
    air = make(Air, **EMPTY, model=US76, wind=spin)
    forces = field(zonal(c["mu_m3s2"], c["Re_m"], c["J2"]), turning(spin), air=air)
    work = DescentWork(scratch(), np.empty((4, 6)), np.empty(6), np.empty(6), np.empty(3))
    r = np.array([R_EQUATOR + 30_000.0 * FOOT, 0.0, 0.0])
    y = np.concatenate([r, np.cross([0.0, 0.0, spin], r)])
    found, dy = {}, np.empty(6)

    def slope(t, y):
        refresh_field(t, y, forces, work)
        chute_derivative(t, y, SLUG, cda, 0.0, forces, CALM, work, dy)
        return dy.copy()

    for i in range(121):
        t = STEP * i
        k1 = slope(t, y)
        if t in (15.0, 30.0):
            sink = -float(y[:3] @ y[3:]) / np.linalg.norm(y[:3])
            found[t] = work.extra[0] / FOOT, sink / FOOT, work.extra[1] / us76(work.extra[0])[3]
        k2 = slope(t + STEP / 2, y + STEP / 2 * k1)
        k3 = slope(t + STEP / 2, y + STEP / 2 * k2)
        y = y + STEP / 6 * (k1 + 2 * k2 + 2 * k3 + slope(t + STEP, y + STEP * k3))
    return found


@pytest.mark.parametrize(("cases", "drag"), [(("01", "02", "03"), 0.0), (("06",), 0.1)])
def test_published_drop(cases, drag):
    """Height within the spread of the simulations and half a foot, sinking speed and Mach likewise."""
    found = falls(drag * 0.1963495 * FOOT**2)
    for case in cases:
        for t, sims in PUBLISHED["cases"][case].items():
            height, sink, mach = found[float(t)]
            heights = [sim["altitudeMsl_ft"] for sim in sims.values()]
            assert min(heights) - NESC_DROP_FT < height < max(heights) + NESC_DROP_FT
            assert sink == pytest.approx(
                np.mean([sim["feVelocity_ft_s_Z"] for sim in sims.values()]), abs=NESC_SINK_FT_S
            )
            assert mach == pytest.approx(np.mean([sim["mach"] for sim in sims.values()]), rel=NESC_MACH_REL)


def test_drag_is_seen_in_the_published_drop():
    """The ball with drag is 686 ft higher after 30 s: a test that cannot tell the two apart shows nothing."""
    free, braked = falls(0.0)[30.0][0], falls(0.1 * 0.1963495 * FOOT**2)[30.0][0]
    assert braked - free == pytest.approx(685.6, abs=1.0)
