"""What the figures rest on: what is simple in the models, what was assumed, and with which data."""

from __future__ import annotations

from collections.abc import Iterable

from sim import __version__
from sim.export.manifest import PACKAGES, version
from sim.report.markup import bullets, section, table

SIMPLE = (
    "Every craft is a point: attitude is taken as commanded, so docking angles and rates are not judged.",
    "The ascent flies without wind, and steers in one plane until the second stage guides itself.",
    "The atmosphere is NRLMSISE-00 with one space weather for all the mission; density in orbit is known to 10-20 %.",
    "Navigation is perfect: the guidance sees the true relative state.",
    "The drag of the station is one area, with no turning arrays; it is calibrated on the decay of real element sets.",
    "Zones, corridors and hold times of Tiangong are not public; they are assumed as at the ISS.",
    "The capsule keeps one drag coefficient and one lift-to-drag ratio; parachutes are areas that grow in time.",
)


def simple() -> str:
    return section("What is simple in the models", bullets(SIMPLE))


def assumed(entries: Iterable[tuple[str, str, str]]) -> str:
    """The values that no source gives, each with its file and key."""
    rows = [(file, key, text.removeprefix("assumed:").strip() or "assumed") for file, key, text in entries]
    return section("Assumed values", table(("file", "key", "why"), rows) if rows else "")


def data_versions() -> str:
    rows = [("tiangong-sim", __version__), *((name, version(name)) for name in PACKAGES)]
    return section("Programs and data", table(("package", "version"), rows))
