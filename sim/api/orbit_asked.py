"""An orbit that was put together in Python, looked at before it is flown: what a file's checks see in a file."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np

from sim.api.asked import found
from sim.core.epoch import Epoch
from sim.files.errors import BadInput
from sim.propagation.force_model import (
    AtmosphereChoice,
    BurnChoice,
    GravityChoice,
    ImpulseChoice,
    KeepingChoice,
    Orbit,
    OrientationChoice,
    RadiationChoice,
    ThirdBodyChoice,
)

GRAVITY = ("egm2008", "j2", "point")
ABOVE_ZERO = ("duration", "step", "mass", "tolerance")
FROM_ZERO = ("drag_area", "drag_coefficient", "srp_area", "reflectivity")
KINDS: dict[str, type] = {
    "name": str,
    "epoch": Epoch,
    "gravity": GravityChoice,
    "orientation": OrientationChoice,
    "third_body": ThirdBodyChoice,
    "atmosphere": AtmosphereChoice,
    "radiation": RadiationChoice,
}
PUSHES = {"burns": BurnChoice, "impulses": ImpulseChoice}
LONGEST_S = 3.2e8  # ten years, as in an orbit file


def refuse_unsound(orbit: Orbit) -> None:
    """BadInput with every field of an orbit that cannot be flown."""
    problems = list(_problems(orbit))
    if problems:
        raise BadInput("; ".join(f"orbit.{problem}" for problem in problems))


def _problems(orbit: Orbit) -> Iterator[str]:
    for name, kind in KINDS.items():
        if not isinstance(getattr(orbit, name), kind):
            yield f"{name}: found {found(getattr(orbit, name))}; write a value of the kind {kind.__name__}"
    for name in ("r", "v"):
        value = getattr(orbit, name)
        if not _is_vector(value):
            yield f"{name}: found {found(value)}; write three finite numbers"
    for name in ABOVE_ZERO + FROM_ZERO:
        value = getattr(orbit, name)
        above = name in ABOVE_ZERO
        if not _is_number(value) or value < 0.0 or (above and value == 0.0):
            yield f"{name}: found {found(value)}; write a number {'above' if above else 'from'} 0"
    if _is_number(orbit.duration) and orbit.duration > LONGEST_S:
        yield f"duration: found {orbit.duration:g} s; write at most {LONGEST_S:g} (ten years)"
    for name, kind in PUSHES.items():
        several = getattr(orbit, name)
        if not isinstance(several, tuple | list) or not all(isinstance(one, kind) for one in several):
            yield f"{name}: found {found(several)}; write a tuple of {kind.__name__}"
            continue
        for i, one in enumerate(several):
            yield from (f"{name}[{i}].{problem}" for problem in _of_push(one))
    yield from _of_slot(orbit)
    field = getattr(orbit.gravity, "field", GRAVITY[0])
    if orbit.body is not None:
        known = ["point", *(each.name for each in orbit.body.fields)]
        if field not in known:
            yield f"gravity.field: found {found(field)}; write one of {', '.join(known)}, the fields of its body"
        return
    if field not in GRAVITY and not (isinstance(field, str | Path) and Path(field).is_file()):
        yield f"gravity.field: found {found(field)}; write one of {', '.join(GRAVITY)}, or the path of a .gfc file"


def _of_slot(orbit: Orbit) -> Iterator[str]:
    """A slot that is kept: numbers, whole cycles, no burns or air beside it."""
    slot = orbit.keeping
    if slot is None:
        return
    if not isinstance(slot, KeepingChoice):
        yield f"keeping: found {found(slot)}; write a KeepingChoice, or None"
        return
    numbers = [f.name for f in fields(slot) if f.name not in ("degree", "seed", "isp", "places")]
    bad = [name for name in numbers if not _is_number(getattr(slot, name))]
    yield from (f"keeping.{name}: found {found(getattr(slot, name))}; write a number" for name in bad)
    if bad:
        return
    if slot.east_west < 1.5 * 86400.0 or abs(slot.north_south / slot.east_west % 1.0) > 1e-9:
        yield "keeping.east_west: write at least 1.5 days, and north_south as a multiple of it"
    if orbit.burns or orbit.impulses:
        yield "keeping: found burns or impulses beside it; write none: they are planned as the orbit is flown"
    if getattr(orbit.atmosphere, "model", "none") != "none":
        yield "keeping: found air beside it; write AtmosphereChoice()"


def _of_push(push: BurnChoice | ImpulseChoice) -> Iterator[str]:
    for field in fields(push):
        value = getattr(push, field.name)
        if field.name in ("direction", "delta_v"):
            if not _is_vector(value):
                yield f"{field.name}: found {found(value)}; write three finite numbers"
        elif field.name in ("start", "duration", "thrust", "mass_flow", "at") and not _is_number(value):
            yield f"{field.name}: found {found(value)}; write a number"


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def _is_vector(value: Any) -> bool:
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return False
    return array.shape == (3,) and bool(np.isfinite(array).all())
