"""`manifest.json`: versions, data and settings of a flight, so that it can be reproduced."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Protocol

from sim import __version__
from sim.files import packaged
from sim.files.paths import ROOT

PACKAGES = (
    "numpy",
    "numba",
    "scipy",
    "ortools",
    "skyfield",
    "sgp4",
    "matplotlib",
    "pydantic",
    "typer",
    "rich",
    "skyfield-data",
    "astropy-iers-data",
)


def _label(path: Path) -> str:
    """A shipped file by its place in the package; another by its own name, without the user's folders."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def _data(scenario_files: Iterable[Path]) -> dict[str, Path]:
    """Every file that a run reads, by the name it has in the manifest: the scenario's, the seeds, the packages'."""
    ephemeris, orientation = packaged.ephemeris(), packaged.earth_orientation()
    return {_label(path): path for path in (*packaged.data_files(), *scenario_files)} | {
        f"skyfield-data/{ephemeris.name}": ephemeris,
        f"astropy-iers-data/{orientation.name}": orientation,
    }


def version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


class FromFiles(Protocol):
    """A scenario of whatever kind: the files that it was read from, and its tables as resolved."""

    @property
    def files(self) -> Iterable[Path]: ...

    @property
    def raw(self) -> Mapping: ...


def as_manifest(scenario: FromFiles, timings: dict, directory: Path, created: str) -> dict:
    """Versions, hashes of the data used and of the files written, arguments, wall times, the resolved scenario."""
    written = sorted(p for p in directory.rglob("*") if p.is_file() and p.name != "manifest.json")
    return {
        "schema": 1,
        "created_utc": created,
        "tiangong_sim": __version__,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "arguments": sys.argv[1:],
        "wall_s": {name: round(float(value), 3) for name, value in timings.items()},
        "data_sha256": {name: packaged.digest(path) for name, path in sorted(_data(scenario.files).items())},
        "files_sha256": {str(p.relative_to(directory).as_posix()): packaged.digest(p) for p in written},
        "scenario": scenario.raw,
    }
