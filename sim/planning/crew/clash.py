"""Why a week cannot be planned: a least set of constraints of which one would have to go.

First the solver names, of the groups that can be assumed one by one, some that are enough for the clash; then each of
those, and of the groups that cannot be assumed, is left out in turn, and stays out where the clash remains.
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.planning.crew.model import build
from sim.planning.crew.parts import Problem

EFFORT = 2.0  # of the solver's own count of its work, for each question


def clash(asked: Problem) -> tuple[str, ...]:
    """Names of groups that cannot all hold, none of which can be left out of the list; in the order of the alphabet."""
    every = groups(asked)
    left = _assumed(asked, every)
    # Whole halves first: most of the groups have nothing to do with it.
    size = len(left)
    while size > 1:
        size = (size + 1) // 2
        for k in range(0, len(left), size):
            rest = left[:k] + left[k + size :]
            if _impossible(asked, every, rest):
                left = rest
                break
        else:
            break
    for name in list(left):
        rest = [x for x in left if x != name]
        if _impossible(asked, every, rest):
            left = rest
    return tuple(sorted(left))


def groups(asked: Problem) -> list[str]:
    """All names of groups, in the order in which the model asks for them."""
    return list(build(asked).groups)


def _assumed(asked: Problem, every: list[str]) -> list[str]:
    """Groups that are enough for the clash, by the solver's own core; all of them where it names none."""
    from ortools.sat.python import cp_model

    made = build(asked, assuming=True)
    made.model.add_assumptions(list(made.assumed.values()))
    solver = _solver()
    if solver.solve(made.model) != cp_model.INFEASIBLE:
        return every
    by_index = {literal.index: name for name, literal in made.assumed.items()}
    core = {by_index[i] for i in solver.sufficient_assumptions_for_infeasibility() if i in by_index}
    return [name for name in every if name in core or name not in made.assumed]


def _impossible(asked: Problem, every: Iterable[str], kept: list[str]) -> bool:
    from ortools.sat.python import cp_model

    keeping = set(kept)
    made = build(asked, [name for name in every if name not in keeping])
    return _solver().solve(made.model) == cp_model.INFEASIBLE


def _solver():
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = EFFORT
    solver.parameters.symmetry_level = 0
    solver.parameters.cp_model_probing_level = 0
    return solver
