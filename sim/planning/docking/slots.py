"""The day's launch and the docking that it leads to: the planned second, the phase, the trim, the planned contact."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.orbit import phasing_trim
from sim.orbit.plane_crossing import insertion_phase, planes_over, wrapped
from sim.planning.station_outlook import DAY, PlannedProfile, Setting

MARGIN = 1.2 * DAY  # s searched beyond the span: a day's docking may come from the launch of the day before


@dataclass(frozen=True)
class Slot:
    """One day's launch opportunity and the docking that it leads to. Times s; `phase` rad of the station ahead at
    insertion as it flies, [0, 2 pi).

    `contact` as the profile has it. `shift` rad that the trim moves the station ahead by, `trim` its m/s; `in_time`:
    whether it can still be flown. `start`, `end`: half way to the contact of the day before and after.
    """

    crossing: float
    liftoff: float
    contact: float
    phase: float
    shift: float
    trim: float
    in_time: bool
    start: float
    end: float


def slots(found: Setting, start: float, end: float, trims: bool) -> tuple[Slot, ...]:
    """Those of the mission's own profile and branch whose day lies between `start` and `end` s, in order of time.

    Where the station is trimmed, it is taken to run where the profile requires it on every day, whatever that costs.
    """
    profile, bias = found.profiles[0], found.bias or 0.0
    lead = bias + profile.contact
    crossings = planes_over(
        found.path,
        found.site,
        found.world,
        max(found.path.start, start - lead - MARGIN),
        end - lead + MARGIN,
        (found.scenario.launch.branch,),
    )
    contacts = np.array([c.t + lead for c in crossings])
    if contacts.size == 0:
        return ()
    half = 0.5 * float(np.median(np.diff(contacts))) if contacts.size > 1 else 0.5 * DAY
    seams = np.concatenate([[contacts[0] - half], 0.5 * (contacts[1:] + contacts[:-1]), [contacts[-1] + half]])
    made = (
        _slot(found, profile, c.t, c.t + bias, (float(a), float(b)), trims)
        for c, a, b in zip(crossings, seams[:-1], seams[1:], strict=True)
        if b > start and a < end
    )
    return tuple(made)


def _slot(found: Setting, profile: PlannedProfile, crossing: float, liftoff: float, day, trims: bool) -> Slot:
    ascent, limits = found.ascent, profile.limits
    ahead = insertion_phase(liftoff, found.path, found.site, found.world, ascent.after, ascent.downrange)
    phase = ahead % (2.0 * math.pi)
    burn_t = liftoff - limits.trim_before
    in_time = burn_t - phasing_trim.BEFORE_BURN > max(0.0, found.path.start)
    inside = limits.window[0] <= phase <= limits.window[1]
    shift = 0.0 if not trims or (inside and not in_time) else wrapped(limits.centre - phase)
    dv = shift / (phasing_trim.drift_per_speed(found.a) * limits.trim_before)
    return Slot(
        crossing=crossing,
        liftoff=liftoff,
        contact=liftoff + profile.contact,
        phase=phase,
        shift=shift,
        trim=dv,
        in_time=in_time,
        start=day[0],
        end=day[1],
    )
