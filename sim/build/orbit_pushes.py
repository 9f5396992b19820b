"""The burns and impulses of an orbit file, in SI."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.propagation.force_model import BurnChoice, ImpulseChoice
from sim.scenario import push_checks
from sim.scenario.orbit_file import BurnBlock, OrbitFile


def burns(file: OrbitFile) -> Iterator[BurnChoice]:
    """In the order of time, none empty and none beyond the end."""
    for burn in sorted(file.burns, key=lambda b: b.start_s):
        duration = min(burn.duration_s, file.span.duration_s - burn.start_s)
        if duration > 0.0:
            yield _burn(burn, float(duration))


def _burn(burn: BurnBlock, duration: float) -> BurnChoice:
    direction = np.array(burn.direction, dtype=float)
    direction /= np.abs(direction).max()  # the square of a very small one would be zero
    flow = burn.mass_flow_kg_s if burn.isp_s is None else burn.thrust_n / (push_checks.G0 * burn.isp_s)
    assert flow is not None  # the rules ask for one of the two
    return BurnChoice(
        start=float(burn.start_s),
        duration=duration,
        thrust=float(burn.thrust_n),
        direction=direction / np.linalg.norm(direction),
        frame=burn.frame,
        mass_flow=float(flow),
        body_axes=burn.body_axes or "lvlh",
        body_rate=_rate(burn.body_rate_rad_s),
    )


def _rate(given: tuple[float, ...] | None) -> tuple[float, float, float]:
    """The rate of a body's axes, rad/s; without one they do not turn."""
    x, y, z = given or (0.0, 0.0, 0.0)
    return float(x), float(y), float(z)


def impulses(file: OrbitFile) -> Iterator[ImpulseChoice]:
    """In the order of time, those of one time in the order of the file; none empty and none beyond the end."""
    for given in sorted(file.impulses, key=lambda i: i.at_s):
        if given.at_s <= file.span.duration_s and any(given.delta_v_m_s):
            yield ImpulseChoice(
                at=float(given.at_s),
                delta_v=np.array(given.delta_v_m_s, dtype=float),
                frame=given.frame,
                body_axes=given.body_axes or "lvlh",
                body_rate=_rate(given.body_rate_rad_s),
                **({} if given.isp_s is None else {"isp": float(given.isp_s)}),
            )
