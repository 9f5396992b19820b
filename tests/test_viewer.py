"""What `view.html` holds: every craft within 10 m of its trajectory, near the station to centimetres; who is docked.

The size of the page is held by tests/flights/test_viewer_flight.py: orbits made by hand need more nodes.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import made_flight
import numpy as np
import pytest
import view_reader

from sim.core.trajectory import Trajectory
from sim.export import trajectories
from sim.files.errors import DataError
from sim.output.run import plot_data
from sim.report.viewer import docked, page, turning
from sim.report.viewer.nodes import nodes
from sim.report.viewer.pack import pack


@pytest.fixture(scope="module")
def made():
    flight, scenario, world = made_flight.made_flight()
    data, flown = plot_data(flight, scenario, world), trajectories.of_flight(flight, world)
    text, block = pack(data, flown)
    return SimpleNamespace(data=data, flown=flown, text=text, block=block)


def test_every_craft_is_where_it_was_flown(made):
    errors = view_reader.worst(made.text, made.block, made.flown)
    assert {craft for craft, _ in errors} == set(made.flown.vehicles)
    far, near = (max(error[k] for error in errors.values()) for k in (0, 1))
    assert far < 1.5  # m; 10 are asked for, of each path half a metre is spent
    assert 0.0 < near < 1.5  # of 5 mm, or of 1e-5 of the range


def test_an_edge_is_kept_and_nothing_is_smoothed_across_it():
    """A pulse of 1 m/s2 for 3 s within minutes of rest: its ends are nodes, twice."""
    t = np.array([0.0, 100.0, 100.0, 103.0, 103.0, 400.0])
    x = np.array([0.0, 0.0, 0.0, 4.5, 4.5, 4.5 + 3.0 * 297.0])
    v, a = np.array([0.0, 0.0, 0.0, 3.0, 3.0, 3.0]), np.array([0.0, 0.0, 1.0, 1.0, 0.0, 0.0])
    rows = [np.stack([c, 0 * c, 0 * c], axis=1) for c in (x, v, a)]
    path = Trajectory(t, *rows, np.ones(6))
    edges = np.array([0.0, 100.0, 103.0, 400.0])
    found = nodes(
        lambda w: path.at(w)[:2], lambda w: path.before(w)[:2], edges, lambda r: np.full(len(r), 1e-3), falls=False
    )
    assert list(found.t) == [0.0, 100.0, 100.0, 103.0, 103.0, 400.0]
    assert not found.quintic.any()


def test_attitudes_keep_to_their_tolerance():
    t = np.linspace(0.0, 600.0, 1201)
    angle = 0.2 * np.sin(t / 60.0) + np.where(t > 300.0, 0.02 * np.sin(t), 0.0)
    q = np.stack([0 * t, np.sin(angle / 2), 0 * t, np.cos(angle / 2)], axis=1)
    rows = turning.kept(t, q)
    assert rows[0] == 0 and rows[-1] == 1200 and len(rows) < 700
    assert np.max(np.abs(np.interp(t, t[rows], angle[rows]) - angle)) < 2.0 * turning.TOLERANCE


def test_who_is_docked_when(made):
    ships = {craft["name"]: craft["docked"] for craft in made.text["craft"]}
    (up,), (down,) = ships[made_flight.UP], ships[made_flight.DOWN]
    seconds = pytest.approx
    assert (up["port"], up["start"], up["end"]) == ("forward", seconds(made_flight.CONTACT, abs=1.0), docked.FOREVER)
    assert (down["port"], down["end"]) == ("nadir", seconds(made_flight.UNDOCKING, abs=1.0))
    assert ships["tianzhou-10"][0]["end"] == docked.FOREVER and not ships[made_flight.STATION]


def test_a_docked_ship_sits_at_its_port(made):
    """The centre of mass of the stack by hand: a ship of 8 t whose own centre is 4.5 m off its port."""
    ports = {"aft": {"position_m": [-10.0, 0.0, 0.0], "axis": [-1.0, 0.0, 0.0]}}
    ship = {"docking": {"ring_from_centre_of_mass_m": 4.5}}
    scenario = {
        "station": {"name": made_flight.STATION},
        "docked": [{"ship": "freighter", "port": "aft", "vehicle": "ship", "mass_kg": 8000.0}],
        "named": {"station_vehicle": {"ports": ports}, "ship_vehicles": {"ship": ship}},
    }
    data = replace(made.data, scenario=scenario)
    place = docked.place(data, "freighter", "aft")
    assert place["position"] == [-14.5, 0.0, 0.0] and place["axes"][0] == [1.0, 0.0, 0.0]
    craft = [{"name": "freighter", "docked": docked.intervals(data, "freighter", made.flown)}]
    (row,) = docked.centres(data, made.flown, craft)
    total = made.flown.vehicles[made_flight.STATION][0].trajectory.mass[0]
    assert row["centre"] == pytest.approx([-14.5 * 8000.0 / total, 0.0, 0.0])


def test_the_page_is_one_file_and_loads_nothing(made):
    text = page.view(made.data, made.flown)
    assert not re.search(r'(?:src|href)="(?!report\.html)', text)
    modules = json.loads(re.search(r'<script type="importmap">(.*?)</script>', text).group(1))["imports"]
    assert "three" in modules and "viewer/main.js" in modules
    assert all(url.startswith("data:text/javascript") for url in modules.values())
    asked = set(re.findall(r'from "([^"]+)"', "".join(url for name, url in modules.items() if name != "three")))
    assert asked <= set(modules)


def test_a_name_with_marks_cannot_end_the_script(made):
    record = {**made.data.record, "name": "</script><script>alert(1)</script>"}
    text = page.view(replace(made.data, record=record), made.flown)
    assert "<script>alert" not in text


def test_a_lost_file_of_the_page_says_what_to_do(made, tmp_path, monkeypatch):
    monkeypatch.setattr(page, "HERE", tmp_path)
    with pytest.raises(DataError, match=r"page\.html cannot be read .*install tiangong-sim again"):
        page.view(made.data, made.flown)
