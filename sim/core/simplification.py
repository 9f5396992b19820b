"""What a model leaves out, or takes as known: each model and phase declares it beside its code, as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Simplification:
    """One statement: a `key` of its own, by which a test holds it against the code; the `text` of the report, whole
    sentences; and the `model` that it is of, in a word or two.

    What depends on the mission is declared only where it holds: what is not declared as exact is not exact.
    """

    key: str
    text: str
    model: str
