"""Fly a phase of a mission many times, dispersed; sweep one thing; fly one run again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from os.path import exists  # unlike Path.exists, it answers False for a name that no file can have
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sim.api.asked import function, number, path, text, texts, wrong
from sim.api.campaign_result import CampaignResult, SweepResult
from sim.api.checking import is_campaign
from sim.api.output import Output, Where, load_pictures, output
from sim.campaign import table
from sim.campaign.directory import RUNS
from sim.campaign.load import ONE_PHASE, Campaign, fits, load_campaign, of_returns, of_whole_flights, with_setting
from sim.campaign.stored_run import stored_run
from sim.campaign.words import ALL, DISPERSED, HOME, refuse_without_phase, refuse_without_uncertainty
from sim.core.counts import checked_counts, checked_halfwidth, checked_run
from sim.core.flight import Failure
from sim.files import packaged, paths
from sim.files.errors import BadInput, MissionFailed
from sim.files.output_directory import checked_place
from sim.files.output_directory import place as resolved
from sim.scenario import Scenario, load
from sim.scenario.what_it_is import refuse_other_names, remark

if TYPE_CHECKING:
    from sim.campaign.estimate import Estimate
    from sim.campaign.run import Run

Tick = Callable[[int, int], None]  # runs done, of how many
USUAL = "crewed"  # the uncertainty of a return whose mission names none


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
    until_halfwidth: float | None = None,
    progress: Tick | None = None,
) -> CampaignResult:
    """Fly a phase of a mission many times with what a campaign file disperses.

    `mission`: a mission's name or file, or that of a campaign that names one. `phase`: "ascent", "docking", "return"
    (from the deorbit to the touchdown) or "all" (whole flights); the mission's own uncertainty disperses these two, a
    return's by the uncertainty "crewed" where the mission names none. `n` runs from the root `seed`, both the
    campaign's own where they are left out: a run depends on the seed and its number alone, not on the number of
    `workers` (processes; None: by the machine's cores). `campaign`: a campaign's name or file, where it is not the
    usual one of the phase. `out`: a directory for the table, pictures and summary; a campaign that was stopped goes on
    there. `progress` is called with the runs done and their number.

    `until_halfwidth`: no more runs are flown, 100 at a time, once the 95 % interval of the probability of success is
    so wide to each side; `n` is then the most.

    Runs that fail are rows of the table. `n` is a whole number from 1 to 1,000,000, `workers` from 1 to 1024, `seed`
    from 0 to 2^64 - 1.
    MissionFailed where the nominal itself does not fly; BadInput and ScenarioError for what is asked wrongly.
    """
    n, seed, workers = checked_counts(n, seed, workers)
    tick = function(progress) or _silent
    asked = _ask(mission, phase, campaign, texts(overrides), n, seed)
    if until_halfwidth is not None:
        asked.enough(checked_halfwidth(until_halfwidth))
    # From here on it is slow: all problems of the files have been reported.
    from sim.campaign.conduct import conduct

    with _place(out) as place, _in_words(asked.campaign):
        content = conduct(*asked.given, workers, place.directory, place.force, tick)
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
    path, numbers = _one(values)
    n, seed, workers = checked_counts(n, seed, workers)
    tick = function(progress) or _silent
    asked = _ask(mission, phase, campaign, texts(overrides), n, seed)
    if asked.campaign.phase == ALL:
        raise BadInput(f"{path}: whole flights are not swept; set it with --set, or sweep {', '.join(ONE_PHASE)}")
    for x in numbers:
        with_setting(asked.campaign, path, float(x))
    # From here on it is slow: all problems of what was asked have been reported.
    from sim.campaign.sweep import Swept
    from sim.campaign.sweep import sweep as conduct_sweep

    swept = Swept(path, numbers)
    with _place(out) as place, _in_words(asked.campaign):
        content = conduct_sweep(*asked.given, workers, place.directory, place.force, tick, swept)
    return SweepResult(content)


def campaign_estimate(
    mission: str | Path,
    phase: str = "",
    n: int | None = None,
    seed: int | None = None,
    *,
    workers: int | None = None,
    out: str | Path,
    campaign: str | Path = "",
    overrides: Sequence[str] = (),
    values: Mapping[str, Sequence[float]] | None = None,
) -> Estimate:
    """What `montecarlo` with the same arguments would take in the directory `out`: runs, rows, disk, memory, time.

    Nothing is flown. `values` as for `sweep`. Its `lines()` are words, its `content()` plain data. The time is counted
    at a stated rate, not measured.
    """
    n, seed, workers = checked_counts(n, seed, workers)
    asked = _ask(mission, phase, campaign, texts(overrides), n, seed)
    campaigns = 1
    if values:
        swept, numbers = _one(values)
        campaigns = len([with_setting(asked.campaign, swept, x) for x in numbers])
    found, _, _, runs, root = asked.given
    from sim.campaign.estimate import estimate  # brings the kernels

    return estimate(found, runs, workers, path(out, "out", "a directory"), root, campaigns)


def rerun(directory: str | Path, number: int) -> tuple[Run, Path]:
    """Fly one run of a campaign's directory again, whole, with its pictures in DIR/run-NNNN, whose path it returns.

    OutdirError where it is not the run of the table; MissionFailed where it cannot be flown whole.
    """
    place, run = path(directory, "directory", "the directory of a campaign"), checked_run(number)
    if not exists(place) and (what := remark(str(place))):
        raise BadInput(f"{place} is no directory of a campaign{what}")
    stored_run(place, run)  # it is there: what comes next is slow
    checked_place(place / f"run-{run:04d}", force=True)
    from sim.campaign.conduct import rerun as fly_again

    try:
        return fly_again(place, run)
    except Failure as failure:
        raise MissionFailed(f"run {number}", str(failure)) from None


def _one(values: Mapping[str, Sequence[float]]) -> tuple[str, tuple[float, ...]]:
    """The path and the values, sorted, of what is swept; BadInput where that is not one thing with its numbers."""
    if not isinstance(values, Mapping):
        raise wrong("values", values, "a path with its numbers, like {'pilot.attitude_deadband': [0.3, 0.5]}")
    if len(values) != 1:
        raise BadInput(f"one thing is swept at a time; found {', '.join(map(str, values)) or 'none'}")
    ((path, numbers),) = values.items()
    if isinstance(numbers, str) or not isinstance(numbers, Iterable):
        raise wrong(str(path), numbers, "numbers, like [0.3, 0.5]")
    made = tuple(sorted({number(x, str(path)) for x in numbers}))
    if not made:
        raise BadInput(f"{path}: found no number; write at least one, like [0.3]")
    return text(path, "values"), made


def _silent(done: int, runs: int) -> None:
    """Report no progress."""


class _Request:
    """A campaign that is to be flown; `given` as the first arguments of `conduct`."""

    def __init__(self, campaign: Campaign, scenario: Scenario, asked: dict, runs: int, seed: int):
        self.campaign = campaign
        self.given = campaign, scenario, asked, runs, seed

    def enough(self, halfwidth: float) -> None:
        """No more runs are flown once the probability of success is known so well."""
        self.campaign = replace(self.campaign, halfwidth=halfwidth)
        self.given = self.campaign, *self.given[1:]


def _ask(
    mission: str | Path, phase: str, campaign: str | Path, overrides: Sequence[str], n: int | None, seed: int | None
) -> _Request:
    with_ = str(path(campaign, "campaign")) if campaign != "" else ""
    asked_for = path(mission, "mission", "the name or the path of a mission or a campaign")
    if phase == ALL and not is_campaign(str(asked_for)):
        return _ask_whole(str(asked_for), with_, overrides, n, seed)
    if phase == HOME and not with_ and not is_campaign(str(asked_for)):
        return _ask_returns(str(asked_for), overrides, n, seed)
    name, found = _files(str(asked_for), text(phase, "phase"), with_)
    if found.phase == HOME:
        scenario, overrides = _uncertain(name, overrides)
    else:
        scenario = load(name, overrides)
    refuse_without_phase(found.phase, scenario, name)
    fits(found, scenario)
    asked = {"mission_file": _from_anywhere(name), "set": list(overrides)}
    return _Request(found, scenario, asked, found.runs if n is None else n, found.seed if seed is None else seed)


def _ask_whole(file: str, with_: str, overrides: Sequence[str], n: int | None, seed: int | None) -> _Request:
    """Whole flights, which the mission's own uncertainty disperses."""
    if with_:
        raise BadInput(f"phase all: what is dispersed is the mission's own uncertainty; take away the campaign {with_}")
    refuse_other_names(file, (paths.MISSIONS,), "a mission")
    scenario = load(file, overrides)
    refuse_without_uncertainty(scenario)
    assert scenario.uncertainty is not None
    named = scenario.raw["uncertainty"]
    found = of_whole_flights(scenario.uncertainty, named)
    asked = {"mission_file": _from_anywhere(file), "set": list(overrides)}
    runs = found.runs if n is None else n
    return _Request(found, scenario, asked, runs, scenario.seed if seed is None else seed)


def _ask_returns(file: str, overrides: Sequence[str], n: int | None, seed: int | None) -> _Request:
    """Returns, which the mission's own uncertainty disperses."""
    refuse_other_names(file, (paths.MISSIONS,), "a mission")
    scenario, overrides = _uncertain(file, overrides)
    refuse_without_phase(HOME, scenario, file)
    assert scenario.uncertainty is not None
    found = of_returns(scenario.uncertainty, scenario.raw["uncertainty"], scenario.seed)
    asked = {"mission_file": _from_anywhere(file), "set": list(overrides)}
    return _Request(found, scenario, asked, found.runs if n is None else n, found.seed if seed is None else seed)


def _uncertain(file: str, overrides: Sequence[str]) -> tuple[Scenario, Sequence[str]]:
    """A mission with its uncertainty, or with the shipped one of a crewed flight where it names none; and with which
    overrides that is."""
    scenario = load(file, overrides)
    if scenario.uncertainty is not None:
        return scenario, overrides
    overrides = [*overrides, f"uncertainty={USUAL}"]
    return load(file, overrides), overrides


def _files(file: str, phase: str, with_: str) -> tuple[str, Campaign]:
    """The mission to be flown, as it may be loaded, and the campaign, from the one that was named."""
    refuse_other_names(file, (paths.MISSIONS, paths.CAMPAIGNS), "a mission or a campaign")
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
    packaged.compare_all()  # the manifest names all of them: nothing is flown that it would refuse at the end
    load_pictures()
    if out is not None:
        found = output(out)
        resolved(found.directory)  # an OutdirError comes before the flight
        yield found
        return
    with TemporaryDirectory(prefix="tiangong-") as folder:
        yield Output(Path(folder) / "campaign")


@contextmanager
def _in_words(campaign: Campaign) -> Iterator[None]:
    from sim.uncertainty.disperse import NotReached  # brings the kernels

    try:
        yield
    except NotReached as fault:
        raise BadInput(f"{campaign.label}: {fault}") from None
    except Failure as failure:
        raise MissionFailed(campaign.phase, str(failure)) from None
