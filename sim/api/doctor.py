"""What is installed, how old the data are, what is compiled, and what is wrong: each finding with what to do about it.

Nothing is compiled or flown here, and nothing that is broken keeps the others from being looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from sim.api import data_health, installed
from sim.api.finding import BROKEN, WRONG, Finding, of_error

LOOKS: dict[str, Callable[[], Iterable[Finding]]] = {
    "program": installed.program,
    "packages": installed.packages,
    "processor": installed.machine,
    "results": installed.output,
    "data": data_health.shipped,
    "element sets": data_health.elements,
    "Earth orientation": data_health.earth_orientation,
    "space weather": data_health.space_weather,
    "ephemeris": data_health.ephemeris,
    "compiled code": data_health.compiled,
    "pictures": installed.pictures,
}


@dataclass(frozen=True)
class Diagnosis:
    """All findings, in the order in which they were looked for."""

    findings: tuple[Finding, ...]

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """Those that would stop a flight."""
        return tuple(finding for finding in self.findings if finding.kind == WRONG)

    @property
    def healthy(self) -> bool:
        """Whether nothing was found that would stop a flight."""
        return not self.wrong

    def content(self) -> dict:
        """As plain data: `healthy`, and `findings` with `kind`, `what`, `found` and `do`."""
        return {"healthy": self.healthy, "findings": [asdict(finding) for finding in self.findings]}

    def __repr__(self) -> str:
        return "\n".join(map(str, self.findings))


def doctor() -> Diagnosis:
    """Look at this installation: packages, data and their ages, compiled code, the machine, where results go."""
    found: list[Finding] = []
    for what, look in LOOKS.items():
        try:
            found += look()
        except BROKEN as error:
            found += of_error(what, error)
    return Diagnosis(tuple(found))
