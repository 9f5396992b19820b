"""The names that CCSDS messages have for the frames that are accepted here, and the one turn that never changes."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

# ITRF2020, ITRF-97, ITRF2000 ...: realisations of one frame, which differ by centimetres.
_ITRF = re.compile(r"ITRF-?(\d{2}|\d{4})?")
# About the Earth's centre the axes of the ICRF are those of the GCRF; J2000 is what many tools call EME2000.
_NAMES = {"GCRF": "gcrf", "ICRF": "gcrf", "EME2000": "eme2000", "J2000": "eme2000", "TEME": "teme"}
FRAME_NAMES = "GCRF, ICRF, EME2000, J2000, TEME, ITRF"


def frame_of(word: str) -> str | None:
    """ "gcrf", "eme2000", "teme", "itrf", or None for a frame that is not accepted."""
    return _NAMES.get(word, "itrf" if _ITRF.fullmatch(word) else None)


def frame_written(frame: str) -> str:
    return {"gcrf": "GCRF", "eme2000": "EME2000", "teme": "TEME", "itrf": "ITRF"}[frame]


@lru_cache(maxsize=1)
def gcrf_to_eme2000() -> np.ndarray:
    """Rotation (3,3) from GCRF to the mean equator and equinox of J2000: the frame bias, 0.023 arcsec in all.

    IERS Conventions 2010, equations 5.21 and 5.33: offsets of the pole -41.775 sin(eps0) and -6.8192 mas, of the
    equinox -14.6 mas; by ERFA's `bp00`.
    """
    import erfa

    return erfa.bp00(2451545.0, 0.0)[0]
