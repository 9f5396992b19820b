"""The limits of the landing rules in SI."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.orbit import tracking
from sim.orbit.tracking import Links
from sim.reentry.landing_opportunities import LandingLimits
from sim.scenario.landing_rules import LandingRules

HOUR = 3600.0
RAYLEIGH = math.sqrt(2.0 / math.pi)  # one sigma of an axis, of the mean speed
RULES = (
    "cross_range",
    "crew_day",
    "wind",
    "burn_links",
    "landing_links",
    "weather",
    "light",
    "backup_revolution",
    "backup_day",
)


def landing_limits(
    rules: LandingRules,
    closed: Sequence[str] = (),
    winds: Sequence[tuple[float, float]] | None = None,
) -> LandingLimits:
    """`closed`: days of UTC that the weather closes. `winds`: of each month
    the speed of the mean wind near the ground and one sigma of each axis, m/s, where the site has a file of its winds;
    without it those of the rules, whose means are of the speed: a wind without direction, spread by Rayleigh."""
    day, wind, when = rules.crew_day, rules.wind, rules.timeline
    return LandingLimits(
        hard=frozenset(name for name in RULES if getattr(rules, name).hard),
        cross_range=1e3 * rules.cross_range.most_km,
        day=HOUR * day.longest_h,
        woken=HOUR * day.woken_before_undocking_h,
        night=HOUR * day.night_from_h,
        rested=HOUR * day.after_night_h,
        wind=wind.limit_m_s,
        wind_share=wind.share_most,
        wind_months=tuple(winds or ((0.0, RAYLEIGH * mean) for mean in wind.mean_m_s)),
        burn_cover=rules.burn_links.coverage_least,
        landing_cover=rules.landing_links.coverage_least,
        sun=math.radians(rules.light.sun_least_deg),
        revolution=HOUR * rules.backup_revolution.within_h,
        next_day=(HOUR * rules.backup_day.from_h, HOUR * rules.backup_day.within_h),
        burn_before=when.burn_before_s,
        burn=when.burn_s,
        opening=when.opening_height_m,
        after=when.touchdown_after_s,
        closed=tuple(closed),
    )


def landing_links(rules: LandingRules) -> tuple[Links, float]:
    """Relays and ground stations, and the sine of the elevation from which a relay is in sight at the site."""
    burn = rules.burn_links
    links = tracking.links(1e3 * burn.relay_mask_km, burn.elevation_least_deg)
    return links, math.sin(math.radians(rules.landing_links.elevation_least_deg))
