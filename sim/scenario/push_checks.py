"""What the burns and impulses of an orbit file must agree in, with each other and with the mass there is."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.scenario.orbit_checks import given
from sim.scenario.view import Finding, View

G0 = 9.80665  # m/s2, standard gravity
LEAST_LEFT = 1e-3  # of the mass after one impulse: less is a slip in delta_v_m_s or isp_s


def burns(view: View) -> Iterator[Finding]:
    for i in range(view.length("burns")):
        direction = view("burns", i, "direction")
        if direction and not any(direction):
            yield Finding(("burns", i, "direction"), "a vector of length 0", "a direction; its length does not matter")
        flows = [key for key in ("isp_s", "mass_flow_kg_s") if given(view, "burns", i, key)]
        if len(flows) != 1:
            found = " and ".join(flows) or "neither isp_s nor mass_flow_kg_s"
            yield Finding(("burns", i, "isp_s"), found, "exactly one of the two; mass_flow_kg_s = 0 keeps the mass")
        yield from _body_keys(view, "burns", i)


def impulses(view: View) -> Iterator[Finding]:
    for i in range(view.length("impulses")):
        yield from _body_keys(view, "impulses", i)
        isp, change = view("impulses", i, "isp_s"), view("impulses", i, "delta_v_m_s")
        if isp is not None and change and (left := _left(change, isp)) < LEAST_LEFT:
            found = f"{isp} s, with which {math.hypot(*change):.6g} m/s leave {left:.3g} of the mass"
            yield Finding(("impulses", i, "isp_s"), found, f"a velocity change that leaves {LEAST_LEFT} of it")
        if given(view, "impulses", i, "isp_s") and not given(view, "spacecraft", "mass_kg"):
            yield Finding(("spacecraft", "mass_kg"), "nothing", f"a number, which impulses.{i}.isp_s needs")
            return


def _body_keys(view: View, table: str, i: int) -> Iterator[Finding]:
    if view(table, i, "frame") != "body" and (table, i, "frame") not in view.bad:
        for key in ("body_axes", "body_rate_rad_s"):
            if given(view, table, i, key):
                yield Finding((table, i, key), "a key of frame = 'body' beside another frame", "frame = 'body'")


def _left(change: list[float], isp: float) -> float:
    """The part of the mass that is left after an impulse: the rocket equation."""
    return math.exp(-math.hypot(*change) / (G0 * isp))


def burn_times(view: View) -> Iterator[Finding]:
    times = [(view("burns", i, "start_s"), view("burns", i, "duration_s"), i) for i in range(view.length("burns"))]
    times = sorted(t for t in times if None not in t and t[1] > 0.0)
    for (start_0, duration, i), (start_1, _, j) in zip(times, times[1:], strict=False):
        if start_1 < start_0 + duration:
            allowed = f"{start_0 + duration} or later, when burns.{i} ends"
            yield Finding(("burns", j, "start_s"), f"{start_1}, inside burns.{i}", allowed)


def burnt_mass(view: View) -> Iterator[Finding]:
    """What burns use up, reckoned from the end to the start, since an impulse with `isp_s` takes a part of what is
    there."""
    mass, end = view("spacecraft", "mass_kg"), view("span", "duration_s")
    flows, parts = [], []
    for i in range(view.length("burns")):
        start_s, duration, thrust = (view("burns", i, key) for key in ("start_s", "duration_s", "thrust_n"))
        isp, flow = view("burns", i, "isp_s"), view("burns", i, "mass_flow_kg_s")
        if None in (start_s, duration, thrust, end) or (isp is None) == (flow is None):
            return
        flows.append((start_s, min(start_s + duration, end), flow if isp is None else thrust / (G0 * isp)))
    for i in range(view.length("impulses")):
        at_s, change, isp = (view("impulses", i, key) for key in ("at_s", "delta_v_m_s", "isp_s"))
        if at_s is not None and change and isp is not None:
            parts.append((at_s, _left(change, isp)))
    if mass is None or end is None:
        return
    used, until = 0.0, end
    for at_s, left in [*sorted((p for p in parts if p[0] <= end), reverse=True), (0.0, 1.0)]:
        used += sum(flow * max(min(stop, until) - max(start_s, at_s), 0.0) for start_s, stop, flow in flows)
        used, until = used / max(left, LEAST_LEFT), at_s
    if used >= mass:
        found = f"{mass} kg, of which the burns use {used:.6g} kg"
        if parts:
            found = f"{mass} kg, where burns and impulses need {used:.6g} kg"
        yield Finding(("spacecraft", "mass_kg"), found, f"more than {used:.6g} kg")


PUSHES = (burns, burn_times, impulses, burnt_mass)
