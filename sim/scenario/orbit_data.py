"""The data that an orbit file names: a gravity field, and elements or a state to start from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from os.path import exists  # unlike Path.exists, it answers False for a name that no file can have
from pathlib import Path
from typing import TYPE_CHECKING

from sim.catalogue import element_sets
from sim.core.epoch import Epoch
from sim.environment import gravity as gravity_fields
from sim.environment.gfc import gravity_file, read_gfc_header
from sim.files import text
from sim.files.names import as_path
from sim.files.problems import Problem, ScenarioError, dotted, listed, nearest
from sim.scenario.orbit_checks import SHAPES, USUAL_DEGREE, about_earth, element_key, given
from sim.scenario.view import Finding, View
from sim.scenario.what_it_is import what_it_is

if TYPE_CHECKING:
    from sim.interchange.choice import SetChoice
    from sim.interchange.files import StartingState


@dataclass(frozen=True)
class FieldRead:
    """The `path` of a gravity file, its `mu` m3/s2, and the degree and order that hold where none are given."""

    path: Path | None = None
    mu: float = gravity_fields.MU_EARTH
    degree: int = 0
    order: int = 2190
    findings: tuple[Finding, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ElementsRead:
    """The start that elements give, and the `path` of their file where they are not shipped; `problems` are its own."""

    start: StartingState | None = None
    path: Path | None = None
    findings: tuple[Finding, ...] = ()
    problems: list[Problem] = field(default_factory=list)


def _beside(reference: str, document: text.Document) -> Path | None:
    """The file that a path stands for, taken from the directory of the document or of one that it extends."""
    candidates = (file.parent / as_path(reference) for file, _ in document.texts)
    return next((path for path in candidates if exists(path)), None)


# ---- gravity


def read_field(view: View, document: text.Document) -> FieldRead:
    """Whether the field can be read and goes to the degree asked for; of a file only the header is read."""
    if not about_earth(view):
        return FieldRead()
    name = view("gravity", "field") if given(view, "gravity", "field") else "egm2008"
    if name is None or name in SHAPES:
        return FieldRead(degree=2 if name == "j2" else 0, order=0)
    if name == "egm2008":
        highest = gravity_fields.egm2008_degree()
        return FieldRead(degree=USUAL_DEGREE, findings=_too_high(view, "egm2008", highest))
    path = _beside(name, document)
    if path is None or not path.is_file():
        known = [*SHAPES, "egm2008", *(p.name for p in sorted(document.path.parent.glob("*.gfc"))[:20])]
        found = f"'{name}', " + ("no such file" if path is None else "which is no file")
        allowed = f"{listed(known)}, or the path of an ICGEM .gfc file relative to this one"
        return FieldRead(findings=(Finding(("gravity", "field"), found, allowed, nearest(name, known)),))
    try:
        header = read_gfc_header(path)
        findings = _too_high(view, path.name, header["max_degree"])
        degree, order = view("gravity", "degree"), view("gravity", "order")
        file = None if findings or degree is None else gravity_file(path, degree, order)
    except gravity_fields.GravityFileError as error:
        allowed = "a readable ICGEM .gfc file, static and fully normalised"
        return FieldRead(findings=(Finding(("gravity", "field"), str(error), allowed),))
    warnings = (*_unlike(view, path.name, header), *(file.warnings if file else ()))
    return FieldRead(path, mu=header["earth_gravity_constant"], findings=findings, warnings=warnings)


def _unlike(view: View, name: str, header: dict) -> Iterator[str]:
    """Sentences where the orbit file and the gravity file give other numbers; the orbit file's are flown."""
    for key, of_file in (("mu_m3_s2", "earth_gravity_constant"), ("radius_m", "radius")):
        own = view("gravity", key)
        if own is not None and own != header[of_file]:
            yield f"gravity.{key} = {own!r} is flown; {name} has {of_file} {header[of_file]!r}"


def _too_high(view: View, name: str, top: int) -> tuple[Finding, ...]:
    degree, highest = view("gravity", "degree"), min(top, gravity_fields.LARGEST)
    if degree is None or degree <= highest:
        return ()
    why = f"the field of {name} ends there" if highest == top else "this program flies no higher"
    return (Finding(("gravity", "degree"), str(degree), f"at most {highest}: {why}"),)


# ---- elements


def read_elements(view: View, document: text.Document, at: Epoch | None) -> ElementsRead:
    """The state at `at` (the elements' own epoch where None) of what the file names, or why there is none."""
    key = element_key(view)
    name = view(*key) if key else None
    if key is None or name is None:
        return ElementsRead()
    shipped = name in element_sets.every_name()
    path = None if shipped else _beside(name, document)
    if path is None and not shipped:
        near = nearest(name, element_sets.every_name())
        allowed = "the path of a TLE, OMM, OPM or OEM file relative to this one, or a set that `tiangong list` knows"
        what = what_it_is(name)
        return ElementsRead(findings=(Finding(key, f"'{name}', {what or 'no such file'}", allowed, near),))
    from sim.interchange.choice import SetChoice
    from sim.interchange.files import starting_state  # brings numba: only where there are elements

    index, number = ((*key[:-1], word) for word in ("elements_index", "elements_number"))
    choice = SetChoice(view(*index), view(*number), (dotted(index), dotted(number)))
    try:
        start = _shipped_start(name, at, choice) if path is None else starting_state(path, at, choice=choice)
        return ElementsRead(start, path)
    except ScenarioError as error:
        return ElementsRead(problems=error.problems)


def _shipped_start(name: str, at: Epoch | None, choice: SetChoice) -> StartingState:
    from sim.interchange.files import parse_sets, start_of_set

    lines = element_sets.element_set(name)
    title = f"{lines.craft}\n" if lines.craft else ""
    return start_of_set(parse_sets(f"{title}{lines.line1}\n{lines.line2}\n", name), at, choice, name)
