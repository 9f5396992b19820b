"""Spoilt files that carry a checksum: nothing that was changed in them is used as if it were whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from kernels.compiling.code_files import CodeFiles
from sim.campaign import table
from sim.export import finished
from sim.files import packaged, paths
from sim.files.errors import DataError
from tests.fuzz.mutations import drawn, edited
from tests.fuzz.test_fuzz import SEED
from tests.test_campaign_damage import COLUMNS, KEY, ROWS, RUNS, rows_of

SHIPPED = paths.ELEMENTS / "css.toml"
CASES = 300  # of each kind


def of_table(content: bytes, whole: bytes, place: Path) -> Iterator[bool]:
    """Every row that is used is one that was flown."""
    yield table.read_checked(content, COLUMNS, KEY).rows.items() <= ROWS.items()


def of_shipped_data(content: bytes, whole: bytes, place: Path) -> Iterator[bool]:
    with suppress(DataError):
        yield packaged.compared(SHIPPED, content) == whole


def of_results(content: bytes, whole: bytes, place: Path) -> Iterator[bool]:
    (place / "flight.json").write_bytes(content)
    with suppress(DataError):
        yield finished.contents(place / "flight.json", hashlib.sha256(whole).hexdigest()) == whole


def of_compiled_code(content: bytes, whole: bytes, place: Path) -> Iterator[bool]:
    """Index and code of a kernel; what is damaged is not there, as before it was compiled."""
    for file in ("kernel.index", None):
        files = CodeFiles(place, "kernel", "stamp")
        files.save("key", whole)
        spoilt = place / file if file else next(place.glob("kernel.*.code"))
        good = spoilt.read_bytes()
        spoilt.write_bytes(good[: len(good) // 2] + content[:20])
        yield files.load("key") is None
        files.save("key", whole)
        yield files.load("key") == whole


KINDS: dict[str, tuple[bytes, Callable[[bytes, bytes, Path], Iterator[bool]]]] = {
    "table of a campaign": (rows_of(range(RUNS)).encode(), of_table),
    "shipped data": ((SHIPPED).read_bytes(), of_shipped_data),
    "results of a run": (b'{"name": "x", "legs": [1.25, 2.5]}', of_results),
    "compiled code": (bytes(range(256)), of_compiled_code),
}


@pytest.mark.parametrize("name", KINDS)
def test_nothing_changed_is_used(name, tmp_path):
    whole, checks = KINDS[name]

    for case in range(CASES):
        content = edited(*drawn([whole], Random(f"{SEED} {name} {case}")))
        assert all(checks(content, whole, tmp_path)), (case, content)
