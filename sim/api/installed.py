"""What is installed, on which machine, and where results go."""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

from sim.api.finding import NOTE, OK, WRONG, Finding, of_error
from sim.files.errors import TiangongError
from sim.files.own_packages import DISTRIBUTION, ROOT, require_own_packages

ENOUGH_MEMORY, ENOUGH_DISK = 1.0e9, 0.2e9  # bytes: a flight with pictures takes half of that


def program() -> Iterator[Finding]:
    from sim import __version__

    yield Finding(OK, "program", f"{DISTRIBUTION} {__version__} in {ROOT}, Python {platform.python_version()}")
    try:
        require_own_packages()
    except TiangongError as error:
        yield from of_error("own packages", error)


def packages() -> Iterator[Finding]:
    try:
        required = [text for text in metadata.requires(DISTRIBUTION) or () if "extra ==" not in text]
    except metadata.PackageNotFoundError:
        yield Finding(NOTE, "packages", f"{DISTRIBUTION} is not installed, so that versions are not compared")
        return
    good = 0
    for text in required:
        name, limits = _requirement(text)
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield Finding(WRONG, f"package {name}", f"missing, {limits or 'any version'} is required", _install(text))
            continue
        gone = _gone(name)
        if version is None or not fits(version, limits):
            yield Finding(WRONG, f"package {name}", f"{version}, {limits} is required", _install(text))
        elif gone:
            do = f"install it again: pip install --force-reinstall '{_without_marker(text)}'"
            yield Finding(WRONG, f"package {name}", f"{version}, of which {', '.join(gone)} is missing", do)
        else:
            good += 1
    whole = good == len(required)
    do = "" if whole else "see the lines above"
    yield Finding(OK if whole else NOTE, "packages", f"{good} of {len(required)} as required", do)


def _install(requirement: str) -> str:
    return f"install it: pip install '{_without_marker(requirement)}'"


def _without_marker(requirement: str) -> str:
    return requirement.partition(";")[0].strip()


def _gone(name: str) -> list[str]:
    """The packages of a distribution whose first file is listed by the installer and is not on the disk."""
    distribution = metadata.distribution(name)
    first = re.findall(r"^([^/,\n.]+/__init__\.py),", distribution.read_text("RECORD") or "", re.M)
    return [file for file in first if not Path(str(distribution.locate_file(file))).is_file()]


def _requirement(text: str) -> tuple[str, str]:
    """`numba<0.69,>=0.68` -> (`numba`, `<0.69,>=0.68`)."""
    found = re.match(r"\s*([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*\(?([^;)]*)", text)
    return (found[1], found[2].strip()) if found else (text, "")


def fits(version: str, limits: str) -> bool:
    """Whether a version keeps limits such as `<0.69,>=0.68`; what is behind the numbers (rc1) is not looked at."""
    own = _numbers(version)
    for limit in filter(None, (part.strip() for part in limits.split(","))):
        found = re.match(r"(~=|===?|!=|<=|>=|<|>)", limit)
        if found is None:
            return False
        sign, number = found[0].replace("===", "=="), _numbers(limit)
        if sign == "~=":  # as `>=`, and the same but for the last number
            good = _SIGNS[">="](*_padded(own, number)) and own[: len(number) - 1] == number[:-1]
        elif limit.endswith(".*"):
            good = (own[: len(number)] == number) is (sign == "==")
        else:
            good = _SIGNS[sign](*_padded(own, number))
        if not good:
            return False
    return True


_SIGNS: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
}


def _numbers(text: str) -> tuple[int, ...]:
    found = re.search(r"\d+(?:\.\d+)*", text)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def _padded(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    length = max(len(a), len(b))
    return a + (0,) * (length - len(a)), b + (0,) * (length - len(b))


# ---- the machine


def machine() -> Iterator[Finding]:
    from sim.files.memory import free_memory

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Finding(OK, "processor", f"{platform.machine() or 'unknown'}, {_many(cores, 'core')} for this program")
    free = free_memory()
    if free is None:
        yield Finding(NOTE, "memory", "the system does not report how much is free")
    elif free < ENOUGH_MEMORY:
        yield Finding(NOTE, "memory", f"{free / 1e9:.1f} GB free", "end other programs: a flight takes about 0.5 GB")
    else:
        yield Finding(OK, "memory", f"{free / 1e9:.1f} GB free")


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def output() -> Iterator[Finding]:
    try:
        here = Path.cwd()
        free = shutil.disk_usage(here).free
    except OSError as error:
        found = f"the working directory cannot be used ({error.strerror or error})"
        yield Finding(WRONG, "results", found, "change to one that is there")
        return
    if not os.access(here, os.W_OK | os.X_OK):
        yield Finding(NOTE, "results", f"{here} cannot be written", "give --out a directory elsewhere")
    elif free < ENOUGH_DISK:
        yield Finding(WRONG, "results", f"{here} has {free / 1e6:.0f} MB free", "make space: a flight takes 30 MB")
    else:
        yield Finding(OK, "results", f"{here} can be written, {free / 1e9:.1f} GB free")


def pictures() -> Iterator[Finding]:
    """Whether matplotlib loads with what the user has set, as a run does before it flies."""
    from sim.plots.setup import look

    found = look()
    text = f"matplotlib {found.version} draws them, its cache in {found.cache}"
    if found.fonts_listed:
        yield Finding(OK, "pictures", text)
    else:
        yield Finding(
            NOTE, "pictures", f"{text}, where no list of fonts is yet", "the first picture takes seconds more"
        )
