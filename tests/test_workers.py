"""Workers of a campaign that are killed, hang or fail: replaced, ended, reported; nothing is flown twice or lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
from functools import partial

import pytest

from sim.campaign.workers import ATTEMPTS, Limits, Lost, fly_all
from tests import made_jobs

NUMBERS = range(30)
SQUARES = {n: n * n for n in NUMBERS}


def flown(job, numbers=NUMBERS, workers: int = 2, **more) -> dict:
    """What comes back by number, each once."""
    came = list(fly_all(job, numbers, workers, **more))
    assert len(came) == len(dict(came))
    assert not multiprocessing.active_children()
    return dict(came)


def test_every_number_comes_back_once():
    assert flown(made_jobs.square) == SQUARES
    assert flown(made_jobs.square, range(1), workers=5) == {0: 0}
    assert flown(made_jobs.square, ()) == {}


def test_a_worker_that_is_killed_is_replaced(tmp_path):
    job = partial(made_jobs.killed, tmp_path, (0, 7, 29), ATTEMPTS - 1)
    assert flown(job) == SQUARES
    assert len(list(tmp_path.iterdir())) == 3 * (ATTEMPTS - 1)


def test_one_that_is_killed_from_outside_is_too():
    came = {}
    for number, result in fly_all(made_jobs.square, NUMBERS, 2):
        came[number] = result
        if len(came) == 3:
            os.kill(multiprocessing.active_children()[0].pid, signal.SIGKILL)
    assert came == SQUARES


def test_a_run_that_ends_every_worker_is_given_up(tmp_path):
    """As one that takes all memory would."""
    came = flown(partial(made_jobs.killed, tmp_path, (5,), 99))
    assert came.pop(5) == Lost("worker ended: 3 times in this run and the last time by signal 9")
    assert came == {n: square for n, square in SQUARES.items() if n != 5}


def test_a_run_that_hangs_is_ended_after_the_limit():
    came = flown(partial(made_jobs.hangs, 3), limits=Limits(run_s=0.5, first_s=20.0))
    assert came.pop(3) == Lost("timed out: no result within 0.5 s")
    assert came == {n: square for n, square in SQUARES.items() if n != 3}


def test_the_first_run_of_a_worker_has_a_limit_of_its_own():
    came = flown(partial(made_jobs.hangs, 0), range(3), workers=1, limits=Limits(run_s=0.1, first_s=1.0))
    assert came == {0: Lost("timed out: no result within 1 s"), 1: 1, 2: 4}


def test_a_fault_of_the_job_is_raised_here():
    with pytest.raises(ValueError, match="run 0 cannot be"):
        flown(made_jobs.refuses, range(1))
    assert not multiprocessing.active_children()


def test_workers_that_cannot_begin_are_not_replaced_for_ever():
    with pytest.raises(OSError, match="workers end before they can fly, the last one with exit code 3"):
        flown(made_jobs.NoJob(), range(3), workers=1)


def test_workers_that_all_end_are_not_replaced_for_ever(tmp_path):
    """As where the machine has no memory for any of them: no run is to blame, and the campaign can go on later."""
    with pytest.raises(OSError, match="workers end one after the other, the last one by signal 9; the runs so far"):
        flown(partial(made_jobs.killed, tmp_path, tuple(range(100)), 99), range(100), workers=1)
