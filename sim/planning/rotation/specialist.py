"""A payload specialist's way from selection to flight: dated steps, gates, and who is ready when."""

from __future__ import annotations

from dataclasses import dataclass

from sim.core.epoch import Epoch
from sim.planning.rotation.timeline import DAY, Timeline
from sim.scenario.programme_file import SpecialistStep
from sim.scenario.programme_record import instant

CANDIDATES = ("prime", "back-up")


@dataclass(frozen=True)
class Step:
    """A step with its dates. `waits_for`: the step that it had to wait for, empty where its own date held."""

    name: str
    words: str
    who: str
    start: Epoch
    end: Epoch
    gate: bool
    passes: int | None
    waits_for: str


@dataclass(frozen=True)
class Path:
    """The whole way. `ready`: by "prime" and "back-up", when each could fly; `margin`: days from that to the launch,
    negative where the launch is before; `binding`: the step that ends last for each. `flies`: who of the two, or
    "not-announced", which needs both."""

    ship: str
    launch: Epoch
    prime: str
    back_up: str
    flies: str
    steps: tuple[Step, ...]
    ready: dict[str, Epoch]
    binding: dict[str, str]

    def margin(self, who: str) -> float:
        return self.launch.since(self.ready[who]) / DAY

    @property
    def judged(self) -> tuple[str, ...]:
        """Whose readiness counts: of the one who flies, and of the back-up as long as the prime does."""
        return (self.flies,) if self.flies == "back-up" else CANDIDATES

    def name(self, who: str) -> str:
        return self.prime if who == "prime" else self.back_up


def path(found: Timeline) -> Path | None:
    """The way of the programme's payload specialist; None where it has none."""
    who = found.programme.file.specialist
    if who is None:
        return None
    steps: dict[str, Step] = {}
    for step in who.steps:
        steps[step.name] = _dated(step, steps)
    ready, binding = {}, {}
    for candidate in CANDIDATES:
        own = [s for s in steps.values() if s.who in ("both", candidate)]
        last = max(own, key=lambda s: s.end, default=max(steps.values(), key=lambda s: s.end))
        ready[candidate], binding[candidate] = last.end, last.name
    if who.flies == "back-up":
        begins = ready["back-up"]
        if who.swap_utc is not None and instant(who.swap_utc) > begins:
            begins = instant(who.swap_utc)
        ready["back-up"] = begins.plus(who.swap_days * DAY)
        binding["back-up"] = "the change of the seat"
    return Path(
        ship=who.ship,
        launch=found.vessel(who.ship).launch,
        prime=who.prime,
        back_up=who.back_up,
        flies=who.flies,
        steps=tuple(steps.values()),
        ready=ready,
        binding=binding,
    )


def for_launch(training: Path, launch: Epoch) -> list[tuple[str, bool]]:
    """For each whose readiness counts: a sentence on a launch on that day, and whether the launch is too early."""
    found = []
    for who in training.judged:
        margin, ready = launch.since(training.ready[who]) / DAY, training.ready[who].utc(0)[:10]
        place = f"{margin:.1f} days before" if margin >= 0.0 else f"{-margin:.1f} days after"
        sentence = f"{training.name(who)} ({who}) is ready on {ready}, {place} the first lift-off, {launch.utc(0)}"
        found.append((sentence, margin < 0.0))
    return found


def _dated(step: SpecialistStep, before: dict[str, Step]) -> Step:
    own = instant(step.start_utc) if step.start_utc else None
    last = max((before[name] for name in step.after), key=lambda s: s.end, default=None)
    waits = last is not None and (own is None or last.end > own)
    start = last.end if last is not None and waits else own
    assert start is not None  # a step that waits for none has a date of its own: the file was checked
    return Step(
        name=step.name,
        words=step.words,
        who=step.who,
        start=start,
        end=start.plus(step.days * DAY),
        gate=step.gate,
        passes=step.passes,
        waits_for=last.name if last is not None and waits else "",
    )
