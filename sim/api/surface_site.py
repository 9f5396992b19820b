"""Light and links of a site on another body: the Sun, the Earth, stations, a relay, and days for a rover."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.api import time_span
from sim.api.asked import function, path, texts
from sim.api.asking import Asked
from sim.api.output import Progress, Where, directory, silent
from sim.api.passes import mask, place, several
from sim.api.time_span import DAY
from sim.core import dates
from sim.core.epoch import Epoch
from sim.files import paths, text
from sim.files.errors import BadInput, MissionFailed
from sim.scenario.surface_site import A_SITE, KIND, SurfaceSiteRead, load_surface_site
from sim.scenario.what_it_is import shipped

if TYPE_CHECKING:
    from sim.build.orbit import OrbitScenario
    from sim.planning.surface.find import FoundSite, Relay

YEAR = 365.0  # days, where nobody says


class LightAndLinks:
    """What was found, from `zero` on; `found` has the intervals, in seconds after it. `warnings`: what the user should
    know of the relay."""

    def __init__(self, found: FoundSite, warnings: tuple[str, ...]):
        self.found, self.warnings = found, warnings

    @property
    def zero(self) -> Epoch:
        return self.found.zero

    @property
    def rover_days(self) -> int:
        """Days with light and a link together, for an hour or more."""
        from sim.planning.surface.table import rover

        return rover(self.found)["days"]

    def content(self) -> dict:
        """The content of surface_site.json: Sun, Earth, links, rover days, and a row a day."""
        from sim.planning.surface.table import content

        return {"status": "done", "warnings": list(self.warnings), **content(self.found)}

    def lines(self) -> list[str]:
        """The same in words, as the command prints it."""
        from sim.planning.surface.table import lines

        return lines(self.found)

    def plot(self, ax: Any = None) -> Any:
        """The span in a picture: a figure, or drawn into the given axes."""
        from sim.planning.surface.chart import year_chart
        from sim.plots import drawn
        from sim.plots.surface_year import draw

        return drawn(draw, ax, year_chart(self.found))

    def __repr__(self) -> str:
        return f"<{self.found.site.name}: {self.rover_days} rover days of {len(self.found.days)}, from {self.zero}>"


def light_and_links(
    file: str | Path,
    site: str | Sequence[str] = (),
    start: time_span.Date | None = None,
    days: float | None = None,
    *,
    min_elevation: float = 10.0,
    overrides: Sequence[str] = (),
    out: Where | None = None,
    progress: Progress | None = None,
) -> LightAndLinks:
    """When a site on another body has light and links with the Earth, directly and by a relay; and its rover days.

    `file`: a site on another body, or the name of one ("leibnitz-beta"). `site`: places on the Earth by name, or
    "LAT,LON,HEIGHT_M", one or several; those of the file without. `start`, `days`: what is looked at; a year from the
    file's first day without. `min_elevation` deg over the horizon of the places. `overrides`: texts `KEY=VALUE`, such
    as "horizon_deg=0" or "relay=" for none. `out`: a directory for JSON, tables, a picture and a manifest.

    BadInput and ScenarioError for what is asked wrongly, MissionFailed for a relay whose orbit cannot be flown.
    """
    began = time.perf_counter()
    tick, overrides = function(progress) or silent, texts(overrides)
    given = str(path(file, "file", A_SITE))
    asked = Asked("passes")
    read = asked.one(lambda: load_surface_site(given, overrides))
    names = several(site) if site else (read.site.stations if read else ())
    places = asked.all([partial(place, one) for one in names])
    first = asked.one(lambda: time_span.date(start))
    length = asked.one(lambda: time_span.days(days))
    min_elevation_deg = asked.one(lambda: mask(min_elevation))
    asked.refuse()
    assert read is not None and places and min_elevation_deg is not None  # else that was refused
    zero, end = first or Epoch.from_utc(f"{read.site.first_day}T00:00:00Z"), (length or YEAR) * DAY
    if outside := dates.refusal("days", zero, zero.plus(end)):
        raise BadInput(outside)
    from sim.build.orbit_bodies import beyond_table

    if read.body.orientation.file is not None and (beyond := beyond_table(read.body, zero, end)):
        raise BadInput(f"start: found {beyond[0]}; allowed: {beyond[1]}")
    orbit, warnings = _relay(read, zero, end)
    # From here on it is slow: all problems of what was asked have been reported.
    from sim.build.body import body_of
    from sim.output import surface_site as output
    from sim.output.beside import Beside, drawing
    from sim.planning.surface.find import SurfaceSite, find

    with (
        directory(out, loads=False) as folder,
        nullcontext(Beside()) if folder is None else drawing(("surface_year",)) as beside,
    ):
        body, model = body_of(read.body), read.site
        at = SurfaceSite(
            model.name, body, model.latitude_deg, model.longitude_deg, model.height_m, float(model.horizon_deg)
        )
        beside.look()
        tick("relay", 0.1)
        relay, ended = (None, ()) if orbit is None else _flown(orbit, zero, end)
        found = LightAndLinks(find(at, places, zero, end, min_elevation_deg, relay, tick), (*warnings, *ended))
        if folder is not None:
            output.draw(found.found, folder, beside)
            content = found.content()
            beside.finish()
            files = (*read.files, *(orbit.files if orbit else ()))
            raw = {**read.raw, **({"relay_orbit": orbit.raw} if orbit else {})}
            output.write(output.WhatWasRead(files, raw), content, folder, time.perf_counter() - began)
    return found


def is_surface_site(file: str) -> bool:
    """Whether a file, or what a name stands for, says that it is a site on another body."""
    return text.heading(shipped(Path(file), paths.SURFACE_SITES))[0] == KIND


def _relay(read: SurfaceSiteRead, zero: Epoch, end: float) -> tuple[OrbitScenario | None, tuple[str, ...]]:
    """The relay's orbit, where it has one in the span, and what to say of it; BadInput for one about another body."""
    if read.relay is None:
        return None, ()
    from sim.build.orbit import load_orbit

    orbit = load_orbit(read.relay)
    body = "Earth" if orbit.orbit.body is None else orbit.orbit.body.name
    if body != read.body.name:
        raise BadInput(
            f"relay: found '{read.site.relay}', an orbit about the {body}; write one about the {read.body.name}"
        )
    first, last = orbit.orbit.epoch, orbit.orbit.epoch.plus(orbit.orbit.duration)
    if last <= zero or first >= zero.plus(end):
        return None, (f"relay: the orbit of '{read.site.relay}' is flown from {first} to {last}: no link by it",)
    if first > zero or last < zero.plus(end):
        return orbit, (f"relay: the orbit of '{read.site.relay}' is flown from {first} to {last}: no link by it else",)
    return orbit, ()


def _flown(read: OrbitScenario, zero: Epoch, end: float) -> tuple[Relay, tuple[str, ...]]:
    """The relay's path in seconds from `zero`, no further than `end`, and what to say of one that ends before."""
    from sim.core.flight import Failure
    from sim.planning.surface.find import Relay
    from sim.propagation.propagate import OrbitEnded, propagate

    orbit, ahead = read.orbit, read.orbit.epoch.since(zero)
    ended: tuple[str, ...] = ()
    try:
        path = propagate(replace(orbit, duration=min(orbit.duration, end - ahead))).trajectory
    except OrbitEnded as end_of_orbit:
        path, ended = end_of_orbit.flown.trajectory, (f"relay: {end_of_orbit}: no link by it after that",)
    except Failure as failure:
        raise MissionFailed("relay", str(failure)) from None
    return Relay(orbit.name, replace(path, t=path.t + ahead)), ended
