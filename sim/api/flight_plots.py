"""The pictures of a flight, each a method: they take axes of the user's figure, or make a figure of their own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.api.asked import path
from sim.core.flight import Flight
from sim.environment.world import World
from sim.files.errors import BadInput
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.export.stored import PlotData


@dataclass(frozen=True, eq=False, repr=False)
class FlightPlots:
    """`flight.plot`. A method without axes returns a matplotlib figure; with `ax` it draws there and returns `ax`.

    A picture has several panels. Given axes are switched off, and the whole picture is laid into the largest rectangle
    of its own aspect inside them, as an image with as many pixels as the figure has there: texts are as small as the
    axes are, so give it some 15 cm of width or save with more dots an inch. matplotlib's settings stay the user's.
    BadInput where the flight has not flown what a picture shows.
    """

    flight: Flight
    world: World
    scenario: Scenario

    def __call__(self, directory: str | Path | None = None, form: str = "png") -> list[str]:
        """Draw every picture into `directory` and return the paths; without one, return the pictures' names.

        `form`: `png` or `svg`; BadInput for another.
        """
        from sim.plots import PICTURES, draw

        if directory is None:
            return [name.replace("-", "_") for name in PICTURES]
        return [str(written) for written in draw(self._data, path(directory, "directory"), form=form)]

    @cached_property
    def _data(self) -> PlotData:
        from sim.export.collected import collect
        from sim.export.plain import plain
        from sim.export.record import as_record

        raw = plain(self.scenario.raw, "scenario")
        return collect(self.flight, raw, self.world, as_record(self.flight, raw))

    def _draw(self, name: str, ax: Any) -> Any:
        from sim.plots import figure

        drawn = figure(name, self._data, ax)
        if drawn is None:
            raise BadInput(f"there is nothing to draw for '{name}': the flight has no phase that it shows")
        return drawn

    def ground_track(self, ax: Any = None) -> Any:
        """The world with ascent, rendezvous and return, and both ends enlarged. Given axes are switched off."""
        return self._draw("ground-track", ax)

    def docking_windows(self, ax: Any = None) -> Any:
        """The launch opportunities, and why the one that was flown was taken. Given axes are switched off."""
        return self._draw("docking-windows", ax)

    def ascent(self, ax: Any = None) -> Any:
        """The ascent over time: height, speed, load, dynamic pressure, angles. Given axes are switched off."""
        return self._draw("ascent", ax)

    def ascent_range(self, ax: Any = None) -> Any:
        """Where stages and a failing ascent may come down. Given axes are switched off."""
        return self._draw("ascent-range", ax)

    def ascent_view(self, ax: Any = None) -> Any:
        """The ascent as seen from the ground. Given axes are switched off."""
        return self._draw("ascent-view", ax)

    def aborts(self, ax: Any = None) -> Any:
        """How a crew leaves a failing launcher, by the time of the failure. Given axes are switched off."""
        return self._draw("aborts", ax)

    def rendezvous(self, ax: Any = None) -> Any:
        """The approach in the station's orbital frame, from phasing to contact. Given axes are switched off."""
        return self._draw("rendezvous", ax)

    def closing(self, ax: Any = None) -> Any:
        """Speed against distance, with the limits near the station. Given axes are switched off."""
        return self._draw("closing", ax)

    def attitude(self, ax: Any = None) -> Any:
        """Attitude from the fly-around to contact. Given axes are switched off."""
        return self._draw("attitude", ax)

    def navigation(self, ax: Any = None) -> Any:
        """The errors of the navigation filter, beside its own standard deviation. Given axes are switched off."""
        return self._draw("navigation", ax)

    def thrusters(self, ax: Any = None) -> Any:
        """Thruster firings and propellant. Given axes are switched off."""
        return self._draw("thrusters", ax)

    def camera(self, ax: Any = None) -> Any:
        """What the docking camera sees of the port. Given axes are switched off."""
        return self._draw("camera", ax)

    def contact(self, ax: Any = None) -> Any:
        """Contact, capture and hard mate: forces, strokes and angles. Given axes are switched off."""
        return self._draw("contact", ax)

    def arm(self, ax: Any = None) -> Any:
        """The robotic arm from two sides, its joints over time, and how the station turns. Given axes are switched
        off."""
        return self._draw("arm", ax)

    def departure(self, ax: Any = None) -> Any:
        """The way off the port and away from the station, range and its rate. Given axes are switched off."""
        return self._draw("departure", ax)

    def week(self, ax: Any = None) -> Any:
        """Who does what while both ships are docked, where the mission names a week. Given axes are switched off."""
        return self._draw("week", ax)

    def station_altitude(self, ax: Any = None) -> Any:
        """The mean altitude of the station over the flight. Given axes are switched off."""
        return self._draw("station-altitude", ax)

    def return_sequence(self, ax: Any = None) -> Any:
        """The return beside the published one: altitudes and times, and each figure in its band. Given axes are
        switched off."""
        return self._draw("return-sequence", ax)

    def footprint(self, ax: Any = None) -> Any:
        """A map of the entry: what could be reached, the ballistic point, the service module's pieces, the site. Given
        axes are switched off."""
        return self._draw("footprint", ax)

    def entry_corridor(self, ax: Any = None) -> Any:
        """Altitude against speed and against range to go, with the limits. Given axes are switched off."""
        return self._draw("entry-corridor", ax)

    def descent(self, ax: Any = None) -> Any:
        """Under the parachutes: altitude, speed, load, the last seconds. Given axes are switched off."""
        return self._draw("descent", ax)

    def entry(self, ax: Any = None) -> Any:
        """Load, heat flux, dynamic pressure and bank of the entry. Given axes are switched off."""
        return self._draw("entry", ax)

    def timeline(self, ax: Any = None) -> Any:
        """Phases, events, crew and craft on one axis of time. Given axes are switched off."""
        return self._draw("timeline", ax)

    def __repr__(self) -> str:
        return f"<pictures of {self.flight.name}: {', '.join(self())}>"
