"""Compiled code on disk, in files that outlive what happens to files.

numba unpickles whatever its cache holds: a file that was cut short ends the program at every start, and a changed bit
of machine code would be run. Here each file is compared with its SHA-256 before a byte of it is used, what does not
agree is thrown away and compiled anew, and a folder that cannot be written is no reason not to fly.

In the folder, for each kernel: an index (`.index`) from signatures to digests, and a file of compiled code (`.code`)
for each of them, named by its own digest. Each file takes its place by a rename, the code before the index that names
it: a writer that is killed leaves a spare file at worst, and of two that write at once the later index counts; what
the other had compiled is compiled once more. The digests find damage, not malice: whoever can write the folder can run
code as its owner.
"""

import glob
import hashlib
import os
import pickle
import secrets
import sys
from contextlib import suppress

import llvmlite.binding
import numba
import numpy as np
from numba.core import config
from numba.core.serialize import dumps  # a pickle that knows numba's types

from kernels import FINGERPRINT, current_fingerprint

# What made the code: all sources, the interpreter, and the packages whose objects and machine code are in it. numba
# itself looks at the caller's file alone, so that an edited callee would go unseen.
STAMP = f"{FINGERPRINT} {numba.__version__} {llvmlite.__version__} {np.__version__}"
# What else the code depends on, in the names of its files: numba's modes, and the processor with its features.
MODE = hashlib.sha256(
    repr(
        (
            STAMP,
            config.BOUNDSCHECK,
            config.OPT,
            config.LOOP_VECTORIZE,
            config.SLP_VECTORIZE,
            config.CPU_NAME or llvmlite.binding.get_host_cpu_name(),
            config.CPU_FEATURES,
        )
    ).encode()
).hexdigest()[:16]
DIGEST = hashlib.sha256().digest_size  # bytes

_already_reported = set()  # what this process has reported about its cache: one line of a kind is enough


class CodeFiles:
    """The files of one kernel: `folder/base.index` and `folder/base.*.code`. No OSError leaves it."""

    def __init__(self, folder, base, stamp):
        self.folder, self.base, self.stamp = folder, base, stamp.encode() + b"\n"
        self.index_path = folder / f"{base}.index"

    def has(self, key):
        """Whether there is something under `key`, as far as the index knows."""
        return key in self._index()

    def load(self, key):
        """What is kept under `key`; None where there is nothing, or nothing that can be used."""
        digest = self._index().get(key)
        content = None if digest is None else _content(self._code_path(digest), digest)
        return None if content is None else _unpickled(content)

    def save(self, key, data):
        """Keep `data` under `key`, if the folder allows."""
        if current_fingerprint() != FINGERPRINT:  # a source was edited since this process began
            return
        content = dumps(data)
        digest = hashlib.sha256(content).digest()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _write(self._code_path(digest), content)
            self._write_index({**self._index(), key: digest})
        except OSError as error:
            _report(
                "not kept",
                f"compiled code cannot be kept in {self.folder} ({error.strerror or error}): every run compiles anew, "
                "which takes minutes; set NUMBA_CACHE_DIR to a folder that can be written",
            )

    def flush(self):
        """Forget all entries."""
        try:
            self.index_path.unlink(missing_ok=True)
        except OSError as error:
            _report("not kept", f"compiled code in {self.folder} cannot be removed: {error.strerror or error}")

    def _index(self):
        """Digests by key; empty where there is no index, or one of other sources."""
        content = _content(self.index_path)
        if content is None or not content.startswith(self.stamp):
            return {}
        return _unpickled(content[len(self.stamp) :]) or {}

    def _write_index(self, digests):
        content = self.stamp + dumps(digests)
        _write(self.index_path, hashlib.sha256(content).digest() + content)

    def _code_path(self, digest):
        return self.folder / f"{self.base}.{digest.hex()[:16]}.code"


def kept(folder) -> dict:
    """Sizes of the code that is kept and that this process can use, in bytes, by (module, kernel)."""
    sizes = {}
    for index in folder.glob(f"*/*.{MODE}.index"):
        file, _, function = index.name.rpartition("-")[0].partition(".")
        with suppress(OSError):  # somebody clears the folder away
            sizes[f"{index.parent.name}.{file}", function] = sum(
                code.stat().st_size for code in index.parent.glob(f"{glob.escape(index.stem)}.*.code")
            )
    return {kernel: size for kernel, size in sizes.items() if size}


def _unpickled(content):
    """None where it names what this process does not have, such as a record of somebody's own module."""
    try:
        return pickle.loads(content)
    except (ImportError, AttributeError, TypeError, ValueError, pickle.UnpicklingError):
        return None


def _content(path, digest=None):
    """The bytes of a file that agree with `digest`, or with the one that they begin with; None where there are none.

    A file that does not agree is removed.
    """
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        _report(
            "not read", f"compiled code cannot be read from {path} ({error.strerror or error}): it is compiled anew"
        )
        return None
    if digest is None:
        digest, content = content[:DIGEST], content[DIGEST:]
    if hashlib.sha256(content).digest() == digest:
        return content
    _report("damaged", f"compiled code was damaged in {path}: what is damaged there is thrown away and compiled anew")
    with suppress(OSError):  # it is not used even where it cannot be removed
        path.unlink()
    return None


def _write(path, content):
    """The whole file or none."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):  # the first error is the one that counts
            temporary.unlink(missing_ok=True)
        raise


def _report(kind, line):
    """One line of a kind on standard error, from the first process: the workers of a campaign find the same."""
    multiprocessing = sys.modules.get("multiprocessing")
    worker = multiprocessing is not None and multiprocessing.parent_process() is not None
    if kind in _already_reported or worker or sys.stderr is None:
        return
    _already_reported.add(kind)
    with suppress(OSError, ValueError):  # standard error is closed
        print(line, file=sys.stderr, flush=True)
