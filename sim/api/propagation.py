"""Propagate one orbit: by name, from a file, or put together in Python."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.api.asked import function, path, texts
from sim.api.orbit_asked import refuse_unsound
from sim.api.output import Progress, Where, directory, output, silent
from sim.api.trajectory_view import TrajectoryView
from sim.core import dates
from sim.core.flight import Event, Failure
from sim.files.errors import BadInput, MissionFailed
from sim.propagation.force_model import Orbit

if TYPE_CHECKING:
    from sim.build.orbit import OrbitScenario
    from sim.output.orbit import OrbitResult
    from sim.propagation.propagate import FlownOrbit
    from sim.propagation.slot import KeepingBurn
    from sim.propagation.slot_account import SlotAccount


@dataclass(frozen=True, eq=False, repr=False)
class PropagatedOrbit(TrajectoryView):
    """The trajectory of an orbit; `orbit` is what was asked for, `result` what was written, where it was.

    `ended`, `impact`, `centres`, `parts`: why it ended before its span; where on the surface of a body and how fast;
    when its centre changed (s), and to what; each part about its own centre. `kept`: the burns that kept a
    slot, which `orbit` has as impulses.
    """

    orbit: Orbit
    result: OrbitResult | None = None
    ended: str = ""
    impact: Mapping[str, float] | None = None
    centres: tuple[tuple[float, str], ...] = ()
    parts: tuple[FlownOrbit, ...] = ()
    kept: tuple[KeepingBurn, ...] = ()

    @property
    def events(self) -> list[Event]:
        """Start, end, burns, impulses, nodes, apsides and shadow crossings, in the order of time."""
        from sim.output.orbit import events

        return self.result.events if self.result else events(self._flown())

    def _flown(self) -> FlownOrbit:
        from sim.propagation.propagate import FlownOrbit

        return FlownOrbit(self.orbit, self, self.world, self.ended, self.impact, self.centres, self.parts)

    @property
    def slot(self) -> SlotAccount | None:
        """How far the craft was from a slot that was kept, and what that cost beside the theory; None without one."""
        from sim.propagation.propagate import FlownOrbit
        from sim.propagation.slot_account import account

        if self.orbit.keeping is None:
            return None
        return account(FlownOrbit(self.orbit, self, self.world, kept=self.kept))

    def plot(self, ax: Any = None) -> Any:
        """The ground track of the span, or of its first day: a figure, or drawn into the given axes."""
        from sim.output.orbit import track
        from sim.plots import drawn
        from sim.plots.track import draw

        return drawn(draw, ax, *track(self._flown()))


class PropagationEnded(MissionFailed):
    """The ground, or air that stops it, ended an orbit before its span; `flown` is what was flown, and written where a
    directory was given."""

    def __init__(self, reason: str, flown: PropagatedOrbit):
        super().__init__("propagation", reason)
        self.flown = flown


def propagate(
    orbit: Orbit | OrbitScenario | str | Path,
    out: Where | None = None,
    *,
    overrides: Sequence[str] = (),
    progress: Progress | None = None,
) -> PropagatedOrbit:
    """Fly one orbit with the forces that it names; the trajectory answers at any time of its span.

    >>> import numpy as np, sim
    >>> from sim.core.epoch import Epoch
    >>> from sim.propagation.force_model import GravityChoice, Orbit, ThirdBodyChoice
    >>> r, v = np.array([6.771e6, 0.0, 0.0]), np.array([0.0, 5.749e3, 5.080e3])  # GCRF, m and m/s
    >>> orbit = Orbit("mine", Epoch.from_utc("2026-10-24T00:00:00Z"), r, v, duration=86400.0, step=60.0,
    ...               gravity=GravityChoice("egm2008", degree=20, order=20),
    ...               third_body=ThirdBodyChoice(sun=True, moon=True))
    >>> position, velocity, mass = sim.propagate(orbit).at([0.0, 5400.0])  # (2, 3) m, (2, 3) m/s, (2,) kg
    >>> position.shape
    (2, 3)

    `orbit`: as above, or an orbit file, or the name of one that comes with the program ("iss-20x20"). Times are seconds
    from the epoch, or an Epoch. `out`: a directory for ephemeris, events and ground track, for an orbit from a file.
    `overrides`: texts `KEY=VALUE` for that file.

    ScenarioError where the file has problems. An orbit that ends in the air or on the ground before its span does is
    written as far as it was flown; then PropagationEnded, a MissionFailed, says when and how high that was, and has the
    trajectory as `flown`. For an orbit that was put together in Python it is OrbitEnded, a Failure.
    """
    if isinstance(orbit, Orbit):
        if out is not None or overrides:
            raise BadInput("`out` and `overrides` are for an orbit from a file, which the manifest names")
        refuse_unsound(orbit)
        return _propagated(orbit)
    from sim.build.orbit import OrbitScenario, load_orbit
    from sim.environment.gravity import GravityFileError
    from sim.propagation.propagate import OrbitEnded

    began = time.perf_counter()
    tick = function(progress) or silent
    if not isinstance(orbit, OrbitScenario):
        given = path(orbit, "orbit", "an Orbit, or the name or the path of an orbit file")
        orbit = load_orbit(given, texts(overrides, like="span.duration_s=86400"))
    elif overrides:
        raise BadInput("overrides change the file while it is read; give them to the name or path of the orbit")
    try:
        if out is None:
            return _propagated(_planned(orbit).orbit)
        with directory(out) as place:
            assert place is not None
            from sim.output.orbit import fly_and_write

            result = fly_and_write(orbit, place, tick, began)
    except GravityFileError as error:
        raise BadInput(str(error)) from None
    except OrbitEnded as ended:
        raise PropagationEnded(str(ended), _of(ended.flown, None)) from None
    except Failure as failure:
        raise MissionFailed("propagation", str(failure)) from None
    if ended_early := result.flown.ended:
        kept = f"{ended_early}; the {result.flown.orbit.duration:.0f} s until then are in {output(out).directory}"
        raise PropagationEnded(kept, _of(result.flown, result))
    return _of(result.flown, result)


def _planned(scenario: OrbitScenario) -> OrbitScenario:
    """With the burns of its disposal, where its file has one."""
    if scenario.disposal is None:
        return scenario
    from sim.build.disposal import planned

    return planned(scenario)[0]


def _propagated(orbit: Orbit) -> PropagatedOrbit:
    from sim.propagation.propagate import propagate as fly

    if outside := dates.refusal("orbit", orbit.epoch, orbit.epoch.plus(orbit.duration)):
        raise BadInput(outside)
    return _of(fly(orbit), None)


def _of(flown: FlownOrbit, result: OrbitResult | None) -> PropagatedOrbit:
    p, orbit = flown.trajectory, flown.orbit
    ended = flown.ended, flown.impact, flown.centres, flown.parts, flown.kept
    of = orbit.name, orbit.epoch, flown.world, orbit, result, *ended
    return PropagatedOrbit(p.t, p.r, p.v, p.a, p.mass, *of)
