"""Real lift-offs against the plane alone: calibrated on one flight, the others predicted; SGP4's own mean plane.

For each flight the element set nearest in time that holds no reboost in between. Pad at its geocentric latitude, turned
by the sidereal time of 1982 into TEME, where the set's mean inclination and node are given (docs/physics.md 4.3). For
Shenzhou-20 the station was raised between the two nearest sets: there the node runs straight from one to the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kernels.constants import OMEGA_EARTH
from sim.build.sites import site_of
from sim.catalogue.element_sets import ElementSet, element_set
from sim.catalogue.facts import fact
from sim.core.epoch import Epoch
from sim.core.ground_site import Site
from sim.core.root import root
from sim.environment.orientation import timescale
from sim.scenario.catalogue import LauncherFile
from sim.scenario.load import load_named

SETS = {
    "sz_12": ("css-2021-06-26",),
    "sz_13": ("css-2021-10-22",),
    "sz_15": ("css-2022-12-04",),
    "sz_20": ("css-2025-04-02", "css-2025-05-21"),
    "sz_21": ("css-2025-11-02",),
    "sz_22": ("css-2025-11-29",),
    "sz_23": ("css-2026-05-24-b",),
}
FIRST_OF_ERA = "sz_15"  # the flight that the later ones are calibrated on
UNCALIBRATED = ("sz_12", "sz_13")
PHASES = ("sz_21", "sz_22", "sz_23")  # flights of the 3.5 h profile whose sets are near enough in time for the phase
LIMIT_S, LIMIT_UNCALIBRATED_S = 30.0, 60.0
SEARCH_S = 2500.0

Plane = Callable[[Epoch], tuple[float, float]]  # -> mean inclination and node, rad


@dataclass(frozen=True)
class Lift:
    """One flight: what was flown, the plane's passage, the prediction (passage and `bias` s), and the miss, s.

    `miss` is the prediction less what was flown. `phase` of the station ahead at insertion, rad; None where the sets
    are too far away in time.
    """

    flight: str
    sets: tuple[str, ...]
    flown: Epoch
    crossing: Epoch
    bias: float
    phase: float | None

    @property
    def predicted(self) -> Epoch:
        return self.crossing.plus(self.bias)

    @property
    def miss(self) -> float:
        return self.predicted.since(self.flown)

    @property
    def limit(self) -> float:
        return LIMIT_UNCALIBRATED_S if self.flight in UNCALIBRATED else LIMIT_S

    @property
    def calibrates(self) -> bool:
        return self.flight == FIRST_OF_ERA


def lifts() -> tuple[Lift, ...]:
    """Every flight of the record with its prediction."""
    site, launcher = site_of(load_named("jiuquan", "site")), load_named("cz2f-g", "launcher")
    flown = {name: Epoch.from_utc(fact(f"missions.{name}").table["launch"]) for name in SETS}
    crossing = {name: _crossing(flown[name], sets, site) for name, sets in SETS.items()}
    bias = flown[FIRST_OF_ERA].since(crossing[FIRST_OF_ERA])
    return tuple(
        Lift(
            flight=name,
            sets=sets,
            flown=flown[name],
            crossing=crossing[name],
            bias=0.0 if name in UNCALIBRATED else bias,
            phase=_phase(flown[name], element_set(sets[0]), site, launcher) if name in PHASES else None,
        )
        for name, sets in SETS.items()
    )


def _crossing(launch: Epoch, sets: tuple[str, ...], site: Site) -> Epoch:
    """Of the descending branch, nearest to a lift-off."""
    return crossing_near(
        launch, _between(*map(element_set, sets)) if len(sets) == 2 else _of(element_set(sets[0])), site
    )


def crossing_near(instant: Epoch, plane: Plane, site: Site) -> Epoch:
    """When a site passes through a plane on the descending branch, within `SEARCH_S` of an instant."""
    turn = _sidereal(instant)

    def above(t: float) -> float:
        return float(_normal(*plane(instant.plus(t))) @ _teme(site, turn + OMEGA_EARTH * t))

    what = f"descending pass of the pad through the station's plane near {instant}"
    return instant.plus(root(above, -SEARCH_S, SEARCH_S, 1e-3, what, "{:.0f} s".format))


def _of(elements: ElementSet) -> Plane:
    """Mean inclination and node by SGP4, rad."""
    sgp4 = elements.satrec()

    def plane(epoch: Epoch) -> tuple[float, float]:
        sgp4.sgp4(*epoch.jd_utc())
        return sgp4.im, sgp4.Om

    return plane


def _between(before: ElementSet, after: ElementSet) -> Plane:
    """Inclination and node in a straight line from one set's epoch to the other's, rad.

    What the station did in between is not in either set; the whole turns of the node come from SGP4's own drift.
    """
    (i0, node0), (i1, node1) = (_of(e)(e.epoch) for e in (before, after))
    days = after.epoch.since(before.epoch)
    hour = 3600.0
    drift = math.remainder(_of(before)(before.epoch.plus(hour))[1] - node0, 2.0 * math.pi) / hour
    node1 += 2.0 * math.pi * round((node0 + drift * days - node1) / (2.0 * math.pi))

    def plane(epoch: Epoch) -> tuple[float, float]:
        share = epoch.since(before.epoch) / days
        return i0 + share * (i1 - i0), node0 + share * (node1 - node0)

    return plane


def mean_plane_axes(launch: Epoch, plane: Plane, site: Site) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors (3,), TEME, in the plane: toward the pad at lift-off, and 90 deg on in the sense of flight."""
    normal, pad = _normal(*plane(launch)), _teme(site, _sidereal(launch))
    flat = pad - (pad @ normal) * normal
    along = flat / np.linalg.norm(flat)
    return along, np.cross(normal, along)


def _phase(launch: Epoch, elements: ElementSet, site: Site, launcher: LauncherFile) -> float:
    """Of the station ahead of the ship at insertion, rad, for the launcher's planned time and downrange."""
    guidance = launcher.guidance
    at = launch.plus(guidance.plan_insertion_s)
    _, r, _ = elements.satrec().sgp4(*at.jd_utc())
    normal, pad = _normal(*_of(elements)(at)), _teme(site, _sidereal(launch))
    flat = pad - (pad @ normal) * normal
    ahead = math.atan2(float(np.cross(flat, r) @ normal), float(flat @ r))
    return (ahead - math.radians(guidance.plan_downrange_deg)) % (2.0 * math.pi)


def _normal(inclination: float, node: float) -> np.ndarray:
    return np.array(
        [math.sin(inclination) * math.sin(node), -math.sin(inclination) * math.cos(node), math.cos(inclination)]
    )


def _teme(site: Site, sidereal: float) -> np.ndarray:
    """The site (3,), m, in TEME; the pole is taken for the Earth's axis, which is 0.2 s here."""
    x, y, z = site.ecef()
    c, s = math.cos(sidereal), math.sin(sidereal)
    return np.array([c * x - s * y, s * x + c * y, z])


def turned_site(site: Site, epoch: Epoch) -> np.ndarray:
    """Unit vector (3,) to a site in TEME at an instant."""
    place = _teme(site, _sidereal(epoch))
    return place / np.linalg.norm(place)


def _sidereal(epoch: Epoch) -> float:
    """Greenwich mean sidereal time of 1982, rad."""
    import erfa

    day, fraction = epoch.jd_utc()
    ut1 = fraction + float(timescale().tt_jd(*epoch.jd_tt()).dut1) / 86400.0
    return float(erfa.gmst82(day, ut1))


def phase_window() -> tuple[float, float]:
    """The 3.5 h profile's window, as the planner takes it, deg."""
    window = load_named("3.5h", "profile").phase_window_deg
    assert window is not None  # the shipped profile has one
    low, high = window
    return low, high


def rows() -> list[dict]:
    """The table for other programs."""
    low, high = phase_window()
    listed = []
    for lift in lifts():
        phase = None if lift.phase is None else round(math.degrees(lift.phase), 3)
        listed.append(
            {
                "flight": lift.flight.replace("sz_", "shenzhou-"),
                "element_sets": list(lift.sets),
                "lift_off_utc": lift.flown.utc(0),
                "plane_crossing_utc": lift.crossing.utc(1),
                "bias_s": round(lift.bias, 2),
                "predicted_utc": lift.predicted.utc(0),
                "miss_s": round(lift.miss, 2),
                "limit_s": lift.limit,
                "calibrates": lift.calibrates,
                "held": lift.calibrates or abs(lift.miss) <= lift.limit,
                "phase_deg": phase,
                "phase_in_window": None if phase is None else low <= phase <= high,
            }
        )
    return listed


def lines(table: list[dict]) -> list[str]:
    """The table for people."""
    low, high = phase_window()
    text = [
        f"lift-off = passage of pad 921 through the station's mean plane, descending, and {table[2]['bias_s']:+.0f} s "
        "as calibrated on Shenzhou-15 alone (nothing for the flights of 2021); the bias is empirical",
        "the sets are from around each flight, also younger ones: no forecasts, which are `tiangong verify flights`",
        "flight       flown (UTC)           plane crossing          predicted             miss s  limit s  phase deg",
    ]
    for row in table:
        phase = "-" if row["phase_deg"] is None else f"{row['phase_deg']:.1f}"
        word = "calibrates" if row["calibrates"] else "" if row["held"] else "MISSED"
        text.append(
            f"{row['flight']:<12} {row['lift_off_utc']}  {row['plane_crossing_utc']}  {row['predicted_utc']}  "
            f"{row['miss_s']:+6.1f}  {row['limit_s']:7.0f}  {phase:>9}  {word}".rstrip()
        )
    return [
        *text,
        f"phase: station ahead at insertion; the planner's window of the 3.5 h profile is {low:g} to {high:g} deg",
    ]
