"""What no single key of a sequence can get wrong: names, times and heights that must agree; ports and ships beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sim.core.epoch import Epoch
from sim.files.problems import nearest
from sim.scenario import arm_checks, checks
from sim.scenario.sources import SOURCES
from sim.scenario.view import Finding, View, ordered

DAY = 86400.0


def _entries(view: View, phase: str) -> Iterator[int]:
    return (i for i in range(view.length("sequence")) if view("sequence", i, "phase") == phase)


def lift_offs(view: View) -> Iterator[Finding]:
    """Each wait has one lift-off or one window, which ends after it starts."""
    for i in _entries(view, "await-launch"):
        key = ("sequence", i)
        given = [k for k in ("window_utc", "liftoff_utc") if k in view.keys(*key)]
        if len(given) != 1:
            found = "both window_utc and liftoff_utc" if given else "neither window_utc nor liftoff_utc"
            yield Finding(key, found, "exactly one of the two")
        start, end = view.epoch(*key, "window_utc", 0), view.epoch(*key, "window_utc", 1)
        if start and end and not 0.0 < end.since(start) <= checks.LONGEST_WINDOW_DAYS * DAY:
            allowed = f"a start and an end up to {checks.LONGEST_WINDOW_DAYS:g} days after it"
            yield Finding((*key, "window_utc"), f"{start} to {end}", allowed)


def _first_moment(view: View, i: int) -> Epoch | None:
    return view.epoch("sequence", i, "liftoff_utc") or view.epoch("sequence", i, "window_utc", 0)


def start(view: View) -> Iterator[Finding]:
    """The mission starts at station.start_utc, or else at the epoch of the elements; every trim comes after that."""
    name = view("station", "elements")
    epoch = checks.elements_epoch(view)
    given = "start_utc" in view.keys("station")
    begins = view.epoch("station", "start_utc") if given else epoch
    if not begins:
        return
    if epoch and abs(begins.since(epoch)) > checks.FARTHEST_DAYS * DAY:
        found = f"'{name}', a set of {epoch}, for a mission that starts at {begins}"
        yield Finding(("station", "elements"), found, f"a set within {checks.FARTHEST_DAYS:g} days of the start")
    for i in _entries(view, "await-launch"):
        launch, days = _first_moment(view, i), view("sequence", i, "trim_days_before")
        lead = launch.since(begins) / DAY if launch else None
        if lead is None:
            continue
        if not 0 < lead <= checks.FARTHEST_DAYS:
            allowed = f"a time before the lift-off or its window, {launch}, by {checks.FARTHEST_DAYS:g} days at most"
            yield Finding(("station", "start_utc"), str(begins), allowed)
        elif days is not None and not days < lead:
            allowed = f"less than {lead:.2f}, the days from the start to the launch"
            yield Finding(("sequence", i, "trim_days_before"), str(days), allowed)


def heights(view: View) -> Iterator[Finding]:
    for i in _entries(view, "ascent"):
        yield from ordered(view, ("sequence", i, "perigee_km"), ("sequence", i, "apogee_km"), equal=True)
    for i in _entries(view, "deorbit"):
        low, high = ("sequence", i, "entry_altitude_km"), ("sequence", i, "service_module_altitude_km")
        yield from ordered(view, low, high)
        landing, gone = view("sequence", i, "undock_to_landing_h"), view("sequence", i, "undocked_h")
        if landing is not None and gone is not None and not gone <= landing - 1.5:
            allowed = f"at most {landing - 1.5:g}, a revolution before the landing (undock_to_landing_h {landing:g})"
            yield Finding(("sequence", i, "undocked_h"), str(gone), allowed)


def agreeing_times(view: View) -> Iterator[Finding]:
    """How long ago a ship undocked is what its departure coasts; it is to land when its wait at the port had it."""
    coasts: dict[str, float] = {}
    landing: dict[str, float] = {}
    for i in range(view.length("sequence")):
        phase, ship = view("sequence", i, "phase"), view("sequence", i, "ship")
        if ship is None:
            continue
        hours = view("sequence", i, "undock_to_landing_h")
        if phase == "docked" and hours is not None:
            landing[ship] = hours
        elif phase == "departure" and view("sequence", i, "coast_h") is not None:
            coasts[ship] = view("sequence", i, "coast_h")
        elif phase == "deorbit":
            gone = view("sequence", i, "undocked_h")
            if gone is not None and ship in coasts and gone != coasts[ship]:
                yield Finding(("sequence", i, "undocked_h"), str(gone), f"{coasts[ship]:g}, coast_h of its departure")
            if hours is not None and ship in landing and hours != landing[ship]:
                allowed = f"{landing[ship]:g}, as its docked flight was planned for"
                yield Finding(("sequence", i, "undock_to_landing_h"), str(hours), allowed)


# Phase of a ship -> the earlier phase of it whose keys it repeats, and which keys.
REPEATED: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "ascent": (("await-launch", ("launcher", "site", "profile")),),
    "deorbit": (("docked", ("site",)),),
    "entry": (("deorbit", ("site", "bank_start_deg", "bank_end_deg")),),
    "descent": (("entry", ("site",)),),
}


def agreeing_phases(view: View) -> Iterator[Finding]:
    """A ship rises from the pad that it waited on, and lands where and as its deorbit was planned: what two phases
    both say is the same."""
    last: dict[tuple[str, str], int] = {}  # (ship, phase) -> its latest place in the sequence
    for i in range(view.length("sequence")):
        phase, ship = view("sequence", i, "phase"), view("sequence", i, "ship")
        if phase is None or ship is None:
            continue
        for earlier, keys in REPEATED.get(phase, ()):
            j = last.get((ship, earlier), -1)
            for key in keys if j >= 0 else ():
                value, before = view("sequence", i, key), view("sequence", j, key)
                if value is not None and before is not None and value != before:
                    allowed = f"{_quoted(before)}, as sequence.{j}.{key} of its {earlier} phase"
                    yield Finding(("sequence", i, key), _quoted(value), allowed)
        last[ship, phase] = i


def _quoted(value: str | float) -> str:
    return f"'{value}'" if isinstance(value, str) else f"{value:g}"


def new_ships(view: View) -> Iterator[Finding]:
    names = Counter(view("docked", i, "ship") for i in range(view.length("docked")))
    station = view("station", "name")
    for i in range(view.length("ships")):
        name = view("ships", i, "ship")
        names[name] += name is not None
        if name is not None and (names[name] > 1 or name == station):
            yield Finding(("ships", i, "ship"), f"'{name}' for a second craft", "a name for each craft")


def crew(view: View) -> Iterator[Finding]:
    """Everybody goes up in a ship of the mission, or is up already and has its lift-off, whether it is still there or
    gone."""
    fresh = [view("ships", i, "ship") for i in range(view.length("ships"))]
    ships = [s for s in (*fresh, *(view("docked", i, "ship") for i in range(view.length("docked")))) if s is not None]
    names: Counter = Counter()
    for i in range(view.length("crew")):
        name, up, when = view("crew", i, "name"), view("crew", i, "ship_up"), view.epoch("crew", i, "ship_up_utc")
        names[name] += name is not None
        if names[name] > 1:
            yield Finding(("crew", i, "name"), f"'{name}' a second time", "a name for each of the crew")
        if up is None:
            continue
        if up not in ships and when is None:
            allowed = f"a ship of [[ships]] or [[docked]], {', '.join(ships)}; or ship_up_utc, for one that is gone"
            yield Finding(("crew", i, "ship_up"), f"'{up}'", allowed, nearest(up, ships))
        elif up not in fresh and when is None and ("crew", i, "ship_up_utc") not in view.bad:
            yield Finding(("crew", i, "ship_up_utc"), "nothing", f"the lift-off of {up}, which is up already")
        elif up in fresh and when:
            yield Finding(("crew", i, "ship_up_utc"), str(when), f"no such key: the lift-off of {up} is a result")


def holds(view: View) -> Iterator[Finding]:
    """The holds of an undocking; one that turns is one that leaves."""
    for i in _entries(view, "undocking"):
        yield from checks.holds(view, ("sequence", i), ("durations_s", "holds_s"))
        if view("sequence", i, "turn") and view("sequence", i, "leave_s") is None:
            allowed = "false, or leave_s as well: the turn is flown while the ship leaves its last hold"
            yield Finding(("sequence", i, "turn"), "true without leave_s", allowed)


def flying_ships(view: View) -> Iterator[Finding]:
    """A docked ship that flies says how much propellant it has."""
    flown = {view("sequence", i, "ship") for phase in ("undocking", "departure") for i in _entries(view, phase)}
    for i in range(view.length("docked")):
        key = ("docked", i, "propellant_kg")
        if view("docked", i, "ship") in flown and view(*key) is None and key not in view.bad:
            yield Finding(key, "nothing", "given, since this ship flies")


SEQUENCE = (
    *SOURCES,
    checks.element_set,
    lift_offs,
    start,
    heights,
    agreeing_times,
    agreeing_phases,
    holds,
    arm_checks.captures,
    arm_checks.transpositions,
    checks.docked_ships,
    new_ships,
    flying_ships,
    crew,
    checks.record,
)
