"""A ship's sensors and the model of its navigation filter, as the kernels take them: SI, from the file's models."""

from __future__ import annotations

import math

import numpy as np

from kernels.constants import G0
from kernels.sensors.relative_filter import FilterModel
from kernels.sensors.sensors import SensorSuite, instrument

DEGREE = math.pi / 180.0
ARCSECOND = DEGREE / 3600.0
MICRO_G = 1e-6 * G0


def sensors_of(model) -> SensorSuite:
    """The record of a ship's `[sensors]`."""
    gnss, radar, lidar, camera = model.gnss, model.radar, model.lidar, model.camera
    tracker, gyro, accelerometer = model.star_tracker, model.gyro, model.accelerometer
    across, roll = ARCSECOND * tracker.across_arcsec, ARCSECOND * tracker.roll_arcsec
    return SensorSuite(
        gnss=_instrument(gnss, 180.0, 0.0, gnss.position_m, gnss.velocity_m_s),
        radar=_ranging(radar),
        lidar=_ranging(lidar),
        camera=_instrument(
            camera,
            camera.half_cone_deg,
            camera.misalignment_mrad,
            camera.lateral_m,
            camera.range_m,
            _radians(camera.attitude_deg),
        ),
        target_cosine=math.cos(DEGREE * camera.target_half_cone_deg),
        tracker_every=float(tracker.every_s),
        tracker=np.array([across, across, roll]),  # it looks away from the Earth, along -z
        gyro_walk=DEGREE / 60.0 * gyro.random_walk_deg_sqrt_h,
        gyro_bias=DEGREE / 3600.0 * gyro.bias_deg_h,
        accelerometer_noise=MICRO_G * accelerometer.noise_ug_sqrt_hz,
        accelerometer_bias=MICRO_G * accelerometer.bias_ug,
        tracker_latency=float(tracker.latency_s),
        tracker_mount=ARCSECOND * tracker.misalignment_arcsec,
        gyro_mount=1e-3 * gyro.misalignment_mrad,
        accelerometer_mount=1e-3 * accelerometer.misalignment_mrad,
        sun_cosine=math.cos(DEGREE * camera.sun_half_cone_deg) if camera.sun_half_cone_deg > 0.0 else 2.0,
        dark_reach=float(camera.dark_reach_m),
    )


def filter_model_of(model) -> FilterModel:
    """The record of a ship's `[navigation]`."""
    period = model.station_period_s
    return FilterModel(
        model=MICRO_G * model.model_noise_ug_sqrt_hz,
        model_slope=1e-3 * MICRO_G * model.model_noise_ug_sqrt_hz_km,
        oscillation=2.0 * math.pi / period if period else 0.0,
        station=DEGREE * model.station_oscillation_deg,
        station_noise=DEGREE * model.station_noise_deg_s2_sqrt_hz,
        speed=float(model.first_speed_m_s),
    )


def _ranging(g):
    return _instrument(g, g.half_cone_deg, g.misalignment_mrad, g.range_m, _radians(g.line_of_sight_deg), g.rate_m_s)


def _instrument(g, half_cone_deg: float, misalignment_mrad: float, *noises):
    return instrument(
        g.every_s,
        g.nearest_m,
        g.farthest_m,
        DEGREE * half_cone_deg,
        g.at_m,
        *noises,
        latency=g.latency_s,
        mount=1e-3 * misalignment_mrad,
        bias=g.bias_m,
    )


def _radians(degrees) -> np.ndarray:
    return DEGREE * np.array(degrees, dtype=np.float64)
