"""`run --follow`: what it writes for a log and for a terminal, of a flight made by hand; and the real command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from io import StringIO

import made_flight
import pytest

from sim.api.flight_result import FlightResult
from sim.cli.follow import following, rendered


def states(tmp_path, capsys):
    """The follower after every leg of the flight, and what went to standard error."""
    flight, _, world = made_flight.made_flight()
    with following("Made by hand", made_flight.STATION, tmp_path / "out", browser=False) as follower:
        for n in range(1, len(flight.legs) + 1):
            ahead = tuple(leg.phase for leg in flight.legs[n:])
            follower.tick(flight.legs[n - 1].phase, n / len(flight.legs))
            so_far = type(flight)(flight.name, flight.zero, flight.legs[:n])
            follower.after_leg(FlightResult(so_far, world), ahead)
    return follower.state, capsys.readouterr().err.splitlines()


def test_a_log_has_a_line_for_each_leg(tmp_path, capsys):
    state, lines = states(tmp_path, capsys)
    assert len(lines) == len(state.phases)
    assert all(row.status == "flown" for row in state.phases)
    assert any("range " in line and "rate " in line for line in lines)


def test_the_table_names_phases_craft_and_events(tmp_path, capsys):
    from io import StringIO

    from rich.console import Console

    state, _ = states(tmp_path, capsys)
    console = Console(width=200, record=True, file=StringIO())
    console.print(rendered(state))
    text = console.export_text()
    for word in ("Made by hand", "ascent", "touchdown", made_flight.DOWN, "altitude"):
        assert word in text, word


def test_the_command_follows_a_real_flight_and_its_json_stays_one_object(tmp_path):
    asked = ["run", "port-relocation", "--out", str(tmp_path / "out"), "--pictures", "none", "--follow", "--json"]
    done = subprocess.run([sys.executable, "-m", "sim.cli.main", *asked], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"]
    assert [line.split("  ")[1].split(":")[0] for line in done.stderr.splitlines() if ": flown; " in line] == [
        "undocking and backing off",
        "fly-around",
        "final approach and docking",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


# ---- a terminal

STOPPABLE = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from sim.cli.main import main; main()"
)


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_has_one_table_that_is_drawn_again(tmp_path, monkeypatch):
    """All legs stand in the table that is left at the end; the cursor is hidden meanwhile and shown again."""
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    flight, _, world = made_flight.made_flight()
    with following("Made by hand", made_flight.STATION, tmp_path / "out", browser=False) as follower:
        for n in range(1, len(flight.legs) + 1):
            so_far = type(flight)(flight.name, flight.zero, flight.legs[:n])
            follower.after_leg(FlightResult(so_far, world), tuple(leg.phase for leg in flight.legs[n:]))
    text = shown.getvalue()
    assert text.count("\x1b[?25l") == text.count("\x1b[?25h") == 1
    last = text[text.rindex("Made by hand") :]
    assert last.count(" done ") == len(flight.legs)
    assert list(tmp_path.iterdir()) == []


def test_a_table_that_is_left_by_an_error_gives_the_cursor_back(tmp_path, monkeypatch):
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setenv("TERM", "xterm")
    with (
        pytest.raises(KeyboardInterrupt),
        following("Made by hand", made_flight.STATION, tmp_path / "out", browser=False) as follower,
    ):
        follower.tick("ascent", 0.1)
        raise KeyboardInterrupt
    assert shown.getvalue().count("\x1b[?25l") == shown.getvalue().count("\x1b[?25h") == 1


# ---- interrupted


def test_ctrl_c_ends_a_followed_run_and_leaves_nothing(tmp_path):
    """The page lies beside the results while the flight is computed, and is gone with them; a directory that --force
    would have replaced is as it was."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "manifest.json").write_text('{"tiangong_sim": "0.1.0"}')
    asked = ["run", "port-relocation", "--out", str(out), "--force", "--pictures", "none", "--follow-browser", "--json"]
    # The browser is a program that does nothing with the page's address.
    env = {**os.environ, "BROWSER": "true"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", STOPPABLE, *asked], env=env, **pipes) as process:
        lines = []
        for line in process.stderr:
            lines.append(line)
            if ": flown; " in line:  # the first leg
                assert len(list(tmp_path.iterdir())) > 1  # the page, and the results as far as they are
                process.send_signal(signal.SIGINT)
        code = process.wait(60.0)
        said = process.stdout.read()
    assert code == 130
    assert lines[-1] == "interrupted; nothing was changed\n" and sum(": flown; " in line for line in lines) < 3
    assert any(line.startswith("live page: file://") for line in lines)
    assert json.loads(said)["status"] == "interrupted"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (out / "manifest.json").read_text() == '{"tiangong_sim": "0.1.0"}' and len(list(out.iterdir())) == 1
