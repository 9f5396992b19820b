"""Environment variables that would end a command in other packages' words."""

import os

import pytest

from sim import plots
from sim.cli.variables import without_unusable
from sim.files.errors import DataError


@pytest.mark.parametrize("name", ["SOURCE_DATE_EPOCH", "NUMBA_NUM_THREADS"])
@pytest.mark.parametrize("value", ["abc", "", "-1", "1.5", "\u0661", "1_0"])
def test_a_number_that_is_none_is_left_out_and_named(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    (line,) = without_unusable()
    assert name in line and value in line and "left out" in line
    assert name not in os.environ


def test_a_number_stays(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    monkeypatch.setenv("NUMBA_NUM_THREADS", "2")
    assert list(without_unusable()) == []
    assert os.environ["SOURCE_DATE_EPOCH"] == "0" and os.environ["NUMBA_NUM_THREADS"] == "2"


@pytest.mark.parametrize("what", ["a pipe", "a device", "no text", "too large"])
@pytest.mark.parametrize("where", ["here", "MATPLOTLIBRC", "MPLCONFIGDIR"])
def test_settings_of_matplotlib_that_are_no_file_are_refused_before_they_hang(where, what, tmp_path, monkeypatch):
    file = tmp_path / "matplotlibrc"
    if what == "a pipe":
        os.mkfifo(file)
    elif what == "a device":
        file.symlink_to("/dev/zero")
    else:
        file.write_bytes(b"\xff\xfe\x00" if what == "no text" else b"#" * (plots.LARGEST_SETTINGS + 1))
    for name in ("MATPLOTLIBRC", "MPLCONFIGDIR"):
        monkeypatch.delenv(name, raising=False)
    if where == "here":
        monkeypatch.chdir(tmp_path)
    else:
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        monkeypatch.setenv(where, str(tmp_path))
    with pytest.raises(DataError, match="matplotlibrc"):
        plots._look_at_settings()


def test_the_first_settings_count_as_for_matplotlib(tmp_path, monkeypatch):
    """A good file here hides a bad one elsewhere; an empty one is good."""
    (tmp_path / "matplotlibrc").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MATPLOTLIBRC", "/dev/zero")
    plots._look_at_settings()
