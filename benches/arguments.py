"""Whole numbers of a bench's command line, within their limits."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def whole(low: int, high: int) -> Callable[[str], int]:
    """A `type` for argparse, which ends with exit code 2 where the text is not a whole number of low..high."""

    def number(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"found '{text[:40]}'; write a whole number from {low} to {high}")
        return value

    return number
