"""Numba-compiled arithmetic: pure functions of float64, SI, radians. No I/O, text, calendar or stateful random
numbers.

Compiled code is kept on disk (kernels/compiling) in a folder named by all kernel sources and the numba version,
chosen here, before any kernel is defined. `NUMBA_CACHE_DIR`, where the user has set it, is left alone.
"""

import hashlib
import os
import stat
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

DISTRIBUTION = "tiangong-sim"  # by this name in this file the program knows that these are its own kernels


def current_fingerprint() -> str:
    digest = hashlib.sha256(f"{version('numba')} {sys.version}".encode())
    here = Path(__file__).parent
    for source in sorted(here.rglob("*.py")):
        digest.update(source.relative_to(here).as_posix().encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def _cache_folder(name: str) -> Path:
    """In the user's cache, where that can be written or holds the code already; else in a temporary folder of his own.

    Where neither is to be had, a folder that cannot be written: what is compiled is not kept, which is reported then.
    """
    own = _own_cache()
    if own is not None and (writable(own) or (own / name).is_dir()):
        return own / name
    temporary = _temporary_cache()
    if temporary is not None and writable(temporary) and _private(temporary):
        return temporary / name
    return (own or Path(os.devnull)) / name


def _own_cache() -> Path | None:
    base = Path(os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME", ""))
    try:
        return (base if base.is_absolute() else Path.home() / ".cache") / DISTRIBUTION
    except RuntimeError:  # a user without a home
        return None


def _temporary_cache() -> Path | None:
    user = f"-{os.getuid()}" if hasattr(os, "getuid") else ""  # Windows has a temporary folder for each user
    try:
        return Path(tempfile.gettempdir()) / f"{DISTRIBUTION}{user}"
    except FileNotFoundError:  # there is none that can be written
        return None


def writable(folder: Path) -> bool:
    """Whether it is there, after an attempt to make it, and can be written."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def _private(folder: Path) -> bool:
    """Whether nobody else can put a file there: compiled code is run, and a temporary folder is everybody's."""
    found = folder.lstat()
    shared = stat.S_IWGRP | stat.S_IWOTH
    return not hasattr(os, "getuid") or (
        stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & shared
    )


FINGERPRINT = current_fingerprint()
# numba colours its reasons against every form of every operator, which nobody sees: a twentieth of the compile time.
os.environ.setdefault("NUMBA_DISABLE_ERROR_MESSAGE_HIGHLIGHTING", "1")
if not os.environ.get("NUMBA_CACHE_DIR"):
    os.environ["NUMBA_CACHE_DIR"] = str(_cache_folder(FINGERPRINT))
    if "numba" in sys.modules:  # numba read its settings before we could write them
        sys.modules["numba"].config.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"]
