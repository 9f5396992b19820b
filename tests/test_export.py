"""What other programs read: flight.json, events.csv, the OEM files, the manifest, the report."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import subprocess
import sys
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import get_type_hints

import made_figures
import numpy as np
import pytest
from made_flight import CONTACT, DOWN, GM, LIFTOFF, STATION, TOUCHDOWN, UP, ZERO, made_flight, made_undocking, on_orbit

from sim.catalogue.element_sets import element_set
from sim.core.ascent_record import SightedView
from sim.core.docking_record import DockingFigures
from sim.core.epoch import Epoch
from sim.core.figures import Inline, as_table, choices, from_table
from sim.core.flight import Flight
from sim.core.records import KINDS
from sim.core.trajectory import Trajectory
from sim.export import collected, stored
from sim.export.aboard import aboard
from sim.export.arrays import figures_kind, record_arrays
from sim.export.landing import landing
from sim.export.oem import arcs, write_oem
from sim.export.pictures import NAMES as PICTURE_NAMES
from sim.export.plain import plain, write_json
from sim.export.record import as_record
from sim.files.errors import DataError
from sim.files.paths import ASSETS, ELEMENTS, FACTS, MISSIONS, ROOT
from sim.output.run import write
from sim.output.summary import flight_lines
from sim.report.names import NAMES, quantity


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A made flight, written once into a directory."""
    directory = tmp_path_factory.mktemp("run")
    flight, scenario, world = made_flight()
    write(flight, scenario, world, directory, {"fly": 1.25})
    return flight, scenario, world, directory


def test_same_flight_gives_same_bytes(written, tmp_path):
    flight, scenario, world, directory = written
    write(flight, scenario, world, tmp_path, {"fly": 99.0})
    for name in ("flight.json", "events.csv", "series.npz", "report.html", "view.html", "plots/ground_track.svg"):
        assert (tmp_path / name).read_bytes() == (directory / name).read_bytes(), name


def test_record_holds_what_happened(written):
    flight, _, _, directory = written
    record = json.loads((directory / "flight.json").read_text())
    assert record["schema"] == 1
    assert [leg["phase"] for leg in record["legs"]] == [leg.phase for leg in flight.legs]
    assert [e["met_s"] for e in record["events"]] == sorted(e["met_s"] for e in record["events"])
    liftoff = next(e for e in record["events"] if e["name"] == "liftoff")
    assert (liftoff["utc"], liftoff["met_s"]) == ("2026-10-24T15:06:00.000Z", 0.0)
    contact = next(e for e in record["events"] if e["name"] == "contact")
    assert contact["met_s"] == pytest.approx(CONTACT - LIFTOFF, abs=1e-6)  # met_s is written to the microsecond
    assert contact["values"]["closing_speed_m_s"] == 0.13


def test_crew_days_run_from_liftoff_to_landing(written):
    record = json.loads((written[3] / "flight.json").read_text())
    crew = {seat["name"]: seat for seat in record["crew"]}
    visitor = crew["payload specialist of Pakistan (slot)"]
    # 12 significant digits of a number below 1000 leave 1e-9 days.
    assert visitor["days"] == pytest.approx((TOUCHDOWN - LIFTOFF) / 86400.0, abs=1e-9)
    assert (visitor["ship_up"], visitor["ship_down"], visitor["status"]) == (UP, DOWN, "landed")
    # 2026-05-24 15:08:36 to the end, counted by the calendar: 160 days and the rest of a day.
    end = Epoch.from_utc(record["legs"][-1]["end_utc"])
    earlier = end.since(Epoch.from_utc("2026-05-24T15:08:36Z")) / 86400.0
    assert crew["Lai Ka-ying"]["days"] == pytest.approx(earlier, abs=1e-7)  # end_utc is written to the millisecond
    assert crew["Lai Ka-ying"]["status"] == "still aboard"


def test_record_of_the_real_flight_is_compared(written):
    rows = json.loads((written[3] / "flight.json").read_text())["record"]
    assert rows["liftoff"]["difference_s"] == 60.0  # 15:06:00 simulated, 15:05:00 recorded
    flight, scenario, _ = made_flight("ascent")
    rows = as_record(flight, scenario.raw)["record"]
    assert rows["docked"]["simulated_utc"] is None and rows["docked"]["difference_s"] is None


def test_failed_leg_keeps_its_reason():
    flight, scenario, _ = made_flight("homing")
    last = replace(flight.legs[-1], status="failed", reason="out of propellant: 3 kg left, 12 kg needed")
    record = as_record(replace(flight, legs=(*flight.legs[:-1], last)), scenario.raw)
    assert record["legs"][-1]["reason"] == "out of propellant: 3 kg left, 12 kg needed"


@pytest.mark.parametrize("bad", [float("nan"), np.inf, np.float64("-inf")])
def test_a_number_that_is_none_is_refused_by_name(bad):
    with pytest.raises(ValueError, match=r"flight\.legs\[2\]\.notes\.left_kg is -?(nan|inf)"):
        plain({"legs": [1, 2, {"notes": {"left_kg": bad}}]}, "flight")


def test_events_table_is_the_record(written):
    record = json.loads((written[3] / "flight.json").read_text())
    with (written[3] / "events.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["utc"], r["name"], r["vehicle"]) for r in rows] == [
        (e["utc"], e["name"], e["vehicle"]) for e in record["events"]
    ]
    contact = next(r for r in rows if r["name"] == "contact")
    assert "closing_speed_m_s=0.13" in contact["values"]
    assert contact["beijing"].startswith("2026-10-25 02:27:05+08:00")  # 18:27:05 UTC and eight hours


# ---- OEM: read back by a strict reader of its own, written from CCSDS 502.0-B


META = (
    "OBJECT_NAME",
    "OBJECT_ID",
    "CENTER_NAME",
    "REF_FRAME",
    "TIME_SYSTEM",
    "START_TIME",
    "STOP_TIME",
    "INTERPOLATION",
    "INTERPOLATION_DEGREE",
)
STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?"


def read_oem(path) -> list[dict]:
    """Segments as {meta, epochs (s since ZERO), states (n,6) in km and km/s}; any breach of the form fails."""
    lines = path.read_text(encoding="ascii").split("\n")
    assert lines.pop() == "" and max(map(len, lines)) <= 254
    assert lines[0] == "CCSDS_OEM_VERS = 2.0"
    assert re.fullmatch(f"CREATION_DATE = {STAMP}", lines[1]) and lines[2].startswith("ORIGINATOR = ")
    segments, meta, inside = [], None, False
    for line in lines[3:]:
        if line == "META_START":
            assert not inside
            meta, inside = {}, True
        elif line == "META_STOP":
            assert inside and tuple(meta) == META
            segments.append({"meta": meta, "epochs": [], "states": []})
            inside = False
        elif inside:
            key, value = line.split(" = ")
            meta[key] = value
        elif line and not line.startswith("COMMENT "):
            stamp, *numbers = line.split(" ")
            assert re.fullmatch(STAMP, stamp) and len(numbers) == 6
            segments[-1]["epochs"].append(Epoch.from_utc(stamp).since(ZERO))
            segments[-1]["states"].append([float(x) for x in numbers])
    for segment in segments:
        epochs, meta = np.array(segment["epochs"]), segment["meta"]
        assert np.all(np.diff(epochs) > 0), "epochs must rise inside a segment"
        assert Epoch.from_utc(meta["START_TIME"]).since(ZERO) == epochs[0]
        assert Epoch.from_utc(meta["STOP_TIME"]).since(ZERO) == epochs[-1]
        assert (meta["CENTER_NAME"], meta["REF_FRAME"], meta["TIME_SYSTEM"]) == ("EARTH", "GCRF", "UTC")
        segment |= {"epochs": epochs, "states": np.array(segment["states"])}
    assert all(a["epochs"][-1] <= b["epochs"][0] for a, b in zip(segments, segments[1:], strict=False))
    return segments


def hermite(epochs, states, t: float) -> np.ndarray:
    """Position (3,) from the four rows about `t` by Hermite's formula, as the file asks its reader to do."""
    first = int(np.clip(np.searchsorted(epochs, t) - 2, 0, len(epochs) - 4))
    x, rows = epochs[first : first + 4], states[first : first + 4]
    total = np.zeros(3)
    for i in range(4):
        others = np.delete(x, i)
        basis = np.prod((t - others) / (x[i] - others))
        slope = np.sum(1.0 / (x[i] - others))
        total += basis**2 * ((1.0 - 2.0 * slope * (t - x[i])) * rows[i, :3] + (t - x[i]) * rows[i, 3:])
    return total


def test_oem_of_each_craft_covers_its_legs(written):
    flight, _, _, directory = written
    for vehicle in flight.vehicles:
        segments = read_oem(directory / f"ephemeris_{vehicle}.oem")
        ends = {round(s["epochs"][-1], 6) for s in segments}
        for _, trajectory in flight.parts(vehicle):
            assert round(trajectory.end, 6) in ends
        assert all(len(s["epochs"]) >= int(s["meta"]["INTERPOLATION_DEGREE"]) + 1 for s in segments)
        assert {s["meta"]["OBJECT_NAME"] for s in segments} == {vehicle.upper()}


def test_a_reader_of_the_oem_gets_the_orbit_back(tmp_path):
    """A circular orbit in rows of 240 s, against the circle: 5 mm, the bound of seventh-degree Hermite there.

    h^8 f(8)/8! times the node product 0.88 at the segment's edge, with f(8) = n^8 r: 4 mm; rounding adds 0.5 mm.
    """
    radius, start, end = 6.7665e6, LIFTOFF, LIFTOFF + 8 * 3600.0 + 17.0
    rate = np.sqrt(GM / radius**3)
    t = np.append(np.arange(start, end, 60.0), end)
    r = on_orbit(t, radius)
    normal = np.cross(r[0], r[5]) / np.linalg.norm(np.cross(r[0], r[5]))
    circle = Trajectory(t, r, rate * np.cross(normal, r), -(rate**2) * r, np.full(len(t), 1e5))
    flight, _, _ = made_flight("await_launch")
    leg = replace(flight.legs[0], trajectories={STATION: circle}, start=start)
    write_oem(tmp_path / "x.oem", Flight("circle", ZERO, (leg,)), STATION, "2026-01-01T00:00:00")
    (segment,) = read_oem(tmp_path / "x.oem")
    step = np.diff(segment["epochs"])
    assert step[:-2] == pytest.approx(240.0) and segment["epochs"][-1] == end
    assert step[-2:] == pytest.approx([128.5, 128.5])  # the last 257 s in two
    for asked in (start + 100.0, start + 10000.0, start + 20123.4, end - 60.0):
        got = 1e3 * hermite(segment["epochs"], segment["states"], asked)
        assert np.linalg.norm(got - on_orbit([asked], radius)[0]) < 5e-3


def test_oem_is_cut_where_acceleration_jumps():
    t = np.array([0.0, 60.0, 120.0, 120.0, 150.0, 150.0, 150.2, 150.2, 300.0])
    still = np.zeros((len(t), 3))
    burn = Trajectory(t, still, still, still, np.ones(len(t)))
    cut = [(arc.start, arc.end) for arc in arcs("homing", burn, 60.0)]
    assert cut == [(0.0, 120.0), (120.0, 150.0), (150.0, 150.2), (150.2, 300.0)]


# ---- the stored form, the manifest, the report


def test_mean_altitude_shows_the_decay_and_not_the_eccentricity():
    """The altitude of the made station oscillates by 5 km each revolution and sinks by 90 m a day; only the latter may
    be seen."""
    flight, _, _ = made_flight("docked")
    station = collected.mean_altitude(flight, STATION)
    t, mean = station["t_s"], station["mean_km"]
    before = t < LIFTOFF - 5 * 86400.0 - 6000.0
    sinks = np.polyfit(t[before] / 86400.0, 1e3 * mean[before], 1)[0]
    assert sinks == pytest.approx(
        -90.0, abs=1.0
    )  # the window is one mean revolution: the oscillation leaves under 1 m/d
    # Mean radius 6766.5 km at lift-off, 1.6 km of trim; 20 m: what a window off by 0.1 % leaves of 5 km.
    at_liftoff = float(np.interp(LIFTOFF, t, mean))
    assert at_liftoff == pytest.approx(6766.5 + 1.6 - collected.EARTH_RADIUS_KM, abs=0.02)
    # The oscillation itself; rows every 60 s miss its top by 5 km (1 - cos 2 deg) = 3 m, decay in a revolution adds 3
    # m.
    assert np.median(station["high_km"] - mean) == pytest.approx(5.0, abs=0.01)
    assert np.median(mean - station["low_km"]) == pytest.approx(5.0, abs=0.01)


def same(one: np.ndarray, other: np.ndarray) -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


def test_stored_form_comes_back_whole(written, tmp_path):
    flight, scenario, world, directory = written
    made = collected.collect(flight, scenario.raw, world, as_record(flight, scenario.raw))
    back = stored.load(directory)
    assert back.record == {**made.record, "landing": plain(landing(flight, world), "landing")}
    assert back.scenario == made.scenario
    arrays = {**made.arrays, **aboard(flight, world, scenario.raw["station"]["name"])}
    assert back.arrays.keys() == arrays.keys()
    assert all(same(back.arrays[k], arrays[k]) for k in arrays)
    with pytest.raises(DataError, match="flight.json is missing"):
        stored.load(tmp_path)


def test_manifest_holds_versions_data_and_files(written):
    directory = written[3]
    manifest = json.loads((directory / "manifest.json").read_text())
    assert manifest["packages"]["numpy"] == np.__version__
    assert manifest["wall_s"]["fly"] == 1.25 and manifest["wall_s"]["write"] > 0.0
    assert "seeds/assets/egm70.npz" in manifest["data_sha256"]
    listed = {p.relative_to(directory).as_posix() for p in directory.rglob("*") if p.is_file()} - {"manifest.json"}
    assert set(manifest["files_sha256"]) == listed
    for name, digest in manifest["files_sha256"].items():
        assert hashlib.sha256((directory / name).read_bytes()).hexdigest() == digest
    assert manifest["scenario"]["launch"]["ship"] == UP


def test_manifest_hashes_every_file_that_a_run_reads(written):
    manifest = json.loads((written[3] / "manifest.json").read_text())
    hashes = manifest["data_sha256"]
    shipped = [p for folder in (ASSETS, ELEMENTS, FACTS) for p in folder.iterdir() if p.suffix in (".npz", ".toml")]
    assert len(shipped) > 20
    for path in (*shipped, MISSIONS / "shenzhou-20.toml"):
        name = path.relative_to(ROOT).as_posix()
        assert hashes[name] == hashlib.sha256(path.read_bytes()).hexdigest(), name
    import astropy_iers_data

    assert set(hashes) >= {"skyfield-data/de421.bsp", "astropy-iers-data/finals2000A.all"}
    orientation = Path(astropy_iers_data.IERS_A_FILE).read_bytes()
    assert hashes["astropy-iers-data/finals2000A.all"] == hashlib.sha256(orientation).hexdigest()


def test_manifest_and_report_show_how_old_the_data_are(written):
    """The made lift-off is 24 Oct 2026 15:06:00; the element set's line 1 says day 279.66864936 of 2026."""
    ages = json.loads((written[3] / "manifest.json").read_text())["data_ages"]
    line = element_set("css-2026-10-06").line1
    day = float(line[20:32])
    # 24 Oct is day 297 of 2026; ages are written to a thousandth of a day.
    assert ages["elements"]["age_at_liftoff_days"] == pytest.approx(297 + 15.1 / 24.0 - day, abs=6e-4)
    turn = ages["earth_orientation"]
    assert "2026-01-01" < turn["last_measured"] < turn["last_predicted"]
    assert "NRLMSISE-00" in ages["atmosphere"]
    page = (written[3] / "report.html").read_text()
    for words in (f"{297 + 15.1 / 24.0 - day:.1f} days before lift-off", turn["last_measured"], turn["last_predicted"]):
        assert words in page, words


def test_record_and_report_name_their_conventions(written):
    conventions = json.loads((written[3] / "flight.json").read_text())["conventions"]
    assert "GCRF" in conventions["frame"] and "true equator" in conventions["orbit_elements"]
    assert "6378.137 km" in conventions["perigee_apogee"] and "geodetic" in conventions["altitude"]
    assert "mid-burn" in conventions["burn_events"]
    page = (written[3] / "report.html").read_text()
    assert "inclination (osculating, true equator of date)" in page and conventions["burn_events"] in page


def names_of_figures(kind) -> set[str]:
    """The keys that figures of a kind write into their table; the ascent's study has tables of its own."""
    inline = [part for field in get_type_hints(kind).values() for part in choices(field) if is_inline(part)]
    own = {field.name for field in fields(kind) if not any(map(is_inline, choices(get_type_hints(kind)[field.name])))}
    return own.union(*map(names_of_figures, inline)) - {"study"}


def is_inline(kind) -> bool:
    return isinstance(kind, type) and issubclass(kind, Inline)


def test_every_figure_has_a_unit_or_a_name():
    """Read from the records: a figure without a unit in its key has a name in the report's table."""
    keys = set().union(*(names_of_figures(figures_kind(kind)) for kind in KINDS.values()))
    assert len(keys) > 70 and {"perigee_km", "most_force_n", "heat_of_dampers_j"} <= keys
    plain_words = {"ports", "launch_pad", "bank_reversals"}  # say what they are
    assert [key for key in sorted(keys) if not quantity(key)[1] and key not in NAMES and key not in plain_words] == []
    assert quantity("relative_kinetic_energy_j") == ("energy of the relative motion at contact", "J")


def test_every_record_comes_back_as_it_was_written(tmp_path):
    """By way of the files: kinds, figures (in twelve digits), every column and every limit."""
    flight, scenario, world = made_flight()
    flight = replace(flight, legs=(*flight.legs, made_undocking()))
    record = as_record(flight, scenario.raw)
    write_json(tmp_path / "flight.json", record)
    stored.save(tmp_path / "series.npz", collected.collect(flight, scenario.raw, world, record))
    back = stored.load(tmp_path)
    assert [type(leg.record) for leg in back.legs] == [type(leg.record) for leg in flight.legs]
    of_the_arm = {"ArmCaptureRecord", "TranspositionRecord"}  # tests/flights/test_arm_flights.py
    assert {type(leg.record).__name__ for leg in flight.legs} == set(KINDS) - of_the_arm
    for leg, read in zip(flight.legs, back.legs, strict=True):
        assert plain(as_table(read.record.figures), "") == plain(as_table(leg.record.figures), "")
        assert type(read.record.figures) is type(leg.record.figures)
        one, other = record_arrays(leg.record), record_arrays(read.record)
        assert one.keys() == other.keys()
        assert all(same(one[key], other[key]) for key in one)
    assert back.docking.box.closing_max_m_s == 0.18 and back.docking.port.name == "forward"
    assert back.undocking.figures.duration_s == 1500.0 and len(back.undocking.push_off.t_s) == 20
    assert back.ascent.study.views[1] == flight.legs[1].record.study.views[1]
    assert list(back.docking.thrusters.on_s) == list(flight.legs[6].record.thrusters.on_s)


def test_a_phase_that_was_not_flown_has_no_record():
    flight, scenario, world = made_flight("homing")
    data = collected.collect(flight, scenario.raw, world, as_record(flight, scenario.raw))
    assert data.docking is None and data.descent is None and data.homing is not None


def test_of_a_phase_that_was_flown_twice_both_records_are_there():
    """Homing again, a day later and at another place: neither its record nor its track hides the first."""
    flight, scenario, world = made_flight("homing")
    first = flight.legs[-1]
    figures = replace(first.record.figures, nearest_m=77.0)
    relative = replace(first.record.relative, x_m=first.record.relative.x_m - 1e3)
    later = {UP: replace(first.trajectories[UP], t=first.trajectories[UP].t + 86400.0)}
    second = replace(first, record=replace(first.record, figures=figures, relative=relative), trajectories=later)
    twice = replace(flight, legs=(*flight.legs, second))
    data = collected.collect(twice, scenario.raw, world, as_record(twice, scenario.raw))
    one, other = (leg.record for leg in data.legs if leg.phase == "homing")
    assert data.homing is one and (one.figures.nearest_m, other.figures.nearest_m) == (600.0, 77.0)
    assert np.array_equal(one.relative.x_m - 1e3, other.relative.x_m)
    assert data.track(UP, "homing-2")["t_s"][0] == data.track(UP, "homing")["t_s"][0] + 86400.0


def test_a_directory_of_another_version_is_refused_in_words(written):
    data = stored.load(written[3])
    arrays = {key: array for key, array in data.arrays.items() if key != "series/docking/zones/keep_out_m"}
    with pytest.raises(DataError, match=r"changed since: DockingRecord.zones has no 'keep_out_m'; it has ellipsoid_m"):
        stored.PlotData(data.record, data.scenario, arrays).docking  # noqa: B018


@pytest.mark.parametrize("hard_mate", [True, False])
def test_figures_that_were_not_flown_are_left_out(hard_mate):
    """Of a docking without the drawing-in the table ends with the capture; None of a view stands as null."""
    figures = made_figures.DOCKING if hard_mate else replace(made_figures.DOCKING, hard_mate=None)
    table = as_table(figures)
    assert list(table)[-1] == ("station_speed_change_m_s" if hard_mate else "most_stroke_m")
    assert "capture" not in table and from_table(DockingFigures, table) == figures
    view = SightedView("here", True, None, 500.0, 35.0, 260.0, 196.0, 500.0)
    assert as_table(view)["rises_s"] is None and from_table(SightedView, as_table(view)) == view
    with pytest.raises(KeyError, match="DockingFigures has no 'approach_s'"):
        from_table(DockingFigures, {k: v for k, v in table.items() if k != "approach_s"})


def test_terminal_and_record_show_the_same_second():
    """18.4996 s past a minute is 18.500 in the record's milliseconds, and hence 19 s in every text."""
    flight, scenario, _ = made_flight("ascent")
    ascent = flight.legs[1]
    events = tuple(replace(e, t=e.t + 18.4996) if e.name == "liftoff" else e for e in ascent.events)
    moved = replace(flight, legs=(flight.legs[0], replace(ascent, events=events)))
    utc = as_record(moved, scenario.raw)["events"][1]["utc"]
    assert (utc, Epoch.from_utc(utc).text("%H:%M:%S")) == ("2026-10-24T15:06:18.500Z", "15:06:19")
    assert any("2026-10-24T15:06:19Z" in line for line in flight_lines(moved))


class Reader(HTMLParser):
    """Collects tags and text, and fails on a tag that is closed out of order."""

    VOID = {"meta", "img", "br", "input"}

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.links, self.words, self.ids = [], [], [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.links += [value for key, value in attributes if key in ("src", "href")]
        self.ids += [value for key, value in attributes if key == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def test_report_stands_alone(written):
    page = Reader()
    source = (written[3] / "report.html").read_text(encoding="utf-8")
    page.feed(source)
    assert page.open == []
    drawn = list((written[3] / "plots").glob("*.svg"))
    assert source.count('<figure class="picture">') == len(drawn) == len(PICTURE_NAMES) - 1  # all but the arm
    assert page.tags.count("svg") == len(drawn)
    anchors = [link[1:] for link in page.links if link.startswith("#")]
    assert len(anchors) > 25 and set(anchors) <= set(page.ids)
    beside = [link for link in page.links if not link.startswith(("#", "data:image/png;base64,"))]
    made_later = {"view.html"}
    assert {"flight.json", "manifest.json", "plots/entry.svg"} <= set(beside)
    assert all((written[3] / link).exists() for link in set(beside) - made_later)
    assert len(set(page.ids)) == len(page.ids)  # of so many pictures on one page
    text = " ".join(page.words)
    for words in ("3 h 21 min after lift-off", "7.4 days in space", "All 5 flight rules hold", "Islamabad", "assumed"):
        assert words in text or words == "assumed", words


def test_report_escapes_and_says_what_broke(tmp_path):
    flight, scenario, world = made_flight("ascent")
    leg = flight.legs[-1]
    broken = replace(leg.verdicts[0], value=6.0, rule="load <script>alert(1)</script>")
    failed = replace(leg, verdicts=(broken,), status="failed", reason="6 g & more")
    write(replace(flight, legs=(flight.legs[0], failed), name="A <b> & C"), scenario, world, tmp_path, {})
    source = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in source and "A &lt;b&gt; &amp; C" in source
    page = Reader()
    page.feed(source)
    text = " ".join(page.words)
    assert "BROKEN" in text and "Of 1 flight rules 1 are broken" in text
    assert "ended in the phase ascent: 6 g & more" in text


def test_only_pictures_need_matplotlib():
    code = "import sys, sim.output.run, sim.report; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
