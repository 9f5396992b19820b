"""The folder of a finished flight, read back: `flight.json` and `series.npz` as the run wrote them, or a DataError.

`manifest.json` holds the SHA-256 of both, so a file that was cut short, changed or exchanged is refused before it is
read. What a file says of itself is not trusted either: members of the archive are plain arrays or nothing, no object
is ever unpickled.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from sim.core.epoch import Epoch
from sim.files import reading
from sim.files.errors import BadInput, DataError

FLIGHT, SERIES, TRAJECTORIES, MANIFEST = "flight.json", "series.npz", "trajectories.npz", "manifest.json"
LARGEST_BYTES = 4 * reading.LARGEST_RESULT  # of a file, and of the arrays in it; two weeks of flight take some 20 MB
KINDS_OF_ARRAY = "biufU"  # numpy's letters for truths, integers, floats and texts; 'O' would be Python's objects
NUMBER = (int, float)
TOP: dict[str, type | tuple[type, ...]] = {
    **{"name": str, "zero_utc": str, "conventions": dict, "record": dict},
    **dict.fromkeys(("legs", "events", "crew", "verdicts"), list),
}
ROWS: dict[str, dict[str, type | tuple[type, ...]]] = {  # what is read of each row of the lists
    "legs": {"phase": str, "status": str, "start_utc": str, "end_utc": str, "notes": dict},
    "events": {"name": str, "utc": str, "vehicle": str, "values": dict},
    "crew": {"name": str, "ship_up": (str, type(None)), "ship_down": (str, type(None)), "status": str},
    "verdicts": {"rule": str, "phase": str, "unit": str, "value": NUMBER, "limit": NUMBER, "utc": str},
}
NOT_READABLE = (
    EOFError,
    ValueError,
    KeyError,
    RuntimeError,
    MemoryError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)


def manifest(directory: Path) -> dict[str, Any]:
    """The content of `manifest.json`; DataError where it is missing or no JSON."""
    path = directory / MANIFEST
    return _json(path, contents(path))


def written(directory: Path) -> dict[str, str]:
    """The SHA-256 of both files by name, as the run wrote them down; DataError where the manifest lacks them."""
    path = directory / MANIFEST
    found = manifest(directory).get("files_sha256")
    hashes = found if isinstance(found, dict) else {}
    if lacking := [name for name in (FLIGHT, SERIES) if not isinstance(hashes.get(name), str)]:
        _refuse(path, f"it holds no SHA-256 of {' and '.join(lacking)}")
    return {name: hashes[name] for name in (FLIGHT, SERIES)}


def hash_of(directory: Path, name: str) -> str:
    """The SHA-256 of a file as the run wrote it down; DataError where the manifest lacks it."""
    path = directory / MANIFEST
    found = _json(path, contents(path)).get("files_sha256")
    sha256 = found.get(name) if isinstance(found, dict) else None
    if not isinstance(sha256, str):
        _refuse(path, f"it holds no SHA-256 of {name}")
    return sha256


def refuse_damaged(directory: Path) -> None:
    """DataError where one of both files is not as the run wrote it."""
    for name, sha256 in written(directory).items():
        contents(directory / name, sha256)


def contents(path: Path, sha256: str | None = None) -> bytes:
    """What a file holds; DataError where that has not the hash, or is nothing, or no end."""
    try:
        data = reading.data(path, LARGEST_BYTES)
    except reading.Unreadable as error:
        if error.missing:
            raise DataError(f"{path} is missing; give a directory that `tiangong run` wrote") from None
        _refuse(path, f"found {error.found}")
    if not data:
        _refuse(path, "it is empty")
    if sha256 is not None and hashlib.sha256(data).hexdigest() != sha256:
        _refuse(path, f"its SHA-256 is not the one that {MANIFEST} holds")
    return data


def flight_record(path: Path, data: bytes, schema: int) -> dict:
    """The content of `flight.json`, which has this schema; BadInput where that is of a later version of the program."""
    found = _json(path, data)
    if isinstance(found.get("schema"), int) and found["schema"] > schema:
        raise BadInput(
            f"{path} has schema {found['schema']}, and this version reads up to {schema}: a later version of "
            "tiangong-sim wrote it; install that one, or fly the mission again with this one"
        )
    if found.get("schema") != schema:
        _refuse(path, f"its schema is {found.get('schema')!r}, and this version reads {schema}")
    _keys(path, "the flight", found, TOP)
    for table, keys in ROWS.items():
        for i, row in enumerate(found[table]):
            _keys(path, f"{table}[{i}]", row, keys)
    return found


def _keys(path: Path, where: str, row: object, keys: Mapping[str, type | tuple[type, ...]]) -> None:
    if not isinstance(row, dict):
        _refuse(path, f"{where} is no object")
    for key, kind in keys.items():
        if not isinstance(row.get(key), kind):
            _refuse(path, f"'{key}' of {where} is {row[key]!r:.40}" if key in row else f"{where} has no '{key}'")
        if key.endswith("utc"):
            try:
                Epoch.from_utc(row[key])
            except ValueError:
                _refuse(path, f"'{key}' of {where} is no time")


def arrays(path: Path, data: bytes) -> dict[str, np.ndarray]:
    """The members of `series.npz`, by name."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > LARGEST_BYTES:
                _refuse(path, f"it unpacks to more than {LARGEST_BYTES // 1_000_000} MB")
            return {member.filename.removesuffix(".npy"): _array(archive, member) for member in members}
    except NOT_READABLE as error:
        _refuse(path, f"it is no archive of arrays ({' '.join(str(error).split())[:100] or type(error).__name__})")


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> np.ndarray:
    with archive.open(member) as file:
        found = np.lib.format.read_array(file, allow_pickle=False)
    if found.dtype.kind not in KINDS_OF_ARRAY:
        raise ValueError(f"{member.filename} holds {found.dtype}")
    return found


def refuse_uneven(path: Path, found: Mapping[str, np.ndarray]) -> None:
    """Every column of a history, which has a `t_s`, holds a number (or several) for each of its times."""
    lengths = {name.rpartition("/")[0]: array.shape[0] for name, array in found.items() if _is_time(name, array)}
    for name, array in found.items():
        length = lengths.get(name.rpartition("/")[0])
        if length is not None and (array.dtype.kind == "U" or array.shape[:1] != (length,)):
            _refuse(path, f"'{name}' is {array.dtype} {array.shape}, beside {length} times")


def _is_time(name: str, array: np.ndarray) -> bool:
    return name.endswith("/t_s") and array.ndim == 1


def scenario(path: Path, found: Mapping[str, np.ndarray]) -> dict:
    """The resolved scenario, which lies as JSON in the archive."""
    if "scenario" not in found:
        _refuse(path, "it holds no 'scenario'")
    return _json(path, str(found["scenario"]).encode("utf-8", "surrogatepass"))


def _json(path: Path, data: bytes) -> dict[str, Any]:
    def refuse_constant(word: str) -> NoReturn:
        raise ValueError(f"{word} is no number of JSON")

    try:
        found = json.loads(data, parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        _refuse(path, f"it is no JSON ({' '.join(str(error).split())[:100]})")
    if not isinstance(found, dict):
        _refuse(path, "its JSON is not an object")
    return found


def _refuse(path: Path, why: str) -> NoReturn:
    raise DataError(f"{path} is damaged: {why}; fly the mission again, or copy its directory anew")
