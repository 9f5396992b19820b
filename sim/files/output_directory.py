"""An output directory that appears whole or not at all.

The files are written into a hidden sibling, which a rename turns into the directory: readers see the old results or
the new ones, and whatever goes wrong before (a failed mission, an error, Ctrl-C) leaves everything as it was.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.files import leftovers, reading
from sim.files.errors import TiangongError
from sim.files.locks import claim, taken

TRIES = 5  # to make a directory of our own that no other run clears away at once

LONGEST_NAME = 240  # bytes; file systems allow 255, and the directory that is being filled has a longer name
ANOTHER = "choose another --out"


class OutdirError(TiangongError):
    """A directory that cannot be used for results, and what to do instead."""


@contextmanager
def whole(directory: Path, force: bool = False) -> Iterator[Path]:
    """Give an empty directory to fill, which becomes `directory` when the block ends without an exception.

    An existing directory is refused; with `force` it is replaced if it holds results of ours. Missing parents are
    made, and removed again on an exception.
    """
    target = place(directory)
    leftovers.sweep(target)
    _refuse_unless_free(target, directory, force)
    made = _make_parents(target.parent)
    try:
        temporary, claimed = _new_sibling(target)
        _lend_temporary_folder(target.parent)
        try:
            yield temporary
            _refuse_unless_free(target, directory, force)  # hours may have passed
            _put_in_place(temporary, target)
        finally:
            _to_its_end(lambda: shutil.rmtree(temporary, ignore_errors=True))  # gone already where all went well
            os.close(claimed)
    except BaseException:
        _to_its_end(lambda: _remove_empty(made))
        raise


@contextmanager
def beside(directory: Path) -> Iterator[Path]:
    """An empty directory beside that of the results, for a page that shows them as they are computed; it is gone when
    the block ends, however that ends."""
    target = place(directory)
    leftovers.sweep(target)
    made = _make_parents(target.parent)
    try:
        temporary, claimed = _new_sibling(target, "live")
        try:
            yield temporary
        finally:
            _to_its_end(lambda: shutil.rmtree(temporary, ignore_errors=True))
            os.close(claimed)
    finally:
        _to_its_end(lambda: _remove_empty(made))


def is_ours(directory: Path) -> bool:
    """Whether a directory holds the results of a run: its manifest says by which version of tiangong it was made."""
    try:
        manifest = json.loads(reading.text_of(directory / "manifest.json", reading.LARGEST_RESULT))
    except (reading.Unreadable, ValueError, RecursionError):
        return False
    return isinstance(manifest, dict) and any(key.startswith("tiangong") for key in manifest)


def place(directory: Path) -> Path:
    """The place that a path leads to, every link followed; OutdirError where no directory for results can be there.

    One rule for every command. It need not exist. It may be reached through links to what is there; a link to nothing
    is refused, since results would appear where nobody looks. So is the working directory, or one that it lies in, and
    whatever no directory can have for its name.
    """
    try:
        os.fsencode(directory)
        whole_path = Path.cwd() / directory  # with its `..`, which leave the place that a link before them leads to
        for part in (*reversed(whole_path.parents), whole_path):
            _refuse_unless_passable(part, directory, LONGEST_NAME if part == whole_path else 255)
        target, here = whole_path.resolve(), Path.cwd().resolve()
    except (OSError, ValueError, RuntimeError) as error:  # a null character, a letter that the machine cannot encode
        reason = getattr(error, "strerror", None) or error
        raise OutdirError(f"{_short(directory)!r} cannot name a directory: {reason}; {ANOTHER}") from None
    if target == here or target in here.parents:
        which = "the working directory" if target == here else "above the working directory"
        raise OutdirError(f"{directory} is {which}, {target}; name a directory in it with --out")
    return target


def _refuse_unless_passable(part: Path, asked: Path, longest: int) -> None:
    """A path up to one of its names: too long, a link to nothing, or in the way."""
    if (size := len(os.fsencode(part.name))) > longest:
        raise OutdirError(f"a name of {size} bytes in {_short(asked)}: {longest} at most; {ANOTHER}")
    linked, exists = part.is_symlink(), part.exists()
    if linked and not exists:
        raise OutdirError(
            f"{part} is a link to {os.path.realpath(part)}, where nothing is; make that directory, or {ANOTHER}"
        )
    if exists and not part.is_dir():
        leads = f", a link to {os.path.realpath(part)}," if linked else ""
        raise OutdirError(f"{part}{leads} exists and is not a directory; {ANOTHER}")


def _short(path: Path) -> str:
    text = str(path).encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= 200 else f"{text[:197]}..."


def checked_place(directory: Path, force: bool = False) -> tuple[str, ...]:
    """Where results really go, if a link leads there; OutdirError where they may not, as `whole` would find later."""
    target = place(directory)
    leftovers.sweep(target)  # which may bring old results back
    _refuse_unless_free(target, directory, force)
    return _link_warnings(target, directory)


def link_warnings(directory: Path) -> tuple[str, ...]:
    """Where results really go, if a link leads there."""
    return _link_warnings(place(directory), directory)


def _link_warnings(target: Path, directory: Path) -> tuple[str, ...]:
    if target == Path(os.path.abspath(directory)):
        return ()
    return (f"{directory} leads through a link; the place of the results is {target}",)


def _refuse_unless_free(target: Path, asked: Path, force: bool) -> None:
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise OutdirError(f"{asked} exists and is not a directory; choose another --out")
    if target != Path(os.path.abspath(asked)):
        asked = Path(f"{asked} (through a link: {target})")
    if not force:
        raise OutdirError(f"{asked} exists; choose another --out, or replace it with --force")
    if not is_ours(target):
        raise OutdirError(
            f"{asked} holds no manifest.json of a tiangong run, so --force does not touch it; "
            "remove it yourself or choose another --out"
        )
    if taken(target):
        raise OutdirError(f"{asked} is being written by a campaign that runs; wait for its end, or {ANOTHER}")


def _make_parents(parent: Path) -> list[Path]:
    """Make a directory and those above it; returns what had to be made, the deepest first."""
    made: list[Path] = []
    try:
        missing = [p for p in (parent, *parent.parents) if not p.exists()]
        for p in reversed(missing):
            p.mkdir()
            made.insert(0, p)
    except OSError as error:
        _remove_empty(made)
        raise OutdirError(f"{parent} cannot be made: {error.strerror}") from None
    return made


def _lend_temporary_folder(folder: Path) -> None:
    """On a machine whose temporary folders are all read only, let the libraries that ask for one (matplotlib does) use
    the folder of the results: else all is flown and no picture can be drawn."""
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        tempfile.tempdir = str(folder)


def _remove_empty(directories: list[Path]) -> None:
    for directory in directories:
        with suppress(OSError):  # somebody else has put something there
            directory.rmdir()


def _to_its_end(tidying: Callable[[], None]) -> None:
    """Tidy up, once more where a signal comes in between: it may be sent again while an error that was made of the
    first one is on its way out, and raises in here. A second time it is let be (sim/cli/conventions.py)."""
    try:
        tidying()
    except BaseException:
        tidying()
        raise


def _sibling(target: Path, role: str) -> Path:
    return target.with_name(f".{target.name}.{role}-{secrets.token_hex(4)}")


def _new_sibling(target: Path, role: str = "new") -> tuple[Path, int]:
    """An empty directory beside the target, marked as being written until the descriptor is closed."""
    for _ in range(TRIES):
        temporary = _sibling(target, role)
        try:
            os.mkdir(temporary)
        except OSError as error:
            raise OutdirError(f"nothing can be written into {target.parent}: {error.strerror}") from None
        claimed = claim(temporary)
        if claimed is not None:  # else another run took it for a leftover before it was marked
            return temporary, claimed
    raise OutdirError(f"nothing can be written into {target.parent}: new directories there cannot be opened")


def _put_in_place(temporary: Path, target: Path) -> None:
    """Rename; the old directory steps aside first, comes back if that fails, and is deleted only at the end."""
    if not target.exists():
        os.rename(temporary, target)
        return
    claimed = claim(target)  # so that nobody takes it for a leftover while it stands aside
    try:
        _exchange(temporary, target)
    finally:
        if claimed is not None:
            os.close(claimed)


def _exchange(temporary: Path, target: Path) -> None:
    aside = _sibling(target, "old")
    try:
        os.rename(target, aside)
        os.rename(temporary, target)
    except BaseException:
        if aside.exists() and not target.exists():
            os.rename(aside, target)
        raise
    shutil.rmtree(aside, ignore_errors=True)  # the results are in place: what cannot be deleted is no failure
