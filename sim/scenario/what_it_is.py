"""What a name of the catalogue stands for and which command takes it, for those who gave it to another command."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import exists, isdir  # unlike those of Path, they answer False for a name that no file can have
from pathlib import Path

from sim.catalogue import element_sets, facts
from sim.catalogue.places import places
from sim.files import packaged, paths, text
from sim.files.problems import Problem, ScenarioError, listed, nearest
from sim.scenario.kind_words import WORDS

ELEMENT_SET = "an element set, which a mission names in station.elements and an orbit in elements"
FACT = "a fact, for `tiangong facts`"
PLACE = "a place on the ground, for `tiangong passes --site`"
LONGEST_NAME = 100
FOLDERS = (
    paths.MISSIONS,
    paths.ORBITS,
    paths.SUBORBITAL,
    paths.CAMPAIGNS,
    paths.ROTATIONS,
    paths.VEHICLES,
    paths.SITES,
    paths.WORLDS,
    paths.PROFILES,
    paths.DOCKING_RULES,
    paths.LANDING_RULES,
    paths.SPACEWALK_RULES,
    paths.UNCERTAINTIES,
    paths.WEEKS,
    paths.WINDS,
    paths.ARMS,
    paths.BODIES,
    paths.SURFACE_SITES,
)


def shipped(path: Path, folder: Path) -> Path:
    """The file that a name in the catalogue's `folder` stands for; any other path as it is.

    A file of that name here comes first; a directory does not, such as the results `docking` beside the campaign.
    """
    named = folder / f"{path}.toml"
    known = exists(named) or packaged.name_of(named) is not None  # one that comes with the program may be missing
    return named if len(path.parts) == 1 and known and (isdir(path) or not exists(path)) else path


def what_it_is(name: str) -> str:
    """What comes with the program by that name, in words; several where several do, empty where none does."""
    kinds = [text.heading(folder / f"{name}.toml")[0] for folder in FOLDERS if name in text.catalogue(folder)]
    found = [WORDS[kind] for kind in kinds if kind in WORDS]
    found += [ELEMENT_SET] * (name in element_sets.every_name()) + [FACT] * (name in facts.facts())
    found += [PLACE] * (name in places())
    return ", and ".join(dict.fromkeys(found))


def remark(name: str) -> str:
    """The end of a sentence that refuses a name: what it stands for, empty where for nothing."""
    what = what_it_is(name)
    return f"; '{name}' is {what}" if what else ""


def read_named(file: str | Path, folder: Path, takes: str) -> text.Document:
    """A file, or the one of the catalogue's `folder` by its name, as read; `takes`: what the command takes, in words.

    ScenarioError says what a name of something else stands for.
    """
    refuse_other_names(file, (folder,), takes)
    return text.read(shipped(Path(file), folder), folder)


def refuse_other_names(file: str | Path, folders: Sequence[Path], takes: str) -> None:
    """ScenarioError for a name that none of the `folders` has: what it stands for, or the nearest name."""
    path = Path(file)
    if (
        len(path.parts) != 1
        or path.suffix == ".toml"
        or len(str(file)) > LONGEST_NAME
        or (exists(path) and not isdir(path))
    ):
        return  # the reader tells
    if any(shipped(path, folder) != path for folder in folders):
        return
    name, own = str(file), [known for folder in folders for known in text.catalogue(folder)]
    found, near = what_it_is(name), None
    if not found:
        near = nearest(name, own)
        every = [*(known for folder in FOLDERS for known in text.catalogue(folder)), *element_sets.every_name()]
        other = None if near else nearest(name, every)
        found = "no such file" + (remark(other) if other else "")
    raise ScenarioError([Problem(name, "", found, f"{takes}: a file, or one of {listed(own)}", near)])
