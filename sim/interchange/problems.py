"""What is wrong with an outside file, all of it at once, in the words that scenarios use too."""

from __future__ import annotations

from dataclasses import replace

from sim.files.problems import Problem, ScenarioError

MAX_PROBLEMS = 40  # problems that are listed; a file of another kind would have thousands
ENOUGH = 200  # after so many a reader stops: nobody mends the rest one by one
KEPT = 1000  # problems that are kept; of more there is only the count, since millions would fill the memory


class InterchangeError(ScenarioError):
    """Elements, a state or an ephemeris that cannot be used, with every problem that was found."""


class Faults:
    """The problems of one file, gathered while it is read, and notes: what was read although it is unusual.

    `count` is the number of all problems; `problems` holds the first KEPT of them.
    """

    def __init__(self, file: str):
        self.file = file
        self.problems: list[Problem] = []
        self.count = 0
        self.notes: list[str] = []

    def add(self, key: str, found: str, allowed: str, line: int | None = None, nearest: str | None = None) -> None:
        self.count += 1
        if self.count <= KEPT:
            self.problems.append(Problem(self.file, key, found, allowed, nearest, line))

    def where(self, since: int, place: str) -> None:
        """Name the place of every problem after the first `since`."""
        for k in range(since, len(self.problems)):
            self.problems[k] = replace(self.problems[k], found=f"{self.problems[k].found} in {place}")

    @property
    def enough(self) -> bool:
        """Whether a reader should stop."""
        return self.count > ENOUGH

    def note(self, text: str) -> None:
        """Something that is no fault, but that the user should hear of."""
        self.notes.append(f"{self.file}: {text}")

    def raise_if_any(self) -> None:
        if self.problems:
            raise self.error()

    def error(self) -> InterchangeError:
        shown = self.problems[:MAX_PROBLEMS]
        if self.count > MAX_PROBLEMS:
            more = f"{self.count - MAX_PROBLEMS} more problems"
            shown.append(Problem(self.file, "", more, "a file without the problems above"))
        return InterchangeError(shown)


class Passing(Faults):
    """The same of a file of which what is good is used: problems stop nothing and raise nothing."""

    @property
    def enough(self) -> bool:
        return False

    def raise_if_any(self) -> None:
        pass


def refusal(file: str, key: str, found: str, allowed: str, line: int | None = None) -> InterchangeError:
    """The error for a single problem."""
    return InterchangeError([Problem(file, key, found, allowed, None, line)])
