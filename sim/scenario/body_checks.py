"""What a craft's inertia and thrusters must agree in: some body has these moments, and any wrench can be made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sim.scenario.view import Finding, View

PUSHES = tuple(f"a {what} {sign}{axis}" for what in ("push along", "turn about") for axis in "xyz" for sign in "+-")
NOTHING = 1e-9  # of a wrench asked for: what rounding leaves of one that is made


def inertia(view: View) -> Iterator[Finding]:
    """Each principal moment is positive and at most the sum of the other two."""
    import numpy as np  # only where a file is read

    moments, products = view("inertia", "moments_kg_m2"), view("inertia", "products_kg_m2") or (0.0, 0.0, 0.0)
    if not moments:
        return
    xy, xz, yz = products
    matrix = np.diag(moments) - np.array([[0.0, xy, xz], [xy, 0.0, yz], [xz, yz, 0.0]])
    low, middle, high = np.linalg.eigvalsh(matrix)
    if low <= 0.0 or high > (low + middle) * (1.0 + 1e-12):
        found = f"principal moments {low:.6g}, {middle:.6g}, {high:.6g}, which no body has"
        yield Finding(("inertia", "moments_kg_m2"), found, "each positive and at most the sum of the other two")


def thrusters(view: View) -> Iterator[Finding]:
    """Each has a name of its own and a direction, and together they push and turn every way."""
    names, rows = Counter[str | None](), []
    count = view.length("thrusters")
    for i in range(count):
        name, *row = (view("thrusters", i, key) for key in ("name", "position_m", "direction", "thrust_n"))
        names[name] += name is not None
        if names[name] > 1:
            yield Finding(("thrusters", i, "name"), f"'{name}' a second time", "a name for each thruster")
        if row[1] and not any(row[1]):
            allowed = "a direction; its length does not matter"
            yield Finding(("thrusters", i, "direction"), "a vector of length 0", allowed)
        elif None not in row:
            rows.append(row)
    if count and len(rows) == count and (missing := _unmade(rows)):
        found = f"{count} thrusters that cannot make {', '.join(missing)}"
        yield Finding(("thrusters",), found, "a set that pushes along and turns about every axis both ways")


def _unmade(rows: list) -> list[str]:
    """Which of the twelve single wrenches no non-negative firing makes; with them all, any wrench is made."""
    import numpy as np

    position, direction, thrust = (np.array(part, dtype=float) for part in zip(*rows, strict=True))
    force = thrust[:, None] * direction / np.linalg.norm(direction, axis=1)[:, None]
    wrench = np.vstack([force.T, np.cross(position, force).T])
    wrench /= np.maximum(np.linalg.norm(wrench, axis=1), 1e-300)[:, None]
    asked = [sign * axis for axis in np.eye(6) for sign in (1.0, -1.0)]
    return [name for name, demand in zip(PUSHES, asked, strict=True) if _left(wrench, demand) > NOTHING]


def _left(a, b) -> float:
    """The length of what the best x >= 0 leaves of b - a x: Lawson & Hanson (1974), algorithm NNLS."""
    import numpy as np

    x, inside = np.zeros(a.shape[1]), np.zeros(a.shape[1], dtype=bool)
    for _ in range(3 * a.shape[1]):
        rest = b - a @ x
        gain = np.where(inside, -np.inf, a.T @ rest)
        if np.linalg.norm(rest) <= NOTHING or gain.max() <= NOTHING:
            break
        inside[np.argmax(gain)] = True
        while True:
            best = np.zeros_like(x)
            best[inside] = np.linalg.lstsq(a[:, inside], b, rcond=None)[0]
            if (best[inside] > 0.0).all():
                break
            low = inside & (best <= 0.0)
            x = x + (x[low] / (x[low] - best[low])).min() * (best - x)
            inside &= x > 1e-14
            x[~inside] = 0.0
        x = best
    return float(np.linalg.norm(b - a @ x))
