"""Fifty made conjunctions avoided: the burn that is planned and flown beside the smallest that theory allows.

    python benches/avoidance.py [COUNT] [SEED] [CATALOGUE]

Each is planned by `sim.conjunctions.avoidance_plan` and flown as a finite burn with harmonics, Sun, Moon and air; the
bound is that of Clohessy and Wiltshire in any direction (`sim.conjunctions.avoidance_bound`). With a catalogue, such as
`tests/data/conjunctions/catalog_2013-10-23.tle.gz`, the station flies when 95 % of its sets are made, and every burned
path is screened against all of it.
"""

import gzip
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benches.machine import machine
from sim.conjunctions.avoidance import Limits, burn_times
from sim.conjunctions.avoidance_bound import bound
from sim.conjunctions.avoidance_plan import Request, plan_avoidance, states_of
from sim.conjunctions.avoidance_screening import Surroundings, plan_screened
from sim.conjunctions.screened_craft import PathCraft
from sim.conjunctions.screening_catalogue import parse_catalogue
from sim.conjunctions.screening_covariance import age_model
from sim.propagation.propagate import propagate
from tests.made_conjunctions import RADIUS_M, RULE, made_cases, station

SPAN_S = 93000.0


def text_of(file):
    data = file.read_bytes()
    return (gzip.decompress(data) if file.suffix == ".gz" else data).decode()


def main(count=50, seed=17, catalogue=None):
    print(machine())
    orbit = station(SPAN_S)
    if catalogue is not None:
        read = parse_catalogue(text_of(Path(catalogue)), catalogue)
        epochs = sorted(one.epoch for one in read.objects)
        orbit = replace(orbit, epoch=epochs[int(0.95 * len(epochs))])  # the newest may be of another year
        around = Surroundings(read, 20e3, RADIUS_M, age_model(orbit.epoch))
        print(f"{catalogue}: {len(read.group)} objects, {orbit.epoch}")
    nominal = propagate(orbit).trajectory
    craft, met, rounds = PathCraft("station", nominal, orbit.epoch), 0, []
    print(
        "case kind         lead_rev  Pc before  Pc after  dv_m_s  minimum  ratio  along     axis_m  phase_deg  kg    s"
    )
    ratios, cleared, of_kind = [], 0, {}
    for case in made_cases(nominal, count, seed):
        began = time.process_time()
        request = Request(RULE, Limits(dv_m_s=5.0), not_before_s=case.not_before)
        if catalogue is None:
            plan = plan_avoidance(orbit, case.conjunctions, request)
        else:
            made = plan_screened(orbit, craft, case.conjunctions, around, request)
            plan, met = made.plan, met + len(made.met or ())
            rounds.append(made.rounds)
            assert not any(judged.breaks for judged in made.met or ())
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
    if rounds:
        print(
            f"{met} conjunctions within 20 km along the burned paths; planned again {sum(rounds) - len(rounds)} times"
        )
    print(f"{cleared} of {count} cleared; burn over bound: median {np.median(ratios):.3f}, largest {max(ratios):.3f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:4])
