"""A craft's attitudes as the segments of an AEM: no more rows than a linear interpolation needs."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sim.core.epoch import Epoch
from sim.export.attitudes import AttitudeSegment
from sim.interchange.aem_writing import WrittenAttitude, written_attitude

CLOSE_DEG = 0.004  # of the 0.01 deg that are asked; rows of nine digits and whole microseconds take the rest
WIDEST_DEG = 12.0  # a turn between two rows: linear parts brought to length err by 0.003 deg beside an even turn
PASSES = 7


def segments(zero: Epoch, attitudes: Iterable[AttitudeSegment]) -> list[WrittenAttitude]:
    """As they are written; a segment of one row is left out, as there is nothing to interpolate."""
    found = []
    for segment in attitudes:
        t, q = thinned(*even(segment.t, segment.q))
        if len(t) > 1:
            how = "flown in six degrees of freedom" if segment.basis == "flown" else "commanded, not flown"
            found.append(written_attitude(zero, f"phase {segment.phase}; simulated; {how}", t, q))
    return found


def even(t: np.ndarray, q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """With rows between those that are more than WIDEST_DEG apart, on the even turn between them."""
    step = np.degrees(2.0 * np.arccos(np.clip(np.abs(np.sum(q[1:] * q[:-1], axis=1)), 0.0, 1.0)))
    if len(t) < 2 or step.max() <= WIDEST_DEG:
        return t, q
    from scipy.spatial.transform import Rotation, Slerp

    parts = np.ceil(step / WIDEST_DEG).astype(int).clip(min=1)
    more = [np.linspace(a, b, n + 1)[:-1] for a, b, n in zip(t[:-1], t[1:], parts, strict=True)]
    times = np.append(np.concatenate(more), t[-1])
    turned = Slerp(t, Rotation.from_quat(q))(times).as_quat()
    signs = np.cumprod(np.append(1.0, np.where(np.sum(turned[1:] * turned[:-1], axis=1) < 0.0, -1.0, 1.0)))
    return times, turned * signs[:, None]


def thinned(t: np.ndarray, q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Without every other row, again and again, where the rows that are left give all of them to CLOSE_DEG."""
    kept = np.arange(len(t))
    for _ in range(PASSES):
        if len(kept) < 3:
            break
        fewer = np.delete(kept, np.arange(1, len(kept) - 1, 2))
        bad_rows = angle_deg(linear(t[fewer], q[fewer], t), q) > CLOSE_DEG
        wide = np.diff(fewer) > 1
        turn = angle_deg(q[fewer[1:]], q[fewer[:-1]])
        interval = np.clip(np.searchsorted(fewer, np.flatnonzero(bad_rows), side="right") - 1, 0, len(fewer) - 2)
        bad = np.union1d(interval, np.flatnonzero(wide & (turn > WIDEST_DEG)))
        place = np.searchsorted(fewer, kept, side="right") - 1
        back = kept[np.isin(place, bad)]
        now = np.union1d(fewer, back)
        if len(now) == len(kept):
            break
        kept = now
    return t[kept], q[kept]


def linear(t: np.ndarray, q: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Linear between the rows, brought to length one: what INTERPOLATION_METHOD = LINEAR asks for."""
    i = np.clip(np.searchsorted(t, times, side="right") - 1, 0, len(t) - 2)
    share = ((times - t[i]) / (t[i + 1] - t[i]))[:, None]
    between = (1.0 - share) * q[i] + share * q[i + 1]
    return between / np.linalg.norm(between, axis=1, keepdims=True)


def angle_deg(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Between attitudes (n, 4), well where they nearly agree: by the distance of the quaternions."""
    near = np.minimum(np.linalg.norm(p - q, axis=1), np.linalg.norm(p + q, axis=1))
    return np.degrees(4.0 * np.arcsin(np.clip(0.5 * near, 0.0, 1.0)))
