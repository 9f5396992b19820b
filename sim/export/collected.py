"""A flight as what the pictures are drawn from: its record, and its histories and tracks as named arrays."""

from __future__ import annotations

import numpy as np

from kernels.constants import R_EQUATOR
from sim.core.flight import Flight
from sim.environment.world import World
from sim.export.arrays import record_arrays
from sim.export.stored import PlotData, leg_names
from sim.orbit.mean_altitude import revolution
from sim.orbit.propagate import semi_major_axis

EARTH_RADIUS_KM = R_EQUATOR / 1e3
TRACK_STEP_S, FAST_TRACK_STEP_S = 30.0, 5.0
FAST_PHASES = ("ascent", "entry", "descent")
ALTITUDE_STEP_S = 60.0
MEAN_STEP_S = 1800.0


def collect(flight: Flight, raw: dict, world: World, record: dict) -> PlotData:
    """Everything that the pictures need, out of the flight; `raw` is the resolved scenario."""
    arrays = {}
    for name, leg in zip(leg_names(leg.phase for leg in flight.legs), flight.legs, strict=True):
        if leg.record is not None:
            arrays[f"record/{name}"] = np.array(type(leg.record).__name__)
            arrays |= {f"series/{name}/{key}": value for key, value in record_arrays(leg.record).items()}
    station = raw["station"]["name"]
    for vehicle in flight.vehicles:
        if vehicle != station:
            for phase, track in ground_track(flight, vehicle, world).items():
                arrays |= {f"track/{vehicle}/{phase}/{key}": value for key, value in track.items()}
    arrays |= {f"station/{key}": value for key, value in mean_altitude(flight, station).items()}
    return PlotData(record, raw, arrays)


def ground_track(flight: Flight, vehicle: str, world: World) -> dict[str, dict[str, np.ndarray]]:
    """Latitude, longitude (deg) and height over the ellipsoid (km) of a vehicle, by `leg_names` of its legs."""
    tracks = {}
    for name, leg in zip(leg_names(leg.phase for leg in flight.legs), flight.legs, strict=True):
        trajectory = leg.trajectories.get(vehicle)
        if trajectory is None:
            continue
        step = FAST_TRACK_STEP_S if leg.phase in FAST_PHASES else TRACK_STEP_S
        t = np.append(np.arange(trajectory.start, trajectory.end, step), trajectory.end)
        latitude, longitude, height = world.geodetic(t, trajectory.at(t)[0])
        tracks[name] = dict(t_s=t, latitude_deg=latitude, longitude_deg=longitude, altitude_km=height / 1e3)
    return tracks


def mean_altitude(flight: Flight, station: str) -> dict[str, np.ndarray]:
    """The station's altitude over the equatorial radius, km: mean over one revolution, and its lowest and highest.

    A mean over one revolution is free of the eccentricity and of the short-period terms of the oblateness, which
    both move the altitude by several kilometres and hide the decay.
    """
    parts = [trajectory for _, trajectory in flight.parts(station)]
    if not parts or parts[-1].end - parts[0].start < 2 * 5600.0:
        return {}
    times = [np.arange(part.start, part.end - 1.0, ALTITUDE_STEP_S) for part in parts]
    r, v = (np.concatenate(x) for x in zip(*(p.at(t)[:2] for p, t in zip(parts, times, strict=True)), strict=True))
    t = np.concatenate(times)
    radius = np.linalg.norm(r, axis=1)
    half = 0.5 * revolution(float(np.mean(semi_major_axis(r, v))))
    area = np.concatenate([[0.0], np.cumsum(0.5 * (radius[1:] + radius[:-1]) * np.diff(t))])
    centres = np.arange(t[0] + half, t[-1] - half, MEAN_STEP_S)
    mean = (np.interp(centres + half, t, area) - np.interp(centres - half, t, area)) / (2 * half)
    ends = np.searchsorted(t, np.stack([centres - half, centres + half]))
    low, high = np.array([(radius[a:b].min(), radius[a:b].max()) for a, b in ends.T]).T
    return dict(
        t_s=centres,
        mean_km=mean / 1e3 - EARTH_RADIUS_KM,
        low_km=low / 1e3 - EARTH_RADIUS_KM,
        high_km=high / 1e3 - EARTH_RADIUS_KM,
    )
