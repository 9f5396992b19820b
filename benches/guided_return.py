"""How long does one guided return take, from the deorbit to the touchdown, beside SciPy at equal error?

    python -m benches guided_return [--mission NAME] [--rounds N]

Ours is the whole of it: the plan of the burn, the flight through it, an entry whose guidance predicts as it flies, and
the parachutes; warm, in processor ms of one thread, the least of N rounds. SciPy's `solve_ivp` flies the same arcs
again, from where each of ours begins, by our own compiled right-hand side, with what ours has recorded: masses, the
bank angle of every step, the area of the canopies. It plans and guides nothing. The error is the distance, where an arc
ends, from the same arc at a tolerance of 1e-12, cut where a command changes. Ours holds a command for a step; SciPy is
given straight lines between them, which suit its steps, and is measured against its own tightest run. Its time is that
of its quickest method and tolerance that errs no more than ours does, or than 1 cm.
"""

from __future__ import annotations

import argparse
import bisect
import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from benches.arguments import whole
from benches.machine import machine
from kernels.constants import G0
from kernels.entry.bank import SETTLED
from kernels.entry.dynamics import banked_derivative, entry_air, entry_vehicle
from kernels.orbit.forces import scratch

GOAL_MS = 40.0
PARTS = ("deorbit", "entry", "descent")
METHODS = ("DOP853", "RK45", "LSODA")
TOLERANCES = (1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10)
CLOSE_M = 0.01  # an error of ours below it is not asked of SciPy: ours may come by it for nothing
TIGHT = 1e-12


@dataclass(frozen=True)
class Arc:
    """One flight between two events: states (6,) at its ends, and what ours recorded at times t (n,): bank rad, and the
    acceleration by drag and by lift over the dynamic pressure, m2/kg."""

    name: str
    begin: np.ndarray
    end: np.ndarray
    t: np.ndarray
    bank: np.ndarray
    drag: np.ndarray
    lift: float
    held: bool  # the command of a node holds until the next one; else it is linear in between

    def commands(self) -> Callable[[float], tuple[float, float]]:
        """Bank and drag at a time."""
        t, bank, drag = self.t.tolist(), self.bank.tolist(), self.drag.tolist()
        last = len(t) - 2

        def at(now: float) -> tuple[float, float]:
            i = min(max(bisect.bisect_right(t, now) - 1, 0), last)
            w = 0.0 if self.held or t[i + 1] <= t[i] else (now - t[i]) / (t[i + 1] - t[i])
            return bank[i] + w * (bank[i + 1] - bank[i]), drag[i] + w * (drag[i + 1] - drag[i])

        return at


def rates(arc: Arc, world, capsule) -> Callable[[float, np.ndarray], np.ndarray]:
    """The right-hand side of an arc for SciPy: the kernel's, of a craft of 1 kg, in the wind that blows."""
    at, work, dy, extra = arc.commands(), scratch(), np.empty(6), np.empty(6)
    forces = world.forces._replace(drag=0)
    capsule = capsule if arc.name == "entry" else capsule._replace(trim=np.ones((1, 3)))

    def rate(t: float, y: np.ndarray) -> np.ndarray:
        bank, drag = at(t)
        craft = entry_vehicle(1.0, capsule._replace(cda=drag, cla=arc.lift))
        entry_air(t, y, craft, forces, world.wind, work, extra)
        banked_derivative(y, math.cos(bank), math.sin(bank), craft, work, dy, extra)
        return dy.copy()

    return rate


def solved(arc: Arc, world, capsule, method: str, tolerance: float) -> np.ndarray:
    """Where SciPy ends the arc: state (6,)."""
    from scipy.integrate import solve_ivp

    rate = rates(arc, world, capsule)
    span = float(arc.t[0]), float(arc.t[-1])
    run = solve_ivp(rate, span, arc.begin, method, rtol=tolerance, atol=1e3 * tolerance)
    if not run.success:
        raise RuntimeError(f"{arc.name} by {method} at {tolerance:g}: {run.message}")
    return run.y[:, -1]


def tight(arc: Arc, world, capsule) -> np.ndarray:
    """The same at the tolerance TIGHT, from command to command, so that no step is taken across one."""
    from scipy.integrate import solve_ivp

    y, rate = arc.begin, rates(arc, world, capsule)
    edges = edges_of(arc)
    for a, b in zip(edges[:-1], edges[1:], strict=True):
        inside = np.nextafter(b, a)  # a command holds up to the edge, not on it
        y = solve_ivp(rate, (a, inside), y, "DOP853", rtol=TIGHT, atol=1e-9, first_step=min(0.5, inside - a)).y[:, -1]
    return y


def edges_of(arc: Arc) -> np.ndarray:
    """The times at which a recorded command is another than before."""
    t = np.unique(arc.t)
    if not arc.held:
        return t
    turned = np.flatnonzero(np.diff(arc.bank) != 0.0) + 1
    return np.unique(np.concatenate([arc.t[[0, -1]], arc.t[turned]]))


def arcs(flown: dict, ship, state_cda: float) -> list[Arc]:
    """The arcs of a flown return: from the end of the burn to the parting, on to the interface, the entry, and the
    parachutes up to the retro rockets."""
    deorbit, entry, descent = (flown[part] for part in PARTS)
    events = {e.name: e for leg in flown.values() for e in leg.events}
    name = events["touchdown"].vehicle
    capsule = ship.lander
    fall, guided, canopy = (leg.trajectories[name] for leg in (deorbit, entry, descent))
    stop, split = events["deorbit_burn_end"].t, events["service_module_separation"].t
    found = []
    for what, a, b, cda in (
        ("to the parting", stop, split, state_cda),
        ("to the interface", split, fall.end, capsule.cda),
    ):
        (r0, v0, mass), (r1, v1, _) = fall.at(a), fall.before(b)
        ends = np.concatenate([r0[0], v0[0]]), np.concatenate([r1[0], v1[0]])
        found.append(Arc(what, *ends, np.array([a, b]), np.zeros(2), np.full(2, cda / mass[0]), 0.0, True))
    history = entry.record.entry
    states = np.hstack([guided.r, guided.v])
    drag = np.full(len(guided.t), capsule.cda) / guided.mass
    banks, lift = held_bank(np.radians(history.bank_deg)), capsule.cla / float(guided.mass[0])
    found.append(Arc("entry", states[0], states[-1], guided.t, banks, drag, lift, True))
    history = descent.record.entry
    keep = canopy.t <= events["retro_fire"].t
    t, area = canopy.t[keep], history.load_g[keep] * G0 / history.dynamic_pressure_pa[keep]
    states = np.hstack([canopy.r, canopy.v])[keep]
    found.append(Arc("parachutes", states[0], states[-1], t, np.zeros(len(t)), area, 0.0, False))
    return found


def held_bank(bank: np.ndarray) -> np.ndarray:
    """The bank that acts in the step from each node on, rad, from what is recorded at the nodes: at once the next one,
    where it settles on its command; else that half-way through the roll."""
    bank = np.unwrap(bank)
    turn = np.append(np.diff(bank), 0.0)
    return bank + np.where(np.abs(turn) < SETTLED, turn, 0.5 * turn)


class Watched:
    """A planner whose `plan` is timed; everything else is the planner's own."""

    def __init__(self, planner):
        self.planner, self.ms = planner, 0.0

    def plan(self, *arguments, **named):
        clock = time.process_time()
        made = self.planner.plan(*arguments, **named)
        self.ms += 1e3 * (time.process_time() - clock)
        return made

    def __getattr__(self, name):
        return getattr(self.planner, name)


def flown_once(phases, scene, world, brief: bool = True) -> tuple[dict, dict[str, float]]:
    """The legs of deorbit, entry and descent by name, and processor ms of each, and of the plan. `brief`: without the
    ends of the modules, as a campaign flies it."""
    legs, taken = {}, {}
    for phase in phases:
        phase = replace(phase, brief=brief) if hasattr(phase, "brief") else phase
        planner = Watched(phase.planner) if hasattr(phase, "planner") else None
        phase = replace(phase, planner=planner) if planner else phase
        clock = time.process_time()
        legs[phase.name] = leg = phase.fly(scene, world)
        taken[phase.name] = 1e3 * (time.process_time() - clock)
        if planner:
            taken["plan"] = planner.ms
        scene = leg.scene
    return legs, taken


def quickest(arc: Arc, world, capsule, truth: np.ndarray, limit: float) -> tuple[str, float, float]:
    """Method and tolerance in words, processor ms and error of SciPy's quickest run within `limit` m."""
    best = ("none is that good", float("inf"), float("inf"))
    for method in METHODS:
        for tolerance in TOLERANCES:
            clock = time.process_time()
            end = solved(arc, world, capsule, method, tolerance)
            ms = 1e3 * (time.process_time() - clock)
            error = float(np.linalg.norm(end[:3] - truth[:3]))
            if error <= limit:
                if ms < best[1]:
                    best = (f"{method} {tolerance:g}", ms, error)
                break  # finer ones of this method take longer
    return best


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench guided_return", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mission", default="return-only", help="a mission with deorbit, entry and descent")
    parser.add_argument("--rounds", type=whole(1, 1000), default=10, help="returns that are timed (10)")
    asked = parser.parse_args(arguments)
    from sim.build.mission import build
    from sim.mission import reach
    from sim.phases.deorbit import Deorbit
    from sim.scenario import load

    print(machine())
    mission = build(load(asked.mission))
    _, scene, _ = reach(mission, PARTS[0])
    phases = [phase for phase in mission.phases if phase.name in PARTS]
    deorbit = phases[0]
    if not isinstance(deorbit, Deorbit):
        raise TypeError(f"the phase of {asked.mission} called deorbit is {type(deorbit).__name__}")
    world, ship, name = mission.world, deorbit.ship, deorbit.ship_name
    legs, _ = flown_once(phases, scene, world)
    rounds = [flown_once(phases, scene, world)[1] for _ in range(asked.rounds)]
    quickest_of = {part: min(taken[part] for taken in rounds) for part in rounds[0]}
    whole_ms = min(sum(taken[part] for part in PARTS) for taken in rounds)
    print(f"\none guided return of {name}, {asked.rounds} rounds, processor ms of the least")
    for part in PARTS:
        of_it = f", of it the plan {quickest_of['plan']:.1f}" if part == "deorbit" and "plan" in quickest_of else ""
        print(f"  {part:10} {quickest_of[part]:8.1f}{of_it}")
    ends = [flown_once(phases, scene, world, brief=False)[1]["deorbit"] for _ in range(3)]
    word = "reached" if whole_ms < GOAL_MS else "MISSED"
    apart = min(ends) - quickest_of["deorbit"]
    print(f"  {'modules':10} {apart:8.1f}   not counted: where they and their pieces come down")
    print(f"  {'all':10} {whole_ms:8.1f}   goal: < {GOAL_MS:g} ms, {word}")

    print(f"\n{'arc':18}{'flight s':>9}{'our error m':>13}{'SciPy':>16}{'error m':>10}{'ms':>9}")
    total = 0.0
    for arc in arcs(legs, ship, scene.flying[name].cda):
        ours = float(np.linalg.norm(arc.end[:3] - tight(arc, world, ship.lander)[:3]))
        lines = replace(arc, held=False)
        truth = tight(lines, world, ship.lander)
        setting, ms, error = quickest(lines, world, ship.lander, truth, max(ours, CLOSE_M))
        total += ms
        length = arc.t[-1] - arc.t[0]
        print(f"{arc.name:18}{length:9.0f}{ours:13.2g}{setting:>16}{error:10.2g}{ms:9.1f}")
    print(
        f"SciPy flies the four arcs once in {total:.0f} ms, with nothing planned and nothing guided; "
        f"ours, with all of it, takes {whole_ms:.1f} ms: {total / whole_ms:.1f}x"
    )


if __name__ == "__main__":
    main()
