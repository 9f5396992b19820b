"""What is seen about the Moon: by a craft's camera, and in the sky of a place on the ground."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.core.epoch import Epoch
from sim.environment.central_body import CentralBody, map_axes_at
from sim.events.sky import sun
from sim.propagation.centres import shift
from sim.propagation.propagate import FlownOrbit


class Sight(NamedTuple):
    """From a craft: `height_km`; `latitude_deg`, `longitude_deg` east and `sun_elevation_deg` of the point below;
    `phase_angle_deg` Sun - Moon - craft, and the `lit_part` of the disc that goes with it from afar; `moon_width_deg`;
    `sun_off_nadir_deg`; `earth_off_limb_deg`, negative and `earth_hidden` 1 behind the Moon."""

    height_km: float
    latitude_deg: float
    longitude_deg: float
    sun_elevation_deg: float
    phase_angle_deg: float
    lit_part: float
    moon_width_deg: float
    sun_off_nadir_deg: float
    earth_off_limb_deg: float
    earth_hidden: float


def sight(flown: FlownOrbit, t: float) -> Sight:
    """Of an orbit about the Moon at `t` s; no terrain."""
    body = flown.orbit.body
    assert body is not None
    times = np.array([t])
    r = flown.trajectory.at(times)[0]
    latitude, longitude, height = flown.world.geodetic(times, r)
    place, star, earth = r[0], sun(flown.world, times)[0], flown.world.other(t)
    phase = _angle(place, star)
    wide = math.asin(min(1.0, body.radius / float(np.linalg.norm(place))))
    limb = _angle(earth - place, -place) - wide
    up = place / np.linalg.norm(place)
    return Sight(
        height_km=float(height[0]) / 1e3,
        latitude_deg=float(latitude[0]),
        longitude_deg=float(longitude[0]) % 360.0,
        sun_elevation_deg=90.0 - math.degrees(_angle(up, star - body.radius * up)),
        phase_angle_deg=math.degrees(phase),
        lit_part=0.5 * (1.0 + math.cos(phase)),
        moon_width_deg=math.degrees(2.0 * wide),
        sun_off_nadir_deg=math.degrees(_angle(star - place, -place)),
        earth_off_limb_deg=math.degrees(limb),
        earth_hidden=float(limb < 0.0),
    )


def local_sky(
    body: CentralBody, latitude_deg: float, longitude_deg: float, epoch: Epoch
) -> tuple[np.ndarray, dict[str, float]]:
    """The unit vector up (3,) in ICRS axes at a place, and `sun_elevation_deg`, `sun_azimuth_deg` (from north through
    east) and `earth_elevation_deg` there: of the centres, in the places of that instant, over a level horizon."""
    turn = map_axes_at(body, epoch)
    lat, lon = math.radians(latitude_deg), math.radians(longitude_deg)
    up = turn.T @ [math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)]
    east = np.cross(turn[2], up)
    east /= np.linalg.norm(east)
    found = {}
    for name in ("sun", "earth"):
        d = shift(body.ephemeris, name, epoch, 0.0, 0.0).at(0.0)[0][0] - body.radius * up
        d /= np.linalg.norm(d)
        found[f"{name}_elevation_deg"] = math.degrees(math.asin(float(d @ up)))
        if name == "sun":
            azimuth = math.atan2(float(d @ east), float(d @ np.cross(up, east)))
            found["sun_azimuth_deg"] = math.degrees(azimuth) % 360.0
    return up, found


def _angle(a: np.ndarray, b: np.ndarray) -> float:
    return math.atan2(float(np.linalg.norm(np.cross(a, b))), float(a @ b))
