"""`run --follow`: what it writes for a log and for a terminal, of a flight made by hand; and the real command."""

from __future__ import annotations

import subprocess
import sys

import made_flight

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
    import json

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
