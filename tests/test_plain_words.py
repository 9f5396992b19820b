"""The flight in plain words: true, whole and the same in three languages, on a terminal and in the page."""

from __future__ import annotations

import copy
import hashlib
import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from browser import browser, opened, serious
from made_flight import made_flight, made_retreat
from optional import needed
from typer.testing import CliRunner

import sim
from sim.cli.main import app
from sim.core.epoch import Epoch
from sim.core.flight import EVENT_NAMES
from sim.export import stored
from sim.export.plain import write_json
from sim.files.errors import BadInput, DataError
from sim.output.run import plot_data
from sim.report.page import write_report
from sim.report.plain_words import broken_rules, checks, terminal, terms, words
from sim.report.plain_words.narrative import plain_words

ROOT = Path(sim.__file__).resolve().parent.parent
LANGUAGES = tuple(words.LANGUAGES)
MARKS = str.maketrans("", "", words.ISOLATE + words.END_OF_ISOLATE)
# What stays in Latin letters: units, UTC, the letter of a rocket, the name of a language.
KEPT = {"km", "min", "cm", "kN", "kg", "UTC", "English"}


def whole():
    return plot_data(*made_flight())


# ---- the catalogues


@pytest.fixture(scope="module")
def catalogues():
    needed("babel")
    import catalogues as found

    return found


def _ids(catalogue):
    return {message.id: message for message in catalogue if message.id}


@pytest.mark.parametrize("locale", [one.locale for one in words.LANGUAGES.values() if one.locale])
def test_every_sentence_of_the_code_is_translated(catalogues, locale):
    asked, known = _ids(catalogues.extracted()), _ids(catalogues.catalogue(locale))
    assert len(asked) > 200 and asked.keys() == known.keys(), "run `python tests/catalogues.py`, then translate"
    for key, message in known.items():
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(forms) and not message.fuzzy, key
        texts = key if isinstance(key, tuple) else (key,)
        names = {name for text in texts for name in re.findall(r"{(\w+)}", text)}
        for form in forms:
            assert set(re.findall(r"{(\w+)}", form)) == names, (key, form)


@pytest.mark.parametrize("locale", [one.locale for one in words.LANGUAGES.values() if one.locale])
def test_the_compiled_catalogue_is_that_of_its_source(catalogues, locale):
    path = catalogues.po(locale)
    assert path.with_suffix(".mo").read_bytes() == catalogues.compiled(catalogues.catalogue(locale))


@pytest.mark.parametrize("data", [b"", b"\xde\x12\x04\x95", b"no catalogue", None])
def test_a_damaged_catalogue_is_named(tmp_path, monkeypatch, data):
    place = tmp_path / "ur" / "LC_MESSAGES" / "tiangong.mo"
    place.parent.mkdir(parents=True)
    if data is not None:
        place.write_bytes(data)
    monkeypatch.setattr(words, "LOCALE", tmp_path)
    words.words.cache_clear()
    try:
        with pytest.raises(DataError, match=r"tiangong\.mo cannot be read .*install tiangong-sim again"):
            words.words("ur")
    finally:
        words.words.cache_clear()


def test_a_language_that_is_not_there_is_refused():
    with pytest.raises(BadInput, match="found 'fr'; write one of en, zh, ur"):
        words.words("fr")


def test_every_event_phase_and_rule_has_words():
    assert set(terms.EVENTS) == set(EVENT_NAMES) and set(EVENT_NAMES) > terms.MINOR
    assert set(checks.TROUBLE) < set(EVENT_NAMES)
    phases = {path.stem for path in (ROOT / "sim" / "phases").glob("[a-z]*.py")}
    assert len(phases) > 11 and phases | {"homing"} == set(checks.ENDED)  # a homing is a transfer of another name
    rules = re.findall(r"^\| (?!rule )(.+?) \| ", (ROOT / "docs" / "rules.md").read_text("utf-8"), re.M)
    assert len(rules) > 60
    assert [rule for rule in rules if broken_rules.meaning(rule) == broken_rules.OTHER] == []


def test_chinese_numerals():
    assert [words.han(n) for n in (0, 7, 10, 11, 20, 24, 99)] == ["零", "七", "十", "十一", "二十", "二十四", "九十九"]


# ---- shapes of missions, by parts of the hand-made flight


def _without_launch(data):
    """A return and nothing else: no lift-off, no docking."""
    record = copy.deepcopy(dict(data.record))
    start = next(i for i, event in enumerate(record["events"]) if event["name"] == "undocking")
    record["events"] = record["events"][start:]
    record["legs"] = [leg for leg in record["legs"] if leg["phase"] in ("departure", "deorbit", "entry", "descent")]
    kept = {key: array for key, array in data.arrays.items() if not key.startswith(("record/ascent", "series/ascent"))}
    record.pop("week", None)
    return replace(data, record=record, arrays=kept)


def _iss(data):
    """The same with a Soyuz at the ISS, and nobody named aboard."""
    data = _without_launch(data)
    text = json.dumps(data.record).replace("tiangong", "iss").replace("shenzhou-23", "soyuz-ms")
    return replace(data, record=json.loads(text) | {"crew": []}, scenario={**data.scenario, "station": {"name": "iss"}})


def _reversed(data):
    """The ship that comes home does so before the other takes off: each event a month later or earlier."""
    record = copy.deepcopy(dict(data.record))
    for event in record["events"]:
        if event["vehicle"] == "shenzhou-23":
            event["utc"] = Epoch.from_utc(event["utc"]).plus(-30 * 86400.0).utc()
    record["events"].sort(key=lambda event: event["utc"])
    return replace(data, record=record)


def _broken(data):
    record = copy.deepcopy(dict(data.record))
    for rule, value in zip(record["verdicts"], (5.4, 0.05, 0.25), strict=False):
        rule["passed"], rule["value"] = False, value
    return replace(data, record=record)


def _forecast(data):
    """With the error bars of a small campaign."""
    low = {"median": 1.0, "low": 14000.0, "high": 14600.0, "this_flight": 14400.0}
    quantities = {"docked_met_s": low, "touchdown_s": low, "liftoff_s": dict(low, high=14000.0)}
    quantities["miss_km"] = {"median": 2.0, "low": 0.4, "high": 6.25, "this_flight": 3.1}
    found = {"flights": 40, "failed": 1, "share": 0.95, "quantities": quantities}
    return replace(data, record={**data.record, "forecast": found})


def _faults(data):
    """Everything that can go wrong at once, and a flight that ends in a phase of each name."""
    record = copy.deepcopy(dict(data.record))
    last = record["events"][-1]
    record["events"] += [dict(last, name=name, values={}) for name in checks.TROUBLE]
    return replace(data, record=record)


def _recorded(data):
    row = {"difference_s": -120.0, "basis": "forecast"}
    rows = {"docked": row, "touchdown": row | {"difference_s": 3700.0}, "liftoff": row | {"basis": "input"}}
    return replace(data, record={**data.record, "record": rows, "drawn": {"air.density_percent": 1.0}})


SHAPES = {
    "whole": lambda: whole(),
    "return only": lambda: _without_launch(whole()),
    "iss": lambda: _iss(whole()),
    "reversed": lambda: _reversed(whole()),
    "broken rules": lambda: _broken(whole()),
    "forecast": lambda: _forecast(whole()),
    "faults": lambda: _faults(whole()),
    "recorded": lambda: _recorded(whole()),
    "retreat": lambda: plot_data(*made_retreat()),
    "launch only": lambda: plot_data(*made_flight("ascent")),
    "docked": lambda: plot_data(*made_flight("docking")),
    "undocked": lambda: plot_data(*made_flight("departure")),
    "waiting": lambda: plot_data(*made_flight("await_launch")),
}


@pytest.fixture(scope="module", params=SHAPES)
def shape(request):
    """A mission's shape, in all languages."""
    data = SHAPES[request.param]()
    return request.param, data, {code: plain_words(data, words.words(code)) for code in LANGUAGES}


def _texts(made):
    yield made.text
    for table in made.tables:
        yield " ".join((table.head, *table.columns))
        yield from (" | ".join(row) for row in table.rows)


def _numbers(text: str, language: str) -> list[str]:
    """Every number of a text, in order of size; of a date the day and the year, since the month has a name."""
    text = text.translate(MARKS)
    if language == "zh":
        text = re.sub(r"(\d+)年\d+月(\d+)日", r"\1 \2 ", text)
    else:
        text = re.sub(r"\b(Shenzhou|Tianzhou|شینژو|ٹیانژو)-\d+", "", text)
        text = re.sub(r"Long March \d\w?|لانگ مارچ \d\w?", "", text)
    return sorted(re.findall(r"\d+(?:[.:]\d+)*", text))


def test_numbers_are_the_same_in_every_language(shape):
    _, _, made = shape
    english = [_numbers(text, "en") for text in _texts(made["en"])]
    for code in ("zh", "ur"):
        assert [_numbers(text, code) for text in _texts(made[code])] == english, code


@pytest.mark.parametrize("code", ["zh", "ur"])
def test_nothing_is_left_in_english(shape, code):
    _, _, made = shape
    for text in _texts(made[code]):
        found = set(re.findall(r"[A-Za-z][A-Za-z-]{2,}", text)) - KEPT
        assert not found, text


@pytest.mark.parametrize("code", LANGUAGES)
def test_sentences_are_whole(shape, code):
    name, _, made = shape
    end = {"en": ".", "zh": "。", "ur": "۔"}[code]
    for paragraph in made[code].paragraphs:
        assert paragraph.sentences
        for sentence in paragraph.sentences:
            text = sentence.translate(MARKS)
            assert text.endswith(end) and "  " not in text and not re.search(r"[{}]|None|nan|inf\b", text), (name, text)
            assert code != "en" or text[0].isupper() or text[0].isdigit(), text


def test_numbers_of_urdu_keep_their_order(shape):
    """Every run of Latin digits and letters lies within an isolate."""
    _, _, made = shape
    for text in _texts(made["ur"]):
        outside = re.sub(f"{words.ISOLATE}[^{words.END_OF_ISOLATE}]*{words.END_OF_ISOLATE}", "", text)
        assert not re.search(r"[0-9]", outside), text
        assert text.count(words.ISOLATE) == text.count(words.END_OF_ISOLATE)


def test_the_length_is_that_of_a_newspaper(shape):
    name, _, made = shape
    count = len(made["en"].text.split(" "))
    most = 650 if name == "faults" else 450
    assert (250 if name in ("whole", "reversed", "return only", "iss", "docked", "recorded") else 50) <= count <= most


# ---- what is written is what was flown


def english(data) -> str:
    return plain_words(data, words.words("en")).text.replace(words.NO_BREAK, " ").replace("\n", " ")


def test_the_whole_flight_is_there():
    text = english(whole())
    for part in (
        "Shenzhou-24 flies to Tiangong, Shenzhou-23 comes home",
        "Shenzhou-24 takes off from Jiuquan on 24 October 2026 at 23:06 Beijing time",
        "on a Long March 2F rocket",
        "docks at Tiangong on 25 October 2026",
        "at the front port",
        "It touches the port at 0.13 m/s, about 11 times slower than a person walks",
        "Shenzhou-23 leaves Tiangong",
        "lands at the Dongfeng landing site",
        "3.1 km from the planned place",
        "as if it were dropped from a height of 29 cm",
        "All of them hold.",
    ):
        assert part in text, part
    assert "What did not go as planned" not in text


def test_a_broken_rule_is_explained():
    text = english(_broken(whole()))
    assert "3 rules are broken." in text and "All of them hold" not in text
    assert (
        "presses those aboard into their seats harder than allowed. It is 5.40 g, and at most 5.00 g is allowed" in text
    )


def test_a_flight_that_fails_says_where():
    text = english(plot_data(*made_retreat()))
    assert "The ship gave up its approach" in text and "The flight ended at the station: the ship did not dock." in text
    assert "docks at" not in text and "comes home" not in text


def test_error_bars():
    text = english(_forecast(whole()))
    assert "The program flew 40 other flights" in text and "no further than 6.2 km from" in text
    assert "In 95 % of them the docking comes 3 h 53 min to 4 h 3 min after lift-off." in text
    assert "lift-off falls within" not in text  # the day is an input: no width
    assert "1 of these flights did not come to its end." in text


def test_the_real_flight_is_beside_it():
    text = english(_recorded(whole()))
    assert "The real docking came 2 min later. The real landing came 1 h 2 min earlier." in text
    assert "real lift-off" not in text


def test_a_return_in_reverse_order():
    text = english(_reversed(whole()))
    assert "Shenzhou-23 comes home, then Shenzhou-24 flies to Tiangong" in text
    assert text.index("Undocking") < text.index("takes off")


def test_nothing_is_made_up_of_a_crew_that_is_not_named():
    text = english(_iss(whole()))
    assert "Nobody" not in text and "people" not in text and "Everything in it weighs" in text
    assert "UTC" in text and "Beijing" not in text


def test_whoever_is_not_named_yet():
    w = words.words("en")
    seat = {"role": "payload specialist", "name": "payload specialist of Pakistan (slot: A Khan or B Daud)"}
    assert terms.person(w, seat) == "A Khan or B Daud (payload specialist)"
    assert terms.person(w, seat | {"name": "commander (not announced)"}) == "payload specialist (not yet named)"
    assert terms.seat_name(w, seat | {"name": "payload specialist of Pakistan"}) == "not yet named"
    assert terms.ship(w, "starliner") == "Starliner" and terms.ship(w, None) == "the ship"
    assert terms.port(w, "side") == "port side" and terms.site(w, "Nowhere, pad 3") == "Nowhere"


# ---- on a terminal


@pytest.mark.parametrize("code", LANGUAGES)
def test_lines_fit_the_terminal_and_lose_nothing(code):
    data = whole()
    lines = terminal.lines(data, code)
    assert max(map(terminal.columns, lines)) <= 80
    made = plain_words(data, words.words(code))
    packed = re.sub(r"\s", "", "".join(lines))
    assert packed == re.sub(r"\s", "", made.text)
    if code == "zh":
        assert all(line[:1] not in terminal.CLOSING for line in lines if line)
        assert any(f"0.13{words.NO_BREAK}m/s" in line for line in lines)


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    """What `explain` reads of a run's directory."""
    place, data = tmp_path_factory.mktemp("run"), whole()
    write_json(place / "flight.json", dict(data.record))
    stored.save(place / "series.npz", data)
    hashes = {name: hashlib.sha256((place / name).read_bytes()).hexdigest() for name in ("flight.json", "series.npz")}
    write_json(place / "manifest.json", {"files_sha256": hashes})
    return place


def test_explain_prints_what_python_returns(directory):
    for code in LANGUAGES:
        result = CliRunner().invoke(app, ["explain", str(directory), "--language", code])
        assert result.exit_code == 0 and result.stdout.splitlines() == sim.explain(directory, code).lines()
    found = json.loads(CliRunner().invoke(app, ["explain", str(directory), "--language", "ur", "--json"]).stdout)
    assert found["verb"] == "explain" and found["language"] == "ur" and len(found["paragraphs"]) > 6
    assert repr(sim.explain(directory)).startswith("Shenzhou-24 flies to Tiangong")


@pytest.mark.parametrize(
    "arguments, says",
    [
        (["explain", "{directory}", "--language", "fr"], "write one of en, zh, ur"),
        (["explain", "{empty}"], "holds no results of a run"),
        (["run", "shenzhou-20", "--out", "{empty}/out", "--language", "zh"], "without --explain"),
        (["run", "shenzhou-20", "--out", "{empty}/out", "--explain", "--language", "de"], "write one of en, zh, ur"),
    ],
)
def test_what_cannot_be_explained_is_refused(directory, tmp_path, arguments, says):
    asked = [one.format(directory=directory, empty=tmp_path) for one in arguments]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 2 and says in result.stderr


# ---- in the page


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(path, whole(), (), ())
    with browser() as of, opened(of, path, viewport={"width": 900, "height": 900}) as shown:
        yield shown


def _choose(page, view):
    page.click(f'.plain-switch [data-view="{view}"]')


def test_every_crew_that_is_shipped_has_a_name_in_each_language():
    files = [tomllib.loads(path.read_text("utf-8")) for path in sorted((ROOT / "configs").rglob("*.toml"))]
    names = {seat["name"] for file in files for seat in _seats(file)}
    assert {"Zhu Yangzhu", "Nie Haisheng"} <= names
    people = {one for name in names for one in terms._holders({"name": name, "role": "payload specialist"})}
    assert {name for name in people if name not in terms.PEOPLE and "(not announced)" not in name} == set()


def _seats(value) -> list[dict]:
    """Every table with a name and a role, wherever in a file."""
    if isinstance(value, list):
        return [seat for one in value for seat in _seats(one)]
    if not isinstance(value, dict):
        return []
    return [value] * ("role" in value and "name" in value) + [s for one in value.values() for s in _seats(one)]


@pytest.mark.parametrize("code, lang, direction", [("en", "en", "ltr"), ("zh", "zh-CN", "ltr"), ("ur", "ur", "rtl")])
def test_the_switch_shows_one_language_whole(page, code, lang, direction):
    _choose(page, code)
    root = page.evaluate("[document.documentElement.lang, document.documentElement.dir, document.title]")
    made = plain_words(whole(), words.words(code))
    assert root == [lang, direction, made.headline]
    seen = page.inner_text("body")
    assert made.headline in seen and all(p.head in seen for p in made.paragraphs)
    for table in made.tables:
        assert table.head in seen and all(column in seen for column in table.columns)
    if code != "en":
        assert not set(re.findall(r"[A-Za-z][A-Za-z-]{2,}", seen)) - KEPT
    assert page.evaluate("getComputedStyle(document.querySelector('article:not([hidden])')).direction") == direction
    assert serious(page) == []
    _choose(page, "full")
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["en", "ltr"]
    assert page.inner_text("h1:visible") == "Made by hand"


def test_the_switch_works_by_keyboard_and_address(page):
    page.focus('.plain-switch [data-view="zh"]')
    page.keyboard.press("Enter")
    assert page.locator("article:visible").get_attribute("lang") == "zh-CN"
    page.evaluate("location.hash = 'plain-ur-crew'")
    page.wait_for_function("document.documentElement.lang === 'ur'")
    assert page.locator("article:visible").count() == 1
    page.click(".plain-words:not([hidden]) .plain-contents a >> nth=0")
    assert page.evaluate("location.hash").startswith("#plain-ur-")
    _choose(page, "full")
