"""A contingency as a text of the command line, or one of those that a programme has."""

from __future__ import annotations

import re

from pydantic import ValidationError

from sim.files.errors import BadInput
from sim.files.problems import listed, nearest
from sim.scenario.programme import Programme
from sim.scenario.programme_file import CONTINGENCIES, ContingencyTable
from sim.scenario.programme_record import instant

DATE = re.compile(r"^(?P<date>\d{4}-\d\d-\d\d(?:T[0-9:.]*Z)?)(?::(?P<rest>.*))?$")
SUBJECT = {
    "unsafe": "ship",
    "port-blocked": "port",
    "launch-slip": "ship",
    "landing-slip": "ship",
    "early-return": "person",
}
FORMS = (
    "unsafe:SHIP:DATE, port-blocked:PORT:DATE[:UNTIL], launch-slip:SHIP:DATE:DAYS, landing-slip:SHIP:DATE:DAYS, "
    "early-return:PERSON:DATE[:DAYS]"
)


def contingency(given: str, programme: Programme) -> ContingencyTable:
    """One of the programme's, by its name such as unsafe:shenzhou-20, or any by its kind, subject and date.

    BadInput says what is wrong with the text, and what may be written.
    """
    own = {name_of(c): c for c in programme.file.contingencies}
    if given in own:
        return own[given]
    parts = [part.strip() for part in given.split(":", 2)]
    kind = parts[0]
    if kind not in CONTINGENCIES:
        raise _wrong(
            given, f"'{kind}'", f"{FORMS}; or one of the programme's: {listed(own)}", nearest(kind, CONTINGENCIES)
        )
    if len(parts) < 3 or not parts[2]:
        raise _wrong(given, f"{len(parts) - 1} of what follows '{kind}'", f"{FORMS}; or: {listed(own)}", None)
    subject, rest = parts[1], parts[2]
    _check_subject(given, programme, SUBJECT[kind], subject)
    utc, last = _parted(rest)
    table: dict = {"kind": kind, SUBJECT[kind]: subject, "utc": utc}
    if last and kind == "unsafe":
        raise _wrong(given, f"'{last}' after the date", FORMS, None)
    if kind == "port-blocked" and last:
        table["until_utc"] = last
    elif last:
        try:
            table["days"] = float(last)
        except ValueError:
            raise _wrong(given, f"'{last}'", f"a number of days, {kind}:{subject}:{utc}:5", None) from None
    elif kind.endswith("-slip"):
        raise _wrong(given, "no days", f"{kind}:{subject}:{utc}:5", None)
    try:
        made = ContingencyTable.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(step) for step in first["loc"])
        raise _wrong(given, f"{first['input']!r} for {key}", FORMS + "; a date as 2025-11-05", None) from None
    if made.until_utc is not None and instant(made.until_utc) < instant(made.utc):
        raise _wrong(given, f"an end at {made.until_utc}", f"a time after {made.utc}", None)
    return made


def name_of(what: ContingencyTable) -> str:
    return f"{what.kind}:{getattr(what, SUBJECT[what.kind])}"


def in_words(what: ContingencyTable) -> str:
    """What happened, in a sentence without its full stop."""
    return {
        "unsafe": f"{what.ship} brings nobody home from {what.utc} on",
        "port-blocked": f"nothing can dock at {what.port} from {what.utc}"
        + (f" until {what.until_utc}" if what.until_utc else " on"),
        "launch-slip": f"the launch of {what.ship} slips by {what.days or 0:g} days, known on {what.utc}",
        "landing-slip": f"the landing of {what.ship} slips by {what.days or 0:g} days, known on {what.utc}",
        "early-return": f"{what.person} has to be home by {what.utc}",
    }[what.kind]


def _parted(rest: str) -> tuple[str, str]:
    """The date at the start of a text, and what follows it after a colon."""
    match = DATE.match(rest)
    return (match["date"], match["rest"] or "") if match else (rest, "")


def _check_subject(given: str, programme: Programme, key: str, subject: str) -> None:
    ships = programme.file.ships
    known = {
        "ship": list(ships),
        "port": list(programme.ports),
        "person": sorted({p.name for ship in ships.values() for p in ship.crew}),
    }[key]
    if subject not in known:
        raise _wrong(given, f"'{subject}'", f"a {key} of the programme: {listed(known)}", nearest(subject, known))


def _wrong(given: str, found: str, allowed: str, near: str | None) -> BadInput:
    hint = f"; did you mean '{near}'?" if near else ""
    return BadInput(f"--contingency {given}: found {found}; allowed: {allowed}{hint}")
