"""The command `avoid`: the smallest burn past what a message or a catalogue warns of, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from sim.cli.conventions import MISSION_FAILED, options_named, progress, say_json, warn
from sim.cli.options import (
    CATALOGUE,
    OF_SCREENING,
    Amount,
    Begin,
    Days,
    Force,
    Many,
    Place,
    Quiet,
    SetIndex,
    SetNumber,
    Skip,
    Text,
    shipped_names,
    with_options,
)
from sim.files.output_directory import checked_place

NAMES = {
    **OF_SCREENING,
    "radius_m": "--radius",
    "probability": "--pc",
    "miss_m": "--miss",
    "dv_m_s": "--max-dv",
    "not_before": "--not-before",
    "arrival": "--arrival",
    "phase_deg": "--phase",
    "planned_times": "--planned-burns",
    "updates": "--update",
    "mass_kg": "--mass",
    "thrust_n": "--thrust",
    "isp_s": "--isp",
}


@dataclass(frozen=True)
class AvoidOptions:
    """What the command line says."""

    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A CDM, whose first object burns; or a mission, an orbit, a programme, an element set, a TLE, OMM or "
            "OEM file, or the directory of a finished flight.",
            autocompletion=shipped_names("missions", "orbits"),
        ),
    ]
    catalog: Annotated[Text, CATALOGUE] = None
    start: Begin = None
    days: Days = None
    within: Annotated[float, typer.Option("--within", metavar="KM", help="Conjunctions below this range.")] = 20.0
    radius: Annotated[
        Amount, typer.Option("--radius", metavar="M", help="Sum of both radii (40; of a CDM its own).")
    ] = None
    skip: Skip = None
    pc: Annotated[float, typer.Option("--pc", metavar="P", help="The rule: largest probability.")] = 1.0e-4
    miss: Annotated[float, typer.Option("--miss", metavar="M", help="The rule: least miss, metres.")] = 0.0
    max_dv: Annotated[float, typer.Option("--max-dv", metavar="M/S", help="The largest burn.")] = 5.0
    not_before: Annotated[Text, typer.Option("--not-before", metavar="DATE", help="First time of a burn.")] = None
    arrival: Annotated[
        Text,
        typer.Option("--arrival", metavar="DATE", help="When a ship comes (that of the file, within 10 days)."),
    ] = None
    phase: Annotated[Amount, typer.Option("--phase", metavar="DEG", help="By how much the phase may differ then.")] = (
        None
    )
    planned_burns: Annotated[
        bool, typer.Option("--planned-burns", help="Burn only when the craft's own path has burns.")
    ] = False
    update: Annotated[
        Many,
        typer.Option(
            "--update", metavar="DATE=SHARE", help="Better orbits then, with this share of the sigmas: wait for them?"
        ),
    ] = None
    mass: Annotated[Amount, typer.Option("--mass", metavar="KG", help="Mass of the craft.")] = None
    thrust: Annotated[Amount, typer.Option("--thrust", metavar="N", help="Thrust; 0 for an impulse.")] = None
    isp: Annotated[Amount, typer.Option("--isp", metavar="S", help="Specific impulse.")] = None
    elements_index: SetIndex = None
    elements_number: SetNumber = None
    sets: Annotated[Many, typer.Option("--set", metavar="KEY=VALUE", help="Override a key of the file.")] = None
    out: Annotated[Place, typer.Option("--out", metavar="DIR", help="Also write JSON, picture and manifest.")] = None
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: `rule`, `craft`.")] = False
    quiet: Quiet = False
    force: Force = False


@with_options(AvoidOptions)
def avoid(given: AvoidOptions) -> None:
    """Plan the smallest burn that clears the conjunctions of a CDM, or of a craft against a catalogue, without making
    another one: time, size in R, T, N, miss and probability before and after, propellant, phase and altitude; or wait.

    The burn is flown in the full model, its path is screened again, and all is judged anew. The phase is kept for a
    ship that comes. The exit code is 3 where a conjunction cannot be cleared; the reason has the numbers.
    """
    from sim.api.avoid import avoid as plan
    from sim.api.avoid_terms import AvoidanceTerms
    from sim.api.output import Output
    from sim.api.screen import Near
    from sim.api.time_span import ElementFile

    if given.out:
        warn(checked_place(given.out, given.force))
    with options_named(NAMES), progress(given.quiet) as tick:
        terms = AvoidanceTerms(
            probability=given.pc,
            miss_m=given.miss,
            dv_m_s=given.max_dv,
            not_before=given.not_before,
            arrival=given.arrival,
            phase_deg=given.phase,
            planned_times=given.planned_burns,
            radius_m=given.radius,
            updates=_updates(given.update or []),
            mass_kg=given.mass,
            thrust_n=given.thrust,
            isp_s=given.isp,
        )
        found = plan(
            ElementFile(given.file, given.elements_index, given.elements_number),
            given.catalog,
            given.start,
            given.days,
            near=Near(given.within, 40.0 if given.radius is None else given.radius, tuple(given.skip or ())),
            terms=terms,
            overrides=given.sets or (),
            out=Output(given.out, given.force) if given.out else None,
            progress=tick,
        )
    warn(found.warnings)
    if given.as_json:
        say_json("avoid", found.content())
    else:
        print(*found.lines(), *([given.out] if given.out else ()), sep="\n")
    if not found.cleared:
        raise typer.Exit(MISSION_FAILED)


def _updates(words: list[str]) -> list[tuple[str, float]]:
    """Each `DATE=SHARE`; BadInput for another text."""
    from sim.files.errors import BadInput

    made = []
    for word in words:
        date, sign, share = word.partition("=")
        try:
            made.append((date, float(share)))
        except ValueError:
            sign = ""
        if not sign:
            raise BadInput(f"--update: found '{word}'; write DATE=SHARE such as 2026-07-06T00:00:00Z=0.5")
    return made
