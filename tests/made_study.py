"""The study of a made ascent, by hand: smooth curves with every history and figure that the pictures look for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.ascent.range_safety.study import Studied
from sim.core.ascent_record import (
    AbortHistory,
    AbortMode,
    AscentStudy,
    DebrisFootprint,
    HiddenView,
    ImpactHistory,
    PublishedEvent,
    PublishedSequence,
    RecoveryArea,
    SightedView,
    ViewHistory,
)
from sim.core.histories import rows


def made_study(liftoff: float) -> Studied:
    """The histories and the figures, as `sim.ascent.range_safety.study` leaves them."""
    t = np.arange(0.0, 460.5, 2.0)
    s = t / 460.0
    impact = ImpactHistory(
        t_s=liftoff + t,
        latitude_deg=40.95 - 16.0 * s**4,
        longitude_deg=100.29 + 42.0 * s**4 + 3.0 * s,
        time_to_go_s=15.0 + 400.0 * s,
        downrange_km=4500.0 * s**4,
    )
    when = np.arange(0.0, 586.0, 10.0)
    mode = np.digitize(when, [120.0, 210.0, 470.0])
    lands = when < 470.0
    share = np.minimum(when / 460.0, 1.0)

    def where_it_lands(values):
        return np.where(lands, values, np.nan)

    aborts = AbortHistory(
        t_s=liftoff + when,
        mode=mode,
        load_g=np.where(mode == 0, 11.0, np.where(lands, 4.0 + 10.0 * share, 0.13)),
        escape_load_g=np.where(mode == 0, 11.0, 0.0),
        ballistic_load_g=where_it_lands(18.0 * share),
        latitude_deg=where_it_lands(40.9 - 16.0 * share**3),
        longitude_deg=where_it_lands(100.4 + 42.0 * share**3),
        ballistic_latitude_deg=where_it_lands(40.9 - 15.5 * share**3),
        ballistic_longitude_deg=where_it_lands(100.4 + 40.0 * share**3),
        downrange_km=where_it_lands(4400.0 * share**3),
        delta_v_m_s=np.where(mode == 3, 200.0, 0.0),
        area=np.where(lands, 0, -1),
    )
    up = np.arange(20.0, 500.0, 1.0)
    arch = np.sin(np.pi * (up - 20.0) / 480.0)
    view = ViewHistory(
        t_s=liftoff + up,
        azimuth_deg=300.0 - 0.4 * up + 360.0 * (up > 750.0),
        elevation_deg=35.0 * arch,
        range_km=900.0 - 400.0 * arch,
    )
    events = (PublishedEvent(event="booster_separation", published_s=155.0, flown_s=154.9, off_percent=-0.06),)
    corners = ((42.0, 100.5), (40.4, 100.1), (34.6, 119.2), (36.1, 120.2))
    modes = ("escape tower", "high-altitude motors", "separation", "to orbit")
    piece = DebrisFootprint(
        name="booster",
        count=4,
        event="booster_separation",
        latitude_deg=39.5,
        longitude_deg=106.9,
        downrange_km=586.0,
        half_length_km=22.0,
        half_width_km=6.0,
        heading_deg=109.0,
        falls_for_s=460.0,
        speed_m_s=61.0,
        mass_per_drag_area_kg_m2=230.0,
    )
    seen = SightedView(
        site="a town",
        visible=True,
        rises_s=20.0,
        sets_s=500.0,
        highest_deg=35.0,
        highest_at_s=260.0,
        highest_azimuth_deg=196.0,
        nearest_km=500.0,
    )
    ways = tuple(
        AbortMode(
            mode=name,
            from_s=0.0,
            to_s=120.0,
            load_least_g=10.0,
            load_most_g=11.0,
            ballistic_most_g=4.0,
            downrange_most_km=200.0,
            delta_v_most_m_s=0.0,
            times=13,
            outside_all_areas=0,
        )
        for name in modes
    )
    stage = dict(name="first stage", count=1, latitude_deg=39.3, longitude_deg=107.6, downrange_km=652.0)
    figures = AscentStudy(
        published=(PublishedSequence(name="a list", chosen=True, events=events),),
        debris=(piece, replace(piece, **stage)),
        views=(seen, HiddenView(site="another town", visible=False, below_horizon_deg=9.9)),
        aborts=ways,
        areas=(RecoveryArea(name="land", on="land", corners_deg=corners),),
    )
    return Studied(impact, aborts, (view, rows(view, slice(0))), figures, ())
