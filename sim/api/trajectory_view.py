"""The trajectory of one vehicle, answered at any time as states, orbital elements, or places over the ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.api.asked import wrong
from sim.api.tables import dataframe, needed, utc_index, utc_times
from sim.api.time_span import Date, moment
from sim.core.epoch import Epoch
from sim.core.trajectory import Trajectory
from sim.environment.world import World
from sim.files.errors import TiangongError

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Time = Date | np.datetime64 | float
Times = Time | Sequence[Time] | np.ndarray


class TimeOutside(TiangongError, ValueError):
    """A time that a trajectory does not cover."""


@dataclass(frozen=True, eq=False, repr=False)
class _OfTimes:
    """What is known of a vehicle at times `t_s` (n,), s since `zero`; every other field is a column (n,)."""

    zero: Epoch
    t_s: np.ndarray

    def to_dataframe(self) -> pd.DataFrame:
        """A pandas table on UTC with a row a time; ImportError where pandas is missing."""
        columns = {name: value for name, value in vars(self).items() if name != "zero"}
        return dataframe(columns, utc_index(self.zero, self.t_s))

    def __repr__(self) -> str:
        count = len(self.t_s)
        ends = [str(self.zero.plus(float(t))) for t in self.t_s[[0, -1]]] if count else []
        span = f", {' to '.join(dict.fromkeys(ends))}" if ends else ""
        return f"<{type(self).__name__}: {count} {'time' if count == 1 else 'times'}{span}>"


@dataclass(frozen=True, eq=False, repr=False)
class KeplerianElements(_OfTimes):
    """Osculating elements at times (n,), on the true equator and equinox of date: m, degrees, s.

    Where the orbit is nearly circular the argument of perigee and the true anomaly mean little; their sum, the
    argument of latitude, is sharp.
    """

    semi_major_axis_m: np.ndarray
    eccentricity: np.ndarray
    inclination_deg: np.ndarray
    raan_deg: np.ndarray
    argument_of_perigee_deg: np.ndarray
    true_anomaly_deg: np.ndarray
    argument_of_latitude_deg: np.ndarray


@dataclass(frozen=True, eq=False, repr=False)
class GeodeticTrack(_OfTimes):
    """Places over the WGS-84 ellipsoid at times (n,): s, degrees, m; longitude from -180 to 180, east positive."""

    latitude_deg: np.ndarray
    longitude_deg: np.ndarray
    altitude_m: np.ndarray


TIMES = "seconds, an Epoch, a datetime or a UTC text, or a list of these"
SLACK_S = 1e-6  # outside by less is the end itself, as for Trajectory
DATED_S = 1e9  # s from `zero`; a time beyond is shown without its date


@dataclass(frozen=True, eq=False, repr=False)
class TrajectoryView(Trajectory):
    """A dense trajectory in GCRS with its vehicle's name, its epoch `zero`, and the world in which it was flown.

    Nodes: `t` (n,) s since `zero`, `r` (n, 3) m, `v` (n, 3) m/s, `a` (n, 3) m/s2, `mass` (n,) kg. Every method that
    takes `times` takes seconds since `zero`, an Epoch, a text like "2025-04-24T15:40:00Z", a datetime (UTC where it has
    no zone), or many of these; without them it answers at the nodes. Times outside raise TimeOutside, which is a
    ValueError too and says what is covered.
    """

    vehicle: str
    zero: Epoch
    world: World

    def at(self, times: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Position (k, 3) m, velocity (k, 3) m/s and mass (k,) kg in GCRS; one time counts as k = 1.

        At the time of an impulse it is the state after it; `before` gives the other.
        """
        return super().at(self._inside(times))

    def before(self, times: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The same, but at the time of an impulse the state before it."""
        return super().before(self._inside(times))

    def seconds(self, times: Times) -> np.ndarray:
        """Times as seconds (k,) since `zero`."""
        many = np.atleast_1d(np.asarray(times))
        if many.ndim > 1 or many.dtype.kind not in "OUMiuf":
            raise wrong("times", times, TIMES)
        if many.dtype.kind in "OUM":  # objects, texts, datetime64
            return np.array([self._second(t) for t in many], dtype=float)
        return many.astype(float)

    def _second(self, time: Time) -> float:
        if isinstance(time, np.datetime64):
            time = str(np.datetime_as_string(time, unit="ns"))
        if isinstance(time, Epoch | datetime | str):
            return moment(time, "times").since(self.zero)
        if not isinstance(time, Real):
            raise wrong("times", time, TIMES)
        return float(time)

    def _datable(self, times: Times) -> np.ndarray:
        """Seconds (k,) that a calendar has dates for; BadInput for others."""
        t = self.seconds(times)
        for wild in t[~(np.abs(t) < DATED_S)]:
            raise wrong("times", float(wild), f"seconds between -{DATED_S:g} and {DATED_S:g}")
        return t

    def _inside(self, times: Times) -> np.ndarray:
        """The same, all within the span; TimeOutside otherwise."""
        t = self.seconds(times)
        outside = t[~((t >= self.start - SLACK_S) & (t <= self.end + SLACK_S))]
        if len(outside):
            asked = f"{outside[0]:.3f} s"
            if abs(outside[0]) < DATED_S:  # not so for nan
                asked += f" ({self.zero.plus(float(outside[0]))})"
            raise TimeOutside(
                f"found the time {asked}, which lies outside this trajectory of {self.vehicle}: it goes from "
                f"{self.zero.plus(self.start)} to {self.zero.plus(self.end)}, which is path.start = {self.start:.3f} "
                f"to path.end = {self.end:.3f} in seconds since path.zero = {self.zero}, where the "
                "simulated time begins; ask for seconds, an Epoch or a UTC text between them"
            )
        return t

    def utc(self, times: Times | None = None) -> np.ndarray:
        """UTC (k,) as datetime64 in nanoseconds."""
        return utc_times(self.zero, self.t if times is None else self._datable(times))

    def elements(self, times: Times | None = None) -> KeplerianElements:
        """Osculating elements at `times`, on the true equator and equinox of date."""
        from kernels.orbit.kepler import state_to_elements

        t = self._chosen(times)
        rows = np.empty((len(t), 7))
        for row, when, r, v in zip(rows, t, *self._states_at(t)[:2], strict=True):
            turn = self.world.true_of_date(float(when))
            row[:] = state_to_elements(turn @ r, turn @ v, self.world.forces.gravity.mu)
        a, e, *angles = rows.T
        return KeplerianElements(self.zero, t, a, e, *(np.degrees(angle) for angle in angles))

    def geodetic(self, times: Times | None = None) -> GeodeticTrack:
        """Latitude, longitude and altitude at `times`."""
        t = self._chosen(times)
        return GeodeticTrack(self.zero, t, *self.world.geodetic(t, self._states_at(t)[0]))

    def to_dataframe(self, times: Times | None = None) -> pd.DataFrame:
        """A pandas table on UTC: `t_s`, position `x_m, y_m, z_m`, velocity `vx_m_s, vy_m_s, vz_m_s` (GCRS), `mass_kg`.

        ImportError where pandas is missing, with what to install.
        """
        t = self._chosen(times)
        r, v, mass = self._states_at(t)
        position = {f"{axis}_m": r[:, i] for i, axis in enumerate("xyz")}
        velocity = {f"v{axis}_m_s": v[:, i] for i, axis in enumerate("xyz")}
        columns = {"t_s": t, **position, **velocity, "mass_kg": mass}
        return dataframe(columns, utc_index(self.zero, t))

    def to_xarray(self, times: Times | None = None) -> xr.Dataset:
        """An xarray data set over `utc` and `axis`: `position` m, `velocity` m/s (GCRS), `mass` kg and `t` s.

        ImportError where xarray is missing, with what to install.
        """
        xarray = needed("xarray", "xarray")
        t = self._chosen(times)
        r, v, mass = self._states_at(t)
        variables = {
            "position": (("utc", "axis"), r, {"units": "m", "frame": "GCRS"}),
            "velocity": (("utc", "axis"), v, {"units": "m/s", "frame": "GCRS"}),
            "mass": (("utc",), mass, {"units": "kg"}),
            "t": (("utc",), t, {"units": "s", "long_name": f"seconds since {self.zero}"}),
        }
        coordinates = {"utc": utc_times(self.zero, t), "axis": ["x", "y", "z"]}
        return xarray.Dataset(variables, coordinates, {"vehicle": self.vehicle, "zero": self.zero.utc()})

    def _chosen(self, times: Times | None) -> np.ndarray:
        return self.t.copy() if times is None else self._inside(times)

    def _states_at(self, t: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """States at `t`; at the nodes those of the nodes themselves, so that both sides of an impulse are there."""
        if len(t) == len(self.t) and (t == self.t).all():
            return self.r, self.v, self.mass
        return super().at(t)

    def __repr__(self) -> str:
        span = f"{self.zero.plus(self.start)} to {self.zero.plus(self.end)}"
        return f"<{type(self).__name__} of {self.vehicle}: {span}, {len(self.t)} nodes, GCRS>"


def view(path: Trajectory, vehicle: str, zero: Epoch, world: World) -> TrajectoryView:
    """A trajectory of the library with what it needs to answer by date and over the ground."""
    return TrajectoryView(path.t, path.r, path.v, path.a, path.mass, vehicle, zero, world)
