"""What comes with the program: facts with their sources, files by name, the schemas of files; and a run's pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.api.asked import path, text, texts
from sim.catalogue import facts as seeds
from sim.catalogue.facts import Fact
from sim.files.errors import BadInput

OF_A_RUN = ("flight.json", "series.npz")  # what no other command writes


def facts(words: str = "") -> list[Fact]:
    """The facts that every run grows from: the one of that name, those that hold the words, or all.

    BadInput where there is none, with names that are like it.
    """
    words = text(words, "words")
    known = seeds.facts()
    found = [known[words]] if words in known else seeds.search(words)
    if not found:
        try:
            seeds.fact(words)
        except seeds.UnknownName as error:
            raise BadInput(f"{error}, and no fact holds these words{remark(words)}") from None
    return found


def remark(name: str) -> str:
    """What a name that was not found is, where it is something else; the models of all files are loaded for that."""
    from sim.scenario.what_it_is import remark as in_words

    return in_words(name)


def listing() -> dict[str, list]:
    """The missions, vehicles, sites, profiles, worlds, orbits, campaigns and programmes that come with the program.

    By kind, each as {name, kind, title}; of `element_sets` the names.
    """
    from sim.catalogue.listing import listing as all_files

    return all_files()


def schema(kind: str = "mission") -> dict:
    """The JSON schema of one kind of file, for an editor: "mission", "sequence", "orbit", "suborbital", "campaign",
    "programme", "docking_rules", "landing_rules", "spacewalk_rules", "week", "launcher", "ship", "rocket_plane",
    "station", "profile", "site", "surface_site", "wind", "arm", "world", "body" or "uncertainty". Each key has its
    description and its unit.

    BadInput for another kind.
    """
    from sim.scenario.schema import MODELS, schema_of

    if text(kind, "kind") not in MODELS:
        raise BadInput(f"no schema is called '{kind}'; there are {', '.join(MODELS)}{remark(kind)}")
    return schema_of(kind)


def start_file(name: str, file: str | Path, *, kind: str = "", force: bool = False) -> Path:
    """Write the shipped file `name` to `file` with what every key means as a comment, and return its path.

    `kind`: which, where several files have that name; `force`: replace `file`. BadInput for a name that is not
    shipped, and for a file that is there or cannot be.
    """
    from sim.scenario.commented import write

    target = path(file, "file")
    write(text(name, "name"), target, text(kind, "kind"), force)
    return target


def plot(directory: str | Path, names: Sequence[str] = (), form: str = "png") -> list[Path]:
    """Draw the pictures of a run's directory again from what is stored there: those named, or all.

    `form`: `png`, for slides, or `svg`, as the report has them.

    Returns the files written. BadInput where the directory holds no run, or a name or form is unknown; DataError
    where what it holds is not as the run wrote it.
    """
    from sim.export.pictures import FORMS

    directory, names = path(directory, "directory"), texts(names, "names", "ground-track")
    if text(form, "form") not in FORMS:
        raise BadInput(f"no picture is drawn as '{form}'; write {' or '.join(FORMS)}{remark(form)}")
    require_run(directory)  # before matplotlib is loaded
    from sim.output.run import redraw
    from sim.plots import refuse_unknown

    refuse_unknown(names)
    written = redraw(directory, names, form)
    drawn = {path.stem for path in written}
    if left_out := [name for name in names if name.replace("-", "_") not in drawn]:
        raise BadInput(f"{directory} holds no flight of the phases that {', '.join(left_out)} would show")
    return written


def view(directory: str | Path, file: str | Path | None = None) -> Path:
    """Write `view.html`, the flight in three dimensions, again from what is stored in a run's directory.

    `file`: where to; None: into the directory. Returns the file. BadInput where the directory holds no run, DataError
    where what it holds is not as the run wrote it.
    """
    directory = path(directory, "directory")
    file = None if file is None else path(file, "file")
    require_run(directory)
    from sim.output.run import rewrite_view

    return rewrite_view(directory, file)


def require_run(directory: Path) -> None:
    """BadInput where a directory holds no run, DataError where that is damaged."""
    from sim.export.finished import refuse_damaged

    if not any((directory / name).is_file() for name in OF_A_RUN):
        what = remark(str(directory))
        raise BadInput(f"{directory} holds no results of a run; name the --out directory of `tiangong run`{what}")
    refuse_damaged(directory)
