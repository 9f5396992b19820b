"""The words of the project: identifiers, messages, docstrings and documents use the field's terms, one meaning a word.

Two lists. `BANNED` holds words that have no place at all, with the reason and the term to write instead. `NAMES` holds
identifiers whose word is ordinary English too (room, way, off): only the name is banned, not the word in a sentence.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim

ROOT = Path(sim.__file__).resolve().parent.parent

SPEECH = "programs write and report, people speak", "write, record, report, list; noun: history, result, readings"
DRAWS = "random numbers are drawn", "random draw, seed, sample, random stream; of the planner: launch opportunity"
FORECAST = "an everyday word for a computed value", "predicted"
MODEL = "software has a model, not an opinion", "nominal, filter model, estimated"
DEMAND = "a controller commands, a user requires", "command, demand, requirement, constraint; of a test: expected"
DEBT = "a manoeuvre has no debts", "delta-v to go, delta-v delivered"
OSCILLATION = "motion about an attitude has a name", "attitude oscillation, limit cycle"
DOCKED = "berthing is done by an arm", "docked position"
COST = "a price is no property of a path", "expensive, least delta-v, minimum cost"

BANNED: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("tell", "tells", "told", "telling", "said"), SPEECH),
    **dict.fromkeys(("luck", "lucks", "lucky", "chance", "chances"), DRAWS),
    **dict.fromkeys(("foretell", "foretells", "foretold"), FORECAST),
    **dict.fromkeys(("belief", "beliefs", "believe", "believes", "believed", "believing"), MODEL),
    **dict.fromkeys(("wish", "wishes", "wished", "wanted"), DEMAND),
    **dict.fromkeys(("owe", "owes", "owed"), DEBT),
    **dict.fromkeys(("swing", "swings", "swinging", "swung"), OSCILLATION),
    **dict.fromkeys(("berth", "berths", "berthed"), DOCKED),
    **dict.fromkeys(("dear", "cheap", "cheaper", "cheapest"), COST),
    **dict.fromkeys(("hull", "hulls"), ("a shape that the simulation does not have", "collision radius")),
    **dict.fromkeys(("felt",), ("an instrument measures", "specific force, accelerometer output, measured")),
    **dict.fromkeys(("mood", "moods"), ("weather has none", "space-weather conditions")),
    **dict.fromkeys(("doubter", "doubters"), ("a test is not a person", "independent check")),
    **dict.fromkeys(("shelf", "manners"), ("a private picture", "listing; command errors")),
}

LIMIT = "the limits of a quantity have names", "minimum, maximum"
ERROR = "two things in one word", "error, offset, separation"
PATH = "a path through space has names", "path, inbound approach, departure, fly-around"
SPACE = "two things in one word", "workspace, buffer, capacity; of an optimiser: time bounds"
MODES = "a mode logic has no mind", "mode logic, mode state, timers, initialise, reset"
USED = "everyday for an amount", "used, propellant used, delta-v delivered"

NAMES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("room", "rooms", "Room", "ROOM", "seen_room"), SPACE),
    **dict.fromkeys(("way", "ways", "Way", "way_in", "way_out", "way_round", "fly_way", "_way", "homeward"), PATH),
    **dict.fromkeys(("off", "away", "apart_off", "r_off", "OFF"), ERROR),
    **dict.fromkeys(("least", "most", "LEAST", "MOST", "speed_least", "v_most", "rate_most"), LIMIT),
    **dict.fromkeys(("mind", "awake", "forget", "WHAT", "THERE", "TRIED"), MODES),
    **dict.fromkeys(("spent", "SPENT", "paid", "_pay"), USED),
    **dict.fromkeys(("Give", "Gives", "gives", "give"), ("a private picture", "relaxation")),
    **dict.fromkeys(("book", "books"), ("a ledger is not checked, a balance is", "budget, conservation; textbook")),
    **dict.fromkeys(("house", "verb", "verbs"), ("a private picture", "architecture; command")),
    **dict.fromkeys(("lasts", "lasted", "there"), ("no noun", "duration; at arrival, or the thing itself")),
}

PHRASES: dict[str, tuple[str, str]] = {
    r"\bthe way (in|out|home)\b": PATH,
    r"\blast kilomet(re|er)\b": ("a stretch of the flight has a name", "close-range rendezvous and final approach"),
    r"\bat the second try\b": ("retries are counted", "after one retry"),
    r"\bran into the station\b": ("an event has a name", "collision"),
    r"\bwould have to give\b": ("a private picture", "what would have to be relaxed"),
    r"\bclose the books\b": ("a ledger is not checked, a balance is", "close the budget"),
}

# Texts that stay although they hold a banned word, with the reason: programs of users and tests read them.
KEPT: dict[str, str] = {
    "phase_wanted_deg": "a key of flight.json: flights of one version and the next keep the same bytes",
    "station.swing": "a path of campaign files that also names a random stream: another name draws other numbers",
    '"verb"': "the key of every --json object that names the command",
}
KEPT_TEXTS = "|".join(re.escape(text) for text in KEPT)

DOCUMENTS = ("README.md", "docs/**/*.md", "configs/**/*.toml")
CODE = ("sim/**/*.py", "kernels/**/*.py", "benches/**/*.py")


def tokens(name: str) -> list[str]:
    """The lower-case words of an identifier: parts of snake_case and CamelCase."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


def _finding(line: int, what: str, found: str, why: tuple[str, str]) -> str:
    return f"{line}: {what} '{found}': {why[0]}; write instead: {why[1]}"


def in_names(source: str) -> Iterator[str]:
    """A finding for every identifier of a Python source with a banned word, or banned as it stands."""
    reported = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.NAME or token.string in reported:
            continue
        name, line = token.string, token.start[0]
        if name in KEPT:
            continue
        why = NAMES.get(name) or next((BANNED[word] for word in tokens(name) if word in BANNED), None)
        if why:
            reported.add(name)
            yield _finding(line, "name", name, why)


def in_text(text: str, first_line: int = 1) -> Iterator[str]:
    """A finding for every banned word or phrase of a text; keys in it are split like identifiers."""
    for line, content in enumerate(text.splitlines(), first_line):
        content = re.sub(rf"(?<![\w.])({KEPT_TEXTS})(?!\w)", "", content)
        for match in re.finditer(r"[A-Za-z_]+", content):
            for word in tokens(match.group()):
                if word in BANNED:
                    yield _finding(line, "text", match.group(), BANNED[word])
        for pattern, why in PHRASES.items():
            if match := re.search(pattern, content, re.IGNORECASE):
                yield _finding(line, "text", match.group(), why)


def strings(source: str) -> Iterator[tuple[str, int]]:
    """Every string of a Python source and its line: docstrings, messages, keys, and the fixed parts of f-strings."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno


def findings(path: Path) -> list[str]:
    """All findings of one file, as `file:line: what is wrong and what to write`."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        found = [*in_names(text), *(x for value, line in strings(text) for x in in_text(value, line))]
    else:
        found = list(in_text(text))
    return [f"{path.relative_to(ROOT).as_posix()}:{x}" for x in found]


def files(*patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern))


@pytest.mark.parametrize("patterns", [CODE, DOCUMENTS], ids=["code", "documents"])
def test_the_words_are_the_fields(patterns):
    found = [x for path in files(*patterns) for x in findings(path)]
    assert not found, f"{len(found)} private words\n" + "\n".join(found)


@pytest.mark.parametrize("text", KEPT)
def test_a_text_that_is_kept_is_still_in_use(text):
    assert any(text in path.read_text("utf-8") for path in files(*CODE)), f"nothing has {text}: take it out of KEPT"


def test_the_files_are_found():
    assert len(files(*CODE)) > 200 and len(files(*DOCUMENTS)) > 25


@pytest.mark.parametrize(
    "source",
    [
        "told = 1",
        "class LuckyDraw: pass",
        "def f(as_believed): pass",
        "x.WISH_N = 2",
        "room = 1",
        '"""It tells the time."""',
        'print(f"{x} is owed")',
        '{"swing_deg": 1}',
        'raise ValueError("on the way in")',
        "verb = 1",
        '"station.swing_deg"',
        "phase_wanted_m = 1",
    ],
)
def test_a_private_word_is_found(source):
    assert [*in_names(source), *(x for value, line in strings(source) for x in in_text(value, line))]


@pytest.mark.parametrize(
    "source",
    [
        "tolerance = stellar = headroom",
        "offset = leastsq(homewards)",
        '"""Room for two, on its way, far off; the least of them is there."""',
        '"""A shell, a change, a chancellor."""',
        "# a comment is not read by users: told",
        "x.phase_wanted_deg = 1",
        '{"path": "station.swing", "verb": "check"}',
    ],
)
def test_an_ordinary_word_is_not(source):
    assert not [*in_names(source), *(x for value, line in strings(source) for x in in_text(value, line))]
