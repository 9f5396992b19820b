"""What is wrong with an outside file, all of it at once, in the words that scenarios use too."""

from __future__ import annotations

from sim.files.problems import Problem, ScenarioError

MAX_PROBLEMS = 40  # problems that are listed; a file of another kind would have thousands


class InterchangeError(ScenarioError):
    """Elements, a state or an ephemeris that cannot be used, with every problem that was found."""


class Faults:
    """The problems of one file, gathered while it is read."""

    def __init__(self, file: str):
        self.file = file
        self.problems: list[Problem] = []

    def add(self, key: str, found: str, allowed: str, line: int | None = None, nearest: str | None = None) -> None:
        self.problems.append(Problem(self.file, key, found, allowed, nearest, line))

    def raise_if_any(self) -> None:
        if self.problems:
            raise self.error()

    def error(self) -> InterchangeError:
        shown = self.problems[:MAX_PROBLEMS]
        if len(self.problems) > MAX_PROBLEMS:
            more = f"{len(self.problems) - MAX_PROBLEMS} more problems"
            shown.append(Problem(self.file, "", more, "a file without the problems above"))
        return InterchangeError(shown)


def refusal(file: str, key: str, found: str, allowed: str, line: int | None = None) -> InterchangeError:
    """The error for a single problem."""
    return InterchangeError([Problem(file, key, found, allowed, None, line)])
