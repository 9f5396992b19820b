"""Reading and writing of orbit files: the notation is found from the content, never from the name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.core.epoch import Epoch
from sim.files.problems import listed
from sim.interchange import notations
from sim.interchange.between import state_at
from sim.interchange.mean import MeanElements, age_warning, gcrf_state
from sim.interchange.oem import is_oem, parse_oem
from sim.interchange.omm import fields, mean_elements
from sim.interchange.opm import Opm, is_opm, parse_opm
from sim.interchange.problems import Faults, refusal
from sim.interchange.state import OrbitState, to_gcrf
from sim.interchange.text import label, read_text
from sim.interchange.tle import read_tle, write_tle

FORMS = ("tle", *notations.READ)
DESCRIPTION = "elements: TLE, OMM (KVN, XML, CSV, JSON), OPM or OEM"


@dataclass(frozen=True)
class StartingState:
    """A state in GCRF to propagate from, and notes about it."""

    state: OrbitState
    warnings: tuple[str, ...] = ()


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
    return parse_mean_elements(read_text(Path(path), DESCRIPTION), label(Path(path)))


def parse_mean_elements(text: str, file: str) -> list[MeanElements]:
    """The same from text; `file` names it in problems."""
    form = form_of(text)
    if form == "tle":
        return read_tle(text, file)
    for other in ("OEM", "OPM"):
        if form == "kvn" and f"CCSDS_{other}_VERS" in text:
            raise refusal(file, "", f"an {other}", f"mean elements, as in an OMM; an {other} holds osculating states")
    faults = Faults(file)
    found = notations.READ[form](text, faults)
    if not found and not faults.problems:
        faults.add("", "no element set", "at least one")
    whole = form in notations.WHOLE_MESSAGES
    sets = [mean_elements(record, line, whole, faults) for line, record in found]
    faults.raise_if_any()
    return [s for s in sets if s is not None]


def mean_elements_text(sets: list[MeanElements], form: str, created: str) -> str:
    """The text of a file in one of FORMS; `created` is the writing time, ISO 8601 UTC without a zone letter."""
    if form not in FORMS:
        raise refusal("output", "form", f"'{form}'", ", ".join(FORMS))
    return write_tle(sets) if form == "tle" else notations.WRITE[form]([fields(s) for s in sets], created)


def write_mean_elements(path: Path, sets: list[MeanElements], form: str, created: str) -> None:
    """Nothing is written where a set does not fit the form."""
    text = mean_elements_text(sets, form, created)
    Path(path).write_text(text, encoding="utf-8", newline="\n")


def starting_state(path: Path, at: Epoch | None = None, number: int | None = None) -> StartingState:
    """The GCRF state at `at` (the file's own epoch where None) of the one object in a file, or of catalogue `number`.

    Mean elements go through SGP4 to `at`; an OPM holds for its own epoch only; an OEM is interpolated, and its own
    epoch is that of its first row.
    """
    text, file = read_text(Path(path), DESCRIPTION), label(Path(path))
    if is_oem(text):
        ephemeris = parse_oem(text, file)
        state, warnings = state_at(ephemeris, ephemeris.segments[0].first if at is None else at, file)
        return StartingState(to_gcrf(state), warnings)
    if is_opm(text):
        opm = parse_opm(text, file)
        state = opm.state
        if at is not None and at != state.epoch:
            raise refusal(file, "EPOCH", state.epoch.utc(6), f"{at.utc(6)}, the start: an OPM is not propagated to it")
        return StartingState(to_gcrf(state), _unused(opm, file))
    elements = _chosen(parse_mean_elements(text, file), number, file)
    at = elements.epoch if at is None else at
    warning = age_warning(elements.epoch, at)
    return StartingState(gcrf_state(elements, at), (warning,) if warning else ())


def _unused(opm: Opm, file: str) -> tuple[str, ...]:
    """Parts of an OPM beside its state, which a start does not use."""
    ignored = [*opm.spacecraft, *opm.left_out]
    return (f"{file}: only the state is taken; not its {listed(ignored)}",) if ignored else ()


def _chosen(sets: list[MeanElements], number: int | None, file: str) -> MeanElements:
    chosen = [s for s in sets if number is None or s.number == number]
    if len(chosen) == 1:
        return chosen[0]
    known = f"the numbers {listed(str(s.number) for s in sets)}"
    if not chosen:
        raise refusal(file, "satellite number", known, f"a set of {number}")
    raise refusal(file, "", f"{len(chosen)} element sets; {known}", "one set: a file with the one that is meant")
