"""Element sets: the shipped ones, the faults that must be found, and SGP4 against its published verification rows."""

import json
import math
import tomllib
from pathlib import Path

import pytest

from sim.catalogue.element_sets import ElementSet, UnknownName, check_lines, checksum, element_set, names
from sim.files import paths

VERIFICATION = json.loads((Path(__file__).parent / "data" / "sgp4_verification.json").read_text())
CSS = tomllib.loads((paths.ELEMENTS / "css.toml").read_text(encoding="utf-8"))
GOOD = element_set("css-2026-10-06")
DOCKED = {  # sets of a module or a ship that was docked at the station, by its catalogue number
    "css-2023-06-21": 56446,
    "css-2023-07-27": 56761,
    "css-2024-03-05": 54216,
    "css-2024-07-31": 53239,
    "css-2024-11-16": 53239,
    "css-2025-02-17": 54216,
    "css-2025-05-13": 61983,
    "css-2025-11-04": 54216,
    "css-2026-03-04": 64786,
}


def resummed(line: str) -> str:
    """The line with the checksum that its changed digits ask for, so that only the change itself is at fault."""
    return line[:68] + str(checksum(line))


def put(line: str, first: int, text: str) -> str:
    """`text` at column `first` (from 1), checksum made right."""
    return resummed(line[: first - 1] + text + line[first - 1 + len(text) :])


# --- the shipped sets


def test_the_two_missions_find_their_sets():
    assert len(names()) == 107
    assert {"css-2026-10-06", "css-2025-05-21"} <= set(names())


@pytest.mark.parametrize("name", CSS)
def test_shipped_set_is_sound_and_its_numbers_are_its_lines(name):
    entry, found = CSS[name], element_set(name)
    assert check_lines(found.line1, found.line2) == []
    # The catalogue numbers of Tianhe, or of what is docked at it and so flies its orbit.
    assert int(found.line1[2:7]) == DOCKED.get(name, 48274)
    assert name.startswith(f"css-{entry['epoch_utc'][:10]}")
    assert found.epoch.utc(6) == entry["epoch_utc"]
    assert entry["grade"] in ("A", "B", "C") and entry["source"]
    # The lines hold up to ten digits and sgp4 turns degrees to radians and back: only rounding of doubles differs.
    for field in (
        "inclination_deg",
        "raan_deg",
        "eccentricity",
        "argp_deg",
        "mean_anomaly_deg",
        "mean_motion_rev_day",
        "bstar",
    ):
        assert getattr(found, field) == pytest.approx(entry[field], rel=1e-14), field


def test_sets_are_in_the_order_of_time_and_of_one_orbit():
    epochs = [element_set(name).epoch for name in names()]
    assert epochs == sorted(epochs) and len(set(epochs)) == len(epochs)
    # All sets since 2021 lie within 41.46-41.48 deg: an invented set usually does not.
    assert all(41.46 < element_set(name).inclination_deg < 41.48 for name in names())


def test_nodes_of_neighbours_drift_as_j2_says():
    """Between sets under 8 days apart the node moves -6.0 to -6.15 deg a day (J2 at 375-400 km: -6.05 to -6.12)."""
    sets = [element_set(name) for name in names()]
    checked = 0
    for a, b in zip(sets, sets[1:], strict=False):
        days = b.epoch.since(a.epoch) / 86400.0
        if not 0.5 < days < 8.0:
            continue  # the rate of two sets hours apart is all noise
        turn = (b.raan_deg - a.raan_deg + 180.0) % 360.0 - 180.0
        assert -6.15 < turn / days < -6.0, (a.name, b.name)
        checked += 1
    assert checked > 25  # so that the loop cannot pass by finding no pair


def test_epoch_is_the_one_sgp4_reads():
    record = GOOD.satrec()
    day, fraction = GOOD.epoch.jd_utc()
    # sgp4 keeps eight decimals of a day, as the line does; 1e-12 day is the rounding of its two-part date.
    assert (day - record.jdsatepoch) + (fraction - record.jdsatepochF) == pytest.approx(0.0, abs=1e-12)


def test_station_flies_at_the_recorded_height():
    """Published for this set: 385.6 x 387.5 km mean; osculating radius oscillates by about 10 km around it (J2)."""
    error, position_km, _ = GOOD.satrec().sgp4(*GOOD.epoch.jd_utc())
    assert error == 0
    assert math.hypot(*position_km) - 6378.137 == pytest.approx(386.6, abs=15.0)


def test_an_unknown_name_offers_the_nearest():
    with pytest.raises(
        UnknownName, match="no element set is named 'css-2026-10-07'; nearest: .*css-2026-10-06"
    ) as caught:
        element_set("css-2026-10-07")
    assert isinstance(caught.value, KeyError)


# --- faults (the sgp4 package accepts most of them in silence)


def test_wrong_checksum_names_line_and_both_digits():
    bad = GOOD.line1[:68] + str((int(GOOD.line1[68]) + 1) % 10)
    want = f"line 1, column 69, checksum: found '{bad[68]}'; allowed: '{GOOD.line1[68]}', which its digits give"
    assert check_lines(bad, GOOD.line2) == [want]


def test_one_flipped_digit_of_the_node_is_found():
    line2 = GOOD.line2
    at = 22  # a decimal of the right ascension of the node
    bad = line2[:at] + str((int(line2[at]) + 1) % 10) + line2[at + 1 :]
    assert any(p.startswith("line 2, column 69, checksum: found ") for p in check_lines(GOOD.line1, bad))


def test_lines_of_two_satellites():
    problems = check_lines(GOOD.line1, put(GOOD.line2, 3, "48275"))
    assert len(problems) == 1 and "found 48274 in line 1, 48275 in line 2; allowed: one satellite" in problems[0]


def test_swapped_lines():
    assert any("swapped" in p for p in check_lines(GOOD.line2, GOOD.line1))


def test_empty_lines():
    assert check_lines("", "") == [f"line {n}: found an empty line; allowed: 69 characters" for n in (1, 2)]


@pytest.mark.parametrize(("cut", "length"), [(slice(0, 60), 60), (slice(0, 68), 68)])
def test_short_line(cut, length):
    assert f"line 2: found {length} characters; allowed: 69 characters" in check_lines(GOOD.line1, GOOD.line2[cut])


@pytest.mark.parametrize(
    ("number", "first", "last", "name"),
    [
        (1, 21, 32, "epoch day"),
        (1, 54, 61, "B*"),
        (2, 9, 16, "inclination"),
        (2, 27, 33, "eccentricity"),
        (2, 53, 63, "mean motion"),
    ],
)
def test_letters_in_a_number_are_named_with_their_columns(number, first, last, name):
    lines = [GOOD.line1, GOOD.line2]
    lines[number - 1] = put(lines[number - 1], first, "abc.defghijk"[: last - first + 1])
    problems = check_lines(*lines)
    assert len(problems) == 1
    assert problems[0].startswith(f"line {number}, columns {first}-{last}, {name}: found 'abc")


@pytest.mark.parametrize("day", ["400.00000000", "366.50000000", "000.50000000"])
def test_epoch_day_outside_the_year(day):
    (problem,) = check_lines(put(GOOD.line1, 21, day), GOOD.line2)
    assert "1 to 365, the days of 2026" in problem


def test_the_366th_day_of_a_leap_year_is_good():
    assert check_lines(put(put(GOOD.line1, 19, "24"), 21, "366.50000000"), GOOD.line2) == []


@pytest.mark.parametrize(
    ("first", "text", "says"),
    [
        (9, "180.0001", "inclination: found 180.0001 deg; allowed: 0 to 180 deg"),
        (18, "361.0000", "right ascension of the node: found 361.0 deg; allowed: 0 to 360 deg"),
        (53, " 0.00000000", "mean motion: found 0.0 rev/day; allowed: 0.000001 to 17.0436 rev/day"),
        (27, "9999999", "km below the surface"),
    ],
)
def test_values_out_of_range(first, text, says):
    (problem,) = check_lines(GOOD.line1, put(GOOD.line2, first, text))
    assert says in problem


def test_line_ends_blanks_and_byte_order_mark_are_no_fault():
    assert check_lines("\ufeff" + GOOD.line1 + "\r\n", GOOD.line2 + "   \n") == []


# --- SGP4

ROWS = [(satellite, row) for satellite in VERIFICATION["satellites"] for row in satellite["rows"]]


@pytest.mark.parametrize(("satellite", "row"), ROWS, ids=[f"{s['satellite']}@{r[0]:.0f}min" for s, r in ROWS])
def test_sgp4_gives_the_published_rows(satellite, row):
    """Asked as the simulator asks it: through our epoch, as a two-part Julian date of UTC.

    The rows are printed to 1e-8 km and 1e-9 km/s; compilers and processors move the deep-space sums by up to 1.2e-7 km
    between machines. 1e-6 km (a millimetre) holds everywhere, and one wrong constant costs metres.
    """
    found = ElementSet(satellite["satellite"], satellite["line1"], satellite["line2"], "", "")
    minutes, *state = row
    error, r_km, v_km_s = found.satrec().sgp4(*found.epoch.plus(minutes * 60.0).jd_utc())
    assert error == 0
    assert r_km == pytest.approx(state[:3], abs=1e-6, rel=0.0)
    assert v_km_s == pytest.approx(state[3:], abs=1e-8, rel=0.0)


@pytest.mark.parametrize("satellite", VERIFICATION["satellites"], ids=lambda s: s["satellite"])
def test_the_verification_satellites_pass_the_line_check(satellite):
    assert check_lines(satellite["line1"], satellite["line2"]) == []
