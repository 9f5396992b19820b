"""Whether `sim` and `kernels` are those of this program.

Both names are common: PyPI has other packages called so. pip puts their files over ours without a word, and a folder of
that name further up on Python's path hides ours. The program would then fail somewhere, with a foreign message.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.files.errors import DataError

if TYPE_CHECKING:
    from importlib.metadata import Distribution

DISTRIBUTION = "tiangong-sim"
PACKAGES = ("sim", "kernels")
ROOT = Path(__file__).resolve().parents[2]  # the folder that both lie in
ON_ITS_OWN = f"install {DISTRIBUTION} in an environment of its own (python -m venv DIR, DIR/bin/pip install ...)"
AGAIN = f"install {DISTRIBUTION} again, in an environment of its own: pip install --force-reinstall --no-deps ..."


@cache
def require_own_packages() -> None:
    """DataError where `sim` or `kernels` is somebody else's: it names both distributions and the cure."""
    if lines := [line for name in PACKAGES if (line := _foreign(name))]:
        raise DataError("\n".join(lines))


def broken(error: ImportError) -> str | None:
    """What an import that failed means, in a sentence, if it is of a module of ours."""
    name = error.name or ""
    if name.partition(".")[0] not in PACKAGES:
        return None
    found = f"{name} is missing" if isinstance(error, ModuleNotFoundError) else f"{error.path or name} is another file"
    return f"a file of {DISTRIBUTION} was lost or replaced: {found}{_named(name.partition('.')[0])}; {AGAIN}"


def _foreign(name: str) -> str | None:
    """What stands in the place of a package of ours, and the cure; None where it is ours."""
    ours = ROOT / name / "__init__.py"
    file = _imported(name)
    if file is None:
        if ours.parent.is_dir():
            left = f"{ours} is gone, as happens when a distribution with a package of the same name is uninstalled"
            return f"{left}; {AGAIN}"
        return f"the package '{name}' of {DISTRIBUTION} is missing in {ROOT}; {AGAIN}"
    if not _same(file, ours):
        theirs = _named(name) or ", of no distribution"
        return (
            f"Python finds another package '{name}' before that of {DISTRIBUTION} ({ours.parent}): "
            f"{file.parent}{theirs}; {_cure(file.parent.parent)}"
        )
    if DISTRIBUTION.encode() not in file.read_bytes():
        theirs = _named(name) or ", by which distribution is not recorded"
        return f"the package '{name}' of {DISTRIBUTION} was overwritten in {file.parent}{theirs}; {ON_ITS_OWN}"
    return None


def _imported(name: str) -> Path | None:
    """The file that `import name` runs or has run; None where there is none, as for a folder without __init__.py."""
    module = sys.modules.get(name)
    if module is not None:
        file = getattr(module, "__file__", None)
    else:
        spec = importlib.util.find_spec(name)
        file = spec.origin if spec is not None else None
    return Path(file) if file else None


def _same(file: Path, ours: Path) -> bool:
    """Links are followed: site-packages may be reached by several names."""
    try:
        return os.path.samefile(file, ours)
    except OSError:  # ours is not there
        return False


def _cure(folder: Path) -> str:
    """How to keep a folder of Python's path from coming first."""
    if _same(folder, Path.cwd()):
        return "it lies in the working directory: start the program from another one, or rename it"
    if any(_same(folder, Path(entry)) for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry):
        return f"take {folder} out of PYTHONPATH"
    return ON_ITS_OWN


def _named(package: str) -> str:
    """The other distributions that claim a package of this name, to be put into a sentence; empty where none does."""
    found = sorted({f"{d.metadata['Name']} {d.version}" for d in _claiming(package)})
    return f", from the distribution {' and '.join(found)}" if found else ""


def _claiming(package: str) -> Iterator[Distribution]:
    """Distributions other than ours that have installed `package/__init__.py`, or any file below `package`."""
    from importlib.metadata import distributions  # a tenth of a second: only where something is wrong

    for distribution in distributions():
        record = distribution.read_text("RECORD") or ""
        if f"\n{package}/" in f"\n{record}" and distribution.metadata["Name"] != DISTRIBUTION:
            yield distribution
