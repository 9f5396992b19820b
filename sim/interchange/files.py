"""Reading and writing of orbit files: the notation is found from the content, never from the name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.core.epoch import Epoch
from sim.files.problems import listed
from sim.interchange import ndm, notations
from sim.interchange.between import state_at
from sim.interchange.choice import ChosenSet, SetChoice, chosen
from sim.interchange.mean import MeanElements, age_warning, gcrf_state
from sim.interchange.oem import is_oem, parse_oem
from sim.interchange.omm import fields, mean_elements
from sim.interchange.opm import Opm, is_opm, parse_opm
from sim.interchange.problems import Faults, refusal
from sim.interchange.state import OrbitState, to_gcrf
from sim.interchange.text import label, read_outside
from sim.interchange.tle import tle_sets, write_tle

FORMS = ("tle", *notations.READ)
DESCRIPTION = "elements: TLE, OMM (KVN, XML, CSV, JSON), OPM or OEM (KVN, XML)"


@dataclass(frozen=True)
class StartingState:
    """A state in GCRF to propagate from, notes about it, and the set that it was made of, where it is of a set.

    `object_name`, `object_id`: of the object, as the file has them; empty where it does not.
    """

    state: OrbitState
    warnings: tuple[str, ...] = ()
    chosen: ChosenSet | None = None
    object_name: str = ""
    object_id: str = ""


@dataclass(frozen=True)
class SetsRead:
    """All sets of mean elements of a file, in its order, and `notes`: what was read although it is unusual."""

    sets: list[MeanElements]
    notes: tuple[str, ...] = ()


def form_of(text: str) -> str:
    """ "tle", "kvn", "xml", "csv" or "json", by how the text begins."""
    begin = text.lstrip()
    if begin.startswith("<"):
        return "xml"
    if begin[:1] in ("[", "{"):
        return "json"
    first = begin.split("\n", 1)[0]
    if "," in first and any(key in first for key in ("EPOCH", "NORAD_CAT_ID", "MEAN_MOTION", "OBJECT_NAME")):
        return "csv"
    return "kvn" if "=" in text and ("CCSDS_" in text or "MEAN_MOTION" in text) else "tle"


def read_mean_elements(path: Path) -> list[MeanElements]:
    """All sets of mean elements in a file, in its order; InterchangeError with everything that is wrong."""
    return read_sets(path).sets


def read_sets(path: Path) -> SetsRead:
    """The same with the notes about the file."""
    text, notes = read_outside(Path(path), DESCRIPTION)
    read = parse_sets(text, label(Path(path)))
    return SetsRead(read.sets, (*notes, *read.notes))


def parse_mean_elements(text: str, file: str) -> list[MeanElements]:
    """The sets of a text; `file` names it in problems."""
    return parse_sets(text, file).sets


def parse_sets(text: str, file: str, faults: Faults | None = None) -> SetsRead:
    """The same with the notes about the text; `faults`: where its problems go, a `Passing` to read past them."""
    form, faults = form_of(text), Faults(file) if faults is None else faults
    if form == "tle":
        sets = tle_sets(text, faults)
        return SetsRead(sets, tuple(faults.notes))
    message = ndm.message_of(text) if form == "xml" else None
    for other in ("OEM", "OPM"):
        if message == other.lower() or (form == "kvn" and f"CCSDS_{other}_VERS" in text):
            raise refusal(file, "", f"an {other}", f"mean elements, as in an OMM; an {other} holds osculating states")
    whole = form in notations.WHOLE_MESSAGES
    read = [mean_elements(record, line, whole, faults) for line, record in notations.READ[form](text, faults)]
    if not read and not faults.count:
        faults.add("", "no element set", "at least one")
    faults.raise_if_any()
    return SetsRead([s for s in read if s is not None], tuple(faults.notes))


def mean_elements_text(sets: list[MeanElements], form: str, created: str) -> str:
    """The text of a file in one of FORMS; `created` is the writing time, ISO 8601 UTC without a zone letter."""
    if form not in FORMS:
        raise refusal("output", "form", f"'{form}'", ", ".join(FORMS))
    return write_tle(sets) if form == "tle" else notations.WRITE[form]([fields(s) for s in sets], created)


def write_mean_elements(path: Path, sets: list[MeanElements], form: str, created: str) -> None:
    """Nothing is written where a set does not fit the form."""
    text = mean_elements_text(sets, form, created)
    Path(path).write_text(text, encoding="utf-8", newline="\n")


def starting_state(
    path: Path, at: Epoch | None = None, number: int | None = None, choice: SetChoice | None = None
) -> StartingState:
    """The GCRF state at `at` (the file's own epoch where None) of the one object in a file, or of catalogue `number`.

    Mean elements go through SGP4 to `at`; `choice` says which set of several. An OPM holds for its own epoch only; an
    OEM is interpolated, and its own epoch is that of its first row.
    """
    (text, notes), file = read_outside(Path(path), DESCRIPTION), label(Path(path))
    choice = choice or SetChoice(number=number)
    if is_oem(text):
        _no_choice(choice, "an OEM", file)
        ephemeris = parse_oem(text, file)
        state, warnings = state_at(ephemeris, ephemeris.segments[0].first if at is None else at, file)
        return StartingState(
            to_gcrf(state), (*notes, *warnings), object_name=ephemeris.name, object_id=ephemeris.object_id
        )
    if is_opm(text):
        _no_choice(choice, "an OPM", file)
        opm = parse_opm(text, file)
        state = opm.state
        if at is not None and at != state.epoch:
            raise refusal(file, "EPOCH", state.epoch.utc(6), f"{at.utc(6)}, the start: an OPM is not propagated to it")
        warnings = (*notes, *_unused(opm, file))
        return StartingState(to_gcrf(state), warnings, object_name=state.name, object_id=opm.object_id)
    read = parse_sets(text, file)
    return start_of_set(SetsRead(read.sets, (*notes, *read.notes)), at, choice, file)


def start_of_set(read: SetsRead, at: Epoch | None, choice: SetChoice, file: str) -> StartingState:
    """The GCRF state at `at` (its own epoch where None) of the set that is meant, and which it is."""
    taken = chosen(read.sets, at, choice, file, read.notes)
    elements = taken.elements
    at = elements.epoch if at is None else at
    age = age_warning(elements.epoch, at)
    warnings = (*taken.warnings, *((age,) if age else ()))
    return StartingState(gcrf_state(elements, at), warnings, taken, elements.name, elements.designator)


def _no_choice(choice: SetChoice, what: str, file: str) -> None:
    for key, value in zip(choice.keys, (choice.index, choice.number), strict=True):
        if value is not None:
            raise refusal(file, key, f"{value} for {what}", "no such key: it chooses among element sets, TLE or OMM")


def _unused(opm: Opm, file: str) -> tuple[str, ...]:
    """Parts of an OPM beside its state, which a start does not use."""
    ignored = [*opm.spacecraft, *opm.left_out]
    return (f"{file}: only the state is taken; not its {listed(ignored)}",) if ignored else ()
