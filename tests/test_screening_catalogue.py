"""Catalogues with faults, the covariance by age, and the command `screen`."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

import sim
from sim.catalogue.element_sets import element_set
from sim.cli.main import app
from sim.conjunctions.screened_craft import ElementCraft
from sim.conjunctions.screening_catalogue import parse_catalogue, read_catalogue
from sim.conjunctions.screening_covariance import age_model, pairs
from sim.core.epoch import Epoch
from sim.files.problems import ScenarioError
from sim.interchange.files import FORMS, mean_elements_text
from sim.interchange.oem_writing import Arc, write_oem
from sim.planning.passes.watched import sgp4_path
from tests.result_schemas import problems

STATION = element_set("css-2026-07-03")
NOON = "2026-07-05T12:00:00Z"
CREATED = "2026-07-05T12:00:00"


def elements(number: int = 48274, name: str = "CSS", **changes):
    (made,) = parse_catalogue(f"{STATION.line1}\n{STATION.line2}\n", "css").objects
    return replace(made, number=number, name=name, **changes)


# Crosses the station's path in each half revolution, 3.4 km off.
NEAR = replace(elements(100_123, "NEAR"), raan_deg=226.3616, mean_anomaly_deg=elements().mean_anomaly_deg - 1.53)
FAR = elements(270_001, "FAR", mean_motion_rev_day=14.2)


def text(sets, form="tle") -> str:
    return mean_elements_text(list(sets), form, CREATED)


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_a_catalogue_brings_the_same_objects(form):
    """Six digits in all forms: as alpha-5 in two lines, nine digits in an OMM."""
    far = FAR if form == "tle" else replace(FAR, number=799_500_123)
    read = parse_catalogue(text([elements(), NEAR, far], form), "catalogue")
    assert [one.number for one in read.objects] == [48274, 100_123, far.number]
    assert (read.broken_count, read.doubled) == (0, ())


def test_what_is_broken_in_a_catalogue_is_named_and_the_rest_is_used():
    good = text([elements(), NEAR])
    lines = text([FAR]).splitlines()
    number = lines[1][:68] + str((int(lines[1][68]) + 1) % 10)  # another checksum
    cut = lines[2][:40]
    sunk = text([replace(FAR, eccentricity=0.01)]).splitlines()
    sunk[2] = sunk[2].replace("14.20000000", "16.99000000").replace(" 0100000 ", " 2000000 ")
    mended = sunk[2][:68] + str(sum(int(c) if c.isdigit() else c == "-" for c in sunk[2][:68]) % 10)
    rest = ["FAR", number, lines[2], "FAR", lines[1], cut, *sunk[:2], mended]
    read = parse_catalogue(good.rstrip() + "\n" + "\n".join(rest) + "\n", "catalogue")
    assert [one.number for one in read.objects] == [48274, 100_123]
    said = [str(problem) for problem in read.broken]
    assert read.broken_count == len(said) >= 3
    assert any("checksum" in one for one in said) and any("perigee" in one for one in said)
    assert any("40 characters" in one for one in said)


def test_an_entry_of_an_array_is_named_by_its_object_and_its_place():
    """All entries stand in one line: a value that is none, one that is missing, and an entry that is no JSON."""
    entries = json.loads(text([elements(), NEAR, FAR, replace(FAR, number=7)], "json"))
    entries[1]["MEAN_MOTION"] = "fast"
    del entries[2]["ECCENTRICITY"]
    whole = json.dumps(entries)
    read = parse_catalogue(whole, "a.json")
    assert [one.number for one in read.objects] == [48274, 7] and read.broken_count == 2
    assert "MEAN_MOTION: found 'fast' in entry 2 (NEAR, 100123)" in str(read.broken[0])
    assert "ECCENTRICITY: found nothing" in str(read.broken[1]) and "in entry 3 (FAR, 270001)" in str(read.broken[1])
    read = parse_catalogue(whole.replace('"fast"', '"fast'), "a.json")
    assert [one.number for one in read.objects] == [48274, 7] and read.broken_count == 2
    assert "broken JSON" in str(read.broken[0]) and "in entry 2 (NEAR, 100123)" in str(read.broken[0])


@pytest.mark.parametrize("form", ["tle", "json", "csv"])
def test_a_null_byte_breaks_its_line_and_not_the_catalogue(form, tmp_path):
    data = bytearray(text([elements(), NEAR], form).encode())
    data[data.index(b"226.36") + 2] = 0
    (tmp_path / "a").write_bytes(data)
    read = read_catalogue(tmp_path / "a")
    assert [one.number for one in read.objects] == [48274] and read.broken_count >= 1
    assert "null bytes: 1, first in line" in read.notes[0]
    (tmp_path / "b").write_bytes(text([elements()], form).encode("utf-16-le"))
    with pytest.raises(ScenarioError, match="null bytes"):
        read_catalogue(tmp_path / "b")


def test_of_several_sets_of_an_object_the_newest_is_taken():
    late = elements(epoch=elements().epoch.plus(3600.0))
    for order in ([elements(), late, NEAR], [late, elements(), NEAR]):
        read = parse_catalogue(text(order), "catalogue")
        assert [one.number for one in read.objects] == [48274, 100_123]
        # To the 0.9 ms that the eighth decimal of a day is.
        assert read.objects[0].epoch.since(late.epoch) == pytest.approx(0.0, abs=1e-3)
        assert [one.epoch.since(elements().epoch) for one in read.doubled] == pytest.approx([0.0], abs=1e-3)


def test_a_catalogue_without_a_set_is_refused_with_what_is_wrong():
    with pytest.raises(ScenarioError, match="no line that begins"):
        parse_catalogue("nothing of the kind\n", "catalogue")


def test_the_covariance_is_of_pairs_of_the_stations_sets():
    """Two thirds of the misses lie within one sigma, as of a Gaussian: 55 to 80 % along the track, where the model is
    steepest; across the track the sets agree better in the middle and have wider tails."""
    age, miss = pairs()
    model = age_model()
    assert model.pairs == len(age) > 300
    inside = [abs(m) < model.sigma_rtn(a) for a, m in zip(age, miss, strict=True)]
    assert 0.55 < np.mean(inside, axis=0)[1] < 0.80
    assert model.sigma_rtn(-3.0) == pytest.approx(model.sigma_rtn(3.0))
    assert (model.sigma_rtn(0.0) > 0.0).all()


def test_a_covariance_uses_no_set_that_is_younger_than_the_start_where_enough_are_older():
    before = Epoch.from_utc(NOON)
    assert age_model(before).pairs == len(pairs(before)[0]) < age_model().pairs
    assert not age_model(before).hindsight
    early = age_model(Epoch.from_utc("2013-10-23T00:00:00Z"))
    assert early.hindsight and "younger than the start" in early.words()


@pytest.fixture
def catalogue(tmp_path):
    """Five sets: the station twice, a neighbour, one that is 200 days old, one that has decayed; and a broken line."""
    old = replace(FAR, number=5, name="OLD", epoch=elements().epoch.plus(-200.0 * 86400.0))
    down = elements(6, "DOWN", bstar=0.5, mean_motion_rev_day=16.3, eccentricity=0.0005)
    body = text([elements(), elements(epoch=elements().epoch.plus(-7200.0)), NEAR, old, down])
    path = tmp_path / "catalogue.tle"
    path.write_text(body + text([FAR]).splitlines()[1][:50] + "\n", "utf-8")
    return path


def run(*words: str):
    return CliRunner().invoke(app, list(map(str, words)))


def test_the_command_lists_approaches_with_ages_and_a_stated_covariance(catalogue, tmp_path):
    out = tmp_path / "out"
    words = ("screen", "css-2026-07-03", "--catalog", catalogue, "--from", NOON, "--days", "0.5", "--out", out)
    done = run(*words, "--within", "10", "--json", "--quiet")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    about = found["catalogue"]
    assert (about["objects"], about["broken"], about["doubled"]) == (4, 1, 1)
    assert [one["number"] for one in about["old"]] == [5] and about["old"][0]["age_days"] > 200.0
    assert [one["number"] for one in about["without_states"]] == [6]
    said = "\n".join(run(*words[:-2], "--within", "10", "--quiet").stdout.splitlines()[:8])
    assert "earlier sets of: 48274 CSS\n" in said and "old: 5 OLD (202 days)\n" in said
    assert "without a state: 6 DOWN\n" in said
    (craft,) = found["craft"]
    assert craft["number"] == 48274 and len(craft["approaches"]) > 5
    for row in craft["approaches"]:
        assert row["number"] == 100_123 and row["miss_km"] < 10.0
        parts = row["radial_km"], row["along_track_km"], row["cross_track_km"]
        assert np.linalg.norm(parts) == pytest.approx(row["miss_km"], rel=1e-9)
        assert row["age_of_craft_days"] == pytest.approx(row["age_of_object_days"], abs=1e-9)
        assert set(row["pc"]) == {"sigma_x_0.5", "sigma_x_1", "sigma_x_2", "largest"}
        assert max(row["pc"].values()) == row["pc"]["largest"] <= 1.0
    assert "sigma by the age" in found["covariance"]["model"]
    assert problems("screening", json.loads((out / "screening.json").read_text()), whole=True) == []
    written = json.loads((out / "screening.json").read_text())["craft"][0]["approaches"]
    assert [row["tca_utc"] for row in written] == [row["tca_utc"] for row in craft["approaches"]]
    assert len((out / "screening.csv").read_text().splitlines()) == 1 + len(craft["approaches"])
    assert (out / "manifest.json").exists()


def test_the_face_screens_an_ephemeris_as_the_set_it_came_of(catalogue, tmp_path):
    """Rows a minute of SGP4, as an OEM in GCRF: the same approaches, to 10 ms and 2 m: SGP4's velocity is that of
    its position to 0.05 m/s, which at 3.5 km and 177 m/s moves a root of d.v by 6 ms. A path has no age."""
    zero = Epoch.from_utc(NOON)
    path = tmp_path / "craft.oem"
    write_oem(path, "CSS", zero, [Arc("coast", sgp4_path(elements(), zero, 21600.0), 0.0, 21600.0, 60.0)], CREATED)
    near = sim.Near(within=10.0)
    by_set = sim.screen("css-2026-07-03", catalogue, NOON, 0.25, near=near).content()["craft"][0]["approaches"]
    by_path = sim.screen(path, catalogue, near=sim.Near(within=10.0, skip=(48274,))).content()["craft"][0]["approaches"]
    assert len(by_path) == len(by_set) > 2
    for one, other in zip(by_path, by_set, strict=True):
        gap = Epoch.from_utc(one["tca_utc"]).since(Epoch.from_utc(other["tca_utc"]))
        assert abs(gap) <= 10e-3 and one["miss_km"] == pytest.approx(other["miss_km"], abs=2e-3)
        assert one["age_of_craft_days"] is None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("css-2026-07-03", "--catalog", "{missing}"), ("missing", "no such file")),
        (("css-2026-07-03", "--catalog", "{good}", "--within", "0"), ("--within", "above 0")),
        (("css-2026-07-03", "--catalog", "{good}", "--radius", "-1"), ("within", "radius")),
        (("css-2026-07-03", "--catalog", "{good}", "--from", "x"), ("--from", "2026-10-01")),
        (("css-2026-07-03", "--catalog", "{good}", "--days", "1000"), ("--days",)),
        (("css-2026-07-03", "--catalog", "{good}", "--skip", "-3"), ("--skip", "53239")),
        (("nope", "--catalog", "{good}"), ("nope", "no such")),
        (("css-2026-07-03",), ("--catalog",)),
    ],
)
def test_bad_input_ends_with_2_and_says_what_to_write(words, says, catalogue, tmp_path):
    done = run("screen", *(w.format(missing=tmp_path / "missing", good=catalogue) for w in words), "--quiet")
    assert done.exit_code == 2
    assert any(word in done.output for word in says), done.output


def test_a_catalogue_in_a_file_is_read_with_its_name(catalogue):
    read = read_catalogue(catalogue)
    assert read.file.endswith("catalogue.tle") and ElementCraft(read.objects[0]).name == "CSS"
