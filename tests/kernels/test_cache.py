"""The cache of compiled code: whatever happens to its files, the right code or none, one line, and no exception."""

import errno
import os
import pickle
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import numba
import numpy as np
import pytest

import kernels
from kernels.compiling import code_files, njit
from kernels.compiling.code_files import CodeFiles

SOURCE = "def triple(x):\n    return 3.0 * x\n"


@pytest.fixture(autouse=True)
def nothing_reported(monkeypatch):
    monkeypatch.setattr(code_files, "_already_reported", set())


@pytest.fixture
def files(tmp_path):
    """A kernel's files with two entries."""
    files = CodeFiles(tmp_path / "orbit_1234", "kepler.propagate-7.py311", "sources 1")
    files.save(("float64", "x86"), ["code", 1])
    files.save(("int64", "x86"), ["code", 2])
    return files


def code_file(files, of):
    return next(p for p in files.folder.glob("*.code") if pickle.loads(p.read_bytes()) == of)


def lines(capsys):
    return capsys.readouterr().err.splitlines()


DAMAGE = {
    "cut short": lambda content: content[:-7],
    "cut to a few bytes": lambda content: content[:20],
    "empty": lambda content: b"",
    "rubbish": lambda content: b"\x00\xff<html>" * 50,
    "one bit": lambda content: content[:-3] + bytes([content[-3] ^ 4]) + content[-2:],
    "the first bit": lambda content: bytes([content[0] ^ 1]) + content[1:],
    "another pickle": lambda content: pickle.dumps({("float64", "x86"): b"0"}),
    "twice": lambda content: content + content,
}


def test_what_was_kept_comes_back(files, capsys):
    assert files.load(("float64", "x86")) == ["code", 1]
    assert files.load(("int64", "x86")) == ["code", 2]
    assert files.load(("float32", "x86")) is None
    assert lines(capsys) == []


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("which", ["index", "code"])
def test_a_damaged_file_is_thrown_away_in_one_line_and_written_anew(files, capsys, which, damage):
    path = files.index_path if which == "index" else code_file(files, ["code", 1])
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    assert files.load(("float64", "x86")) is None
    assert not path.exists()
    assert files.load(("float64", "x86")) is None
    (line,) = lines(capsys)
    assert str(path) in line and "damaged" in line and "compiled anew" in line
    files.save(("float64", "x86"), ["code", 1])
    assert files.load(("float64", "x86")) == ["code", 1]
    assert lines(capsys) == []


def test_many_damaged_files_are_one_line(files, capsys):
    for path in files.folder.glob("*.code"):
        path.write_bytes(b"")
    assert files.load(("float64", "x86")) is None and files.load(("int64", "x86")) is None
    assert len(lines(capsys)) == 1


def test_what_names_a_class_of_somebody_else_is_compiled_anew(files, monkeypatch):
    """A record of a user's own module stands in the index: other processes cannot load it."""
    module = type(sys)("somebodys")
    exec("class Record: pass", module.__dict__)
    monkeypatch.setitem(sys.modules, "somebodys", module)
    module.Record.__module__ = "somebodys"
    files.save(module.Record, ["code", 3])
    assert files.load(("float64", "x86")) == ["code", 1]
    monkeypatch.delitem(sys.modules, "somebodys")
    assert files.load(("float64", "x86")) is None
    files.save(("float64", "x86"), ["code", 1])
    assert files.load(("float64", "x86")) == ["code", 1]


def test_code_of_a_source_that_was_edited_meanwhile_is_not_kept(files, monkeypatch):
    monkeypatch.setattr(code_files, "current_fingerprint", lambda: "edited")
    files.save("new", 3)
    assert files.load("new") is None


def test_files_that_vanish_are_not_counted(files, monkeypatch):
    monkeypatch.setattr(code_files, "MODE", "mode")
    (files.folder / "kepler.propagate-7.py311.mode.index").write_bytes(b"")
    assert code_files.kept(files.folder.parent) == {}  # an index without code
    code = files.folder / "kepler.propagate-7.py311.mode.1.code"
    code.symlink_to(files.folder / "nowhere")
    assert code_files.kept(files.folder.parent) == {}
    code.unlink()
    code.write_bytes(b"12345")
    assert code_files.kept(files.folder.parent) == {("orbit_1234.kepler", "propagate"): 5}


class Trap:
    """Run by whoever unpickles it."""

    def __reduce__(self):
        return pytest.fail, ("unpickled before it was compared",)


def test_nothing_is_unpickled_before_it_was_compared(files):
    files.index_path.write_bytes(pickle.dumps(Trap()))
    assert files.load(("float64", "x86")) is None
    files.save(("float64", "x86"), ["code", 1])
    code_file(files, ["code", 1]).write_bytes(pickle.dumps(Trap()))
    assert files.load(("float64", "x86")) is None


def test_code_of_other_sources_is_not_used_nor_called_damaged(files, capsys):
    edited = CodeFiles(files.folder, files.base, "sources 2")
    assert edited.load(("float64", "x86")) is None
    edited.save(("float64", "x86"), ["code", 3])
    assert edited.load(("float64", "x86")) == ["code", 3]
    assert lines(capsys) == []


@pytest.mark.parametrize("fault", ["its folder is a file", "a file above it", "no such device"])
def test_a_folder_that_cannot_be_made_is_one_line(tmp_path, capsys, fault):
    (tmp_path / "file").write_text("")
    folder = {
        "its folder is a file": tmp_path / "file",
        "a file above it": tmp_path / "file" / "a" / "b",
        "no such device": Path(os.devnull) / "a",
    }[fault]
    files = CodeFiles(folder, "kepler", "sources 1")
    for _ in range(2):
        files.save("key", 1)
        assert files.load("key") is None
    (line,) = lines(capsys)
    assert line.startswith(f"compiled code cannot be kept in {folder} (") and "NUMBA_CACHE_DIR" in line


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EACCES])
def test_a_full_disk_leaves_what_was_there_and_no_piece(files, capsys, monkeypatch, number):
    before = {path: path.read_bytes() for path in files.folder.iterdir()}

    def half(path, content):
        with open(path, "wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError(number, os.strerror(number), str(path))

    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", half)
        files.save("new", 3)
        files.save("newer", 4)
    assert {path: path.read_bytes() for path in files.folder.iterdir()} == before
    (line,) = lines(capsys)
    assert os.strerror(number) in line


def test_a_limit_on_the_size_of_files_is_no_fault(tmp_path):
    """The kernel's own limit, which Python meets as an OSError."""
    resource = import_module("resource")  # of Unix, where CI runs
    files = CodeFiles(tmp_path, "kepler", "sources 1")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        files.save("key", bytes(5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_read_is_compiled_anew(files, capsys):
    """A directory in the place of a file can be neither read nor replaced."""
    files.index_path.unlink()
    files.index_path.mkdir()
    assert files.load(("float64", "x86")) is None
    files.save(("float64", "x86"), ["code", 1])
    assert files.load(("float64", "x86")) is None
    assert [line.split(str(files.folder))[0] for line in lines(capsys)] == [
        "compiled code cannot be read from ",
        "compiled code cannot be kept in ",
    ]


@pytest.mark.parametrize("killed_at", [1, 2, 3, 4])
def test_a_writer_that_is_killed_leaves_a_cache_that_works(files, capsys, monkeypatch, killed_at):
    """Before the code's rename, after it, before the index's, after it: each file is whole, or is not there."""

    class Killed(BaseException):
        pass

    steps = []

    def step(number, do):
        def counted(*given):
            steps.append(number)
            if len(steps) == killed_at:
                raise Killed
            return do(*given)

        return counted

    with monkeypatch.context() as machine:
        machine.setattr(Path, "write_bytes", step("write", Path.write_bytes))
        machine.setattr(os, "replace", step("replace", os.replace))
        machine.setattr(Path, "unlink", lambda *_, **__: None)  # a killed process tidies nothing
        with pytest.raises(Killed):
            files.save("new", 3)
    assert files.load(("float64", "x86")) == ["code", 1]
    assert files.load("new") is None
    files.save("new", 3)
    assert files.load("new") == 3
    assert lines(capsys) == []


def test_writers_at_once_never_mix_up_what_they_keep(tmp_path, capsys):
    def keep(key):
        CodeFiles(tmp_path, "kepler", "sources 1").save(key, ["code of", key])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(keep, range(60)))
    files = CodeFiles(tmp_path, "kepler", "sources 1")
    found = {key: files.load(key) for key in range(60)}
    assert {key: code for key, code in found.items() if code} == {key: ["code of", key] for key in found if found[key]}
    assert any(found.values())
    assert lines(capsys) == []


def test_a_standard_error_that_is_closed_is_no_fault(files, monkeypatch):
    class Closed:
        def write(self, text):
            raise ValueError("I/O operation on closed file")

    for stream in (None, Closed()):
        files.index_path.write_bytes(b"")
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setattr(code_files, "_already_reported", set())
        assert files.load(("float64", "x86")) is None


def kernel(folder):
    """A kernel of one line, defined anew as every process does."""
    source = folder / "made_kernel.py"
    source.write_text(SOURCE)
    names = {"__name__": __name__}
    exec(compile(SOURCE, str(source), "exec"), names)
    return njit(cache=True)(names["triple"])


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")
def test_a_kernel_flies_whatever_became_of_its_files(tmp_path, monkeypatch, capsys):
    def cache(folder):
        """numba reads its variables again when it compiles."""
        monkeypatch.setenv("NUMBA_CACHE_DIR", str(folder))
        monkeypatch.setattr(numba.config, "CACHE_DIR", str(folder))

    def called():
        triple = kernel(tmp_path)
        assert triple(np.float64(2.0)) == 6.0
        return sum(triple.stats.cache_hits.values())

    cache(tmp_path / "cache")
    assert called() == 0 and called() == 1
    kept = [path for path in (tmp_path / "cache").rglob("*") if path.suffix in (".index", ".code")]
    assert len(kept) == 2
    for path in kept:
        path.write_bytes(path.read_bytes()[:-9])
    assert called() == 0 and called() == 1
    assert len(lines(capsys)) == 1
    cache(Path(os.devnull) / "cache")
    assert called() == 0
    (line,) = lines(capsys)
    assert line.startswith("compiled code cannot be kept in")


def test_every_kernel_keeps_its_code_this_way():
    """numba's own decorator would bring back its own cache."""
    for path in sorted(Path(kernels.__file__).parent.rglob("*.py")):
        assert "from numba import njit" not in path.read_text(encoding="utf-8"), path.name


def homes(monkeypatch, tmp_path, **variables):
    """The folder of the cache for a home and a temporary folder of this test."""
    for name in ("LOCALAPPDATA", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    given = {"HOME": str(tmp_path / "home")} | variables
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return kernels._cache_folder("f" * 16)


@pytest.mark.skipif(os.name == "nt", reason="other variables")
def test_the_cache_lies_where_it_can_be_written(monkeypatch, tmp_path):
    mine = tmp_path / f"tiangong-sim-{os.getuid()}" / ("f" * 16)
    own = tmp_path / "home" / ".cache" / "tiangong-sim" / ("f" * 16)
    assert homes(monkeypatch, tmp_path) == own
    assert (
        homes(monkeypatch, tmp_path, XDG_CACHE_HOME=str(tmp_path / "x")) == tmp_path / "x" / "tiangong-sim" / own.name
    )
    assert homes(monkeypatch, tmp_path, XDG_CACHE_HOME="relative") == own  # as the standard of that variable has it
    (tmp_path / "file").write_text("")
    assert homes(monkeypatch, tmp_path, HOME=str(tmp_path / "file")) == mine
    (tmp_path / "home" / ".cache" / "tiangong-sim").rmdir()
    (tmp_path / "home" / ".cache" / "tiangong-sim").write_text("")
    assert homes(monkeypatch, tmp_path) == mine


@pytest.mark.skipif(os.name == "nt", reason="other variables")
def test_a_cache_that_is_full_and_read_only_is_read(monkeypatch, tmp_path):
    own = tmp_path / "home" / ".cache" / "tiangong-sim" / ("f" * 16)
    own.mkdir(parents=True)
    monkeypatch.setattr(kernels, "writable", lambda folder: False)
    assert homes(monkeypatch, tmp_path) == own


@pytest.mark.skipif(os.name == "nt", reason="a temporary folder for each user")
def test_a_temporary_folder_of_somebody_else_is_not_used(monkeypatch, tmp_path):
    """Who can write there could have us run his code."""
    planted = tmp_path / f"tiangong-sim-{os.getuid()}"
    nowhere = Path(os.devnull) / ".cache" / "tiangong-sim" / ("f" * 16)
    planted.mkdir()
    planted.chmod(0o777)
    assert homes(monkeypatch, tmp_path, HOME=os.devnull) == nowhere
    planted.rmdir()
    (tmp_path / "elsewhere").mkdir()
    planted.symlink_to(tmp_path / "elsewhere")
    assert homes(monkeypatch, tmp_path, HOME=os.devnull) == nowhere
    planted.unlink()
    planted.mkdir()
    planted.chmod(0o700)
    assert homes(monkeypatch, tmp_path, HOME=os.devnull) == planted / nowhere.name


def test_a_machine_without_a_home_and_a_temporary_folder_flies(monkeypatch):
    def none(*_):
        raise RuntimeError("Could not determine home directory.")

    def nowhere():
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr(Path, "home", none)
    monkeypatch.setattr(tempfile, "gettempdir", nowhere)
    assert kernels._cache_folder("f" * 16) == Path(os.devnull) / ("f" * 16)
