"""The week planned by another process while the mission flies: it takes as long as the flight itself.

Where there is one core alone, or no process can be started, this process plans, when the flight is over.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import current_process
from multiprocessing.connection import Connection

from sim.core.processes import cores, end_with_parent, sendable, started, undisturbed
from sim.core.week import WeekPlan
from sim.planning.crew.plan import plan_week
from sim.scenario import Scenario

LIMIT_S = 300.0  # for a plan, with the time that compiling what it calls may take on the first flight


class Planned:
    """The plan that is being made, and by whom."""

    def __init__(self, scenario: Scenario, connection: Connection | None):
        self.scenario, self.connection = scenario, connection

    def plan(self) -> WeekPlan | None:
        """The plan, once it is there; None where the mission names no week. Failure and NoPlan as `plan_week`."""
        if self.scenario.week is None:
            return None
        with suppress(EOFError, OSError):  # the process has ended: this one plans
            if self.connection is not None and self.connection.poll(LIMIT_S):
                plan, error = self.connection.recv()
                if error is not None:
                    raise error
                return plan
        return plan_week(self.scenario)


@contextmanager
def planning(scenario: Scenario, beside: bool = True) -> Iterator[Planned]:
    """Begin with the plan of a mission's week; its process, if it has one, is gone when the block ends.

    `beside`: while the mission flies; else when it has flown, as while others compile what it calls.
    """
    process = connection = None
    if beside and scenario.week is not None and sys.executable and cores() > 1 and not current_process().daemon:
        with suppress(OSError), undisturbed():  # the machine allows no more processes
            process, connection = started(_serve, scenario)
    try:
        yield Planned(scenario, connection)
    finally:
        if process is not None and connection is not None:
            process.kill()
            process.join()
            connection.close()


def _serve(connection: Connection, scenario: Scenario) -> None:
    """Plan, and send the plan or the error."""
    with suppress(OSError, ValueError):  # Ctrl-C is for the parent, which ends this process
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent()
    if hasattr(os, "nice"):
        os.nice(2)  # behind the flight
    message: tuple[WeekPlan | None, BaseException | None]
    try:
        message = plan_week(scenario), None
    except BaseException as error:  # it is raised where the plan was asked for
        message = None, sendable(error)
    with suppress(OSError):
        connection.send(message)
