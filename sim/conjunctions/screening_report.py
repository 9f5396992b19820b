"""All craft of a file against a catalogue, and the results for programs and for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.conjunctions.encounter import Encounter
from sim.conjunctions.errors import EncounterError
from sim.conjunctions.judgement import fits
from sim.conjunctions.screened_craft import DAY, PathCraft, ScreenedCraft
from sim.conjunctions.screening import Approach, Screened, screen
from sim.conjunctions.screening_catalogue import Catalogue
from sim.conjunctions.screening_covariance import AgeModel, age_model
from sim.conjunctions.short_encounter import alfano, maximum
from sim.core.epoch import Epoch
from sim.interchange.mean import STALE_DAYS

SCALES = (0.5, 1.0, 2.0)  # of sigma, for which a probability is given
SHOWN_BROKEN, SHOWN_OBJECTS = 20, 5  # in JSON; of each kind in the text
CONVENTIONS = (
    "TEME; miss: object less craft, R = r/|r|, N = r x v/|r x v|, T = N x R of the craft; every local minimum of range "
    "is an approach; SGP4 with WGS-72 of each object's newest set"
)


@dataclass(frozen=True)
class CraftScreened:
    """One craft from `start` for `seconds`, and what was found."""

    craft: ScreenedCraft
    start: Epoch
    seconds: float
    found: Screened


@dataclass(frozen=True)
class Screening:
    """All craft of `title` against `catalogue`, below `within` m; `radius` m: sum of both radii, for the
    probability."""

    title: str
    catalogue: Catalogue
    start: Epoch
    seconds: float
    within: float
    radius: float
    craft: tuple[CraftScreened, ...]
    warnings: tuple[str, ...] = ()


def screen_each(
    crafts: Sequence[ScreenedCraft],
    catalogue: Catalogue,
    start: Epoch,
    seconds: float,
    within: float,
    skip: Sequence[int],
    tick: Callable[[str, float], None],
) -> tuple[CraftScreened, ...]:
    """Each craft over its own flight within the span; rows of itself, and catalogue numbers of `skip`, are left out."""
    left_out = [row for row, one in enumerate(catalogue.objects) if one.number in skip]
    made = []
    for k, craft in enumerate(crafts):
        tick(f"screening {craft.name}", k / len(crafts))
        begin, length = _flown(craft, start, seconds)
        if length <= 0.0:
            continue
        mine = [*left_out, *catalogue.same_as(craft.number, craft.name)]
        made.append(
            CraftScreened(craft, begin, length, screen(craft, catalogue.group, begin, length, within, skip=mine))
        )
    return tuple(made)


def _flown(craft: ScreenedCraft, start: Epoch, seconds: float) -> tuple[Epoch, float]:
    """The part of the span in which a craft flies."""
    path = getattr(craft, "path", None)
    if path is None:
        return start, seconds
    zero = craft.zero  # type: ignore[attr-defined]  # a path has one
    begin, end = max(start, zero.plus(path.start)), min(start.plus(seconds), zero.plus(path.end))
    return begin, end.since(begin)


def content(made: Screening) -> dict:
    """Everything, for JSON."""
    model, cat = age_model(made.start), made.catalogue
    return {
        "name": made.title,
        "from_utc": made.start.utc(3),
        "to_utc": made.start.plus(made.seconds).utc(3),
        "within_km": made.within / 1e3,
        "conventions": CONVENTIONS,
        "catalogue": {
            "file": cat.file,
            "objects": len(cat.objects),
            "broken": cat.broken_count,
            "problems": [str(problem) for problem in cat.broken[:SHOWN_BROKEN]],
            "doubled": len(cat.doubled),
            "doubled_numbers": [one.number for one in cat.doubled],
            "old": [_old(made, row) for row in cat.old(made.start)],
            "without_states": [_object(cat, row) for row in _without(made)],
            "newest_epoch_utc": max(one.epoch for one in cat.objects).utc(0),
        },
        "covariance": {
            "model": model.words(),
            "pairs": model.pairs,
            "sigma_at_one_day_m": dict(zip("rtn", model.at_day, strict=True)),
            "power": dict(zip("rtn", model.power, strict=True)),
            "hard_body_radius_m": made.radius,
        },
        "craft": [_craft(made, one, model) for one in made.craft],
    }


def _old(made: Screening, row: int) -> dict:
    one = made.catalogue.objects[row]
    return _object(made.catalogue, row) | {"age_days": round(made.start.since(one.epoch) / DAY, 2)}


def _object(catalogue: Catalogue, row: int) -> dict:
    one = catalogue.objects[row]
    return {"number": one.number, "name": one.name}


def _without(made: Screening) -> list[int]:
    return sorted({row for one in made.craft for row in one.found.without})


def _craft(made: Screening, one: CraftScreened, model: AgeModel) -> dict:
    return {
        "name": one.craft.name,
        "number": one.craft.number,
        "epoch_utc": None if one.craft.epoch is None else one.craft.epoch.utc(3),
        "from_utc": one.start.utc(3),
        "to_utc": one.start.plus(one.seconds).utc(3),
        "objects_in_its_shell": one.found.looked_at,
        "phases": _phases(one),
        "approaches": [approach(made, one, each, model) for each in one.found.approaches],
        "stays_near": [
            _object(made.catalogue, near.row)
            | {
                "least_km": near.least_m / 1e3,
                "most_km": near.most_m / 1e3,
                "minima_within": len(near.minima),
            }
            for near in one.found.neighbours
        ],
    }


def _phase(craft: ScreenedCraft, at: Epoch) -> str | None:
    return craft.phase_at(at) if isinstance(craft, PathCraft) else None


def _phases(one: CraftScreened) -> list[dict]:
    """The phases that a craft flies in the span, each with how many approaches it has."""
    craft, end = one.craft, one.start.plus(one.seconds)
    if not isinstance(craft, PathCraft):
        return []
    met = [craft.phase_at(one.start.plus(each.t)) for each in one.found.approaches]
    rows = []
    for name, first, last in craft.phases:
        begin, until = max(one.start, craft.zero.plus(first)), min(end, craft.zero.plus(last))
        if begin < until:
            span = {"from_utc": begin.utc(3), "to_utc": until.utc(3)}
            rows.append({"phase": name, **span, "approaches": met.count(name)})
    return rows


def approach(made: Screening, one: CraftScreened, found: Approach, model: AgeModel) -> dict:
    """One row: time, object, miss, ages of both sets in days, and the probability with what it stands on."""
    other = made.catalogue.objects[found.row]
    at = one.start.plus(found.t)
    r, t, n = (found.miss_rtn / 1e3).tolist()
    ages = (
        None if one.craft.epoch is None else at.since(one.craft.epoch) / DAY,
        at.since(other.epoch) / DAY,
    )
    return {
        "tca_utc": at.utc(3),
        "phase": _phase(one.craft, at),
        "number": other.number,
        "name": other.name,
        "miss_km": found.range_m / 1e3,
        "radial_km": r,
        "along_track_km": t,
        "cross_track_km": n,
        "relative_speed_m_s": found.speed_m_s,
        "plane_angle_deg": found.plane_angle_deg,
        "age_of_craft_days": ages[0],
        "age_of_object_days": ages[1],
        **probability(found, ages, model, made.radius),
    }


def probability(found: Approach, ages: tuple[float | None, float], model: AgeModel, radius: float) -> dict:
    """The probability at half, whole and twice the sigma of the model, and the largest over any; or why there is none.

    A path that was flown is taken as known exactly: it has no set whose age would say how wrong it is.
    """
    if max(abs(age) for age in ages if age is not None) > STALE_DAYS:
        return {"pc": None, "pc_remark": f"a set is older than the {STALE_DAYS:.0f} days that the model reaches"}
    c1 = None if ages[0] is None else model.covariance(ages[0], found.r1, found.v1)
    c2 = model.covariance(ages[1], found.r2, found.v2)
    encounter = Encounter(found.r1, found.v1, c1, found.r2, found.v2, c2, radius)
    try:
        plane = encounter.plane()
        values = {f"sigma_x_{scale:g}": alfano(plane.scaled(scale)) for scale in SCALES}
        values["largest"] = maximum(plane)[0]
        remark = fits(encounter).reason
    except EncounterError as error:
        return {"pc": None, "pc_remark": str(error)}
    return {"pc": values, "pc_remark": f"two dimensions may mislead: {remark}" if remark else ""}


def lines(made: Screening, count: int = 40) -> Iterator[str]:
    """The same for people: what was read, then a table of each craft, the nearest `most` of it in order of time."""
    cat, model = made.catalogue, age_model(made.start)
    yield f"{made.title} against {cat.file}, {made.start.utc(0)} to {made.start.plus(made.seconds).utc(0)}"
    without, old = _without(made), cat.old(made.start)
    counts = [
        f"{len(cat.objects)} objects",
        *([f"{cat.broken_count} problems passed over"] if cat.broken_count else []),
        *([f"{len(cat.doubled)} earlier sets of an object left out"] if cat.doubled else []),
        *([f"{len(old)} sets more than {STALE_DAYS:.0f} days from the start"] if old else []),
        *([f"{len(without)} without a state at some time (decayed)"] if without else []),
    ]
    yield ", ".join(counts)
    yield from (f"  passed over: {problem}" for problem in cat.broken[:SHOWN_OBJECTS])
    yield from _named("earlier sets of", [f"{one.number} {one.name}" for one in cat.doubled])
    yield from _named("old", [f"{_who(cat, row)} ({_old(made, row)['age_days']:.0f} days)" for row in old])
    yield from _named("without a state", [_who(cat, row) for row in without])
    for one in made.craft:
        yield ""
        yield from _table(made, one, model, count)
    if any(one.found.approaches for one in made.craft):
        yield ""
        yield f"Pc: sum of radii {made.radius:g} m; {model.words()}"
        yield "* two dimensions may mislead, or a set is too old: see `pc_remark` of --json"


def _who(catalogue: Catalogue, row: int) -> str:
    one = catalogue.objects[row]
    return f"{one.number} {one.name}".strip()


def _named(what: str, objects: list[str]) -> Iterator[str]:
    """The first few of those that are counted."""
    if objects:
        more = f" and {len(objects) - SHOWN_OBJECTS} more" if len(objects) > SHOWN_OBJECTS else ""
        yield f"  {what}: {', '.join(objects[:SHOWN_OBJECTS])}{more}"


def _table(made: Screening, one: CraftScreened, model: AgeModel, count: int) -> Iterator[str]:
    found = one.found
    span = f"{one.start.utc(0)} to {one.start.plus(one.seconds).utc(0)}"
    yield (
        f"{one.craft.name}, {span}: {len(found.approaches)} approaches within {made.within / 1e3:g} km, "
        f"{found.looked_at} objects in its shell"
    )
    for near in found.neighbours:
        who = made.catalogue.objects[near.row]
        yield f"  stays near: {who.number} {who.name}, {near.least_m / 1e3:.3f} to {near.most_m / 1e3:.3f} km"
    if phases := _phases(one):
        yield "  " + ", ".join(f"{row['phase']} {row['approaches']}" for row in phases)
    if not found.approaches:
        return
    nearest = np.argsort([a.range_m for a in found.approaches], kind="stable")[:count]
    yield (
        f"{'TCA, UTC':24}{'object':>8} {'name':24}{'miss km':>9}{'R':>9}{'T':>9}{'N':>9}{'m/s':>8}"
        f"{'ages, d':>14}  Pc at sigma x 1/2, 1, 2"
    )
    for k in sorted(nearest.tolist()):
        row = approach(made, one, found.approaches[k], model)
        own = "-" if row["age_of_craft_days"] is None else f"{row['age_of_craft_days']:.1f}"
        ages = f"{own}, {row['age_of_object_days']:.1f}"
        pc = "-" if row["pc"] is None else " ".join(f"{row['pc'][f'sigma_x_{s:g}']:.1e}" for s in SCALES)
        yield (
            f"{row['tca_utc']:24}{row['number']:>8} {row['name'][:23]:24}{row['miss_km']:9.3f}{row['radial_km']:9.3f}"
            f"{row['along_track_km']:9.3f}{row['cross_track_km']:9.3f}{row['relative_speed_m_s']:8.0f}{ages:>14}  "
            f"{pc}{'*' if row['pc_remark'] else ''}{'  ' + row['phase'] if row['phase'] else ''}"
        )
    if len(made.catalogue.objects) == 1:
        nearest_one = min(found.approaches, key=lambda a: a.range_m)
        yield f"  their orbit planes are {nearest_one.plane_angle_deg:.2f} deg apart at the nearest"
    if len(found.approaches) > count:
        yield f"  the nearest {count} of {len(found.approaches)}; --json and --out have all"
