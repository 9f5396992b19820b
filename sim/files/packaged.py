"""The data that come with the program, opened here and nowhere else: no byte is used before its SHA-256 was compared.

`sha256.txt` beside this module lists every shipped file, `python -m sim.files.packaged` writes it. In a working tree
the files in `configs` are the developer's own input and are not compared; in an install everything is. Data of other
packages (ephemeris, Earth orientation) are compared with the record that the installer keeps of them.
"""

from __future__ import annotations

import base64
import hashlib
import tomllib
import warnings
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from sim.files import paths
from sim.files.errors import DataError

if TYPE_CHECKING:
    import numpy as np

LIST = Path(__file__).with_name("sha256.txt")
FOLDERS = ("configs", "seeds")
REMEDY = "install tiangong-sim again"
FROM_REPOSITORY = "take it from the repository again"
MADE_ON_PURPOSE = "or, where you changed it on purpose, write the list again with `python -m sim.files.packaged`"


# ---- the program's own files, by their names below the root: "seeds/assets/egm70.npz"


def content(name: str) -> bytes:
    """The bytes of a shipped file; DataError where it is missing or differs from what was shipped."""
    return compared(paths.ROOT / name, _bytes(paths.ROOT / name))


def arrays(name: str) -> dict[str, np.ndarray]:
    """The arrays of a shipped `.npz` file by name; nothing is ever unpickled."""
    import numpy as np

    with np.load(BytesIO(content(name)), allow_pickle=False) as file:
        return {key: file[key] for key in file.files}


def toml(name: str) -> dict:
    """A shipped TOML file as a dict."""
    return tomllib.loads(content(name).decode("utf-8"))


def names(folder: str) -> list[str]:
    """The shipped TOML files of a folder such as "seeds/facts", sorted; DataError where a strange one lies there."""
    known = [name for name in listed() if name.startswith(f"{folder}/") and name.endswith(".toml")]
    for path in sorted((paths.ROOT / folder).glob("*.toml")):
        if f"{folder}/{path.name}" not in known:
            raise DataError(f"{path} is none of the shipped data; take it away, {MADE_ON_PURPOSE}")
    return known


def compared(path: Path, data: bytes) -> bytes:
    """The same bytes, which were read from `path`; DataError where they are those of a shipped file and differ."""
    name = name_of(path)
    if name is not None:
        _same(paths.ROOT / name, listed()[name], hashlib.sha256(data).hexdigest())
    return data


def name_of(path: Path) -> str | None:
    """The name of a shipped file that is compared, whether it is still there or not; None for any other."""
    name = paths.below(paths.ROOT, path)
    return name if name is not None and name in listed() and _is_compared(name) else None


def _is_compared(name: str) -> bool:
    """In a working tree `configs` are the developer's own input."""
    return installed() or not name.startswith("configs/")


def lost(path: Path) -> DataError:
    """The error for a shipped file that is not there."""
    return DataError(f"{path} is missing; {REMEDY if installed() else FROM_REPOSITORY}")


def catalogue(folder: Path) -> set[str]:
    """Names of the files in a folder of the catalogue that are compared, those that are missing included."""
    return {Path(name).stem for name in listed() if _is_compared(name) and (paths.ROOT / name).parent == folder}


def digest(path: Path) -> str:
    """The SHA-256 of any file, compared where it is a shipped one."""
    return hashlib.sha256(compared(path, _bytes(path))).hexdigest()


def data_files() -> list[Path]:
    """Every shipped file of data, without the user's `configs` and without the text about them."""
    return [paths.ROOT / name for name in listed() if name.startswith("seeds/") and not name.endswith(".md")]


def compare_all() -> int:
    """How many files were compared: all that is shipped, and the tables of other packages; DataError names each fault.

    Some 15 ms, most of them for the 17 MB of the ephemeris.
    """
    faults, count = [], 0
    for name in filter(_is_compared, listed()):
        try:
            content(name)
            count += 1
        except DataError as error:
            faults.append(str(error))
    for find in (ephemeris, earth_orientation):
        try:
            find()
            count += 1
        except DataError as error:
            faults.append(str(error))
    if faults:
        raise DataError("\n".join(faults))
    return count


def installed() -> bool:
    """Whether the data lie inside the package, as a wheel has them; in a working tree they lie beside it."""
    return paths.ROOT.name == "_shipped"


@lru_cache(maxsize=1)
def listed() -> dict[str, str]:
    """Name -> SHA-256 of every shipped file, from the list in the package."""
    try:
        rows = [line.split("  ", 1) for line in LIST.read_text("ascii").splitlines()]
        found = {name: code for code, name in rows}
    except (OSError, ValueError) as error:
        raise DataError(f"{LIST} cannot be read ({error}); {REMEDY}") from None
    if not found:
        raise DataError(f"{LIST} is empty; {REMEDY}")
    return found


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise lost(path) from None
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror or error}); {REMEDY}") from None


def _same(path: Path, expected: str, found: str) -> None:
    if found == expected:
        return
    what = f"{path} is not the file that was shipped (SHA-256 {found[:12]}..., expected {expected[:12]}...)"
    if not installed():
        raise DataError(f"{what}; {FROM_REPOSITORY}, {MADE_ON_PURPOSE}")
    copy = "; to change it, copy it and give the path of the copy" if path.is_relative_to(paths.CONFIGS) else ""
    raise DataError(f"{what}; {REMEDY}{copy}")


# ---- files of other packages


@lru_cache(maxsize=1)
def ephemeris() -> Path:
    """DE421 of `skyfield-data`, compared; DataError where it is missing or damaged. Nothing is ever downloaded."""
    from skyfield_data import get_skyfield_data_path

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own old Earth-orientation file, which is not used here
        path = Path(get_skyfield_data_path()) / "de421.bsp"
    return _as_installed("skyfield-data", path, "or write ephemeris = 'analytic' in an orbit file")


@lru_cache(maxsize=1)
def earth_orientation() -> Path:
    """The table finals2000A of `astropy-iers-data`, compared; DataError where it is missing or damaged."""
    import astropy_iers_data

    return _as_installed("astropy-iers-data", Path(astropy_iers_data.IERS_A_FILE))


def _as_installed(package: str, path: Path, otherwise: str = "") -> Path:
    """A file of another package, compared with the installer's record where there is one (PEP 376, RECORD)."""
    remedy = ", ".join(part for part in (f"install the package {package} again", otherwise) if part)
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        state = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
        raise DataError(f"{path} {state}; {remedy}") from None
    expected = _recorded(package, path)
    if expected is not None and found != expected:
        raise DataError(f"{path} is not the file that {package} came with (its SHA-256 is another); {remedy}")
    return path


def _recorded(package: str, path: Path) -> bytes | None:
    """The SHA-256 in the installer's record; None where no record is kept, as some distributions have it."""
    from importlib import metadata  # 30 ms, and only the tables of other packages need it

    try:
        rows = (metadata.distribution(package).read_text("RECORD") or "").splitlines()
    except metadata.PackageNotFoundError:
        return None
    for row in rows:
        name, _, rest = row.partition(",sha256=")
        if rest and path.as_posix().endswith(f"/{name}"):
            code = rest.partition(",")[0]
            return base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
    return None


# ---- the list


def current() -> str:
    """The list as the files in the working tree have it now, in the form that `sha256sum -c` reads."""
    found = sorted(p for folder in FOLDERS for p in (paths.ROOT / folder).rglob("*") if p.is_file())
    shown = [p for p in found if not any(part.startswith((".", "__")) for part in p.relative_to(paths.ROOT).parts)]
    return "".join(
        f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(paths.ROOT).as_posix()}\n" for p in shown
    )


if __name__ == "__main__":
    LIST.write_bytes(current().encode("ascii"))
