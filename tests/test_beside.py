"""Pictures of a plan beside it: who draws them, and what is reported when nobody can."""

from multiprocessing import Pipe

import pytest

from sim.files.errors import DataError
from sim.output import beside
from sim.output.beside import Beside


@pytest.fixture
def drawn(monkeypatch):
    """Pictures that this process draws, in their order."""
    found = []
    monkeypatch.setattr(beside, "_drawn", lambda *picture: found.append(picture))
    return found


@pytest.fixture
def served():
    """A `Beside` with a process that is never started, and the end of the connection that such a process has."""
    ours, theirs = Pipe()
    some = Beside()
    some.connection = ours
    yield some, theirs
    ours.close(), theirs.close()


def test_with_one_core_this_process_loads_and_draws(drawn, monkeypatch, tmp_path):
    loaded = []
    monkeypatch.setattr(beside, "cores", lambda: 1)
    monkeypatch.setattr(beside, "_load", loaded.extend)
    with beside.drawing(["area"]) as some:
        assert some.process is None and loaded == ["area"]
        some.draw("area", {"x": 1}, tmp_path / "a.png")
        some.finish()
    assert drawn == [("area", {"x": 1}, str(tmp_path / "a.png"))]


def test_where_no_process_can_be_started_this_one_draws(drawn, monkeypatch, tmp_path):
    def refused(*_):
        raise OSError("no more processes")

    monkeypatch.setattr(beside, "cores", lambda: 2)
    monkeypatch.setattr(beside, "started", refused)
    with beside.drawing(["area"]) as some:
        some.draw("area", {}, tmp_path / "a.png")
        some.finish()
    assert len(drawn) == 1


def test_what_the_other_process_drew_is_not_drawn_again(drawn, served, tmp_path):
    some, theirs = served
    some.draw("area", {"x": 1}, tmp_path / "a.png")
    some.draw("area", {"x": 2}, tmp_path / "b.png")
    assert theirs.recv() == ("area", {"x": 1}, str(tmp_path / "a.png"))
    theirs.send(None)
    theirs.close()  # it ends before the second
    some.finish()
    assert drawn == [("area", {"x": 2}, str(tmp_path / "b.png"))]
    some.finish()
    assert len(drawn) == 1


def test_what_the_other_process_met_is_raised_as_soon_as_it_is_looked_for(served):
    some, theirs = served
    some.look()
    theirs.send(DataError("no font"))
    with pytest.raises(DataError, match="no font"):
        some.look()


def test_a_process_draws_and_is_gone_afterwards(tmp_path):
    """A real one, which is asked for a picture of a module that there is not: the error comes from there."""
    with beside.drawing(["no_such_module"]) as some:
        if some.process is None:
            pytest.skip("one core alone, or no process to be had")
        process = some.process
        assert process.is_alive() or process.exitcode is not None
        some.draw("no_such_module", {}, tmp_path / "a.png")
        with pytest.raises(ModuleNotFoundError, match="no_such_module"):
            some.finish()
    assert some.process is None and not (tmp_path / "a.png").exists()
