"""`view.html` of a real flight against its trajectories and `flight.json`."""

from __future__ import annotations

import base64
import json
import re

import numpy as np
import pytest
import view_reader

import sim
from sim.export import trajectories


@pytest.fixture(scope="module")
def held(written):
    """The page's text and numbers, read back from the file."""
    text = (written / "view.html").read_text("utf-8")
    parts = {key: re.search(rf'id="{key}">(.*?)</script>', text, re.DOTALL).group(1) for key in ("flight", "numbers")}
    return json.loads(parts["flight"]), base64.b64decode(parts["numbers"]), trajectories.load(written), len(text)


def test_every_craft_is_where_it_was_flown(held):
    page, block, flown, size = held
    errors = view_reader.worst(page, block, flown)
    assert max(far for far, _ in errors.values()) < 1.5  # m, of 10
    assert max(near for _, near in errors.values()) < 2.0  # of 5 mm or 1e-5 of the range
    assert size < 3_000_000


def test_touchdown_is_where_flight_json_has_it(held, written):
    page, block, flown, _ = held
    (event,) = [
        e for e in json.loads((written / "flight.json").read_text("utf-8"))["events"] if e["name"] == "touchdown"
    ]
    path = next(c for c in page["craft"] if c["name"] == event["vehicle"])["paths"][-1]
    t = np.array([path["end"]])
    fixed = flown.earth.itrs(t, view_reader.positions(block, path, t))[0]
    lat, lon = (np.radians(event["values"][k]) for k in ("latitude_deg", "longitude_deg"))
    normal = 6378137.0 / np.sqrt(1.0 - 6.69437999014e-3 * np.sin(lat) ** 2)
    up = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    foot = normal * up - np.array([0.0, 0.0, 6.69437999014e-3 * normal * np.sin(lat)])
    beside = np.linalg.norm(np.cross(fixed - foot, up))
    assert beside < 10.0
    assert event["utc"] == sim.Epoch.from_utc(page["zero_utc"]).plus(path["end"]).utc(3)


@pytest.mark.parametrize(
    ("ship", "leg", "edge"), [("shenzhou-24", "docking", "start"), ("shenzhou-23", "undocking", "end")]
)
def test_contact_and_undocking_are_without_a_step(held, ship, leg, edge):
    """The docked place, by port and masses, meets the flown path. At contact the ring that is drawn in later stands
    out; of what is docked and what was flown the attitudes differ by the errors of the contact."""
    page, block, _, _ = held
    (craft,) = [c for c in page["craft"] if c["name"] == ship]
    (berth,), path = craft["docked"], next(p for p in craft["paths"] if p["leg"] == leg)
    t = path["end"] - 1.0 if edge == "start" else path["start"] + 1.0  # the station's centre is then without the ship
    centre = next(c["centre"] for c in page["centres"] if c["from"] <= t < c["to"])
    arm = np.array(berth["position"]) - berth.get("out", 0.0) * np.array(berth["axes"][0]) - centre
    flown = view_reader.positions(block, path, np.array([path["end" if edge == "start" else "start"]]))[0]
    assert abs(np.linalg.norm(flown) - np.linalg.norm(arm)) < 0.2, (flown, arm)


def test_the_page_again_is_the_same(written, tmp_path):
    """`tiangong view` makes it from what is stored, byte by byte as the run did."""
    again = sim.view(written, tmp_path / "again.html")
    assert again.read_bytes() == (written / "view.html").read_bytes()
