"""Where the shipped data lie: beside the code in a checkout, inside the package in an install."""

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent  # sim
_SHIPPED = _PACKAGE / "_shipped"
ROOT = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent

CONFIGS = ROOT / "configs"
SEEDS = ROOT / "seeds"
MISSIONS = CONFIGS / "missions"
VEHICLES = CONFIGS / "vehicles"
SITES = CONFIGS / "sites"
WORLDS = CONFIGS / "worlds"
PROFILES = CONFIGS / "profiles"
ORBITS = CONFIGS / "orbits"
CAMPAIGNS = CONFIGS / "campaigns"
ROTATIONS = CONFIGS / "rotations"
DOCKING_RULES = CONFIGS / "docking_rules"
LANDING_RULES = CONFIGS / "landing_rules"
SPACEWALK_RULES = CONFIGS / "spacewalk_rules"
SUBORBITAL = CONFIGS / "suborbital"
UNCERTAINTIES = CONFIGS / "uncertainties"
WEEKS = CONFIGS / "weeks"
WINDS = CONFIGS / "winds"
ARMS = CONFIGS / "arms"
BODIES = CONFIGS / "bodies"
SURFACE_SITES = CONFIGS / "surface_sites"
FACTS = SEEDS / "facts"
ELEMENTS = SEEDS / "elements"
ASSETS = SEEDS / "assets"


def below(folder: str | Path, path: str | Path) -> str | None:
    """What `path` is called from `folder`, with forward slashes; empty where it is it, None where it lies elsewhere.

    By the names alone, as text: it is asked thousands of times where a file with many problems is read.
    """
    base = os.path.join(folder, "")
    absolute = os.path.abspath(path)
    if absolute.startswith(base):
        return absolute[len(base) :].replace(os.sep, "/")
    return "" if os.path.join(absolute, "") == base else None
