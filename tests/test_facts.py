"""The facts: every reference resolves, every article is covered, derived facts recompute, and some meet the sky."""

import hashlib
import math
import re
import tomllib
from collections.abc import Mapping

import pytest

from sim.catalogue import element_sets, facts
from sim.core.epoch import Epoch
from sim.files import paths
from sim.scenario.sources import SOURCES
from sim.scenario.view import View

ALL = facts.facts()
CONFIGS = sorted(paths.CONFIGS.rglob("*.toml"))
ARTICLES = [f"article_00{i}" for i in range(5)]
# Longest texts that a fact may hold: the record's notes in characters, the articles' facts in words. Half of the
# articles' sentences run over 24 words and the notes on them stay under 13, so a sentence does not fit.
LONGEST_TEXT, MOST_WORDS = 120, 12


def texts(x):
    """Every text inside a value, however deep."""
    if isinstance(x, str):
        yield x
    elif isinstance(x, Mapping):
        for part in x.values():
            yield from texts(part)
    elif isinstance(x, (list, tuple)):
        for part in x:
            yield from texts(part)


# --- form


@pytest.mark.parametrize("name", ALL)
def test_every_fact_is_complete(name):
    f = ALL[name]
    assert f.unit, "a fact has a unit; '-' for none"
    assert f.kind in facts.KINDS
    assert f.source and all(key in facts.sources() for key in f.source)
    assert f.confidence in ("high", "medium", "low")
    assert f.value not in ("", [], {}, None)
    if f.kind == "derived":
        assert (f.derive is None) != (not f.method), "a derived fact carries a recipe or, failing that, a method"
    else:
        assert f.derive is None and not f.method


def test_a_fact_lies_in_the_file_of_its_topic():
    for file in paths.FACTS.glob("*.toml"):
        assert list(tomllib.loads(file.read_text(encoding="utf-8"))) == [file.stem]


def test_every_source_is_used():
    assert set(facts.sources()) == {key for f in ALL.values() for key in f.source}


def test_a_correction_is_written_on_both_sides():
    for f in ALL.values():
        assert all(f.name in facts.fact(other).corrected_by for other in f.corrects), f.name
        assert all(f.name in facts.fact(other).corrects for other in f.corrected_by), f.name


def test_facts_not_sentences():
    for f in ALL.values():
        for text in texts([f.value, f.note, f.where, f.method, f.uncertainty]):
            assert len(text) <= LONGEST_TEXT, (f.name, text)
        if set(f.source) & set(ARTICLES):
            assert all(len(text.split()) <= MOST_WORDS for text in texts([f.value, f.note])), f.name


def test_times_are_times():
    """Whatever looks like an instant is one, and the instants of a mission follow one another."""
    for f in ALL.values():
        for text in texts(f.value):
            if re.match(r"\d{4}-\d\d-\d\dT", text):
                assert Epoch.from_utc(text).utc(0) == text, f.name
    for number in range(12, 23):
        mission = facts.fact(f"missions.sz_{number}").value
        steps = [Epoch.from_utc(mission[key]) for key in ("launch", "docked", "undocked", "landed")]
        assert steps == sorted(steps), number


# --- references of the configurations


def references():
    found = []
    for file in CONFIGS:
        for key, text in tomllib.loads(file.read_text(encoding="utf-8")).get("sources", {}).items():
            if text.startswith("fact:"):
                found.append(pytest.param(text.removeprefix("fact:"), id=f"{file.stem}:{key}"))
    return found


def test_configurations_do_refer_to_facts():
    assert len(references()) > 50


@pytest.mark.parametrize("path", references())
def test_every_reference_of_a_configuration_resolves(path):
    assert facts.value(path) is not None


def test_no_configuration_calls_its_own_what_a_fact_says_otherwise():
    """Every number and instant with a fact for its source agrees with it: all files through the checks of `check`."""
    for file in CONFIGS:
        view = View(tomllib.loads(file.read_text(encoding="utf-8")))
        assert [str(finding) for rule in SOURCES for finding in rule(view)] == [], file.name


# --- the articles

# Figures that each article gives, typed from the article.
ANCHORS = {
    "article_000": {
        "pakistan.candidates_shortlist_reported": [5, 10],
        "pakistan.candidates_final_reported": 2,
        "pakistan.training_reported": [6, 12],
        "pakistan.suparco_age_reported": 60,
        "cooperation.agreements_of_china": 200,
        "lunar.sample_institutions": 7,
        "lunar.sample_countries": 6,
        "missions.sz_20_ordinal_reported": 9,
        "missions.sz_19_return_reported": "2025-04-29",
        "missions.sz_20_crew_count": 3,
        "css.operational_since_reported": 2021,
        "css.active_stations_reported": 2,
        "science.sz_20_organisms": ["zebrafish", "flatworms", "bacteria"],
        "missions.sz_20_site_reported": "Jiuquan Satellite Launch Center",
    },
    "article_001": {
        "pakistan.flight_year_reported": 2026,
        "missions.sz_20_launch_date_reported": "2025-04-24",
        "cooperation.agreements_with_pakistan": 12,
        "cooperation.professionals_trained": 200,
        "cooperation.satellites_launched_reported": ["Comsat-1R", "Remote Sensing Satellite-1"],
        "pakistan.role": "payload specialist",
    },
    "article_002": {
        "css.altitude_reported": 400,
        "css.time_in_orbit_reported": 4,
        "lunar.china_crewed_landing_reported": 2030,
        "lunar.us_crewed_return_reported": 2025,
    },
    "article_003": {
        "pakistan.agreement_date_reported": "2025-02-28",
        "history.namira_salim_altitude_reported": 87.4,
        "history.namira_salim_year_reported": 2023,
        "other.karman_line": 100,
        "css.other_station_retires": 2030,
        "css.life_reported": 10,
        "pakistan.selection_duration_reported": 1,
    },
    "article_004": {
        "lunar.change8_year_reported": 2028,
        "lunar.icube_q_carrier": "chang'e-6",
        "lunar.change6_year_reported": 2024,
        "pakistan.selection_complete_reported": 2026,
        "science.pakistan_discipline_count": 9,
    },
}
LEAST = {"article_000": 35, "article_001": 20, "article_002": 14, "article_003": 16, "article_004": 20}


@pytest.mark.parametrize("article", ARTICLES)
def test_every_article_is_covered(article):
    own = [f for f in ALL.values() if article in f.source]
    assert len(own) >= LEAST[article]
    assert all(f.kind == "reported" and f.where for f in own)
    for name, value in ANCHORS[article].items():
        f = facts.fact(name)
        assert f.value == value, name
        assert article in f.source or f.derive, name


def test_people_of_the_articles_have_their_offices():
    people = {f.value["name"]: f.value["office"] for f in ALL.values() if f.topic == "people" and "office" in f.value}
    assert {"Shehbaz Sharif", "Amjad Ali", "Amer Gilani", "Quentin Parker", "Namira Salim", "Xi Jinping"} == set(people)


@pytest.mark.parametrize(
    ("message", "record"),
    [
        ("css.altitude_reported", "css.mean_altitude_2026_10_06"),
        ("missions.sz_19_return_reported", "missions.sz_19"),
        ("missions.sz_20_ordinal_reported", "missions.ordinal_sz_20_since_completion"),
        ("cooperation.satellites_launched_reported", "cooperation.satellites_launched"),
        ("lunar.change8_year_reported", "other.change8"),
        ("lunar.us_crewed_return_reported", "lunar.us_crewed_return_2025"),
        ("pakistan.training_reported", "pakistan.training"),
        ("docking.axial_closing_speed_quoted", "docking.axial_closing_speed"),
        ("jiuquan.azimuth_inertial_41_47", "jiuquan.azimuth_inertial_descending"),
    ],
)
def test_where_a_text_and_the_record_disagree_both_stand(message, record):
    assert record in facts.fact(message).corrected_by


# --- derived facts

DERIVED = [f for f in ALL.values() if f.derive is not None]


def test_most_derived_facts_carry_a_recipe():
    assert len(DERIVED) >= 60


@pytest.mark.parametrize("f", DERIVED, ids=lambda f: f.name)
def test_derived_fact_recomputes(f):
    """Exact but for binary rounding: the recipe says to how many digits the value is written."""
    again = facts.recompute(f)
    assert (again if isinstance(again, list) else [again]) == pytest.approx(
        f.value if isinstance(f.value, list) else [f.value], rel=1e-12
    )


def test_a_recipe_can_only_name_an_operation():
    bad = facts.Fact("x.y", 1, "-", "derived", ("background",), derive={"op": "__import__", "of": ["os"]})
    with pytest.raises(element_sets.UnknownName, match="no operation is named '__import__'"):
        facts.recompute(bad)


def test_published_profile_length_is_that_of_the_recorded_times():
    """Reported: 6.5 h for Shenzhou-20, 3.5 h for -21 to -23; the record holds minutes, the reports half hours."""
    for number in (15, 17, 18, 19, 20):
        assert facts.value(f"missions.rendezvous_sz_{number}") == pytest.approx(6.5 * 60.0, abs=15.0)
    for number in (21, 22, 23):
        assert facts.value(f"missions.rendezvous_sz_{number}") == pytest.approx(3.5 * 60.0, abs=15.0)
    for number in range(12, 24):
        reported = facts.value(f"missions.sz_{number}.rendezvous_min")
        # Dockings are known to the minute, and Shenzhou-23 was reported from a lift-off rounded to the minute.
        assert facts.value(f"missions.rendezvous_sz_{number}") == pytest.approx(reported, abs=1.0)


def test_the_station_was_raised_between_the_sets_around_shenzhou_20():
    """What the source of the mission's elements says: 378.7 km from before and 387.1 km from after, for 24 April 2025.

    Mean over a revolution of the osculating axis, which SGP4 gives to 0.1 km; drag alone would have lowered it.
    """

    def altitude_km(name: str) -> float:
        start, record, found = Epoch.from_utc("2025-04-24T09:17:31Z"), element_sets.element_set(name).satrec(), []
        for second in range(0, 5520, 60):
            _, r, v = record.sgp4(*start.plus(float(second)).jd_utc())
            energy = sum(x * x for x in v) / 2.0 - facts.MU_KM3_S2 / math.hypot(*r)
            found.append(-facts.MU_KM3_S2 / (2.0 * energy) - facts.EARTH_RADIUS_KM)
        return sum(found) / len(found)

    assert altitude_km("css-2025-04-02") == pytest.approx(378.7, abs=0.1)
    assert altitude_km("css-2025-05-21") == pytest.approx(387.1, abs=0.1)


# --- the launch plane, computed again here from the element sets alone


def sidereal_angle_rad(epoch: Epoch) -> float:
    """GMST 1982 with UT1 taken as UTC (under 0.3 s since 2021, that is under 0.3 s of the answer)."""
    day, fraction = epoch.jd_utc()
    t = ((day - 2451545.0) + fraction) / 36525.0
    seconds = 67310.54841 + (876600.0 * 3600.0 + 8640184.812866) * t + 0.093104 * t * t - 6.2e-6 * t**3
    return math.radians(seconds / 240.0 % 360.0)


def height_over_plane_rad(name: str, epoch: Epoch) -> float:
    """Angle of the pad above the mean plane of an element set (TEME), geocentric latitude."""
    record = element_sets.element_set(name).satrec()
    assert record.sgp4(*epoch.jd_utc())[0] == 0
    latitude = math.radians(facts.value("jiuquan.pad_geocentric_latitude"))
    right_ascension = sidereal_angle_rad(epoch) + math.radians(facts.value("jiuquan.pad_longitude"))
    from_node = right_ascension - record.Om
    i = record.im
    return math.asin(math.cos(i) * math.sin(latitude) - math.sin(i) * math.cos(latitude) * math.sin(from_node))


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (12, "css-2021-06-26"),
        (13, "css-2021-10-22"),
        (15, "css-2022-12-04"),
        (21, "css-2025-11-02"),
        (21, "css-2025-11-07"),
        (22, "css-2025-11-29"),
        (23, "css-2026-05-25-c"),
    ],
)
def test_in_plane_instants_follow_from_the_element_sets(number, name):
    """A root of the plane condition within 20 minutes of lift-off; 0.01 deg of inclination moves it by 21 s and sets
    a few days apart differ by 0.002-0.005 deg, hence 10 s."""
    stated = Epoch.from_utc(facts.value(f"launch.in_plane_sz_{number}"))
    low, high = stated.plus(-600.0), stated.plus(600.0)
    start = height_over_plane_rad(name, low)
    assert start * height_over_plane_rad(name, high) < 0.0, "the pad crosses the plane in between"
    while high.since(low) > 0.01:
        middle = low.plus(high.since(low) / 2.0)
        low, high = (middle, high) if start * height_over_plane_rad(name, middle) > 0.0 else (low, middle)
    assert low.since(stated) == pytest.approx(0.0, abs=10.0)


def test_bias_calibrated_on_one_flight_foretells_the_others():
    """Out of sample: the offset of Shenzhou-15 alone gives the lift-offs of three years later to 20 s (18 s)."""
    bias = facts.value("launch.offset_sz_15")
    for number in (20, 21, 22, 23):
        foretold = Epoch.from_utc(facts.value(f"launch.in_plane_sz_{number}")).plus(bias)
        assert abs(foretold.since(Epoch.from_utc(facts.value(f"missions.sz_{number}.launch")))) <= 20.0


# --- the arrays beside the facts


@pytest.mark.parametrize("file", sorted(paths.ASSETS.iterdir()), ids=lambda file: file.stem)
def test_assets_are_those_that_the_list_of_data_names(file):
    listed = dict(
        re.findall(r"\| `(\S+\.\w+)` \|.*\| `([0-9a-f]{64})` \|", (paths.SEEDS / "DATA.md").read_text("utf-8"))
    )
    assert hashlib.sha256(file.read_bytes()).hexdigest() == listed[file.name]


# --- asking


def test_an_unknown_fact_offers_the_nearest():
    with pytest.raises(
        element_sets.UnknownName, match="no fact is named 'shenzhou.launch_mas'; nearest: shenzhou.launch_mass"
    ):
        facts.fact("shenzhou.launch_mas")


def test_a_part_of_a_fact_can_be_named():
    assert facts.value("missions.sz_20.launch") == "2025-04-24T09:17:31Z"
    assert facts.value("jiuquan.insertion_orbit.1") == 350
    with pytest.raises(element_sets.UnknownName, match="nearest: landed"):
        facts.value("missions.sz_20.lande")
    with pytest.raises(element_sets.UnknownName, match="no part of the fact jiuquan.insertion_orbit is named '7'"):
        facts.value("jiuquan.insertion_orbit.7")


def test_search_finds_by_words_anywhere():
    assert {f.name for f in facts.search("zebrafish")} == {"science.sz_20_organisms", "other.sz20_biology"}
    assert facts.search("arab news rover") and all("article_004" in f.source for f in facts.search("arab news rover"))
    assert len(facts.search("")) == len(ALL)
    assert facts.search("no such thing") == []


def test_an_explanation_shows_value_source_recipe_and_dissent():
    text = "\n".join(facts.explain(facts.fact("css.altitude_reported")))
    assert "css.altitude_reported = 400 km" in text
    assert "Boston Brand Media" in text and "paragraphs 1, 3" in text
    assert "corrected by: css.mean_altitude_2026_10_06 = 386.6 +- 0.3 km" in text
    text = "\n".join(facts.explain(facts.fact("css.mean_altitude_2026_10_06")))
    assert "recipe: mean_altitude_km(elements:css-2026-10-06.mean_motion_rev_day) = 386.6" in text


@pytest.mark.parametrize("name", ALL)
def test_every_fact_can_be_explained(name):
    assert facts.explain(ALL[name])[0].startswith(f"{name} = ")


def test_every_number_of_a_configuration_says_where_it_comes_from():
    """A value without a source is a number that nobody can check: each leaf, or its table, stands in [sources], or its
    table has a source of its own, as a campaign's dispersions have."""

    def leaves(value, path=()):
        if isinstance(value, dict) and isinstance(value.get("source"), str):
            assert value["source"].startswith(("fact:", "assumed: ")), path
        elif isinstance(value, dict):
            for key, inner in value.items():
                yield from leaves(inner, (*path, key))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for i, inner in enumerate(value):
                yield from leaves(inner, (*path, str(i)))
        elif isinstance(value, list) and all(isinstance(item, str) for item in value):
            return  # names, not numbers
        elif isinstance(value, int | float | list) and not isinstance(value, bool):
            yield ".".join(path)

    for file in sorted(paths.CONFIGS.glob("**/*.toml")):
        table = tomllib.loads(file.read_text("utf-8"))
        reported = table.pop("sources", {})
        silent = [
            key
            for key in leaves(table)
            if key != "schema" and key not in reported and not any(key.startswith(f"{outer}.") for outer in reported)
        ]
        assert not silent, f"{file.name}: {silent}"
