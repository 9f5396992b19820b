"""The names that CCSDS messages have for the frames that are accepted here."""

from __future__ import annotations

import re

# ITRF2020, ITRF-97, ITRF2000 ...: realisations of one frame, which differ by centimetres.
_ITRF = re.compile(r"ITRF-?(\d{2}|\d{4})?")
FRAME_NAMES = "GCRF, TEME, ITRF"


def frame_of(word: str) -> str | None:
    """"gcrf", "teme", "itrf", or None for a frame that is not accepted."""
    if word in ("GCRF", "TEME"):
        return word.lower()
    return "itrf" if _ITRF.fullmatch(word) else None


def frame_written(frame: str) -> str:
    return {"gcrf": "GCRF", "teme": "TEME", "itrf": "ITRF"}[frame]
