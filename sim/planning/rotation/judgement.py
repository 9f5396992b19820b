"""What a rule of the station's life says: kept or broken, when, and what would mend it."""

from __future__ import annotations

from dataclasses import dataclass

from sim.core.epoch import Epoch

HOUR = 3600.0  # s


@dataclass(frozen=True)
class Breach:
    """Where a rule is broken: what was found, against which limit, and what would mend it. `value` and `limit` are in
    the rule's unit."""

    start: Epoch
    end: Epoch
    found: str
    mend: str
    value: float
    limit: float


@dataclass(frozen=True)
class Verdict:
    """One rule over the whole time. `closest`: in words, where it came nearest to its limit."""

    rule: str
    words: str
    unit: str
    breaches: tuple[Breach, ...]
    closest: str

    @property
    def held(self) -> bool:
        return not self.breaches


def date(at: Epoch) -> str:
    """To the minute, as a person reads it."""
    return at.utc(0)[:16].replace("T", " ")
