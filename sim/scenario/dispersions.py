"""From the tables of a file to what is drawn."""

from __future__ import annotations

import math

from sim.scenario import dispersible
from sim.scenario.campaign_file import DispersionTable, WindTable
from sim.scenario.dispersible import Dispersion
from sim.scenario.dispersion_checks import SPREADS

Profile = tuple[tuple[float, float], ...]  # height m and share of a drawn wind


def wind_profile(wind: WindTable | None) -> Profile:
    return tuple((1e3 * h, s) for h, s in zip(wind.height_km, wind.share, strict=True)) if wind else ()


def dispersion(table: DispersionTable, wind: tuple[tuple[float, float], ...]) -> Dispersion:
    target = dispersible.PATHS[dispersible.unstaged(table.path)]
    spread = next(float(v) for v in (getattr(table, key) for key in SPREADS) if v is not None)
    limit = math.inf if table.limit_sigmas is None else float(table.limit_sigmas)
    profile = wind if target.profiled else ()
    return Dispersion(
        path=table.path,
        law=table.law,
        spread=spread,
        unit=target.unit,
        limit=limit,
        profile=profile,
        source=table.source,
    )
