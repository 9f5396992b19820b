"""Claims on work that several processes could do: one does it, the others wait, or do something else.

A claim is the lock of a file, which ends with the process that holds it, however it ends. Where the system or the
folder has no such locks, all have the claim: work is done twice, and nothing breaks.
"""

import os
import sys
import time
from contextlib import contextmanager

PATIENCE = 120.0  # s that another process is waited for, which may have been stopped; then the work is done twice
PAUSE = 0.02  # s


class Claimed(Exception):
    """Another process has the claim."""


@contextmanager
def claimed(path, patience):
    """Hold the claim of `path` while it is entered, after up to `patience` s of waiting; with 0, raise `Claimed`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        yield
        return
    try:
        until = time.monotonic() + patience
        while not _locked(descriptor):
            if patience == 0.0:
                raise Claimed(str(path))
            if time.monotonic() > until:
                break
            time.sleep(PAUSE)
        yield
    finally:
        os.close(descriptor)


def _locked(descriptor):
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True
