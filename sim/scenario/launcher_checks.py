"""What a launcher's phases and masses say together: who burns, runs dry and falls when, and whether it lifts off.

A file of which every number is allowed can still describe what no rocket does: a stage that falls off and burns
afterwards, or a thrust below the weight. It would fly all the same, and even reach an orbit.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from sim.files.problems import Path
from sim.scenario.catalogue import LauncherFile
from sim.scenario.craft_files import ShipFile
from sim.scenario.kinds import File
from sim.scenario.view import Finding, View

G0 = 9.80665  # m/s2
ROUNDED = 1e-3  # of a stage's propellant or of a mass: what rounding in a file may make of it


class _Stage(NamedTuple):
    """Of all of one kind together: kg; `thrust_kn` at sea level and `flow_kg_s`, by engine."""

    usable_kg: float
    loaded_kg: float
    empty_kg: float
    thrust_kn: dict[str, float]
    flow_kg_s: dict[str, float]


def whole(view: View) -> Iterator[Finding]:
    """The phases as they follow each other; only where stages and phases are right by themselves."""
    yield from _events(view)
    stages = _stages(view)
    if stages is None or not _known(view, stages):
        return
    used = {name for i in range(view.length("phases")) for name in _burning(view, i)}
    for i in range(view.length("stages")):
        name = view("stages", i, "name")
        if name not in used:
            yield Finding(("stages", i, "name"), f"'{name}', which burns in no phase", "a stage that a phase burns")
    yield from _burnt_and_fallen(view, used)
    yield from _running_dry(view, stages)
    yield from _lift_off(view, stages)
    yield from _debris(view, stages)


def too_heavy(key: Path, launcher: File | None, ship: File | None) -> Iterator[Finding]:
    """Whether a launcher that lifts itself lifts the ship of the mission too; `key`: where the mission names it."""
    if not isinstance(launcher, LauncherFile) or not isinstance(ship, ShipFile):
        return
    view = View(launcher.model_dump(mode="json", exclude_none=True))
    stages = _stages(view)
    if stages is None or not _known(view, stages):
        return
    thrust, own = _thrust_and_weight(view, stages)
    weight = own + 1e-3 * G0 * (ship.mass.dry_kg + ship.mass.propellant_kg)
    if own < thrust <= weight:  # what does not even lift itself is a fault of its own file
        yield Finding(key, _ratio(thrust, weight, "with the ship"), "a launcher that lifts this ship: more than 1")


def _ratio(thrust: float, weight: float, what: str) -> str:
    return f"{thrust:.0f} kN of thrust at lift-off, {thrust / weight:.2f} of the weight {what}, {weight:.0f} kN"


# ---- what stands in the file


def _burning(view: View, phase: int) -> list[str]:
    return [name.partition(".")[0] for name in view("phases", phase, "burning") or ()]


def _stages(view: View) -> dict[str, _Stage] | None:
    """The stages by name; None where a number of one is missing or wrong, which has its own line."""
    found = {}
    if not view.length("stages") or any(path[:1] in (("stages",), ("phases",)) for path in view.bad):
        return None
    for i in range(view.length("stages")):
        stage = view("stages", i)
        count, residual = stage.get("count", 1), stage.get("residual_kg", 0.0)
        thrust: dict[str, float] = {}
        flow: dict[str, float] = {}
        for engine in stage["engines"]:
            name, number = engine.get("name", "main"), count * engine.get("count", 1)
            vacuum = engine["thrust_vacuum_kn"]
            thrust[name] = thrust.get(name, 0.0) + number * engine.get("thrust_sea_level_kn", vacuum)
            flow[name] = flow.get(name, 0.0) + number * 1e3 * vacuum / (engine["isp_vacuum_s"] * G0)
        propellant, dry = stage["propellant_kg"], stage["dry_mass_kg"]
        found[stage["name"]] = _Stage(
            count * (propellant - residual), count * (propellant + dry), count * (residual + dry), thrust, flow
        )
    return found


def _known(view: View, stages: dict[str, _Stage]) -> bool:
    """Whether every name of a phase is one; those that are none have their own lines."""
    names = set(stages) | {f"{name}.{engine}" for name, stage in stages.items() for engine in stage.flow_kg_s}
    phases = range(view.length("phases"))
    burning = {name for i in phases for name in view("phases", i, "burning") or ()}
    falling = {name for i in phases for name in view("phases", i, "drops") or ()}
    return burning <= names and falling <= set(stages)


# ---- what does not go together


def _events(view: View) -> Iterator[Finding]:
    """Each event happens once; jettisons lie before the flight ends, the tower's before that of the fairing."""
    seen: Counter[str] = Counter()
    for group in ("phases", "jettisons"):
        for i in range(view.length(group)):
            event = view(group, i, "event")
            seen[event] += event is not None
            if seen[event] == 2:
                yield Finding((group, i, "event"), f"'{event}' a second time", "each event once")
    end, times = view("guidance", "plan_insertion_s"), {}
    for i in range(view.length("jettisons")):
        event, at = view("jettisons", i, "event"), view("jettisons", i, "at_s")
        times[event] = at
        if at is not None and end is not None and not at < end:
            yield Finding(("jettisons", i, "at_s"), str(at), f"less than guidance.plan_insertion_s, which is {end}")
        before = times.get("fairing_separation")
        if event == "tower_jettison" and at is not None and before is not None and before <= at:
            allowed = "the escape tower before the fairing, on which it stands"
            yield Finding(("jettisons", i, "at_s"), f"{at}, after the fairing at {before}", allowed)


def _burnt_and_fallen(view: View, used: set[str]) -> Iterator[Finding]:
    """A stage burns before it falls, falls once, and burns no more when it has run dry; the first and the last phase
    burn."""
    burnt: set[str] = set()
    dry: dict[str, int] = {}
    fallen: dict[str, int] = {}
    last = view.length("phases") - 1
    for i in range(last + 1):
        burning = _burning(view, i)
        if not burning and i in (0, last):
            allowed = "a stage: the rocket rises by the first phase and reaches its orbit by the last"
            yield Finding(("phases", i, "burning"), "nothing that burns", allowed)
        for name in burning:
            if name in fallen and name in burnt:
                gone = f"'{name}', which fell off at the end of phases.{fallen[name]}"
                yield Finding(("phases", i, "burning"), gone, "stages that are still there")
            elif name in dry and name not in fallen:
                gone = f"'{name}', which ran dry at the end of phases.{dry[name]}"
                yield Finding(("phases", i, "burning"), gone, "stages with propellant left")
        burnt |= set(burning) - set(fallen)
        ends = view("phases", i, "ends")
        if ends in burning:
            dry.setdefault(ends, i)
        for name in view("phases", i, "drops") or ():
            if name in fallen:
                twice = f"'{name}', which fell off at the end of phases.{fallen[name]}"
                yield Finding(("phases", i, "drops"), twice, "each stage once")
            elif name not in burnt and name in used:
                allowed = "a stage that has burnt: in this phase, or in one before it"
                yield Finding(("phases", i, "drops"), f"'{name}', which has not burnt by then", allowed)
            fallen.setdefault(name, i)


def _running_dry(view: View, stages: dict[str, _Stage]) -> Iterator[Finding]:
    """No stage is empty before its phase ends; followed up to the phase of guidance, whose length the flight finds."""
    left = {name: stage.usable_kg for name, stage in stages.items()}
    for i in range(view.length("phases")):
        flow: defaultdict[str, float] = defaultdict(float)
        for name in view("phases", i, "burning") or ():
            stage, _, only = name.partition(".")
            flows = stages[stage].flow_kg_s
            flow[stage] += flows[only] if only else sum(flows.values())
        ends, duration = view("phases", i, "ends"), view("phases", i, "duration_s")
        if ends == "guidance" or (ends is not None and ends not in flow):
            return
        if ends is not None:
            duration = max(0.0, left[ends]) / flow[ends]
        if duration is None:  # neither of the two keys, which has its own line
            return
        for stage, rate in flow.items():
            if left[stage] > 0.0 and rate * duration > left[stage] + ROUNDED * stages[stage].usable_kg:
                found = f"'{stage}', empty after {max(0.0, left[stage]) / rate:.1f} s of {duration:.1f} s"
                yield Finding(("phases", i, "burning"), found, f"stages that last, or a phase with ends = '{stage}'")
            left[stage] -= rate * duration


def _lift_off(view: View, stages: dict[str, _Stage]) -> Iterator[Finding]:
    thrust, weight = _thrust_and_weight(view, stages)
    if 0.0 < thrust <= weight:
        yield Finding(("phases", 0, "burning"), _ratio(thrust, weight, "without a ship"), "more than 1, to lift off")


def _thrust_and_weight(view: View, stages: dict[str, _Stage]) -> tuple[float, float]:
    """At lift-off, at sea level and without a ship, kN."""
    thrust = 0.0
    for name in view("phases", 0, "burning") or ():
        stage, _, only = name.partition(".")
        thrusts = stages[stage].thrust_kn
        thrust += thrusts[only] if only else sum(thrusts.values())
    shed = [view("jettisons", i, "mass_kg") for i in range(view.length("jettisons"))]
    mass = sum(stage.loaded_kg for stage in stages.values()) + sum(m for m in shed if m is not None)
    return thrust, 1e-3 * G0 * mass


def _debris(view: View, stages: dict[str, _Stage]) -> Iterator[Finding]:
    """Pieces that fall with an event weigh no more than what falls off then."""
    falls: defaultdict[str, float] = defaultdict(float)
    for i in range(view.length("phases")):
        drops = sum(stages[name].empty_kg for name in view("phases", i, "drops") or ())
        falls[view("phases", i, "event")] += drops
    for i in range(view.length("jettisons")):
        falls[view("jettisons", i, "event")] += view("jettisons", i, "mass_kg") or 0.0
    pieces: defaultdict[str, float] = defaultdict(float)
    for i in range(view.length("debris")):
        event, mass = view("debris", i, "event"), view("debris", i, "mass_kg")
        count = 1 if "count" not in view.keys("debris", i) else view("debris", i, "count")
        if event not in falls or mass is None or count is None:
            continue
        pieces[event] += count * mass
        if pieces[event] > falls[event] * (1.0 + ROUNDED):
            found = f"{pieces[event]:g} kg of pieces at {event}"
            yield Finding(("debris", i, "mass_kg"), found, f"at most the {falls[event]:g} kg that fall off then")
