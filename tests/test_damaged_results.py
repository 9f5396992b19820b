"""The folder of a finished flight, damaged: `plot` says which file and why, with exit code 4, and unpickles nothing."""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from made_flight import made_flight
from test_cli import tiangong

import sim
from sim.export import collected, finished, stored
from sim.export.plain import write_json
from sim.export.record import as_record
from sim.files.errors import DataError

FILES = ("flight.json", "series.npz", "manifest.json")


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """What a run leaves that `plot` reads."""
    folder = tmp_path_factory.mktemp("run") / "out"
    folder.mkdir()
    flight, scenario, world = made_flight("descent")
    record = as_record(flight, scenario.raw)
    write_json(folder / "flight.json", record)
    stored.save(folder / "series.npz", collected.collect(flight, scenario.raw, world, record))
    seal(folder)
    return folder


def seal(folder: Path) -> None:
    """A manifest that holds the hashes of what is there now, as if the run had written that."""
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES[:2]}
    write_json(folder / "manifest.json", {"tiangong_sim": sim.__version__, "files_sha256": hashes})


@pytest.fixture
def folder(whole, tmp_path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "out"))


class Trap:
    """Pickled, it makes a folder when it is read."""

    def __init__(self, path: Path):
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


def refused(folder: Path) -> str:
    """The one line that `plot` ends with, exit code 4; the face raises the same."""
    done = tiangong("plot", folder, "entry")
    assert (done.code, done.out) == (4, "") and done.err.count("\n") == 1, done.err
    with pytest.raises(DataError) as caught:
        sim.plot(folder, ["entry"])
    assert done.err == f"{caught.value}\n"
    assert json.loads(tiangong("plot", folder, "--json").out)["status"] == "environment"
    return done.err


def test_a_whole_folder_is_drawn(folder):
    assert [path.name for path in sim.plot(folder, ["entry"])] == ["entry.png"]


RUBBISH = {
    "empty": lambda data: b"",
    "one byte": lambda data: data[:1],
    "half": lambda data: data[: len(data) // 2],
    "but its last byte": lambda data: data[:-1],
    "a byte changed": lambda data: data[:999] + bytes([data[999] ^ 1]) + data[1000:],
    "rubbish": lambda data: b"\x80\x04rubbish" * 99,
    "a page": lambda data: b"<!DOCTYPE html><html>",
    "a list": lambda data: b"[1, 2]",
}


@pytest.mark.parametrize("how", RUBBISH)
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_changed_is_named(name, how, folder):
    if name == "manifest.json" and how in ("but its last byte", "a byte changed"):
        return  # a line end, and more bytes than it has
    path = folder / name
    path.write_bytes(RUBBISH[how](path.read_bytes()))
    assert f"{path} is damaged: " in refused(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_missing_is_named(name, folder):
    (folder / name).unlink()
    assert f"{folder / name} is missing; give a directory that `tiangong run` wrote" in refused(folder)
    (folder / name).mkdir()
    assert f"{folder / name} is damaged: found a directory" in refused(folder)


def test_a_manifest_without_hashes_confirms_nothing(folder):
    (folder / "manifest.json").write_text('{"tiangong_sim": "0.1.0"}')
    assert "it holds no SHA-256 of flight.json and series.npz" in refused(folder)


def npz(members: dict[str, bytes], **options) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", **options) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def npy(array, **options) -> bytes:
    data = io.BytesIO()
    np.save(data, array, **options)
    return data.getvalue()


HUGE = npy(np.zeros(1)).replace(b"(1,)", b"(999999999999,)").replace(b" " * 11 + b"\n", b"\n")
ARCHIVES = {
    "a pickle": lambda trap: pickle.dumps(trap),
    "an array of objects": lambda trap: npy(np.array([trap], dtype=object), allow_pickle=True),
    "a plain array": lambda trap: npy(np.zeros(3)),
    "no members": lambda trap: npz({}),
    "a member of objects": lambda trap: npz({"a.npy": npy(np.array([trap], dtype=object), allow_pickle=True)}),
    "a member that is a pickle": lambda trap: npz({"a.npy": pickle.dumps(trap), "b": b""}),
    "a member that is empty": lambda trap: npz({"scenario.npy": b""}),
    "a member that is text": lambda trap: npz({"readme.txt": b"hello"}),
    "a member of bytes": lambda trap: npz({"scenario.npy": npy(np.array([b"{}"]))}),
    "a member larger than any machine": lambda trap: npz({"scenario.npy": HUGE}),
    "a scenario that is a list": lambda trap: npz({"scenario.npy": npy(np.array("[1]"))}),
    "a scenario that is a number": lambda trap: npz({"scenario.npy": npy(np.array(1.0))}),
    "a bomb": lambda trap: npz({"a.npy": bytes(50_000_000)}, compression=zipfile.ZIP_DEFLATED),
}


@pytest.mark.parametrize("case", ARCHIVES)
def test_an_archive_that_no_run_wrote_is_refused_and_never_unpickled(case, folder, tmp_path, monkeypatch):
    """Even where the manifest has its SHA-256."""
    monkeypatch.setattr(finished, "LARGEST_BYTES", 40_000_000)
    (folder / "series.npz").write_bytes(ARCHIVES[case](Trap(tmp_path / "unpickled")))
    seal(folder)
    assert "series.npz is damaged: " in refused(folder)
    assert not (tmp_path / "unpickled").exists()


def changed(record: dict, change) -> bytes:
    change(record)
    return json.dumps(record).encode()


RECORDS = {
    "no legs": lambda r: r.pop("legs"),
    "legs that are numbers": lambda r: r.update(legs=[1, 2]),
    "a leg without its phase": lambda r: r["legs"][3].pop("phase"),
    "no zero": lambda r: r.pop("zero_utc"),
    "a zero that is no time": lambda r: r.update(zero_utc="noon"),
    "not a number": lambda r: r["legs"][0].update(start_met_s=float("nan")),
    "notes that lack a figure": lambda r: r["legs"][6]["notes"].clear() or r["legs"][6]["notes"].update(x=1),
    "notes that are a list": lambda r: r["legs"][6].update(notes=[1]),
    "an event without its time": lambda r: r["events"][0].pop("utc"),
    "another schema": lambda r: r.update(schema=0),
}


@pytest.mark.parametrize("case", RECORDS)
def test_a_record_that_no_run_wrote_is_refused(case, folder):
    path = folder / "flight.json"
    path.write_bytes(changed(json.loads(path.read_bytes()), RECORDS[case]))
    seal(folder)
    assert "fly the mission again" in refused(folder)


def without(arrays: dict, part: str) -> dict:
    return {name: array for name, array in arrays.items() if part not in name}


SERIES = {
    "no scenario": lambda a: without(a, "scenario"),
    "a history without a column": lambda a: without(a, "series/entry/entry/altitude_km"),
    "a history without any": lambda a: without(a, "series/docking/"),
    "a record of no known kind": lambda a: a | {"record/entry": np.array("Rubbish")},
    "a column of another length": lambda a: a | {"series/entry/entry/altitude_km": np.zeros(3)},
    "a column of another shape": lambda a: a | {"series/entry/entry/altitude_km": np.zeros((2, 2))},
    "a column of words": lambda a: a | {"series/entry/entry/altitude_km": np.array(["x"])},
}


@pytest.mark.parametrize("case", SERIES)
def test_histories_that_no_run_wrote_are_refused(case, folder):
    path = folder / "series.npz"
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    np.savez(path, **SERIES[case](arrays))
    seal(folder)
    assert "fly the mission again" in refused(folder)
