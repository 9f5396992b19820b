"""Cases of tests/data/lunar.json: their epochs, starts and rows, for tests and benches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.core.epoch import NS, Epoch

LUNAR = json.loads((Path(__file__).parent / "data" / "lunar.json").read_text("utf-8"))
CASES = LUNAR["cases"]


class Start(NamedTuple):
    """`epoch`, position r (3,) m and velocity v (3,) m/s; `rows` (n, 7): s, m, m/s."""

    epoch: Epoch
    r: np.ndarray
    v: np.ndarray
    rows: np.ndarray


def start(name: str) -> Start:
    """Of a case by its name, in the axes that its numbers are in: GMAT's and STK's are flown as ICRF's, with which
    their results agree to a millimetre (the frame bias, 23 mas, turns the orbit and little else)."""
    case = CASES[name]
    state = np.array(case["initial_state_m_mps"])
    rows = case.get("rows") or [[case["duration_s"], *case["final_state_m_mps"]]]
    return Start(_epoch(case), state[:3], state[3:], np.array(rows, dtype=float))


def _epoch(case: dict) -> Epoch:
    if "epoch_jd_tdb" in case:
        import erfa

        jd = case["epoch_jd_tdb"]
        tt = (jd - 2451544.5) * 86400.0 - erfa.dtdb(jd, 0.0, 0.0, 0.0, 0.0, 0.0)
        return Epoch(round((tt - 32.184) * NS))
    if "epoch_tai" in case:
        epoch = Epoch.from_utc(case["epoch_tai"] + "Z")
        return Epoch(epoch.tai_ns - epoch.tai_minus_utc * NS)
    epoch = Epoch.from_utc(case["epoch_utc"])
    own = case.get("tai_minus_utc_s", epoch.tai_minus_utc)
    return Epoch(epoch.tai_ns + (own - epoch.tai_minus_utc) * NS)
