"""Fly a phase of a mission many times, dispersed; sweep one thing; fly one run again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from numbers import Integral
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sim.api.campaign_result import CampaignResult, SweepResult
from sim.api.checking import is_campaign
from sim.api.output import Output, Where, output
from sim.campaign import table
from sim.campaign.directory import RUNS, stored
from sim.campaign.load import Campaign, fits, load_campaign, with_setting
from sim.campaign.words import DISPERSED
from sim.core.flight import Failure
from sim.files import paths
from sim.files.errors import BadInput, MissionFailed
from sim.scenario import Scenario, load

if TYPE_CHECKING:
    from sim.campaign.run import Run

Tick = Callable[[int, int], None]  # runs done, of how many


def montecarlo(
    mission: str | Path,
    phase: str = "",
    n: int | None = None,
    seed: int | None = None,
    *,
    workers: int | None = None,
    out: Where | None = None,
    campaign: str | Path = "",
    overrides: Sequence[str] = (),
    progress: Tick | None = None,
) -> CampaignResult:
    """Fly a phase of a mission many times with what a campaign file disperses.

    `mission`: a mission's name or file, or that of a campaign that names one. `phase`: "ascent" or "docking". `n` runs
    from the root `seed`, both the campaign's own where they are left out: a run depends on the seed and its number
    alone, not on the number of `workers` (processes; None: by the machine's cores). `campaign`: a campaign's name or
    file, where it is not the usual one of the phase. `out`: a directory for the table, pictures and summary; a
    campaign that was stopped goes on there. `progress` is called with the runs done and their number.

    Runs that fail are rows of the table. `n` and `workers` are whole numbers from 1 on, `seed` one from 0 on.
    MissionFailed where the nominal itself does not fly; BadInput and ScenarioError for what is asked wrongly.
    """
    _counts(n, seed, workers)
    asked = _ask(mission, phase, campaign, overrides, n, seed)
    # From here on it is slow: all problems of the files have been reported.
    from sim.campaign.conduct import conduct

    with _place(out) as place, _in_words(asked.campaign):
        content = conduct(*asked.given, workers, place.directory, place.force, progress or _silent)
        rows = table.read(place.directory / RUNS)
    return CampaignResult(rows, content, DISPERSED[asked.campaign.phase].pictured)


def sweep(
    mission: str | Path,
    values: Mapping[str, Sequence[float]],
    phase: str = "",
    n: int | None = None,
    seed: int | None = None,
    *,
    workers: int | None = None,
    out: Where | None = None,
    campaign: str | Path = "",
    overrides: Sequence[str] = (),
    progress: Tick | None = None,
) -> SweepResult:
    """Fly a campaign for each of several values of one thing, with the same draws.

    `values`: one path with its values, such as `{"pilot.attitude_deadband": [0.3, 0.5, 1.0]}`. All else as for
    `montecarlo`.
    """
    if len(values) != 1:
        raise BadInput(f"one thing is swept at a time; found {', '.join(values) or 'none'}")
    path, numbers = next(iter(values.items()))
    _counts(n, seed, workers)
    asked = _ask(mission, phase, campaign, overrides, n, seed)
    for x in numbers:
        with_setting(asked.campaign, path, float(x))
    # From here on it is slow: all problems of what was asked have been reported.
    from sim.campaign.sweep import Swept
    from sim.campaign.sweep import sweep as conduct_sweep

    swept = Swept(path, tuple(sorted({float(x) for x in numbers})))
    with _place(out) as place, _in_words(asked.campaign):
        content = conduct_sweep(*asked.given, workers, place.directory, place.force, progress or _silent, swept)
    return SweepResult(content)


def rerun(directory: str | Path, number: int) -> tuple[Run, Path]:
    """Fly one run of a campaign's directory again, whole, with its pictures in DIR/run-NNNN, whose path it returns.

    OutdirError where it is not the run of the table; MissionFailed where it cannot be flown whole.
    """
    stored(Path(directory))  # it holds a campaign: what comes next is slow
    from sim.campaign.conduct import rerun as fly_again

    try:
        return fly_again(Path(directory), number)
    except Failure as failure:
        raise MissionFailed(f"run {number}", str(failure)) from None


def _counts(n: int | None, seed: int | None, workers: int | None) -> None:
    """BadInput where one of the three is not a whole number, or too small."""
    for name, value, minimum, left_out in (
        ("n", n, 1, "leave it out for as many runs as the campaign says"),
        ("seed", seed, 0, "leave it out for the campaign's own"),
        ("workers", workers, 1, "leave it out for as many processes as the machine has cores"),
    ):
        if value is not None and not (isinstance(value, Integral) and value >= minimum):
            raise BadInput(f"{name}: found {value!r}; write a whole number from {minimum} on, or {left_out}")


def _silent(done: int, runs: int) -> None:
    """Report no progress."""


class _Request:
    """A campaign that is to be flown; `given` as the first arguments of `conduct`."""

    def __init__(self, campaign: Campaign, scenario: Scenario, asked: dict, runs: int, seed: int):
        self.campaign = campaign
        self.given = campaign, scenario, asked, runs, seed


def _ask(
    mission: str | Path, phase: str, campaign: str | Path, overrides: Sequence[str], n: int | None, seed: int | None
) -> _Request:
    name, found = _files(str(mission), phase, str(campaign))
    scenario = load(name, overrides)
    if found.phase not in scenario.phases:
        flown = ", ".join(scenario.phases)
        raise BadInput(f"{name}: the mission has no phase '{found.phase}' to disperse; it has {flown}")
    fits(found, scenario)
    asked = {"mission_file": _from_anywhere(name), "set": list(overrides)}
    return _Request(found, scenario, asked, found.runs if n is None else n, found.seed if seed is None else seed)


def _files(file: str, phase: str, with_: str) -> tuple[str, Campaign]:
    """The mission to be flown, as it may be loaded, and the campaign, from the one that was named."""
    if is_campaign(file):
        if with_:
            raise BadInput(f"{file} is a campaign already; name a mission beside the campaign {with_}")
        campaign = load_campaign(file)
        if campaign.mission is None:
            raise BadInput(f"{file} names no mission; name one, and this file as its campaign")
        named = campaign.mission
        mission = named.stem if named.parent == paths.MISSIONS else str(named)
    else:
        if phase and phase not in DISPERSED:
            raise BadInput(f"phase {phase}: what can be flown dispersed is {', '.join(DISPERSED)}")
        mission, campaign = str(Path(file)), load_campaign(with_ or phase or "ascent")
    if phase and phase != campaign.phase:
        raise BadInput(f"phase {phase}, but {campaign.label} disperses the phase '{campaign.phase}'")
    return mission, campaign


def _from_anywhere(mission: str) -> str:
    """The same from any directory."""
    return str(Path(mission).resolve()) if Path(mission).exists() else mission


@contextmanager
def _place(out: Where | None) -> Iterator[Output]:
    """Where the campaign is kept: for good, or until its table is read."""
    if out is not None:
        yield output(out)
        return
    with TemporaryDirectory(prefix="tiangong-") as folder:
        yield Output(Path(folder) / "campaign")


@contextmanager
def _in_words(campaign: Campaign) -> Iterator[None]:
    from sim.campaign.disperse import NotReached  # brings the kernels

    try:
        yield
    except NotReached as fault:
        raise BadInput(f"{campaign.label}: {fault}") from None
    except Failure as failure:
        raise MissionFailed(campaign.phase, str(failure)) from None
