"""Every crewed flight of the record predicted: lift-off, docking and touchdown, each with its 95 % interval.

Lift-off: the plane's passage by the last element set, and how much later the earlier flights of the same batch of
rockets left. The first flight of a batch has nothing to be calibrated on: what its launcher can still steer out bounds
it. Docking: how long the earlier flights of the profile took; where the Sun would stand in the docking camera, the
approach is put off, at most by half a revolution, and how long is calibrated on the flights that were put off before.
Touchdown, from the undocking, which is an input: how long earlier returns took. "Docked" is the published minute, which
is that of hard mate (fact docking.published_minute).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.constants import MU_EARTH
from sim.catalogue.facts import fact
from sim.core.epoch import Epoch
from sim.core.ground_site import Site
from sim.planning.kept_station import Known, known_before
from sim.scenario.docking_rules import load_rules
from sim.scenario.load import load_named
from sim.verification.forecasts import (
    DURATION_SCATTER,
    FLIGHTS,
    LIFT_OFF_SCATTER,
    Part,
    Value,
    combined,
    crossing,
    jiuquan,
    kept_plane,
    launched,
    offset,
)
from sim.verification.launches import mean_plane_axes

PROFILES = {**dict.fromkeys(FLIGHTS[:9], "6.5h"), **dict.fromkeys(FLIGHTS[9:], "3.5h")}
# The kind of a return is an input. Shenzhou-12, -16 and -21 came home by others, each the only one of its kind.
FIVE_REVOLUTIONS = ("sz_13", "sz_14", "sz_15", "sz_17", "sz_18", "sz_19", "sz_20")
MINUTE = 60.0
PUBLISHED = (MINUTE / math.sqrt(12.0)) ** 2  # s^2, of an instant that is published to the minute
ANNOUNCED = 15.0 * MINUTE  # s, half of what "6.5 hours" and "3.5 hours" leave open
SURE = 1e6  # degrees of freedom of a variance that is not estimated
APPROACH = 10.0 * MINUTE  # s, about, from 200 m to contact
AXES = {"nadir": "up", "forward": "back", "aft": "ahead"}  # where the camera of a ship at that port looks


@dataclass(frozen=True)
class Forecast:
    """Of one event of one flight. `at` and `flown` as epochs; `half_width` s of the 95 % interval; `basis`:
    "calibrated" or "uncalibrated"; `rests_on`: the flights or the announcement behind it; `inputs` of it."""

    event: str
    at: Epoch
    flown: Epoch
    half_width: float
    basis: str
    rests_on: tuple[str, ...]
    inputs: tuple[str, ...]

    @property
    def miss(self) -> float:
        """Forecast less flown, s."""
        return self.at.since(self.flown)

    @property
    def covered(self) -> bool:
        return abs(self.miss) <= self.half_width


@dataclass(frozen=True)
class FlightForecast:
    """One flight: the last element set before it and its age in days, and the forecasts that could be made.

    `after_passage`: lift-off after the passage, s, as calibrated, or the middle of what can be steered out.
    """

    flight: str
    known: Known
    age_days: float
    after_passage: float
    lift_off: Forecast
    docking: Forecast
    docking_minutes: tuple[float, float]  # after lift-off, and half of the 95 % interval
    put_off: bool
    touchdown: Forecast | None


def forecasts() -> tuple[FlightForecast, ...]:
    site = jiuquan()
    return tuple(_flight(flight, site) for flight in FLIGHTS)


def _flight(flight: str, site: Site) -> FlightForecast:
    flown = launched(flight)
    known = known_before(flown)
    passage, value = _lift_off(flight, known, site)
    at = passage.plus(value.at)
    lift_off = Forecast("lift-off", at, flown, value.half_width, *_basis(value), ("day", "site"))
    duration, put_off = _rendezvous(flight, known, site, at)
    whole = Value(0.0, (*value.parts, *duration.parts), duration.basis)
    docked = Epoch.from_utc(fact(f"missions.{flight}").table["docked"])
    docking = Forecast(
        "docking", at.plus(duration.at), docked, whole.half_width, *_basis(duration), ("day", "port", "profile")
    )
    return FlightForecast(
        flight=flight,
        known=known,
        age_days=flown.since(known.last.epoch) / 86400.0,
        after_passage=value.at,
        lift_off=lift_off,
        docking=docking,
        docking_minutes=(duration.at / MINUTE, duration.half_width / MINUTE),
        put_off=put_off,
        touchdown=_touchdown(flight),
    )


def _basis(value: Value) -> tuple[str, tuple[str, ...]]:
    """Whether calibrated, and on what."""
    kind, _, rest = value.basis.partition(": ")
    return kind, tuple(rest.split(", "))


def batch(flight: str) -> int:
    """Which batch of rockets; the facts name the first flight of each."""
    first = fact("launch.batches").value
    assert isinstance(first, list)  # names of flights
    return sum(FLIGHTS.index(flight) >= FLIGHTS.index(name) for name in first)


def earlier(flight: str, flights: tuple[str, ...] = FLIGHTS) -> list[str]:
    return [other for other in flights if launched(other) < launched(flight)]


def _lift_off(flight: str, known: Known, site: Site) -> tuple[Epoch, Value]:
    """The plane's passage, and how long after it. The day is an input: of the passages, one a day, it is that day's."""
    passage, part = crossing(known.last, known, site, launched(flight))
    same = [other for other in earlier(flight) if batch(other) == batch(flight)]
    if not same:
        first, last = fact("launch.span_of_reserve").numbers
        span = Part((last - first) ** 2 / 12.0, SURE)
        basis = "uncalibrated: what the launcher can steer out"
        return passage, Value(0.5 * (first + last), (part, span), basis)
    measured = [offset(other, known, site) for other in same]
    later, scatter = combined([x for x, _ in measured], [v for _, v in measured], LIFT_OFF_SCATTER)
    return passage, Value(later, (part, scatter), f"calibrated: {', '.join(same)}")


# ---- docking


def rendezvous_s(flight: str) -> float:
    """Flown, from lift-off to the published minute of docking, s."""
    return Epoch.from_utc(fact(f"missions.{flight}").table["docked"]).since(launched(flight))


def _rendezvous(flight: str, known: Known, site: Site, lift_off: Epoch) -> tuple[Value, bool]:
    """From lift-off to docking, and whether the Sun puts the approach off."""
    profile = PROFILES[flight]
    alike = [other for other in earlier(flight) if PROFILES[other] == profile]
    usual = [other for other in alike if not put_off(other, known, site)]
    nominal = _duration(usual, profile)
    if not in_the_camera(flight, known, site, lift_off, nominal.at):
        return nominal, False
    delayed = [other for other in alike if other not in usual]
    if delayed:
        return _duration(delayed, profile), True
    half = math.pi / _mean_motion(known)
    parts = (*nominal.parts, Part(half**2 / 12.0, SURE))
    return Value(nominal.at + 0.5 * half, parts, "uncalibrated: put off by up to half a revolution"), True


def usual_duration(profile: str, lift_off: Epoch) -> Value | None:
    """From a lift-off to the published docking, s, by the flights of a profile that had docked before it, but those
    that the Sun had put off; None for a profile that no crewed flight has flown."""
    if profile not in PROFILES.values():
        return None
    known, site = known_before(lift_off), jiuquan()
    docked = {flight: Epoch.from_utc(fact(f"missions.{flight}").table["docked"]) for flight in FLIGHTS}
    alike = [flight for flight in FLIGHTS if PROFILES[flight] == profile and docked[flight] < lift_off]
    return _duration([flight for flight in alike if not put_off(flight, known, site)], profile)


def _duration(flights: list[str], profile: str) -> Value:
    if not flights:
        announced = 3600.0 * float(profile.removesuffix("h"))
        return Value(announced, (Part(ANNOUNCED**2 / 3.0, SURE),), f"uncalibrated: announced as {profile}")
    mean, part = combined([rendezvous_s(f) for f in flights], [PUBLISHED] * len(flights), DURATION_SCATTER)
    return Value(mean, (part, Part(PUBLISHED, SURE)), f"calibrated: {', '.join(flights)}")


def put_off(flight: str, known: Known, site: Site) -> bool:
    """Whether an earlier flight was one that the Sun puts off: by the profile's announced length, not by what it
    flew."""
    return in_the_camera(flight, known, site, launched(flight), 3600.0 * float(PROFILES[flight].removesuffix("h")))


def in_the_camera(flight: str, known: Known, site: Site, lift_off: Epoch, docked: float) -> bool:
    """Whether the Sun would stand nearer to the camera's axis than the docking rules allow, from 200 m to contact."""
    minimum = load_rules("tiangong").rules.camera_sun.angle_least_deg
    port = fact(f"missions.{flight}").table["port"]
    return sun_from_axis(port, PROFILES[flight], known, site, lift_off, docked) < math.radians(minimum)


def sun_from_axis(port: str, profile: str, known: Known, site: Site, lift_off: Epoch, docked: float) -> float:
    """Smallest angle of the Sun from the axis of the docking camera, from 200 m to contact, rad.

    The station is where the middle of the profile's phase window puts it at insertion, on the plane of the last set
    before the flight.
    """
    window = load_named(profile, "profile").phase_window_deg
    assert window is not None  # the shipped profiles have one
    guidance = load_named("cz2f-g", "launcher").guidance
    before = [e for e in known.sets if e.epoch < lift_off][-1]
    along, ahead = mean_plane_axes(lift_off, kept_plane(before, known.kept), site)
    contact = docked - MINUTE * fact("docking.contact_to_mate").number
    times = contact - np.linspace(0.0, APPROACH, 11)
    inserted = math.radians(guidance.plan_downrange_deg + 0.5 * sum(window))
    u = inserted + _mean_motion(known) * (times - guidance.plan_insertion_s)
    up = np.outer(np.cos(u), along) + np.outer(np.sin(u), ahead)
    forward = np.outer(-np.sin(u), along) + np.outer(np.cos(u), ahead)
    axis = {"up": up, "back": -forward, "ahead": forward}[AXES[port]]
    return float(np.arccos(np.clip(axis @ _sun(lift_off.plus(docked)), -1.0, 1.0)).min())


def _mean_motion(known: Known) -> float:
    return math.sqrt(MU_EARTH / known.kept.mean**3)


def _sun(epoch: Epoch) -> np.ndarray:
    """Unit vector (3,) to the Sun; its frame is GCRS, which differs from TEME by a third of a degree."""
    import erfa

    earth = erfa.epv00(*epoch.jd_tt())[0]["p"]
    return -np.asarray(earth) / np.linalg.norm(earth)


# ---- touchdown


def _touchdown(flight: str) -> Forecast | None:
    """From the undocking, for a return of five revolutions; None for the first of a kind, and where none is known."""
    recorded = fact(f"missions.{flight}").table
    if flight not in FIVE_REVOLUTIONS or not _timed(recorded):
        return None
    undocked, landed = Epoch.from_utc(recorded["undocked"]), Epoch.from_utc(recorded["landed"])
    past = [other for other in FIVE_REVOLUTIONS if other != flight and _landed(other) < undocked]
    if not past:
        return None
    mean, part = combined([_return_s(f) for f in past], [2.0 * PUBLISHED] * len(past), DURATION_SCATTER)
    value = Value(mean, (part, Part(2.0 * PUBLISHED, SURE)), f"calibrated: {', '.join(past)}")
    inputs = ("undocking", "five revolutions")
    return Forecast("touchdown", undocked.plus(mean), landed, value.half_width, *_basis(value), inputs)


def _timed(recorded: dict) -> bool:
    return all("T" in str(recorded.get(key, "")) for key in ("undocked", "landed"))


def _landed(flight: str) -> Epoch:
    return Epoch.from_utc(fact(f"missions.{flight}").table["landed"])


def _return_s(flight: str) -> float:
    return _landed(flight).since(Epoch.from_utc(fact(f"missions.{flight}").table["undocked"]))
