"""Which set of mean elements of a file is meant: by its place, by its catalogue number, or by a date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.core.epoch import Epoch
from sim.interchange.mean import MeanElements
from sim.interchange.problems import refusal

SHOWN = 5  # objects that a refusal lists


@dataclass(frozen=True)
class SetChoice:
    """What a user asks for: the `index` of a set in its file, from 0, or a catalogue `number`; None where he does not.

    `keys` are the names that these two have where he wrote them, for the sentence of an error.
    """

    index: int | None = None
    number: int | None = None
    keys: tuple[str, str] = ("elements_index", "elements_number")


@dataclass(frozen=True)
class ChosenSet:
    """The set that was taken: the one at `index`, from 0, of the `count` in `file`, and `why` it is this one.

    `by_date`: the user named none of several. `notes`: what was unusual about the file.
    """

    elements: MeanElements
    file: str
    index: int
    count: int
    why: str
    by_date: bool = False
    notes: tuple[str, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should hear of: the notes, and which set was taken where he named none of several."""
        return (*self.notes, *((f"taken: {self.line()}",) if self.by_date else ()))

    def as_dict(self) -> dict:
        """For JSON and manifests."""
        return {
            "file": self.file,
            "index": self.index,
            "sets": self.count,
            "chosen": self.why,
            "catalogue_number": self.elements.number,
            "name": self.elements.name,
            "epoch_utc": self.elements.epoch.utc(6),
        }

    def line(self) -> str:
        """For people."""
        e = self.elements
        place = f", index {self.index} of 0 to {self.count - 1}, {self.why}" if self.count > 1 else ""
        return f"{self.file}: {f'{e.number} {e.name}'.strip()} of {e.epoch.utc(0)}{place}"


def chosen(
    sets: Sequence[MeanElements], at: Epoch | None, choice: SetChoice, file: str, notes: tuple[str, ...] = ()
) -> ChosenSet:
    """The one set that is meant; refused where it is not there, or where several objects are and none is named.

    Several sets of one object: the one whose epoch is nearest to `at`, or the latest where that is None; of two with
    one epoch the later in the file, which corrects the earlier.
    """
    by_index, by_number = choice.keys
    left = list(enumerate(sets))
    why = "the only one"
    if choice.number is not None:
        left = [(i, s) for i, s in left if s.number == choice.number]
        if not left:
            raise refusal(file, by_number, str(choice.number), f"a number of the file: {_objects(sets)}")
        why = f"by {by_number}"
    if choice.index is not None:
        if not 0 <= choice.index < len(sets):
            raise refusal(file, by_index, str(choice.index), f"0 to {len(sets) - 1}, the sets in the order of the file")
        left = [(i, s) for i, s in left if i == choice.index]
        if not left:
            found = f"{choice.index}, a set of {sets[choice.index].number}"
            raise refusal(file, by_index, found, f"a set of {choice.number}, as {by_number} has it")
        why = f"by {by_index}"
    if len({s.number for _, s in left}) > 1:
        found = f"{len(sets)} element sets of several objects: {_objects(sets)}"
        raise refusal(file, "", found, f"one object, or {by_index} (0 to {len(sets) - 1}) or {by_number} with it")
    if len(left) > 1:  # of one object
        if at is None:
            index, elements = max(left, key=lambda pair: (pair[1].epoch, pair[0]))
            why = "the latest"
        else:
            index, elements = min(left, key=lambda pair: (abs(pair[1].epoch.since(at)), -pair[0]))
            why = f"the nearest to {at.utc(0)}"
        return ChosenSet(elements, file, index, len(sets), why, by_date=True, notes=notes)
    ((index, elements),) = left
    return ChosenSet(elements, file, index, len(sets), why, notes=notes)


def _objects(sets: Sequence[MeanElements]) -> str:
    """The numbers and names in a file, each once; the first few of many."""
    names: dict[int, str] = {}
    for s in sets:
        names.setdefault(s.number, s.name)
    some = ", ".join(f"{number} {name[:24]}".strip() for number, name in list(names.items())[:SHOWN])
    return some + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
