"""What element sets of a geostationary craft show: its burns, whether its plane is still kept, when it leaves its slot.

Burns are found as the raises of a station are (`sim.orbit.raises`): between two sets the Earth's shape takes the axis
down or up, and Sun and Moon tilt the plane, at rates that theory gives; a change that goes against it by more than
`SIGMAS` of what the sets scatter is a burn. All in metres, as there: a tilt counts as its arc at the orbit. A burn that
goes with the drift stays hidden.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.catalogue.element_sets import ElementSet
from sim.catalogue.facts import value
from sim.core.epoch import Epoch
from sim.interchange.mean import MeanElements
from sim.orbit import geostationary as theory
from sim.orbit.decay_arc import WGS72_RADIUS, wrapped
from sim.orbit.raises import LONGEST, Steps

DAY = 86400.0
SAMPLES = 48  # of a daily mean
AXIS_NOISE, AXIS_PER_DAY, AXIS_MOST = 80.0, 45.0, 600.0  # m: of a set, of the Moon's pull a day, and in half a month
PLANE_NOISE, PLANE_PER_DAY, PLANE_MOST = 1.5e3, 0.9e3, 22e3  # m of arc: of a set, of the waves a day, and at most
REVOLUTIONS_A_DAY = (0.99, 1.02)  # of a craft that stands, or nearly
MOST_TILTED = math.radians(15.0)
HALF_WIDTH = math.radians(0.1)  # of the usual box
FREE_DAYS = 30.0  # of sets without a north-south burn, from which on the plane is said to be left alone
LEFT = {37779: "other.paksat_1r_left"}  # catalogue number -> fact: the days between which it left its slot
FARTHEST = 400.0  # days to which a free drift is followed


@dataclass(frozen=True)
class SlotSet:
    """Of one set: mean `longitude` rad east and its `rate` rad/s, mean `axis` m, `normal` (2,) of the orbit on the
    equator (TEME)."""

    epoch: Epoch
    longitude: float
    rate: float
    axis: float
    normal: np.ndarray


@dataclass(frozen=True)
class Burn:
    """Between two sets: "east-west" with the `size` m of the axis that it made, or "north-south" with that of the
    tilt's arc; `dv` m/s; `sigmas`: how far beyond the scatter."""

    after: Epoch
    before: Epoch
    kind: str
    size: float
    sigmas: float

    @property
    def dv(self) -> float:
        """Half the mean motion for a metre of axis, the speed by the radius for a metre of arc: m/s."""
        return abs(self.size) * theory.TURN * (0.5 if self.kind == "east-west" else 1.0)


@dataclass(frozen=True)
class Standing:
    """What the sets until `at` say of a craft in its slot. `newest`: the set, `age` days; `slot` rad; `leaves`: when it
    drifts out of `half_width` rad unless it burns, None within a year; `plane_free`: since when the plane drifts as
    nature has it, None where it is kept; `left`: days of the record, between which it has left, known at `at`."""

    at: Epoch
    newest: SlotSet
    slot: float
    half_width: float
    leaves: Epoch | None
    plane_free: Epoch | None
    burns: tuple[Burn, ...]
    left: tuple[str, str] | None

    @property
    def age(self) -> float:
        return self.at.since(self.newest.epoch) / DAY

    @property
    def known(self) -> bool:
        """Whether the newest set still says that it is in its slot: it has not left, and could not have drifted out."""
        return self.left is None and (self.leaves is None or self.at < self.leaves)


def is_geostationary(elements: ElementSet | MeanElements) -> bool:
    """By its mean motion and inclination."""
    low, high = REVOLUTIONS_A_DAY
    tilted = math.radians(elements.inclination_deg) > MOST_TILTED
    return low < elements.mean_motion_rev_day < high and not tilted and elements.eccentricity < 0.01


def slot_set(elements: ElementSet | MeanElements) -> SlotSet:
    """By SGP4 over the day about the epoch, and over the days before and after it for the rate."""
    record = elements.satrec()
    before, here, after = (_mean(record, days) for days in (-0.5, 0.0, 0.5))
    rate = wrapped(after[0] - before[0]) / DAY
    return SlotSet(elements.epoch, here[0], rate, record.a * WGS72_RADIUS, here[1])


def _mean(record, days: float) -> tuple[float, np.ndarray]:
    """Mean longitude and normal over the day about so many days from the epoch; UT1 is taken for UTC, 0.004 deg."""
    from sgp4.propagation import gstime

    t = days + (np.arange(SAMPLES) + 0.5) / SAMPLES - 0.5
    states = [record.sgp4_tsince(1440.0 * x)[1:] for x in t.tolist()]
    r, v = (np.array([state[k] for state in states]) for k in (0, 1))
    jd = record.jdsatepoch + record.jdsatepochF
    east = np.arctan2(r[:, 1], r[:, 0]) - np.array([gstime(jd + x) for x in t.tolist()])
    first = east[0]
    h = np.cross(r, v)
    normal = (h / np.linalg.norm(h, axis=1)[:, None]).mean(axis=0)[:2]
    longitude = first + float(np.mean([wrapped(x - first) for x in east.tolist()]))
    return wrapped(longitude), normal


def axis_steps(sets: Sequence[SlotSet]) -> Steps:
    """Of the axis, with the sign in which burns go: against what the Earth's shape does to it."""
    days, change, natural = _pairs(sets)
    for k, (one, two) in enumerate(zip(sets[:-1], sets[1:], strict=True)):
        bend = theory.longitude_acceleration(0.5 * (one.longitude + two.longitude))
        sign = math.copysign(1.0, bend)
        change[k] = sign * (two.axis - one.axis)
        natural[k] = -abs(bend) * theory.RADIUS / (1.5 * theory.TURN) * days[k] * DAY  # rate of longitude: -3n/2a da
    sigma = np.hypot(math.sqrt(2.0) * AXIS_NOISE, np.minimum(AXIS_PER_DAY * days, AXIS_MOST))
    return Steps(np.minimum(days, LONGEST), change, natural, sigma)


def plane_steps(sets: Sequence[SlotSet]) -> Steps:
    """Of the tilt against its natural drift, m of arc at the orbit."""
    days, change, natural = _pairs(sets)
    for k, (one, two) in enumerate(zip(sets[:-1], sets[1:], strict=True)):
        drift = theory.plane_drift(one.epoch.plus(0.5 * days[k] * DAY))
        size = float(np.linalg.norm(drift))
        change[k] = -theory.RADIUS * float((two.normal - one.normal) @ drift) / size
        natural[k] = -theory.RADIUS * size * days[k] * DAY
    sigma = np.hypot(math.sqrt(2.0) * PLANE_NOISE, np.minimum(PLANE_PER_DAY * days, PLANE_MOST))
    return Steps(np.minimum(days, LONGEST), change, natural, sigma)


def _pairs(sets: Sequence[SlotSet]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    days = np.array([two.epoch.since(one.epoch) / DAY for one, two in zip(sets[:-1], sets[1:], strict=True)])
    return days, np.zeros(len(days)), np.zeros(len(days))


def burns(sets: Sequence[SlotSet]) -> list[Burn]:
    """Burns between sets in the order of time, those of both kinds."""
    found = []
    for kind, s in (("east-west", axis_steps(sets)), ("north-south", plane_steps(sets))):
        excess = s.change - s.drag
        # Over a gap of months the drift is known as well as over days, which that of a station in the air is not.
        for k in np.flatnonzero(s.found | (excess > 20.0 * s.sigma)).tolist():
            found.append(Burn(sets[k].epoch, sets[k + 1].epoch, kind, float(excess[k]), float(excess[k] / s.sigma[k])))
    return sorted(found, key=lambda b: (b.before, b.kind))


def standing(
    sets: Sequence[ElementSet] | Sequence[MeanElements],
    at: Epoch,
    slot: float | None = None,
    half_width: float = HALF_WIDTH,
) -> Standing:
    """What is known at `at`, of sets that are not younger; ValueError where there are none.

    `slot` rad: where it belongs, else the mean longitude of the sets to a tenth of a degree.
    """
    known = sorted((slot_set(e) for e in sets if e.epoch <= at), key=lambda s: s.epoch)
    if not known:
        raise ValueError(f"no element set at or before {at}")
    newest = known[-1]
    if slot is None:
        slot = math.radians(round(math.degrees(float(np.median([s.longitude for s in known]))), 1))
    found = tuple(burns(known))
    left = _left(_number(sets[0]), at)
    return Standing(
        at, newest, slot, half_width, leaves(newest, slot, half_width), plane_free(known, found), found, left
    )


def leaves(newest: SlotSet, slot: float, half_width: float) -> Epoch | None:
    """When the craft drifts out of its box unless it burns: the parabola of the Earth's shape from its last set."""
    t = np.arange(0.0, FARTHEST, 0.05) * DAY
    bend = theory.longitude_acceleration(slot)
    error = wrapped(newest.longitude - slot) + newest.rate * t + 0.5 * bend * t**2
    out = np.flatnonzero(np.abs(error) > half_width)
    return newest.epoch.plus(float(t[out[0]])) if out.size else None


def plane_free(sets: Sequence[SlotSet], found: Sequence[Burn]) -> Epoch | None:
    """Since when the plane is left alone: the drift of the sets after the last north-south burn, followed back to where
    it was least tilted; None where the newest sets show a burn, or are too few."""
    last = max((b.before for b in found if b.kind == "north-south"), default=sets[0].epoch)
    free = [s for s in sets if s.epoch >= last]
    if free[-1].epoch.since(free[0].epoch) < FREE_DAYS * DAY:
        return None
    drift = theory.plane_drift(free[0].epoch)
    back = float(free[0].normal @ drift) / float(drift @ drift)
    return free[0].epoch.plus(-max(back, 0.0))


def _number(elements: ElementSet | MeanElements) -> int:
    return elements.number if isinstance(elements, MeanElements) else int(elements.line1[2:7])


def _left(number: int, at: Epoch) -> tuple[str, str] | None:
    """The days of the record, once the second of them is over."""
    if number not in LEFT:
        return None
    first, last = (str(value(f"{LEFT[number]}.{k}")) for k in (0, 1))
    return (first, last) if at >= Epoch.from_utc(f"{last}T00:00:00Z").plus(DAY) else None


def slot_warning(elements: MeanElements, at: Epoch) -> str | None:
    """A sentence where a geostationary set is used at a time for which it says nothing of the craft's place."""
    if not is_geostationary(elements) or at < elements.epoch:
        return None
    found = standing([elements], at)
    if found.known:
        return None
    name, east = elements.name or f"object {elements.number}", math.degrees(found.newest.longitude)
    stood = f"the elements of {elements.epoch.utc(0)} have {name} at {east:.2f} E"
    if found.left:
        first, last = found.left
        return f"{name} has left its slot, between {first} and {last}: {stood}, which says nothing of {at.utc(0)}"
    assert found.leaves is not None  # else it is known
    return (
        f"{stood}; unless it burned it has drifted more than {math.degrees(HALF_WIDTH):.1f} deg from its slot since "
        f"{found.leaves.utc(0)[:10]}: by {at.utc(0)} the elements are {found.age:.0f} days old"
    )
