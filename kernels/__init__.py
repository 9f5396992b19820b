"""Numba-compiled arithmetic: pure functions of float64, SI, radians. No I/O, text, calendar or stateful random
numbers.

Numba keeps compiled code on disk, keyed by the file of the caller only: edit a callee in another file and the caller
still returns the old number. So the cache lies in a folder named by all kernel sources and the numba version, chosen
here, before any kernel is defined. `NUMBA_CACHE_DIR`, where the user has set it, is left alone.
"""

import hashlib
import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{version('numba')} {sys.version}".encode())
    here = Path(__file__).parent
    for source in sorted(here.rglob("*.py")):
        digest.update(source.relative_to(here).as_posix().encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def _cache_home() -> Path:
    base = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME")
    home = Path(base) if base else Path.home() / ".cache"
    try:
        home.mkdir(parents=True, exist_ok=True)
        if os.access(home, os.W_OK):
            return home / "tiangong-sim"
    except OSError:
        pass
    return Path(tempfile.gettempdir()) / "tiangong-sim"


if "NUMBA_CACHE_DIR" not in os.environ:
    os.environ["NUMBA_CACHE_DIR"] = str(_cache_home() / _fingerprint())
    if "numba" in sys.modules:  # numba read its settings before we could write them
        sys.modules["numba"].config.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"]
