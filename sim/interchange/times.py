"""Times as the CCSDS messages write them: calendar or day of year, in a named time system."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from sim.core.epoch import NS, TT_MINUS_TAI_NS, Epoch

# What is added to a reading of the clock to reach TAI, ns. UTC goes through the table of leap seconds.
TO_TAI_NS = {"UTC": None, "TAI": 0, "TT": -TT_MINUS_TAI_NS, "GPS": 19 * NS}
EARLIEST, LATEST = Epoch.from_utc("1957-10-04"), Epoch.from_utc("2200-01-01")  # from Sputnik to well before int64 ends
ALLOWED = "a time from 1957-10-04 to 2200, like 2026-10-24T15:06:00.123 or 2026-297T15:06:00.123"

_TIME = re.compile(r"(\d{4})-(?:(\d{2})-(\d{2})|(\d{3}))T(\d{2}:\d{2}:\d{2})(?:\.(\d*))?Z?", re.ASCII)
_ZERO = datetime(2000, 1, 1, tzinfo=UTC)


def read_epoch(text: str, system: str = "UTC") -> Epoch:
    """The instant of a CCSDS time (502.0-B, section 7.5.10), to the nanosecond; ValueError says what is wrong."""
    match = _TIME.fullmatch(text)
    if not match:
        raise ValueError(f"'{text[:60]}'")
    year, month, day, day_of_year, clock, decimals = match.groups()
    fraction = round(int((decimals or "0")[:12].ljust(12, "0")) / 1000)
    try:
        on = date(int(year), int(month), int(day)) if month else date(int(year), 1, 1)
        on += timedelta(days=int(day_of_year) - 1 if day_of_year else 0)
        if on.year != int(year):
            raise ValueError
        offset = TO_TAI_NS[system]
        if offset is None:
            whole = Epoch.from_utc(f"{on}T{clock}Z").tai_ns
        else:
            reading = datetime.fromisoformat(f"{on}T{clock}").replace(tzinfo=UTC) - _ZERO
            whole = (reading.days * 86400 + reading.seconds) * NS + offset
    except (ValueError, OverflowError):
        raise ValueError(f"'{text[:60]}', which no {system} clock shows") from None
    epoch = Epoch(whole + fraction)
    if not EARLIEST <= epoch < LATEST:
        raise ValueError(f"'{text[:60]}'")
    return epoch


def written(epoch: Epoch) -> str:
    """UTC without a zone letter, in microseconds, or nanoseconds where there are any."""
    return epoch.utc(9 if epoch.tai_ns % 1000 else 6).rstrip("Z")
