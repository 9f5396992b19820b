"""tiangong-sim: a Tiangong crew rotation as one continuous state, from pad to landing.

    import sim

    flight = sim.fly("shenzhou-20")
    flight["docking"].trajectory("shenzhou-20").to_dataframe()

Everything that the command `tiangong` does is one call of here. `import sim` loads nothing heavy: each name brings its
modules when it is asked for.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

# Before scipy brings its linear algebra: the matrices here are small, and its threads only wait for each other. The
# search for phasing burns took 25 s instead of 4 on two busy cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if TYPE_CHECKING:
    from sim.api.avoid import AvoidanceResult, avoid
    from sim.api.avoid_terms import AvoidanceTerms
    from sim.api.avoidance import Avoidance, plan_avoidance
    from sim.api.campaign_result import CampaignResult, SweepResult
    from sim.api.campaigns import campaign_estimate, montecarlo, rerun, sweep
    from sim.api.catalogue import facts, listing, plot, schema, start_file, view
    from sim.api.checking import check
    from sim.api.comparison import Comparison, RecordComparison, compare, compare_record
    from sim.api.conjunction import Conjunction, conjunction
    from sim.api.contingencies import Contingency, contingency_plans
    from sim.api.debris import DebrisRisk, debris_risk
    from sim.api.docking_windows import DockingWindows
    from sim.api.doctor import Diagnosis, doctor
    from sim.api.export import export_flight
    from sim.api.flight_result import FlightResult, LegResult
    from sim.api.flying import fly, load, run
    from sim.api.landing_windows import LandingWindows
    from sim.api.launch_windows import LaunchWindows
    from sim.api.output import Output
    from sim.api.passes import Eye, Passes, passes
    from sim.api.plain_words import PlainWords, explain
    from sim.api.planning import docking_windows, landing_windows, launch_windows
    from sim.api.propagation import propagate
    from sim.api.rotation import Rotation, rotation
    from sim.api.screen import Near, ScreeningResult, screen
    from sim.api.spacewalks import Spacewalks, spacewalks
    from sim.api.station import Station, station
    from sim.api.suborbital import suborbital
    from sim.api.surface_site import LightAndLinks, light_and_links
    from sim.api.time_span import ElementFile
    from sim.api.trajectory_view import TrajectoryView
    from sim.api.verification import verify
    from sim.api.week import Week, week
    from sim.build.from_scenario import build_mission as build
    from sim.core.epoch import Epoch
    from sim.files.errors import TiangongError

__version__ = "0.1.0"

__all__ = [
    "load",
    "build",
    "fly",
    "run",
    "propagate",
    "suborbital",
    "launch_windows",
    "docking_windows",
    "landing_windows",
    "rotation",
    "plan_avoidance",
    "avoid",
    "passes",
    "light_and_links",
    "conjunction",
    "screen",
    "station",
    "contingency_plans",
    "montecarlo",
    "sweep",
    "rerun",
    "campaign_estimate",
    "check",
    "verify",
    "compare",
    "compare_record",
    "week",
    "spacewalks",
    "debris_risk",
    "export_flight",
    "facts",
    "listing",
    "schema",
    "start_file",
    "plot",
    "explain",
    "view",
    "doctor",
    "FlightResult",
    "LegResult",
    "TrajectoryView",
    "LaunchWindows",
    "DockingWindows",
    "LandingWindows",
    "Rotation",
    "Avoidance",
    "AvoidanceResult",
    "AvoidanceTerms",
    "Passes",
    "LightAndLinks",
    "Conjunction",
    "Eye",
    "ScreeningResult",
    "Near",
    "Station",
    "Contingency",
    "Week",
    "Spacewalks",
    "DebrisRisk",
    "PlainWords",
    "Diagnosis",
    "CampaignResult",
    "SweepResult",
    "Comparison",
    "RecordComparison",
    "ElementFile",
    "Output",
    "Epoch",
    "TiangongError",
]

# Where each name lies. `build` is the package of that name, which can be called.
_PLACES = {
    "sim.api.avoid": ("AvoidanceResult", "avoid"),
    "sim.api.avoid_terms": ("AvoidanceTerms",),
    "sim.api.avoidance": ("Avoidance", "plan_avoidance"),
    "sim.api.campaign_result": ("CampaignResult", "SweepResult"),
    "sim.api.campaigns": ("campaign_estimate", "montecarlo", "rerun", "sweep"),
    "sim.api.catalogue": ("facts", "listing", "plot", "schema", "start_file", "view"),
    "sim.api.export": ("export_flight",),
    "sim.api.checking": ("check",),
    "sim.api.comparison": ("Comparison", "RecordComparison", "compare", "compare_record"),
    "sim.api.conjunction": ("Conjunction", "conjunction"),
    "sim.api.contingencies": ("Contingency", "contingency_plans"),
    "sim.api.debris": ("DebrisRisk", "debris_risk"),
    "sim.api.docking_windows": ("DockingWindows",),
    "sim.api.doctor": ("Diagnosis", "doctor"),
    "sim.api.flight_result": ("FlightResult", "LegResult"),
    "sim.api.flying": ("fly", "load", "run"),
    "sim.api.landing_windows": ("LandingWindows",),
    "sim.api.launch_windows": ("LaunchWindows",),
    "sim.api.output": ("Output",),
    "sim.api.passes": ("Eye", "Passes", "passes"),
    "sim.api.plain_words": ("PlainWords", "explain"),
    "sim.api.planning": ("docking_windows", "landing_windows", "launch_windows"),
    "sim.api.propagation": ("propagate",),
    "sim.api.suborbital": ("suborbital",),
    "sim.api.rotation": ("Rotation", "rotation"),
    "sim.api.screen": ("Near", "ScreeningResult", "screen"),
    "sim.api.spacewalks": ("Spacewalks", "spacewalks"),
    "sim.api.station": ("Station", "station"),
    "sim.api.surface_site": ("LightAndLinks", "light_and_links"),
    "sim.api.time_span": ("ElementFile",),
    "sim.api.trajectory_view": ("TrajectoryView",),
    "sim.api.verification": ("verify",),
    "sim.api.week": ("Week", "week"),
    "sim.core.epoch": ("Epoch",),
    "sim.files.errors": ("TiangongError",),
}
_MODULES = {name: module for module, names in _PLACES.items() for name in names}


def __getattr__(name: str) -> Any:
    """A name of `__all__`, imported when it is first asked for."""
    if name == "build" or name in _MODULES:
        import_module("sim.files.own_packages").require_own_packages()  # else `kernels` may be another distribution's
    if name == "build":
        return import_module("sim.build")
    if name not in _MODULES:
        raise AttributeError(f"module 'sim' has no attribute '{name}'; it offers {', '.join(__all__)}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
