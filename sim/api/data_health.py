"""Whether the data are as shipped, how old they are, and what of the machine code is made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from sim.api.finding import NOTE, OK, WRONG, Finding, of_error
from sim.files import packaged
from sim.files.errors import TiangongError

OLD_ELEMENTS_DAYS = 60.0  # the station is trimmed more often than that, so that an older set misses its orbit
J2000 = date(2000, 1, 1)  # at noon: Julian date 2451545.0


def today() -> date:
    return datetime.now(UTC).date()


def shipped() -> Iterator[Finding]:
    """Every file against its SHA-256."""
    try:
        yield Finding(OK, "data", f"{packaged.compare_all()} files are as shipped")
    except TiangongError as error:
        yield from of_error("data", error)


def elements() -> Iterator[Finding]:
    """The youngest element set of the station."""
    from sim.catalogue import element_sets

    sets = [element_sets.element_set(name) for name in element_sets.names() if name.startswith("css")]
    if not sets:
        yield Finding(WRONG, "element sets", "none of the station is there", "install tiangong-sim again")
        return
    last = max(sets, key=lambda one: one.epoch)
    age = (today() - date.fromisoformat(last.epoch.utc(0)[:10])).days
    found = f"{last.name} is the youngest of {len(sets)}, {_age(age)}"
    old = age > OLD_ELEMENTS_DAYS
    do = "give a younger one in the mission file: elements, elements_lines" if old else ""
    yield Finding(NOTE if old else OK, "element sets", found, do)


def earth_orientation() -> Iterator[Finding]:
    """How far the table of the IERS is measured and predicted."""
    from sim.propagation.ages import iers_reach

    reach = iers_reach()
    found = f"measured to {reach.measured}, predicted to {reach.predicted}"
    late = date.fromisoformat(reach.predicted) < today()
    do = "take a younger package: pip install --upgrade astropy-iers-data" if late else ""
    yield Finding(NOTE if late else OK, "Earth orientation", found, do)


def space_weather() -> Iterator[Finding]:
    """How far the packaged table is observed and predicted."""
    from sim.environment.space_weather import table

    known = table()
    found = f"observed to {known.observed}, by day to {known.predicted}, by month to {known.last}"
    late = known.last < today()
    do = "give f107, f107a and ap in the files of later flights" if late else ""
    yield Finding(NOTE if late else OK, "space weather", found, do)


def ephemeris() -> Iterator[Finding]:
    """The days that the ephemeris of Sun and Moon has."""
    from skyfield.jpllib import SpiceKernel

    path = packaged.ephemeris()
    kernel = SpiceKernel(str(path))
    try:
        first = max(segment.start_jd for segment in kernel.spk.segments)
        last = min(segment.end_jd for segment in kernel.spk.segments)
    finally:
        kernel.close()
    ends = [date.fromordinal(J2000.toordinal() + int(jd - 2451544.5)) for jd in (first, last)]
    inside = ends[0] <= today() <= ends[1]
    do = "" if inside else "write ephemeris = 'analytic' in an orbit file"
    yield Finding(OK if inside else NOTE, "ephemeris", f"{path.name} from {ends[0]} to {ends[1]}", do)


def _age(days: int) -> str:
    return f"{days} days old" if days >= 0 else f"{-days} days ahead of this machine's clock"


def compiled() -> Iterator[Finding]:
    """What of the kernels' machine code is kept for this processor, and whether more can be kept."""
    from numba import config

    from kernels import writable
    from kernels.compiling import ahead, code_files, signatures

    if config.DISABLE_JIT:
        found = "NUMBA_DISABLE_JIT is set: kernels run as plain Python, a hundred times slower"
        yield Finding(NOTE, "compiled code", found, "unset NUMBA_DISABLE_JIT")
        return
    place, listed = ahead.folder(), signatures.listed()
    kept = code_files.kept(place)
    present = sum(row in kept for row in listed)
    found = f"{present} of {len(listed)} kernels for this processor, {sum(kept.values()) / 1e6:.0f} MB in {place}"
    if present == len(listed):
        yield Finding(OK, "compiled code", found)
    else:
        yield Finding(NOTE, "compiled code", found, "run `tiangong compile`, or the first flight takes a minute longer")
    if writable(place):
        yield Finding(OK, "cache", "can be written")
    else:
        found = f"{place} cannot be written, so that every start compiles anew what is missing"
        yield Finding(NOTE, "cache", found, "set NUMBA_CACHE_DIR to a folder that can be written")
