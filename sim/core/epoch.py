"""Time: one exact count of nanoseconds of TAI; UTC and the local clocks exist only at the edge.

Inside, every time is either an `Epoch` or a float of seconds since the mission's epoch zero (a difference
of two epochs, hence SI seconds, equal in TAI and TT).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

# TAI-UTC in seconds from each UTC date on (IERS Bulletin C; the table in `astropy-iers-data` is compared with
# this one by tests/test_epoch.py, so that a new leap second cannot pass unnoticed).
LEAP_SECONDS = (
    ("1972-01-01", 10),
    ("1972-07-01", 11),
    ("1973-01-01", 12),
    ("1974-01-01", 13),
    ("1975-01-01", 14),
    ("1976-01-01", 15),
    ("1977-01-01", 16),
    ("1978-01-01", 17),
    ("1979-01-01", 18),
    ("1980-01-01", 19),
    ("1981-07-01", 20),
    ("1982-07-01", 21),
    ("1983-07-01", 22),
    ("1985-07-01", 23),
    ("1988-01-01", 24),
    ("1990-01-01", 25),
    ("1991-01-01", 26),
    ("1992-07-01", 27),
    ("1993-07-01", 28),
    ("1994-07-01", 29),
    ("1996-01-01", 30),
    ("1997-07-01", 31),
    ("1999-01-01", 32),
    ("2006-01-01", 33),
    ("2009-01-01", 34),
    ("2012-07-01", 35),
    ("2015-07-01", 36),
    ("2017-01-01", 37),
)

NS = 1_000_000_000
TT_MINUS_TAI_NS = 32_184_000_000
BEIJING = timezone(timedelta(hours=8), "BJT")
ISLAMABAD = timezone(timedelta(hours=5), "PKT")

_ZERO = datetime(2000, 1, 1, tzinfo=UTC)  # the count of nanoseconds starts at 2000-01-01T00:00:00 TAI
_ZERO_JD = 2451544.5
_UTC = re.compile(r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?Z?$")


def _count_ns(moment: datetime) -> int:
    """Nanoseconds from 2000-01-01T00:00:00 to `moment` on one uniform clock."""
    d = moment - _ZERO
    return (d.days * 86400 + d.seconds) * NS + d.microseconds * 1000


_LEAPS_UTC_NS = tuple(
    (_count_ns(datetime.fromisoformat(day).replace(tzinfo=UTC)), offset) for day, offset in LEAP_SECONDS
)


def tai_minus_utc(utc_ns: int) -> int:
    """Leap-second offset in whole seconds at a UTC clock reading (ns since 2000-01-01T00:00:00 UTC)."""
    if utc_ns >= _LEAPS_UTC_NS[-1][0]:  # as nearly always
        return _LEAPS_UTC_NS[-1][1]
    offset = _LEAPS_UTC_NS[0][1]
    for start, value in _LEAPS_UTC_NS:
        if utc_ns >= start:
            offset = value
    return offset


Clock = datetime  # for the annotations of `Epoch`, in which `datetime` is a method


@dataclass(frozen=True, order=True)
class Epoch:
    """An instant: integer nanoseconds of TAI since 2000-01-01T00:00:00 TAI."""

    tai_ns: int

    @staticmethod
    def from_utc(text: str) -> Epoch:
        """From ISO 8601 UTC, e.g. `2026-10-24T15:06:00Z`; the zone letter may be left out, another zone may not."""
        if not _UTC.match(text):
            raise ValueError(f"'{text}' is not a UTC time; write it like 2026-10-24T15:06:00Z")
        stamp, _, fraction = text.rstrip("Z").partition(".")
        leap = stamp[16:] == ":60"
        whole = _count_ns(datetime.fromisoformat(stamp[:17] + "59" if leap else stamp).replace(tzinfo=UTC))
        offset = tai_minus_utc(whole)
        if leap and tai_minus_utc(whole + NS) == offset:
            raise ValueError(f"'{text}' is not a UTC time; no leap second was inserted there")
        return Epoch(whole + leap * NS + int(fraction.ljust(9, "0") or 0) + offset * NS)

    def _utc_ns(self) -> int:
        utc_estimate = self.tai_ns - tai_minus_utc(self.tai_ns) * NS
        return self.tai_ns - tai_minus_utc(utc_estimate) * NS

    @property
    def tai_minus_utc(self) -> int:
        """Leap-second offset here, in whole seconds; inside a leap second still the one before it."""
        return (self.tai_ns - self._utc_ns()) // NS

    def utc(self, decimals: int = 3) -> str:
        """ISO 8601 UTC with a `Z`, rounded to `decimals` digits of a second."""
        unit = 10 ** (9 - decimals)
        rounded = Epoch((self.tai_ns + unit // 2) // unit * unit)
        utc_ns = rounded._utc_ns()
        # Inside a leap second the count above has already reached the next day; the clock still reads 23:59:60.
        leap = utc_ns + tai_minus_utc(utc_ns) * NS != rounded.tai_ns
        seconds, rest = divmod(utc_ns, NS)
        text = (_ZERO + timedelta(seconds=seconds - leap)).strftime("%Y-%m-%dT%H:%M:%S")
        text = text[:-2] + "60" if leap else text
        return text + (f".{rest // unit:0{decimals}d}" if decimals else "") + "Z"

    def datetime(self) -> Clock:
        """UTC as a timezone-aware datetime (microseconds), for calendars and plots."""
        return _ZERO + timedelta(microseconds=self._utc_ns() // 1000)

    def local(self, zone: timezone) -> Clock:
        return self.datetime().astimezone(zone)

    def text(self, form: str = "%Y-%m-%d %H:%M:%S", zone: timezone = UTC) -> str:
        """A clock text for people: rounded, as `utc` is, to the second or the minute, whichever `form` shows last.

        A form that shows neither, such as a date, is not rounded: noon belongs to its own day.
        """
        unit = 1 if "%S" in form else 60 if "%M" in form else 0
        return (self.datetime() + timedelta(seconds=unit / 2)).astimezone(zone).strftime(form)

    def jd_tt(self) -> tuple[float, float]:
        """Terrestrial time as a two-part Julian date: the day at midnight, and the fraction."""
        days, ns = divmod(self.tai_ns + TT_MINUS_TAI_NS, 86400 * NS)
        return _ZERO_JD + days, ns / (86400 * NS)

    def jd_utc(self) -> tuple[float, float]:
        """UTC as a two-part Julian date, as SGP4 takes it."""
        days, ns = divmod(self._utc_ns(), 86400 * NS)
        return _ZERO_JD + days, ns / (86400 * NS)

    def plus(self, seconds: float) -> Epoch:
        return Epoch(self.tai_ns + round(seconds * NS))

    def since(self, other: Epoch) -> float:
        """Seconds (SI) from `other` to here."""
        return (self.tai_ns - other.tai_ns) / NS

    def __str__(self) -> str:
        return self.utc(0)


def elapsed(seconds: float) -> str:
    """Mission elapsed time in words: `T+02:35`, `T+6:31:29`, `T+9 d 04:10`."""
    sign = "+" if seconds >= 0 else "-"
    total = round(abs(seconds))
    if total >= 86400:
        total = round(total / 60) * 60  # no seconds are shown, so the minute is rounded
    days, rest = divmod(total, 86400)
    h, rest = divmod(rest, 3600)
    m, s = divmod(rest, 60)
    if days:
        return f"T{sign}{days} d {h:02d}:{m:02d}"
    return f"T{sign}{h}:{m:02d}:{s:02d}" if h else f"T{sign}{m:02d}:{s:02d}"
