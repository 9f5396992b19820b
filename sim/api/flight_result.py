"""A flight as Python sees it: legs by the name of their phase, trajectories by vehicle, pictures by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from pathlib import Path

from sim.api import flight_text
from sim.api.asked import number, path, text, wrong
from sim.api.flight_plots import FlightPlots
from sim.api.trajectory_view import DATED_S, TrajectoryView, view
from sim.core.epoch import Epoch
from sim.core.flight import Event, Flight, Leg, RuleCheck, phase_name
from sim.core.records import PhaseRecord
from sim.core.trajectory import joined
from sim.environment.world import World
from sim.files.errors import BadInput
from sim.files.problems import nearest
from sim.scenario import Scenario


@dataclass(frozen=True, eq=False, repr=False)
class LegResult:
    """What one phase did: `leg`, with the flight's epoch `zero` and the world in which it was flown."""

    leg: Leg
    zero: Epoch
    world: World

    @property
    def phase(self) -> str:
        """The name of the phase, such as "docking"."""
        return self.leg.phase

    @property
    def record(self) -> PhaseRecord | None:
        """What the phase recorded: figures and histories by attribute, each with its unit in the name."""
        return self.leg.record

    @property
    def events(self) -> tuple[Event, ...]:
        """What happened, in order: name, `t` s since the flight's zero, vehicle, and values."""
        return self.leg.events

    @property
    def checks(self) -> tuple[RuleCheck, ...]:
        """The flight rules judged in this phase: the worst value, its limit, the margin, and whether it passed."""
        return self.leg.verdicts

    @property
    def status(self) -> str:
        """ "flown" or "failed"."""
        return self.leg.status

    @property
    def reason(self) -> str:
        """Why the phase failed; empty where it did not."""
        return self.leg.reason

    @property
    def vehicles(self) -> list[str]:
        """Whose trajectories the leg holds."""
        return list(self.leg.trajectories)

    def trajectory(self, vehicle: str) -> TrajectoryView:
        """The trajectory of a vehicle in this leg; KeyError names those that flew freely in it."""
        vehicle = text(vehicle, "vehicle")
        if vehicle not in self.leg.trajectories:
            if vehicle in self.leg.scene.docked:
                raise KeyError(_docked(vehicle, self.leg))
            raise KeyError(_nothing_free(vehicle, f"in {self.phase}", self.vehicles))
        return view(self.leg.trajectories[vehicle], vehicle, self.zero, self.world)

    def __repr__(self) -> str:
        return flight_text.leg_line(self.leg, self.zero)


@dataclass(frozen=True, eq=False, repr=False)
class FlightResult:
    """A whole mission as it went.

    `flight["docking"]` is a leg by its phase and `flight[3]` by its place; `plot` draws. `flight` is the plain record,
    `world` where it was flown, `scenario` what it was made from, None for a mission that was put together in Python.
    """

    flight: Flight
    world: World
    scenario: Scenario | None = None

    @property
    def name(self) -> str:
        """The name of the mission."""
        return self.flight.name

    @property
    def zero(self) -> Epoch:
        """The epoch from which `t` counts in seconds."""
        return self.flight.zero

    @property
    def legs(self) -> tuple[LegResult, ...]:
        """Every leg, in the order in which they were flown."""
        return tuple(self._leg(leg) for leg in self.flight.legs)

    @property
    def events(self) -> list[Event]:
        """Everything that happened, in the order of time."""
        return self.flight.events

    @property
    def checks(self) -> list[RuleCheck]:
        """Every flight rule that was judged."""
        return self.flight.verdicts

    @property
    def failed(self) -> Leg | None:
        """The leg that could not be flown, with its `phase` and `reason`; None where all was flown."""
        return self.flight.failed

    @property
    def vehicles(self) -> list[str]:
        """Every vehicle that has a trajectory."""
        return self.flight.vehicles

    def first(self, event: str) -> Event | None:
        """The first event of that name, such as "docked"; None where there was none."""
        return self.flight.first(event)

    def epoch(self, t: float) -> Epoch:
        """The time `t` s since the flight's zero as an Epoch."""
        return self.flight.epoch(number(t, "t", DATED_S))

    def trajectory(self, vehicle: str) -> TrajectoryView:
        """The trajectory of a vehicle over all legs in which it flew freely.

        Between two such legs (a ship that is docked flies with the station) the curve is no trajectory; ask for a leg
        where that matters. KeyError names the vehicles that have one.
        """
        vehicle = text(vehicle, "vehicle")
        parts = [path for _, path in self.flight.parts(vehicle)]
        if not parts:
            raise KeyError(_nothing_free(vehicle, "in this flight", self.vehicles))
        return view(joined(parts), vehicle, self.zero, self.world)

    @cached_property
    def plot(self) -> FlightPlots:
        """The pictures of the flight: `flight.plot.rendezvous(ax=ax)`, `flight.plot()` for the names of all."""
        if self.scenario is None:
            raise BadInput(
                "pictures need the scenario of the mission; fly a name, a path, or what sim.build(sim.load(...)) gives"
            )
        return FlightPlots(self.flight, self.world, self.scenario)

    def write(self, directory: str | Path) -> None:
        """Write every file of a run into a directory that exists; `sim.run` flies and writes in one."""
        from sim.output.run import write

        place = path(directory, "directory")
        if not place.is_dir():
            raise wrong("directory", str(place), "a directory that exists")
        if self.scenario is None:
            raise BadInput("a report needs the scenario of the mission; fly a name or a path")
        write(self.flight, self.scenario, self.world, place, {})

    def _leg(self, leg: Leg) -> LegResult:
        return LegResult(leg, self.zero, self.world)

    def __getitem__(self, which: str | int) -> LegResult:
        """A leg by its phase (the first of that name, which may be as the table prints it) or place, or a KeyError.

        BadInput for what is neither a text nor a whole number.
        """
        if isinstance(which, Integral):
            if not -len(self) <= which < len(self):
                raise IndexError(f"the flight has {len(self)} legs, 0 to {len(self) - 1}; found {which}")
            return self._leg(self.flight.legs[int(which)])
        if not isinstance(which, str):
            raise wrong("phase", which, "the name of a phase, like 'docking', or the number of a leg")
        phases = [leg.phase for leg in self.flight.legs]
        asked = which.strip().lower()
        shown = next((name for name in phases if phase_name(name) == asked), None)
        name = shown or asked.replace("-", "_").replace(" ", "_")
        if name not in phases:
            close = nearest(which, [*phases, *map(phase_name, phases)])
            hint = f" (did you mean '{close}'?)" if close else ""
            raise KeyError(f"the flight has no phase '{which}'{hint}; it has {', '.join(dict.fromkeys(phases))}")
        return self._leg(self.flight.legs[phases.index(name)])

    def __iter__(self) -> Iterator[LegResult]:
        return iter(self.legs)

    def __len__(self) -> int:
        return len(self.flight.legs)

    def __repr__(self) -> str:
        return "\n".join(flight_text.lines(self.flight))

    def _repr_html_(self) -> str:
        return flight_text.html(self.flight)


def _docked(vehicle: str, leg: Leg) -> str:
    free = [name for name in leg.trajectories if name not in leg.scene.docked]
    which = f"trajectory('{free[0]}')" if len(free) == 1 else f"its trajectory is one of {', '.join(free)}"
    port = leg.scene.docked[vehicle]
    return f"'{vehicle}' is docked to the station ({port} port) in {leg.phase}; it flies with the station: {which}"


def _nothing_free(vehicle: str, where: str, those: list[str]) -> str:
    return f"'{vehicle}' does not fly freely {where}; what does: {', '.join(those) or 'nothing'}"
