"""Packages that only the tests of documentation, notebooks, types and tables need."""

from __future__ import annotations

import os
from importlib.util import find_spec

import pytest


def needed(*names: str) -> None:
    """Skip the test where a package is missing; fail it where the environment variable CI is set, so that no check is
    left out there unseen."""
    missing = [name for name in names if find_spec(name) is None]
    if missing and os.environ.get("CI"):
        pytest.fail(f"{', '.join(missing)} is not installed, and CI is set: pip install '.[test]'")
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed")
