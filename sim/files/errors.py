"""The errors of the library: one base class for all, and those that belong to no single module.

`except TiangongError` catches every error of the simulator about a file, a setting or a mission; anything else
that comes out of it is a fault of the program. The other children are defined where they are raised.
"""

from __future__ import annotations


class TiangongError(Exception):
    """Base class of the errors of the library; its text is a sentence for the user.

    Errors pass between processes (the workers of a campaign) and through `@contextmanager`s. The pickle that Python
    makes of an exception calls the class with `args`, which is right only where the constructor takes exactly the text;
    here it is put together from its parts instead, so that a child may have any constructor and attributes.
    """

    def __reduce__(self):
        return _from_parts, (type(self), self.args, self.__dict__)


def _from_parts(kind: type[TiangongError], args: tuple, attributes: dict) -> TiangongError:
    error = kind.__new__(kind, *args)  # sets `args`, which holds the text
    error.__dict__.update(attributes)
    return error


class BadInput(TiangongError):
    """A fault of the user's that no other error reports: a sentence with what to write instead."""


class DataError(TiangongError):
    """A file that comes with the program, or with a package that it needs, is missing or damaged; exit code 4."""


class MissionFailed(TiangongError):
    """The mission cannot be flown: in which phase, and why."""

    def __init__(self, phase: str, reason: str):
        self.phase, self.reason = phase, reason
        super().__init__(f"{phase}: {reason}")
