"""The sensors of a ship and the model of its navigation filter, as written in a ship's file.

One-sigma noises stand beside the distances `at_m` for which they are known; between them they are interpolated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from sim.scenario.kinds import Table, length, within
from sim.scenario.view import Finding, View, increasing, ordered

LATEST_S = 0.5  # s, the latency of a sensor at most: that of a control period is the most that is modelled
Mount = Annotated[float, within(0, 50)]


class RelativeSensor(Table):
    """Every so many seconds, from the nearest to the farthest distance.

    One sigma of the errors that stay for a run, each axis: `bias_m`, and `misalignment_mrad` of those that have an
    axis. What is measured is `latency_s` old.
    """

    every_s: Annotated[float, within(0.05, 60)]
    nearest_m: Annotated[float, within(0, 1e6)]
    farthest_m: Annotated[float, within(0.1, 1e6)]
    at_m: Annotated[tuple[Annotated[float, within(0, 1e6)], ...], length(1, 12)]
    latency_s: Annotated[float, within(0, LATEST_S)] = 0.0
    bias_m: Annotated[float, within(0, 100)] = 0.0


class RelativeGnss(RelativeSensor):
    position_m: Annotated[tuple[Annotated[float, within(1e-4, 1e4)], ...], length(1, 12)]
    velocity_m_s: Annotated[tuple[Annotated[float, within(1e-5, 100)], ...], length(1, 12)]


class Ranging(RelativeSensor):
    half_cone_deg: Annotated[float, within(1, 180)]
    misalignment_mrad: Mount = 0.0
    range_m: Annotated[tuple[Annotated[float, within(1e-4, 1e4)], ...], length(1, 12)]
    line_of_sight_deg: Annotated[tuple[Annotated[float, within(1e-4, 20)], ...], length(1, 12)]
    rate_m_s: Annotated[tuple[Annotated[float, within(1e-5, 100)], ...], length(1, 12)]


class Camera(RelativeSensor):
    """`half_cone_deg` about the ship's axis, `target_half_cone_deg` about the port's. With the Sun within
    `sun_half_cone_deg` of its axis it sees nothing; nor in the Earth's shadow beyond `dark_reach_m`."""

    half_cone_deg: Annotated[float, within(1, 180)]
    target_half_cone_deg: Annotated[float, within(1, 180)]
    misalignment_mrad: Mount = 0.0
    sun_half_cone_deg: Annotated[float, within(0, 180)] = 0.0
    dark_reach_m: Annotated[float, within(0, 1e6)] = 1e6
    lateral_m: Annotated[tuple[Annotated[float, within(1e-5, 1e3)], ...], length(1, 12)]
    range_m: Annotated[tuple[Annotated[float, within(1e-5, 1e3)], ...], length(1, 12)]
    attitude_deg: Annotated[tuple[Annotated[float, within(1e-4, 45)], ...], length(1, 12)]


class Gyro(Table):
    random_walk_deg_sqrt_h: Annotated[float, within(1e-6, 10)]
    bias_deg_h: Annotated[float, within(0, 1e3)]
    misalignment_mrad: Mount = 0.0


class Accelerometer(Table):
    """One sigma each; `scale_factor_ppm`: of a burn's size as it counts it."""

    noise_ug_sqrt_hz: Annotated[float, within(1e-3, 1e5)]
    bias_ug: Annotated[float, within(0, 1e5)]
    misalignment_mrad: Mount = 0.0
    scale_factor_ppm: Annotated[float, within(0, 1e5)] = 0.0


class StarTracker(Table):
    every_s: Annotated[float, within(0.05, 60)]
    across_arcsec: Annotated[float, within(0.01, 3600)]
    roll_arcsec: Annotated[float, within(0.01, 3600)]
    latency_s: Annotated[float, within(0, LATEST_S)] = 0.0
    misalignment_arcsec: Annotated[float, within(0, 3600)] = 0.0


class SensorsBlock(Table):
    gnss: RelativeGnss
    radar: Ranging
    lidar: Ranging
    camera: Camera
    gyro: Gyro
    accelerometer: Accelerometer
    star_tracker: StarTracker


class NavigationBlock(Table):
    """`model_*`: of what Hill's equations leave out, near the station and more with distance; `station_*`: the
    attitude oscillation of the station about LVLH in the filter's model (period 0: it turns freely);
    `first_speed_m_s`: one sigma of a first velocity that nothing measures."""

    model_noise_ug_sqrt_hz: Annotated[float, within(0, 1e4)]
    model_noise_ug_sqrt_hz_km: Annotated[float, within(0, 1e4)]
    station_oscillation_deg: Annotated[float, within(0.001, 45)]
    station_period_s: Annotated[float, within(0, 1e5)]
    station_noise_deg_s2_sqrt_hz: Annotated[float, within(0, 1)]
    first_speed_m_s: Annotated[float, within(0.001, 100)]


NOISES = {
    "gnss": ("position_m", "velocity_m_s"),
    "radar": ("range_m", "line_of_sight_deg", "rate_m_s"),
    "lidar": ("range_m", "line_of_sight_deg", "rate_m_s"),
    "camera": ("lateral_m", "range_m", "attitude_deg"),
}


def sensors(view: View) -> Iterator[Finding]:
    """Every noise has a value for each of the distances, which increase; a sensor reaches farther than it begins."""
    for name, noises in NOISES.items():
        yield from ordered(view, ("sensors", name, "nearest_m"), ("sensors", name, "farthest_m"))
        yield from increasing(view, ("sensors", name, "at_m"))
        at = view("sensors", name, "at_m")
        for noise in noises:
            values = view("sensors", name, noise)
            if at and values and len(at) != len(values):
                yield Finding(("sensors", name, noise), f"{len(values)} values", f"{len(at)}, one for each of at_m")
