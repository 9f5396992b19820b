"""The probability of collision of a Conjunction Data Message: by each method, and which of them to use."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING

from sim.api.asked import found as as_found
from sim.api.asked import number, path
from sim.files.problems import Problem, ScenarioError

if TYPE_CHECKING:
    from sim.conjunctions.assessment import Assessment
    from sim.interchange.cdm import Cdm

SCHEMA = 1  # of what is printed as JSON
LARGEST_RADIUS_M = 1.0e6


class Conjunction:
    """One encounter of a message: `message`, as it was read, `assessment`, what follows from it, and `notes`: what the
    reader should know of both."""

    def __init__(self, message: Cdm, assessment: Assessment, notes: tuple[str, ...]):
        self.message = message
        self.assessment = assessment
        self.notes = notes

    @property
    def probability(self) -> float | None:
        """The one to use: of two dimensions where they serve, else over time; None where neither can be had."""
        return self.assessment.best

    def content(self) -> dict:
        """All of it, as the command prints it with --json."""
        from sim.conjunctions.report import content

        return {"schema": SCHEMA, "status": "done", **content(self.message, self.assessment), "notes": list(self.notes)}

    def lines(self) -> list[str]:
        """The same in words."""
        from sim.conjunctions.report import lines

        return lines(self.message, self.assessment)

    def __repr__(self) -> str:
        both = f"{self.message.first.name} and {self.message.second.name}"
        shown = "none" if self.probability is None else f"{self.probability:.3e}"
        return f"<{both}, {self.message.tca}: {self.assessment.miss:.1f} m, probability {shown}>"


def conjunction(file: str | PathLike[str], radius: float | None = None, *, integrate: bool = False) -> Conjunction:
    """Miss, probability of collision and whether two dimensions serve, of a CDM (KVN or XML).

    `radius` m: the sum of both radii, in place of the message's. `integrate`: integrate over time even
    where two dimensions serve.

    ScenarioError with everything that is wrong with the message, BadInput for a radius that is no number,
    EncounterError where the message has no radius or no covariance.
    """
    given = path(file, "file", "the path of a CDM")
    if radius is not None and not 0.0 <= number(radius, "radius") <= LARGEST_RADIUS_M:
        raise ScenarioError([Problem("radius", "", as_found(radius), "metres from 0 to 1000000")])
    from sim.conjunctions.assessment import assess
    from sim.conjunctions.from_cdm import differences, encounter_of
    from sim.interchange.cdm import read_cdm

    message = read_cdm(given)
    made = encounter_of(message, radius, given.name)
    assessment = assess(made.encounter, integrate)
    return Conjunction(message, assessment, (*message.notes, *made.notes, *differences(message, made.encounter)))
