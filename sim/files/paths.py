"""Where the shipped data lie: beside the code in a checkout, inside the package in an install."""

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
DOCKING_RULES = CONFIGS / "docking_rules"
FACTS = SEEDS / "facts"
ELEMENTS = SEEDS / "elements"
ASSETS = SEEDS / "assets"
