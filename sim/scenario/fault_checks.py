"""What no single key of a fault can get wrong: what its kind asks for, and what the ships and the phases have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.files.problems import nearest
from sim.scenario.craft_files import ShipFile
from sim.scenario.return_faults import AMOUNTS, PHASES_OF, RETURN_FAULT_OF
from sim.scenario.view import Finding, View

# Kind of a fault -> the key that names what breaks, or how much.
FAULT_OF = {
    "thruster-stuck-off": "thruster",
    "thruster-stuck-on": "thruster",
    "sensor-lost": "sensor",
    "station-spin": "rate_deg_s",
}


def faults(
    view: View, flown: Mapping[str, ShipFile | None], leaving: Mapping[str, ShipFile | None]
) -> Iterator[Finding]:
    """`flown`, `leaving`: ships that approach a port, and that leave one -> their files as models. A fault says what
    breaks; a thruster that breaks is one that every one of them has, since the faults break in every such leg."""
    for i in range(view.length("faults")):
        kind, thruster = view("faults", i, "kind"), view("faults", i, "thruster")
        what = FAULT_OF.get(kind)
        if what is not None and view("faults", i, what) is None and ("faults", i, what) not in view.bad:
            yield Finding(("faults", i, what), "nothing", f"given, since kind = '{kind}'")
        yield from _return_fault(view, i, kind)
        if thruster is None:
            continue
        for ship, model in (leaving if view("faults", i, "leg") == "departure" else flown).items():
            names = [] if model is None else [t.name for t in model.thrusters]
            if names and thruster not in names:
                allowed = f"a thruster of {ship}: {', '.join(names)}"
                yield Finding(("faults", i, "thruster"), f"'{thruster}'", allowed, nearest(thruster, names))
                break  # one line a fault


def _return_fault(view: View, i: int, kind: str | None) -> Iterator[Finding]:
    """A fault of the return says how much, and nothing else; there is one of a kind, in a phase that is flown."""
    if kind not in PHASES_OF:
        return
    required = RETURN_FAULT_OF.get(kind, ())
    misspelt = [key for key in view.keys("faults", i) if key != "kind" and key not in AMOUNTS]  # reported once
    for key in AMOUNTS:
        given = key in view.keys("faults", i)
        if ("faults", i, key) in view.bad:
            continue
        if key in required and not given and not misspelt:
            yield Finding(("faults", i, key), "nothing", f"given, since kind = '{kind}'")
        elif key not in required and given:
            allowed = f"only {' and '.join(required)} beside" if required else "nothing beside"
            yield Finding(("faults", i, key), "a key of another kind", f"{allowed} kind = '{kind}'")
    if kind in [view("faults", before, "kind") for before in range(i)]:
        yield Finding(("faults", i, "kind"), f"'{kind}' once more", "each kind once")
    flown = {view("sequence", k, "phase") for k in range(view.length("sequence"))}
    if view.length("sequence") and not flown & set(PHASES_OF[kind]):
        allowed = f"a mission that flies the phase '{PHASES_OF[kind][0]}'; this one has none for it to show in"
        yield Finding(("faults", i, "kind"), f"'{kind}'", allowed)
