"""Bank of a capsule: how it follows its command at a limited rate and acceleration, and the command by energy."""

import math
from typing import NamedTuple

from kernels.compiling import njit

TURN = 0.5  # s, a step of the roll control
SETTLED = 0.02  # rad, within which the bank takes that of the command in a step


class BankSchedule(NamedTuple):
    """Bank magnitude, rad, linear in the specific energy: from `start`, at the energy where the schedule begins, to
    `end`, at `end_energy` J/kg."""

    start: float
    end: float
    end_energy: float


@njit(cache=True)
def bank_schedule(energy, start_energy, schedule):
    """Bank magnitude, rad, at `energy` J/kg of a `BankSchedule` that begins at `start_energy`; held beyond its ends."""
    w = min(max((energy - start_energy) / (schedule.end_energy - start_energy), 0.0), 1.0)
    return schedule.start + w * (schedule.end - schedule.start)


@njit(cache=True, _nrt=False)
def turned(bank, rate, command, h, fastest, acceleration):
    """Bank rad and its rate rad/s, `h` s on toward a command: as fast as may be, and so that it can stop there.

    fastest rad/s, acceleration rad/s2. A rate that falls by `acceleration` a step covers r^2 / 2a + r h / 2.
    """
    error = command - bank
    size = abs(error)
    half = 0.5 * acceleration * h
    demand = min(fastest, math.sqrt(half * half + 2.0 * acceleration * size) - half, size / h)
    demand = demand if error > 0.0 else -demand
    rate += min(max(demand - rate, -acceleration * h), acceleration * h)
    return bank + h * rate, rate


@njit(cache=True, _nrt=False)
def followed(bank, rate, command, h, fastest, acceleration):
    """Bank, its rate, and the mean cosine and sine of the bank over `h` s, in equal steps of about TURN."""
    if abs(command - bank) < SETTLED and abs(rate) * TURN < SETTLED:
        return command, (command - bank) / h, math.cos(command), math.sin(command)
    parts = max(1, int(h / TURN + 0.5))
    upward, aside = 0.0, 0.0
    for _ in range(parts):
        before = bank
        bank, rate = turned(bank, rate, command, h / parts, fastest, acceleration)
        middle = 0.5 * (before + bank)
        upward += math.cos(middle)
        aside += math.sin(middle)
    return bank, rate, upward / parts, aside / parts


@njit(cache=True, _nrt=False)
def spun(bank, rate, h, spin, acceleration):
    """The same for a capsule that rolls steadily, at `spin` rad/s once it is as fast."""
    rate = min(rate + acceleration * h, spin)
    middle = bank + 0.5 * h * rate
    return bank + h * rate, rate, math.cos(middle), math.sin(middle)
