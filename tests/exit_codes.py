"""How every command ends for every kind of fault: the table behind docs/exit-codes.md and tests/test_exit_codes.py.

`python tests/exit_codes.py` writes the page. A command line names what it needs as {name}: a file of `FILES`, or
{out}, a path where nothing is.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "exit-codes.md"
VERBS: tuple[str, ...] = ("run", "propagate", "check", "plot", "view", "facts", "list", "schema", "bench", "compile")
VERBS += (
    "windows",
    "docking-windows",
    "landing-windows",
    "rotation",
    "week",
    "eva",
    "debris",
    "passes",
    "conjunction",
    "screen",
    "avoid",
    "station",
    "export",
    "verify",
    "compare",
    "montecarlo",
    "montecarlo rerun",
    "init",
    "man",
    "explain",
    "doctor",
)
MEANING = {
    0: "done",
    2: "bad input: a file, a key, an option, a place for results; nothing was flown or changed",
    3: "the mission failed or broke a rule; a table of `verify` misses a limit; `compare --exit-code`: not equal",
    4: "the machine, or the data that come with the program",
    130: "interrupted (Ctrl-C, SIGINT)",
    141: "whoever read the output has gone, which is no fault: nothing is reported, and 0 is as right",
    143: "ended (SIGTERM)",
}


@dataclass(frozen=True)
class Cell:
    """One fault of one command. `line`: the command line; `says`: words of its one answer on stderr; `how`: what stands
    behind it (`tests/test_exit_codes.py` names them), "call" being the command itself in this process."""

    kind: str
    verb: str
    line: str
    code: int
    says: tuple[str, ...]
    how: str = "call"

    def __str__(self) -> str:
        return f"{self.verb}: {self.kind}"


LINES_OF_THE_STATION = (
    "1 48274U 21035A   26184.22810215  .00007882  00000+0  10678-3 0  9997",
    "2 48274  41.4672 224.3616 0002880 262.1202  97.9309 15.57904594295673",
)
MISSION = 'extends = "shenzhou-20"\n[launch]\n'
PROGRAMME = 'extends = "programme"\n[standby]\n'
ORBIT = 'extends = "iss-20x20"\n[span]\n'
INTO_THE_GROUND = """schema = 1
kind = "orbit"
name = "a fall"
[epoch]
utc = "2026-10-24T00:00:00"
[state]
frame = "gcrf"
position_m = [6778000.0, 0.0, 0.0]
velocity_m_s = [0.0, 7500.0, 0.0]
[span]
duration_s = 6000.0
step_s = 60.0
[gravity]
field = "point"
"""


def _results(path: Path, flight: str, series: bytes) -> None:
    """A directory as a run leaves it, with what its two files hold."""
    path.mkdir()
    (path / "manifest.json").write_text('{"tiangong_sim": "0.1.0"}', "utf-8")
    (path / "flight.json").write_text(flight, "utf-8")
    (path / "series.npz").write_bytes(series)


FILES: dict[str, str | bytes | Callable[[Path], object]] = {  # name -> what is in it, or how it is made
    "missing": lambda path: None,
    "folder": Path.mkdir,
    "full": lambda path: (path.mkdir(), (path / "notes.txt").touch()),
    "fifo": os.mkfifo,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "large": "# a remark\n" * 20_000,
    "empty": "",
    "bytes": b'name = "caf\xe9"\n',
    "syntax": "name = \n",
    "mission_key": MISSION + "perigee_kmm = 200\n",
    "mission_value": MISSION + "perigee_km = 1\n",
    "programme_key": PROGRAMME + "ready_dayss = 6.0\n",
    "programme_value": PROGRAMME + "ready_days = -1.0\n",
    "orbit_key": ORBIT + "duration = 60\n",
    "orbit_value": ORBIT + "duration_s = -60\n",
    "fall": INTO_THE_GROUND,
    "short": INTO_THE_GROUND.replace("7500.0", "7700.0").replace("= 6000.0", "= 60.0"),
    "text": "not a directory",
    "catalogue": f"CSS\n{LINES_OF_THE_STATION[0]}\n{LINES_OF_THE_STATION[1]}\n",
    "cut_run": lambda path: _results(path, "{", b"PK"),
    "pickled_run": lambda path: _results(path, "{}", b"\x80\x04N."),
}
# What each verb that reads a file is called with.
READERS = {
    "run": "run {} --out {{out}}",
    "propagate": "propagate {} --out {{out}}",
    "check": "check {}",
    "windows": "windows {}",
    "docking-windows": "docking-windows {}",
    "landing-windows": "landing-windows {}",
    "rotation": "rotation {}",
    "eva": "eva {}",
    "passes": "passes {}",
    "station": "station {} --from 2026-06-01 --until 2026-06-11",
    "week": "week {}",
    "montecarlo": "montecarlo {} --out {{out}}",
}
# What is wrong with the file -> the word for it on the command line, and what the answer says.
BAD_FILES = {
    "missing file": ("{missing}", ("missing", "no such file")),
    "no such name in the catalogue": ("shenzhou-99", ("shenzhou-99", "no such")),
    "a directory as file": ("{folder}", ("folder", "a directory")),
    "a fifo as file": ("{fifo}", ("fifo", "neither a file nor a directory")),
    "a device as file": ("{device}", ("device", "neither a file nor a directory")),
    "too large": ("{large}", ("large", "more than 200 kB")),
    "empty file": ("{empty}", ("empty", "an empty file")),
    "unreadable bytes": ("{bytes}", ("bytes", "not text")),
    "broken syntax": ("{syntax}", ("syntax:1:", "broken TOML")),
}
OUTPUTS = {
    "output exists": ("{folder}", ("folder", "exists")),
    "output is a file": ("{text}", ("text", "not a directory")),
    "output below a file": ("{text}/out", ("text", "not a directory")),
    "output cannot be written": ("/proc/none/out", ("/proc/none", "cannot be made")),
}
# Those that write results, with inputs that are right.
WRITERS = {
    "run": "run shenzhou-20 --out {}",
    "propagate": "propagate {{short}} --out {}",
    "windows": "windows shenzhou-24-pakistan --from 2026-10-24 --days 1 --out {}",
    "docking-windows": "docking-windows shenzhou-24-pakistan --from 2026-10-24 --days 1 --out {}",
    "landing-windows": "landing-windows return-only --days 1 --out {}",
    "passes": "passes css-2026-10-06 --days 0.1 --out {}",
    "screen": "screen css-2026-07-03 --catalog {{catalogue}} --days 0.1 --out {}",
    "avoid": "avoid css-2026-07-03 --catalog {{catalogue}} --days 0.1 --out {}",
    "week": "week shenzhou-24-pakistan --out {}",
    "montecarlo": "montecarlo shenzhou-20 -n 1 --out {}",
    "rotation": "rotation programme --out {}",
    "eva": "eva programme --out {}",
    "station": "station programme --from 2026-06-01 --until 2026-06-11 --out {}",
}
UNKNOWN_OPTION = {  # bench hands over what follows, so an option is a bench's name to it
    "run": "run shenzhou-20 --nope",
    "propagate": "propagate iss-20x20 --nope",
    "check": "check shenzhou-20 --nope",
    "plot": "plot {folder} --nope",
    "view": "view {folder} --nope",
    "facts": "facts --nope",
    "list": "list --nope",
    "schema": "schema --nope",
    "init": "init {missing} --from shenzhou-20 --nope",
    "man": "man --nope",
    "explain": "explain {folder} --nope",
    "doctor": "doctor --nope",
    "compile": "compile --nope",
    "windows": "windows shenzhou-20 --nope",
    "docking-windows": "docking-windows shenzhou-20 --nope",
    "landing-windows": "landing-windows shenzhou-20 --nope",
    "rotation": "rotation programme --nope",
    "eva": "eva programme --nope",
    "debris": "debris --from 2025-01-01 --until 2025-02-01 --nope",
    "passes": "passes css-2026-10-06 --nope",
    "conjunction": "conjunction {folder} --nope",
    "screen": "screen css-2026-07-03 --catalog {catalogue} --nope",
    "avoid": "avoid css-2026-07-03 --catalog {catalogue} --nope",
    "station": "station programme --from 2026-06-01 --until 2026-06-11 --nope",
    "week": "week shenzhou-20 --nope",
    "export": "export {folder} --nope",
    "verify": "verify lift-offs --nope",
    "compare": "compare {folder} {folder} --nope",
    "montecarlo": "montecarlo shenzhou-20 --nope",
    "montecarlo rerun": "montecarlo rerun {folder} 1 --nope",
}
NO_SUCH_NAME = [
    ("plot", "plot {folder} nope", ("folder", "holds no results of a run")),
    ("view", "view nope", ("nope", "holds no results of a run")),
    ("export", "export {folder} --as nope", ("no form is called 'nope'", "there are czml")),
    ("explain", "explain nope", ("nope", "holds no results of a run")),
    ("facts", "facts nonsense-xyz", ("nonsense-xyz", "nearest")),
    ("schema", "schema nope", ("'nope'", "there are mission")),
    ("init", "init {out}.toml --from nope", ("--from", "'nope'")),
    ("bench", "bench nope", ("'nope'", "there are")),
    ("landing-windows", "landing-windows return-only --site nope", ("nope", "no such")),
    ("eva", "eva programme --ship nope", ("'nope'", "shenzhou-12")),
    ("passes", "passes css-2026-10-06 --site nope", ("'nope'", "karachi")),
    ("screen", "screen nope --catalog {catalogue}", ("nope", "no such")),
    ("avoid", "avoid nope --catalog {catalogue}", ("nope", "no such")),
    ("verify", "verify nope", ("'nope'", "there are lift-offs")),
    ("montecarlo rerun", "montecarlo rerun {missing} 1", ("missing", "holds no campaign")),
]
BAD_VALUE = [
    ("windows", "windows shenzhou-20 --from x", ("--from", "'x'", "2026-10-01")),
    ("windows", "windows shenzhou-20 --days x", ("--days",)),
    ("docking-windows", "docking-windows shenzhou-20 --at x", ("--at", "'x'", "2026-10-01")),
    ("landing-windows", "landing-windows shenzhou-20 --from x", ("--from", "'x'", "2026-10-01")),
    ("rotation", "rotation programme --until x", ("--until", "'x'", "2026-10-01")),
    ("debris", "debris --from x --until 2025-02-01", ("'x'", "2026-10-01")),
    ("eva", "eva programme --until x", ("--until", "'x'", "2026-10-01")),
    ("station", "station programme --from x --until 2026-06-11", ("--from", "'x'", "2026-10-01")),
    ("passes", "passes css-2026-10-06 --from x", ("--from", "'x'", "2026-10-01")),
    ("passes", "passes css-2026-10-06 --min-elevation 100", ("--min-elevation", "100", "from -5 to 89")),
    ("conjunction", "conjunction {text} --radius -1", ("--radius", "-1", "metres from 0 to 1000000")),
    ("screen", "screen css-2026-07-03 --catalog {catalogue} --from x", ("--from", "'x'", "2026-10-01")),
    ("screen", "screen css-2026-07-03 --catalog {text}", ("text", "no line that begins")),
    ("avoid", "avoid css-2026-07-03 --catalog {catalogue} --not-before x", ("--not-before", "'x'", "2026-10-01")),
    ("windows", "windows shenzhou-20 --catalog {text}", ("text", "no line that begins")),
    ("montecarlo", "montecarlo shenzhou-20 --out {out} -n 0", ("n: found 0", "from 1 to 1000000")),
    ("montecarlo", "montecarlo shenzhou-20 --out {out} --phase nope", ("phase nope", "ascent, docking")),
    ("montecarlo rerun", "montecarlo rerun {folder} x", ("RUN",)),
    ("list", "list mission", ("'mission'", "missions", "did you mean")),
    ("explain", "explain {folder} --language fr", ("'fr'", "en, zh, ur")),
    ("doctor", "doctor extra", ("extra",)),
    ("compile", "compile extra", ("extra",)),
]
WRONG_KIND = [
    ("run", "run configs/orbits/iss-20x20.toml --out {out}", ("kind", "'orbit'", "'rotation'")),
    ("propagate", "propagate configs/missions/shenzhou-20.toml --out {out}", ("kind", "'rotation'", "'orbit'")),
    ("propagate", "propagate shenzhou-20 --out {out}", ("shenzhou-20", "mission", "tiangong run")),
    ("check", "check configs/sites/jiuquan.toml", ("kind", "'site'")),
    ("windows", "windows configs/orbits/iss-20x20.toml", ("kind", "'orbit'")),
    ("docking-windows", "docking-windows configs/sites/jiuquan.toml", ("kind", "'site'")),
    ("landing-windows", "landing-windows configs/sites/jiuquan.toml", ("kind", "'site'")),
    ("landing-windows", "landing-windows tianzhou-cargo", ("sequence", "no phase `docked`")),
    ("rotation", "rotation configs/missions/shenzhou-20.toml", ("kind", "'rotation'", "'programme'")),
    ("eva", "eva configs/missions/shenzhou-20.toml", ("kind", "'rotation'", "'programme'")),
    ("passes", "passes configs/sites/jiuquan.toml", ("kind", "'site'")),
    ("screen", "screen configs/sites/jiuquan.toml --catalog {catalogue}", ("kind", "'site'")),
    ("station", "station configs/sites/jiuquan.toml --from 2026-06-01 --until 2026-06-11", ("kind", "'site'")),
    ("avoid", "avoid configs/sites/jiuquan.toml --catalog {catalogue}", ("kind", "'site'")),
    ("week", "week configs/sites/jiuquan.toml", ("kind", "'site'")),
    ("conjunction", "conjunction configs/sites/jiuquan.toml", ("jiuquan.toml", "CCSDS_CDM_VERS")),
    ("week", "week shenzhou-20", ("shenzhou-20", "names no week")),
    ("montecarlo", "montecarlo configs/sites/jiuquan.toml --out {out}", ("kind", "'site'")),
    ("montecarlo rerun", "montecarlo rerun {folder} 1", ("folder", "holds no campaign")),
    ("plot", "plot {folder}", ("folder", "holds no results of a run")),
    ("plot", "plot {text}", ("text", "holds no results of a run")),
    ("compare", "compare {folder} {folder}", ("folder", "holds no results of a run")),
    ("compare", "compare {text} --record", ("text", "holds no results of a run")),
    ("compare", "compare {folder}", ("found one directory", "--record")),
    ("view", "view {folder}", ("folder", "holds no results of a run")),
    ("export", "export {folder}", ("folder", "holds no results of a run")),
]
FAILS = [
    ("run", "run shenzhou-20 --out {out}", ("final approach: ", "kg needed"), "a flight that fails"),
    ("propagate", "propagate {fall} --out {out}", ("meets the ground 1714 s after its epoch",), "call"),
    (
        "windows",
        "windows shenzhou-24-pakistan --from 2026-10-24 --days 1 --site 70,10,0",
        ("launch windows: 70,10 lies at 69.88 deg north",),
        "call",
    ),
    (
        "docking-windows",
        "docking-windows shenzhou-24-pakistan --from 2026-10-24 --days 1 --set launch.site=baikonur "
        "--set launch.plane_bias_s=",
        ("docking windows: Baikonur", "does not pass through the station's plane"),
        "call",
    ),
    (
        "station",
        "station programme --from 2026-06-01 --until 2026-06-11 --set keeping.band_km=[300,310]",
        ("station: no plan of raises keeps all limits", "rises"),
        "call",
    ),
    ("week", "week shenzhou-24-pakistan --set trim.limit_m_s=0.0", ("week: ", "trim"), "call"),
]
GOOD = {"propagate": "{short}", "rotation": "programme", "eva": "programme", "station": "programme"}
STOPPED = [(verb, line.format(GOOD.get(verb, "shenzhou-20"))) for verb, line in READERS.items()]
PRINTERS = [("check", "check shenzhou-20"), ("facts", "facts"), ("list", "list"), ("schema", "schema")]
DAMAGED = [  # verb, command line, the file of the package
    ("facts", "facts", "seeds/facts/shenzhou.toml"),
    ("check", "check shenzhou-24-pakistan", "seeds/elements/css.toml"),
    ("run", "run shenzhou-24-pakistan --out {out}", "seeds/elements/css.toml"),
    ("propagate", "propagate iss-20x20 --out {out}", "seeds/assets/egm70.npz"),
]
MADE = {  # kind -> how it is made, for the page
    "unknown option": "an option that the command does not have",
    "unknown key": "a file with a key that is misspelt; the nearest one is named",
    "bad value": "a value out of its range, or of another type",
    "wrong kind of file": "an orbit for a mission, a site, a folder without results",
    "damaged results": "`flight.json` cut short, or a pickle for `series.npz`",
    "missing file": "a path where no file is",
    "no such name in the catalogue": "a name that `tiangong list` does not show; of a fact, a table, a schema, a bench",
    "a directory as file": "a directory in the place of the file",
    "a fifo as file": "a named pipe that nobody writes to",
    "a device as file": "`/dev/zero`",
    "too large": "a file of 220 kB",
    "empty file": "a file of no bytes",
    "unreadable bytes": "a file in Latin-1",
    "broken syntax": "a key without a value",
    "output exists": "`--out` names an existing directory, without `--force`",
    "output is a file": "`--out` names a file",
    "output below a file": "`--out` names a path below a file",
    "output cannot be written": "`--out` lies where no directory can be made",
    "mission fails": "a phase or an orbit that cannot be flown, a site that the plane never passes",
    "rule broken": "a flight that breaks a flight rule: its results are kept",
    "packaged data damaged": "one byte of a shipped file changed",
    "packaged data missing": "a shipped file taken away",
    "compiled code damaged": "the first half of a file in the cache of numba",
    "no cache possible": "no home, no cache directory and no temporary directory that can be written",
    "interrupted": "SIGINT while the command reads its file",
    "ended": "SIGTERM while the command reads its file",
    "closed pipe": "whoever reads standard output has gone",
    "no standard output": "standard output is closed from the start",
    "full disk": "standard output on a full disk, or a disk that takes 4 kB of a result",
}


def _cells() -> list[Cell]:
    cells = [Cell("unknown option", verb, line, 2, ("--nope",)) for verb, line in UNKNOWN_OPTION.items()]
    cells.append(Cell("unknown option", "bench", "bench --nope", 2, ("'--nope'",), "process"))
    for kind, tail, key in (
        ("unknown key", "key", ("unknown key",)),
        ("bad value", "value", ("allowed: a number from",)),
    ):
        for verb, line in READERS.items():
            of = {"propagate": "orbit", "rotation": "programme", "eva": "programme", "station": "programme"}.get(
                verb, "mission"
            )
            cells.append(Cell(kind, verb, line.format(f"{{{of}_{tail}}}"), 2, (f"{of}_{tail}:3: ", *key)))
    cells += [Cell("bad value", verb, line, 2, says) for verb, line, says in BAD_VALUE]
    for kind, (word, says) in BAD_FILES.items():
        cells += [Cell(kind, verb, line.format(word), 2, says) for verb, line in READERS.items()]
    for verb, line, says in NO_SUCH_NAME:
        cells.append(
            Cell("no such name in the catalogue", verb, line, 2, says, "process" if verb == "bench" else "call")
        )
    cells += [Cell("wrong kind of file", verb, line, 2, says) for verb, line, says in WRONG_KIND]
    for run, file in (("cut_run", "flight.json"), ("pickled_run", "series.npz")):
        cells.append(Cell("damaged results", "plot", f"plot {{{run}}}", 4, (file,)))
        cells.append(Cell("damaged results", "compare", f"compare {{{run}}} {{{run}}}", 4, (file,)))
        cells.append(Cell("damaged results", "explain", f"explain {{{run}}}", 4, (file,)))
        cells.append(Cell("damaged results", "view", f"view {{{run}}}", 4, (file,)))
        cells.append(Cell("damaged results", "export", f"export {{{run}}} --as oem", 4, (file,)))
    for kind, (word, says) in OUTPUTS.items():
        cells += [
            Cell(kind, verb, line.format(word).replace("{{", "{").replace("}}", "}"), 2, says)
            for verb, line in WRITERS.items()
            if (kind, verb) != ("output exists", "montecarlo")  # which goes on where a campaign is, or nothing
        ]
    line, says = WRITERS["montecarlo"].format("{full}"), ("full", "holds no campaign")
    cells.append(Cell("output exists", "montecarlo", line, 2, says))
    init = "init {}.toml --from shenzhou-20"
    cells.append(Cell("output is a file", "init", "init {text} --from shenzhou-20", 2, ("text", "without .toml")))
    cells.append(Cell("output below a file", "init", init.format("{text}/a"), 2, ("text", "cannot be written")))
    cells.append(Cell("output cannot be written", "init", init.format("/proc/none/a"), 2, ("cannot be written",)))
    cells.append(Cell("output below a file", "man", "man --out {text}/a", 2, ("text", "cannot be written")))
    cells += [Cell("mission fails", verb, line, 3, says, how) for verb, line, says, how in FAILS]
    cells.append(Cell("rule broken", "run", "run shenzhou-20 --out {out}", 3, ("closing speed",), "a broken rule"))
    cells.append(Cell("rule broken", "rotation", "rotation programme", 3, (), "call"))
    cells.append(Cell("rule broken", "verify", "verify lift-offs", 3, (), "a table that misses"))
    for kind in ("damaged", "missing"):
        cells += [Cell(f"packaged data {kind}", v, line, 4, (Path(f).name,), f"{kind} {f}") for v, line, f in DAMAGED]
    says = ("compiled code was damaged",)
    cells.append(Cell("compiled code damaged", "propagate", "propagate {short} --out {out}", 0, says, "half a cache"))
    cells += [Cell("no cache possible", verb, line, 0, (), "no cache") for verb, line in PRINTERS[::2]]
    cells += [Cell("interrupted", verb, line, 130, ("interrupted",), "interrupted") for verb, line in STOPPED]
    cells += [Cell("ended", verb, line, 143, (), "ended") for verb, line in STOPPED]
    printing = (*PRINTERS, ("propagate", "propagate {short} --out {out}"))
    cells += [Cell("closed pipe", verb, line, 141, (), "closed pipe") for verb, line in printing]
    cells += [Cell("no standard output", verb, line, 4, ("standard output",), "no stdout") for verb, line in printing]
    cells += [Cell("full disk", verb, line, 4, ("cannot be written",), "full device") for verb, line in PRINTERS]
    cells.append(Cell("full disk", "propagate", "propagate {short} --out {out}", 4, ("machine refused",), "small disk"))
    cells.append(Cell("full disk", "run", "run shenzhou-20 --out {out}", 4, ("machine refused",), "small disk"))
    return cells


CELLS = _cells()


def page() -> str:
    """docs/exit-codes.md, whole."""
    kinds = list(dict.fromkeys(cell.kind for cell in CELLS))
    lines = [
        "# Exit codes",
        "",
        "How every command ends for every kind of fault. Each number below is tried by `tests/test_exit_codes.py`, and",
        "this page is written from the same table: `python tests/exit_codes.py`.",
        "",
        "| code | it means |",
        "|---|---|",
        *(f"| {code} | {meaning} |" for code, meaning in MEANING.items()),
        "",
        "## Command by fault",
        "",
        "An empty place: the command has no such fault, or it is not tried.",
        "",
        "| fault | " + " | ".join(f"`{verb}`" for verb in VERBS) + " |",
        "|---|" + "---|" * len(VERBS),
    ]
    for kind in kinds:
        codes = (sorted({str(c.code) for c in CELLS if (c.kind, c.verb) == (kind, verb)}) for verb in VERBS)
        lines.append(f"| {kind} | " + " | ".join(" or ".join(found) for found in codes) + " |")
    lines += ["", "## How each fault is made", "", "| fault | made by |", "|---|---|"]
    lines += [f"| {kind} | {MADE[kind]} |" for kind in kinds]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    print(PAGE)
