"""Who flies, in which ship and from which port, is the same in flight.json, in the report and in the rotation."""

from __future__ import annotations

import html
import json

import sim


def test_flight_report_and_rotation_have_one_crew(written):
    flight = json.loads((written / "flight.json").read_text("utf-8"))
    page = html.unescape((written / "report.html").read_text("utf-8"))
    rotation = sim.rotation("programme").content()
    keys = ("name", "role", "nation", "ship_up", "ship_down")
    members = {tuple(seat[key] for key in keys) for seat in flight["crew"]}
    people = {tuple(person[key] for key in keys) for person in rotation["people"]}
    assert len(members) == 6 and members <= people
    for name, role, nation, *_ in members:
        assert all(word in page for word in (name, role, nation))


def test_ships_stand_at_the_ports_that_the_rotation_has(written):
    flight = json.loads((written / "flight.json").read_text("utf-8"))
    stays = {f["ship"]: [s["port"] for s in f["stays"]] for f in sim.rotation("programme").content()["flights"]}
    (docked,) = [e for e in flight["events"] if e["name"] == "docked"]
    (left,) = [e for e in flight["events"] if e["name"] == "undocking"]
    assert stays[docked["vehicle"]] == [docked["values"]["port"]] == ["forward"]
    assert left["vehicle"] == "shenzhou-23" and stays["shenzhou-23"] == [left["values"]["port"]] == ["nadir"]
