"""Statistics of a table of runs: counts, probabilities, scatter and its causes. All from the table's own numbers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

PERCENTILES = (0.135, 1, 5, 25, 50, 75, 95, 99, 99.865)  # the ends are 3 sigma of a normal law
Z_95 = 1.959963984540054  # two-sided 95 % of a normal law
Rows = Sequence[Mapping[str, str]]


def wilson(hits: int, n: int, z: float = Z_95) -> tuple[float, float]:
    """The interval of a probability of which `hits` of `n` were seen. Wilson, J. Am. Stat. Assoc. 22 (1927) 209."""
    if n == 0:
        return 0.0, 1.0
    p, q = hits / n, z * z / n
    middle = (p + 0.5 * q) / (1.0 + q)
    half = z * math.sqrt(p * (1.0 - p) / n + 0.25 * q / n) / (1.0 + q)
    return (0.0 if hits == 0 else middle - half), (1.0 if hits == n else middle + half)


def ranks(x: np.ndarray) -> np.ndarray:
    """1 for the smallest; equal ones share their mean."""
    _, place, count = np.unique(x, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - 0.5 * (count - 1))[place]


def spearman(x: np.ndarray, y: np.ndarray) -> float:
    """Rank correlation; 0 where one of the two never changes. Spearman, Am. J. Psychol. 15 (1904) 72."""
    a, b = (r - r.mean() for r in (ranks(x), ranks(y)))
    size = math.sqrt(float(a @ a) * float(b @ b))
    return float(a @ b) / size if size > 0.0 else 0.0


def column(rows: Rows, name: str) -> np.ndarray:
    return np.array([float(row[name]) for row in rows])


def summary(rows: Rows, drawn: Sequence[str], quantities: Sequence[str], rules: Sequence[str] = ()) -> dict:
    """`runs, completed, failed, outcomes, probability, failures, rules_broken, rules, percentiles, spread, influence`.

    `outcomes` exclude each other. `rules`: the share of the flown runs that breaks each of the `rules` given, and of
    those that any run breaks. `influence`: rank correlation of each quantity with each of the columns `drawn`, the
    strongest first.
    """
    flown = [row for row in rows if row["status"] == "flown"]
    broken = Counter(rule for row in flown for rule in row["rules_broken"].split("; ") if rule)
    outcomes = {
        "success": sum(not row["rules_broken"] for row in flown),
        "rule_broken": sum(bool(row["rules_broken"]) for row in flown),
        "failed": len(rows) - len(flown),
    }
    return {
        "runs": len(rows),
        "completed": len(flown),
        "failed": len(rows) - len(flown),
        "outcomes": outcomes,
        "probability": {name: probability(hits, len(rows)) for name, hits in outcomes.items()},
        "failures": dict(Counter(_kind(row["reason"]) for row in rows if row["status"] != "flown")),
        "rules_broken": dict(broken),
        "rules": {
            rule: {"broken": broken[rule], **probability(broken[rule], len(flown))} for rule in (*rules, *broken)
        },
        "percentiles": {q: _percentiles(column(flown, q)) for q in quantities} if flown else {},
        "spread": {q: _spread(column(flown, q)) for q in quantities} if flown else {},
        "influence": _influence(flown, drawn, quantities) if len(flown) > 2 else {},
    }


def probability(hits: int, n: int) -> dict[str, float]:
    low, high = wilson(hits, n)
    return {"value": hits / n if n else 0.0, "wilson_low": low, "wilson_high": high}


def _kind(reason: str) -> str:
    """The words of a reason before its numbers."""
    return reason.split(": ")[0]


def _percentiles(x: np.ndarray) -> dict[str, float]:
    return {f"{p:g}": float(v) for p, v in zip(PERCENTILES, np.percentile(x, PERCENTILES), strict=True)}


def _spread(x: np.ndarray) -> dict[str, float]:
    sigma = float(np.std(x, ddof=1)) if len(x) > 1 else 0.0
    return {"mean": float(np.mean(x)), "sigma": sigma, "least": float(x.min()), "most": float(x.max())}


def _influence(rows: Rows, drawn: Sequence[str], quantities: Sequence[str]) -> dict[str, dict[str, float]]:
    causes = {name: column(rows, name) for name in drawn}
    effects = {name: column(rows, name) for name in quantities}
    found = {q: {d: spearman(causes[d], effects[q]) for d in drawn if d != q} for q in quantities}
    return {q: dict(sorted(of.items(), key=lambda item: -abs(item[1]))) for q, of in found.items()}
