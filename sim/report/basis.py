"""What the figures rest on: what is simple in the models, what was assumed, and with which data."""

from __future__ import annotations

from collections.abc import Iterable

from sim import __version__
from sim.epoch import Epoch
from sim.export.ages import data_ages
from sim.export.manifest import PACKAGES, version
from sim.export.stored import PlotData
from sim.report.markup import bullets, section, table, told

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


def conventions(data: PlotData) -> str:
    """In which frames, and from what, the figures are counted."""
    lines = (f"{key.replace('_', ' ')}: {text}" for key, text in data.record["conventions"].items())
    return section("Conventions", bullets(lines))


def data_versions(data: PlotData) -> str:
    """Versions of what computed, and how old its data are."""
    rows = [("tiangong-sim", __version__), *((name, version(name)) for name in PACKAGES)]
    liftoff = data.when("liftoff")
    ages = data_ages(data.scenario, None if liftoff is None else data.zero.plus(liftoff))
    elements, turn = ages["elements"], ages["earth_orientation"]
    age = elements["age_at_liftoff_days"]
    weather = ", ".join(told(key, value) for key, value in ages["space_weather_as_given"].items())
    lines = (
        f"Element set {elements['name']}: epoch {Epoch.from_utc(elements['epoch_utc']).told()} UTC"
        + ("" if age is None else f", {age:.1f} days before lift-off"),
        f"Earth orientation (IERS finals2000A): measured to {turn['last_measured']}, "
        f"predicted to {turn['last_predicted']}",
        f"Atmosphere: {ages['atmosphere']}; space weather as given in the scenario: {weather}",
    )
    return section("Programs and data", bullets(lines), table(("package", "version"), rows))
