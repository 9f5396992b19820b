"""Several things asked at once, looked at one by one, so that all that is wrong is reported together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from sim.files.errors import BadInput
from sim.files.problems import Problem, ScenarioError

T = TypeVar("T")


class Asked:
    """What was asked, looked at piece by piece, so that all that is wrong with it is reported at once."""

    def __init__(self, command: str) -> None:
        self.command = command
        self.problems: list[Problem] = []

    def one(self, look: Callable[[], T]) -> T | None:
        try:
            return look()
        except ScenarioError as error:
            self.problems += error.problems
        except BadInput as error:
            name, _, rest = str(error).partition(": found ")
            given, _, allowed = (rest or str(error)).partition("; ")
            allowed = allowed.removeprefix("allowed: ").removeprefix("write ")
            self.problems.append(Problem(name if rest else self.command, "", given, allowed))
        return None

    def all(self, looks: Iterable[Callable[[], T]]) -> list[T]:
        return [found for look in looks if (found := self.one(look)) is not None]

    def refuse(self) -> None:
        if self.problems:
            raise ScenarioError(dict.fromkeys(self.problems))
