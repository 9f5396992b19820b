"""What the viewer draws close up: every craft of every mission, at its port, and the same whenever time comes back."""

from __future__ import annotations

import json
import math
from types import SimpleNamespace

import made_flight
import numpy as np
import pytest
from browser import browser, opened

from sim.build.vehicles import ship_of, station_of
from sim.core.docking_frame import axes_of_port
from sim.core.station_stack import stack
from sim.files.paths import MISSIONS
from sim.output.run import plot_data
from sim.report.viewer import docked, page
from sim.report.viewer.burns import burns, main_flow
from sim.report.viewer.craft_data import craft_specs, vehicle_of
from sim.report.viewer.instrument_data import instruments
from sim.report.viewer.launcher_shape import launcher_shape
from sim.report.viewer.near_data import zone_specs
from sim.report.viewer.ship_shape import ship_shape
from sim.report.viewer.station_shape import station_shape
from sim.scenario import load

MISSION_NAMES = sorted(path.stem for path in MISSIONS.glob("*.toml"))
# Times of a flight that goes up and comes down again, s since zero.
UP = {
    "liftoff": 0.0,
    "tower_jettison": 120.0,
    "booster_separation": 155.0,
    "stage_1_separation": 160.0,
    "fairing_separation": 211.0,
    "main_engine_cutoff": 464.0,
    "orbit_insertion": 580.0,
}
DOWN = {
    "orbital_module_separation": 9000.0,
    "deorbit_burn_start": 9100.0,
    "deorbit_burn_end": 9250.0,
    "service_module_separation": 10000.0,
    "entry_interface": 10200.0,
    "blackout_start": 10280.0,
    "blackout_end": 10580.0,
    "drogue_deployment": 10700.0,
    "main_chute_deployment": 10719.0,
    "main_chute_disreef": 10727.0,
    "heat_shield_jettison": 10860.0,
    "retro_fire": 11500.0,
    "touchdown": 11500.3,
}


@pytest.fixture(scope="module")
def missions():
    return {name: load(name) for name in MISSION_NAMES}


def numbers(x):
    """Every number of a table, however deep."""
    if isinstance(x, dict):
        x = list(x.values())
    if isinstance(x, list):
        for part in x:
            yield from numbers(part)
    elif isinstance(x, (int, float)):
        yield x


@pytest.mark.parametrize("name", MISSION_NAMES)
def test_every_craft_of_every_mission_has_a_shape(missions, name):
    mission = missions[name]
    specs = craft_specs(mission.raw)
    assert set(specs) == {mission.raw["station"]["name"], *(ship for ship, _ in vehicle_of(mission.raw))}
    assert all(math.isfinite(number) for number in numbers(specs))
    json.dumps(specs, allow_nan=False)
    for spec in specs.values():
        assert spec["kind"] in ("station", "ship")
        for module in spec["modules"]:
            assert all(radius >= 0.0 for _, radius in module["profile"]), module["name"]


@pytest.mark.parametrize("name", MISSION_NAMES)
def test_a_docked_ship_touches_its_port(missions, name):
    """Ring on port and axis against axis, at every port, as the stack of the simulator has it; the drawn modules end
    there as well."""
    mission = missions[name]
    kinds = {
        ship: ship_of(model)
        for ship in dict(vehicle_of(mission.raw))
        if ship in mission.vehicles
        for model in (mission.ship_vehicle(ship),)
    }
    station = station_of("station", mission.station_vehicle, kinds)
    specs = craft_specs(mission.raw)
    for ship, kind in kinds.items():
        assert max(x for x, _ in specs[ship]["modules"][0]["profile"]) == pytest.approx(kind.docking.ring)
        for port, ring in station.ports.items():
            as_one = stack(station, station.modules + kind.mass, {ship: port}, {ship: kind.mass})
            at = docked.place(SimpleNamespace(scenario=mission.raw), ship, port)
            nose = np.array(at["position"]) + kind.docking.ring * np.array(at["axes"][0])
            centre = ring.position - as_one.ports[port].position
            assert np.linalg.norm(nose - centre - as_one.ports[port].position) < 0.01
            np.testing.assert_allclose(at["axes"], axes_of_port(ring.axis))
            drawn = specs[mission.raw["station"]["name"]]["ports"][port]
            assert np.linalg.norm(np.array(drawn["position"]) - ring.position) < 0.01
            np.testing.assert_allclose(drawn["frame"], at["axes"], atol=1e-12)


def test_lengths_that_no_file_has_come_out_as_published(missions):
    """Nothing but drag areas, propellant and thrusters goes in; the boosters are 15.3 m by 2.25 m, as the note to their
    debris says, the ship is 9.25 m long and 2.8 m wide."""
    mission = missions["shenzhou-24-pakistan"]
    ship = craft_specs(mission.raw)["shenzhou-24"]
    launcher = ship["launcher"]
    booster = next(part for part in launcher["parts"] if part["kind"] == "booster")
    assert booster["to"] == pytest.approx(15.3, abs=0.3)
    assert 2.0 * booster["radius"] == pytest.approx(2.25, abs=0.02)
    assert launcher["height"] == pytest.approx(58.34)
    assert sum(part["kind"] == "booster" for part in launcher["parts"]) == 4
    assert ship["ring"] - ship["nozzle"]["x"] == pytest.approx(9.25, abs=0.1)
    widest = max(radius for module in ship["modules"] for _, radius in module["profile"])
    assert 2.0 * widest == pytest.approx(2.8, abs=0.05)


def test_what_nobody_has_drawn_gets_a_plain_shape(missions):
    """A station, a ship and a launcher of one's own, whose names say nothing; and a ship without a file."""
    raw = missions["tianzhou-cargo"].raw["named"]
    station = station_shape("mine/outpost.toml", raw["station_vehicle"])
    assert station["modules"] and station["wings"] and set(station["ports"]) == {"forward", "nadir", "aft"}
    ship = ship_shape("mine", raw["ship_vehicles"]["tianzhou"])
    assert [module["name"] for module in ship["modules"]] == ["docking", "cargo", "service"]
    launcher = launcher_shape("mine", raw["launchers"]["cz7"], ship)
    assert 30.0 < launcher["height"] < 90.0
    plain = ship_shape("", None, 3000.0)
    assert plain["ring"] < 4.5 and plain["parachutes"] is None
    for made in (station, ship, launcher, plain):
        assert all(math.isfinite(number) for number in numbers(made))


# ---- what a flight recorded near the station


@pytest.fixture(scope="module")
def data():
    return plot_data(*made_flight.made_flight())


def test_zones_are_those_of_the_record(data):
    found = {zone["phase"]: zone for zone in zone_specs(data)}
    assert {"homing", "transfer", "docking", "departure"} <= set(found)
    assert found["homing"]["port"] is None and found["homing"]["holds"] == []
    docking, record = found["docking"], data.docking
    assert docking["keep_out"] == record.zones.keep_out_m
    assert docking["half_angle_deg"] == record.zones.corridor_half_angle_deg
    waits = record.holds.hold_s > 0.0
    assert len(docking["holds"]) == waits.sum() > 0
    for hold, range_ in zip(docking["holds"], record.holds.range_m[waits], strict=True):
        off = np.array(hold["position"]) - record.port.position_m
        np.testing.assert_allclose(off, range_ * record.port.axis, atol=1e-3)


def test_the_engine_burns_while_the_mass_says_so():
    """1.8 kg/s for 100 s, then small thrusters at 0.2 kg/s; an ascent is the launcher's."""
    t = np.array([0.0, 50.0, 50.0, 150.0, 150.0, 400.0])
    mass = np.array([8000.0, 8000.0, 8000.0, 7820.0, 7820.0, 7770.0])
    path = SimpleNamespace(phase="phasing", trajectory=SimpleNamespace(t=t, mass=mass))
    launcher = SimpleNamespace(phase="ascent", trajectory=path.trajectory)
    assert main_flow(5000.0, 290.0) == pytest.approx(1.758, abs=1e-3)
    assert burns([launcher, path], 1.758) == [[50.0, 150.0]]


def test_instruments_read_what_was_recorded(data):
    found = {leg.phase: leg for leg in instruments(data)}
    assert {"ascent", "docking", "entry", "descent"} <= set(found)
    docking, relative = found["docking"], data.docking.relative
    np.testing.assert_allclose(
        np.interp(relative.t_s, docking.t, docking.columns["range_m"]), relative.range_m, atol=0.05
    )
    with_error = {phase for phase, leg in found.items() if "attitude_error_deg" in leg.columns}
    assert with_error == {"docking"} and "fly_around" in found  # elsewhere the port is not what the ship points by
    along, lateral = docking.columns["along_m"], docking.columns["lateral_m"]
    np.testing.assert_allclose(np.hypot(along, lateral), docking.columns["range_m"], rtol=1e-4, atol=1e-3)
    for leg in found.values():
        assert leg.start <= leg.t[0] and len(leg.t) <= 500
        assert all(len(column) == len(leg.t) for column in leg.columns.values())


# ---- in the browser

SCRIPT = """
import { makeCraft, partsAt } from "viewer/craft.js";
import { makeZones } from "viewer/zones.js";
const specs = JSON.parse(document.getElementById("specs").textContent);
const models = Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, makeCraft(spec)]));
models.zones = makeZones(JSON.parse(document.getElementById("zones").textContent));
window.shown = (name, state) => {
  models[name].update(state);
  const found = [];
  models[name].object.traverseVisible((node) => {
    found.push([node.name, ...node.position.toArray(), ...node.quaternion.toArray(), ...node.scale.toArray(),
      node.material?.opacity ?? 1, node.material?.uuid ?? ""]);
  });
  return JSON.stringify(found);
};
window.triangles = (name) => {
  let sum = 0;
  models[name].object.traverse((node) => {
    const index = node.geometry?.getIndex();
    if (node.isMesh) sum += (index ? index.count : node.geometry.getAttribute("position").count) / 3;
  });
  return sum;
};
window.parts = (name, t) => partsAt(specs[name], t);
window.ready = true;
"""
ZONES = [
    {
        "phase": "docking",
        "from": 0.0,
        "to": 1000.0,
        "ellipsoid": [2000.0, 1000.0, 1000.0],
        "keep_out": 200.0,
        "half_angle_deg": 10.0,
        "port": {"name": "forward", "ship": "x", "position": [6.0, 0.0, 0.0], "axis": [1.0, 0.0, 0.0]},
        "holds": [{"position": [206.0, 0.0, 0.0], "range": 200.0, "seconds": 60.0}],
    }
]


@pytest.fixture(scope="module")
def models(missions, tmp_path_factory):
    """A page with nothing but the models of two missions."""
    specs = craft_specs(missions["soyuz-return"].raw) | craft_specs(missions["tianzhou-cargo"].raw)
    specs |= craft_specs(missions["shenzhou-24-pakistan"].raw)
    for spec in specs.values():
        spec["events"] = {name: [t] for name, t in (UP | DOWN).items()}
        spec["burns"] = [[9100.0, 9250.0]]
    file = tmp_path_factory.mktemp("models") / "models.html"
    file.write_text(
        f'<!doctype html><meta charset="utf-8"><script type="importmap">{page._modules()}</script>'
        f'<script type="application/json" id="specs">{json.dumps(specs)}</script>'
        f'<script type="application/json" id="zones">{json.dumps(ZONES)}</script>'
        f'<script type="module">{SCRIPT}</script>',
        encoding="utf-8",
    )
    with browser() as one, opened(one, file) as tab:
        tab.wait_for_function("window.ready")
        yield SimpleNamespace(tab=tab, specs=specs)


def test_models_are_built_small_and_come_back_with_the_time(models):
    """A, B, A: what is shown at A is the same, whatever was shown between; and B is another picture."""
    show = "([name, state]) => window.shown(name, state)"
    times = [-10.0, *(t + 2.0 for t in (UP | DOWN).values())]
    for name in (*models.specs, "zones"):
        suns = ([0.2, 0.5, -0.8], [0.9, -0.3, 0.3])
        states = [{"t": t, "sun": suns[k % 2]} for k, t in enumerate(times)]
        there = [models.tab.evaluate(show, [name, state]) for state in states]
        back = [models.tab.evaluate(show, [name, state]) for state in reversed(states)][::-1]
        assert there == back, name
        assert len(set(there)) > 1, name
    flight = [name for name in models.specs if name not in ("iss", "soyuz-ms", "tianzhou-9", "shenzhou-20")]
    assert len(flight) == 4  # the station, two ships for a crew, one for freight
    total = models.tab.evaluate("names => names.reduce((sum, name) => sum + window.triangles(name), 0)", flight)
    assert 5000 < total < 60000


def test_parts_leave_and_parachutes_open_at_their_events(models):
    def at(t):
        return models.tab.evaluate("t => window.parts('shenzhou-24', t)", t)

    assert [at(t)["aloft"] for t in (100.0, 579.0, 580.0)] == [False, False, True]
    assert [(at(t)["orbital"], at(t)["service"]) for t in (8999.0, 9001.0, 10001.0)] == [
        (True, True),
        (False, True),
        (False, False),
    ]
    chutes = [at(t)["parachute"] for t in (10600.0, 10699.5, 10701.0, 10720.0, 10730.0, 11400.0, 11510.0)]
    assert chutes == ["none", "pilot", "drogue", "reefed", "main", "main", "none"]
