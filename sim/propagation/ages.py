"""How far the packaged tables of Earth orientation and space weather reach, and warnings for an orbit beyond."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache

from sim.core.epoch import Epoch
from sim.environment.space_weather import PUBLISHED, days, kind_at, table, weather_of
from sim.propagation.force_model import Orbit

_MJD_ZERO = Epoch.from_utc("2000-01-01T00:00:00Z")
_MJD_OF_ZERO = 51544


@dataclass(frozen=True)
class Reach:
    """Days, at 0 h UTC: the first of the table, the last measured one and the last predicted one."""

    first: str
    measured: str
    predicted: str


@lru_cache(maxsize=1)
def iers_reach() -> Reach:
    """Of finals2000A in `astropy-iers-data`: column 58 marks whether UT1-UTC is measured (I) or predicted (P)."""
    from sim.environment.orientation import iers_table

    days: dict[str, list[int]] = {"I": [], "P": []}
    with iers_table().open(encoding="ascii") as file:
        for line in file:
            if (flag := line[57:58]) in days:
                days[flag].append(int(float(line[7:15])))
    return Reach(_day(days["I"][0]), _day(days["I"][-1]), _day(max(days["P"] + days["I"])))


def _day(mjd: int) -> str:
    return _MJD_ZERO.plus((mjd - _MJD_OF_ZERO) * 86400.0 + 43200.0).utc(0)[:10]


def orientation_warnings(orbit: Orbit) -> Iterator[str]:
    """A sentence where UT1 comes from the table and the span leaves it."""
    if orbit.orientation.model == "uniform" or orbit.orientation.ut1_utc is not None:
        return
    reach, first, last = iers_reach(), orbit.epoch.utc(0)[:10], orbit.epoch.plus(orbit.duration).utc(0)[:10]
    if last > reach.predicted:
        yield f"the end, {last}, lies beyond the IERS table, which ends on {reach.predicted}: UT1 is extrapolated"
    elif first < reach.first:
        yield f"the start, {first}, lies before the IERS table, which begins on {reach.first}: UT1 is extrapolated"


def weather_warnings(orbit: Orbit) -> Iterator[str]:
    """A sentence where the air rests on space weather that was predicted."""
    if not orbit.atmosphere.packaged_weather:
        return
    kind, known = kind_at(orbit.epoch.plus(orbit.duration)), table()
    if kind == "observed":
        return
    beyond = f"after {known.observed} it is predicted day by day"
    if kind == "monthly":
        beyond += f", after {known.predicted} month by month, with a mean Ap of {known.ap[-1]:.0f}"
    yield f"the space weather of the span is not all observed: of the packaged table of {PUBLISHED}, {beyond}"


def space_weather(orbit: Orbit) -> dict | None:
    """For the manifest: what the air was made with, and of a table how far it reaches and the values of each day."""
    air = orbit.atmosphere
    if air.model != "nrlmsise00":
        return None
    if not air.packaged_weather:
        return {"source": "as given", "f107": air.f107, "f107a": air.f107a, "ap": air.ap}
    end, known = orbit.epoch.plus(orbit.duration), table()
    return {
        "source": f"the packaged table of {PUBLISHED}",
        "observed_to": str(known.observed),
        "predicted_daily_to": str(known.predicted),
        "predicted_monthly_to": str(known.last),
        "end_rests_on": kind_at(end),
        "days": {str(day): asdict(weather_of(day)) for day in days(orbit.epoch, end)},
    }
