"""What the bodies named in an orbit file make of it: the field that is flown, and the dates that their tables have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.core.epoch import Epoch
from sim.propagation import force_model as model
from sim.scenario.body_file import BodyFile
from sim.scenario.orbit_body import BodiesRead
from sim.scenario.orbit_file import OrbitFile
from sim.scenario.view import Finding, View

if TYPE_CHECKING:
    from sim.environment.central_body import CentralBody

DAY = 86400.0
MARGIN_S = 2.0 * DAY


def gravity_of(file: OrbitFile, body: CentralBody) -> model.GravityChoice:
    """Of another body: a field of its file."""
    given = file.gravity
    name = given.field if "field" in given.model_fields_set else body.field
    chosen = body.chosen(name)
    top = 0 if chosen is None else chosen.degree
    degree = min(body.degree, top) if given.degree is None else given.degree
    return model.GravityChoice(name, degree, degree if given.order is None else given.order)


def reach(view: View, epoch: Epoch | None, bodies: BodiesRead) -> Iterator[Finding]:
    """The span must lie within the tables of the bodies' orientation."""
    duration = view("span", "duration_s")
    for key, file in (("body", bodies.body), ("other_centre", bodies.other)):
        if file is None or epoch is None or duration is None or file.orientation.file is None or bodies.found:
            continue
        if outside := beyond_table(file, epoch, duration):
            yield Finding(("environment", key), outside[0], outside[1])


def beyond_table(file: BodyFile, epoch: Epoch, duration: float) -> tuple[str, str] | None:
    """What was found and what is allowed, where a span leaves the table of a body's orientation; None where it stays.

    The tables of a flight go up to two days beyond its span.
    """
    from sim.environment import central_body as bodies  # brings numba: only where a file names a body

    assert file.orientation.file is not None
    first, last = bodies.euler_table(file.orientation.file).reach()
    begin, end = bodies.et_of(epoch, [-MARGIN_S, duration + MARGIN_S])
    if first <= begin and end <= last:
        return None
    days = [Epoch.from_utc("2000-01-01T12:00:00Z").plus(x).utc(0)[:10] for x in (first + DAY, last - DAY)]
    return (
        f"a span from {epoch.utc(0)} to {epoch.plus(duration).utc(0)}",
        f"within {file.orientation.file}: {days[0]} to {days[1]}",
    )
