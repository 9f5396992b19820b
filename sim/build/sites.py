"""Launch and landing sites in SI."""

from __future__ import annotations

import math

from sim.core.ground_site import Site
from sim.scenario import catalogue


def site_of(model: catalogue.SiteFile) -> Site:
    return Site(
        model.name,
        math.radians(model.latitude_deg),
        math.radians(model.longitude_deg),
        model.height_m,
        math.radians(model.slope_deg),
    )
