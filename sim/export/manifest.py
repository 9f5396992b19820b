"""`manifest.json`: with what the flight was made, so that it can be made again."""

from __future__ import annotations

import hashlib
import platform
import sys
from importlib import metadata
from pathlib import Path

from sim import __version__
from sim.places import ASSETS, ROOT

PACKAGES = (
    "numpy", "numba", "scipy", "skyfield", "sgp4", "matplotlib", "pydantic", "typer", "rich", "skyfield-data",
    "astropy-iers-data", "pymsis",
)  # fmt: skip


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _label(path: Path) -> str:
    """A shipped file by its place in the package; another by its own name, without the user's folders."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def as_manifest(scenario, timings: dict, directory: Path, created: str) -> dict:
    """Versions, hashes of the data used and of the files written, arguments, wall times, the resolved scenario."""
    data = sorted([*ASSETS.glob("*.npz"), *scenario.files])
    written = sorted(p for p in directory.rglob("*") if p.is_file() and p.name != "manifest.json")
    return {
        "schema": 1,
        "created_utc": created,
        "tiangong_sim": __version__,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "arguments": sys.argv[1:],
        "wall_s": {name: round(float(value), 3) for name, value in timings.items()},
        "data_sha256": {_label(p): sha256(p) for p in data},
        "files_sha256": {str(p.relative_to(directory).as_posix()): sha256(p) for p in written},
        "scenario": scenario.raw,
    }
