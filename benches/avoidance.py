"""Fifty made conjunctions avoided: the burn that is planned and flown beside the smallest that theory allows.

    python benches/avoidance.py [COUNT] [SEED]

Each is planned by `sim.conjunctions.avoidance_plan` and flown as a finite burn with harmonics, Sun, Moon and air; the
bound is that of Clohessy and Wiltshire in any direction (`sim.conjunctions.avoidance_bound`).
"""

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benches.machine import machine
from sim.conjunctions.avoidance import Limits, burn_times
from sim.conjunctions.avoidance_bound import bound
from sim.conjunctions.avoidance_plan import Request, plan_avoidance, states_of
from sim.propagation.propagate import propagate
from tests.made_conjunctions import RULE, made_cases, station

SPAN_S = 93000.0


def main(count=50, seed=17):
    print(machine())
    orbit = station(SPAN_S)
    nominal = propagate(orbit).trajectory
    print(
        "case kind         lead_rev  Pc before  Pc after  dv_m_s  minimum  ratio  along     axis_m  phase_deg  kg    s"
    )
    ratios, cleared, of_kind = [], 0, {}
    for case in made_cases(nominal, count, seed):
        began = time.process_time()
        request = Request(RULE, Limits(dv_m_s=5.0), not_before_s=case.not_before)
        plan = plan_avoidance(orbit, case.conjunctions, request)
        seconds = time.process_time() - began
        worst = max(judged.probability for judged in plan.before)
        if plan.burn is None:
            print(f"{case.name}   {case.kind:12s} {worst:.1e}  {plan.reason}  {seconds:.1f} s")
            continue
        cleared += plan.cleared
        last = min(c.time_s for c in case.conjunctions) - request.lead_s
        minimum = bound(case.conjunctions, RULE, burn_times(states_of(nominal), case.not_before, last))
        burn, costs = plan.burn, plan.costs
        phase = np.degrees(costs.phase_rad)
        ratios.append(abs(burn.dv_m_s) / minimum)
        of_kind.setdefault(case.kind, []).append(ratios[-1])
        after = max(judged.probability for judged in plan.after)
        revolutions = (case.conjunctions[0].time_s - burn.time_s) / 5554.0
        print(
            f"{case.name}   {case.kind:12s} {revolutions:7.2f}  {worst:.2e}   {after:.2e}  {burn.dv_m_s:+.4f} "
            f"{minimum:.4f}  {ratios[-1]:5.3f}  {burn.direction:6s} {costs.axis_m:+9.1f}  {phase:+8.4f} "
            f"{costs.propellant_kg:6.2f} {seconds:5.1f}"
        )
    for kind, found in of_kind.items():
        print(
            f"{kind:12s} {len(found)} burns, median {np.median(found):.3f}, from {min(found):.3f} to {max(found):.3f}"
        )
    print(f"{cleared} of {count} cleared; burn over bound: median {np.median(ratios):.3f}, largest {max(ratios):.3f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
