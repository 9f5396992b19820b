"""What breaks each rule of a flight: the table behind docs/rules.md and tests/flights/test_rules.py.

`python tests/flights/rules.py` writes the page. Every rule is broken by physics: a part that fails, air or a mass that is
other than was thought, an engine that errs, another second or place. No limit is touched.
"""

from __future__ import annotations

import ast
import math
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent.parent
if str(ROOT) not in sys.path:  # run as a script
    sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "flights")]

from broken_near import touched, way_in, way_out  # noqa: E402
from flown import Flown  # noqa: E402

from sim.core.flight import RuleCheck  # noqa: E402
from sim.core.scene import Scene, State  # noqa: E402
