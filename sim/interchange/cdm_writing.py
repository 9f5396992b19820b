"""Conjunction Data Messages (CCSDS 508.0-B-1) as KVN and as XML (505.0-B).

The standard has no key for the radius of the hard body, nor for keys of a writer's own: both are written as comments.
"""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

from sim.interchange.cdm import Cdm, CdmObject, radius_of_comments
from sim.interchange.cdm_keys import (
    ADDITIONAL,
    AXES,
    COVARIANCE,
    HEADER,
    METADATA,
    OD_PARAMETERS,
    POSITION,
    RELATIVE,
    RELATIVE_STATE,
    STATE,
    VELOCITY,
    VERSION,
)
from sim.interchange.frames import frame_written
from sim.interchange.ndm_writing import HEAD, SCHEMA, value
from sim.interchange.opm import kilometres
from sim.interchange.times import written

Line = tuple[str, str, str | None]  # key, text, unit


def cdm_text(cdm: Cdm) -> str:
    """The message in KVN."""
    lines: list[Line] = [(VERSION, "1.0", None)]
    lines += [("COMMENT", text, None) for text in _comments(cdm)]
    lines += [*_header(cdm), *_relative(cdm)]
    for name, one in (("OBJECT1", cdm.first), ("OBJECT2", cdm.second)):
        lines += [*_metadata(name, one), *(("COMMENT", text, None) for text in _comments_of(one))]
        lines += [line for _, block in _data(one) for line in block]
    return "".join(_kvn(*line) for line in lines)


def cdm_xml(cdm: Cdm) -> str:
    """The same in XML."""
    space = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="{SCHEMA}"'
    lines = [HEAD, f'<cdm {space} id="{VERSION}" version="1.0">', "<header>"]
    lines += [value("COMMENT", text) for text in _comments(cdm)]
    lines += [*map(_xml, _header(cdm)), "</header>", "<body>", "<relativeMetadataData>"]
    relative = _relative(cdm)
    inner = [line for line in relative if line[0] in RELATIVE_STATE]
    for line in relative:
        if inner and line == inner[0]:
            lines.append("<relativeStateVector>")
        lines.append(_xml(line))
        if inner and line == inner[-1]:
            lines.append("</relativeStateVector>")
    lines.append("</relativeMetadataData>")
    for name, one in (("OBJECT1", cdm.first), ("OBJECT2", cdm.second)):
        lines += ["<segment>", "<metadata>", *map(_xml, _metadata(name, one)), "</metadata>", "<data>"]
        lines += [value("COMMENT", text) for text in _comments_of(one)]
        for box, block in _data(one):
            lines += [f"<{box}>", *map(_xml, block), f"</{box}>"] if block else []
        lines += ["</data>", "</segment>"]
    return "\n".join([*lines, "</body>", "</cdm>", ""])


def write_cdm(path: Path, cdm: Cdm) -> None:
    """A file in XML where its name ends in .xml, in KVN otherwise."""
    text = cdm_xml(cdm) if Path(path).suffix.lower() == ".xml" else cdm_text(cdm)
    Path(path).write_text(text, encoding="utf-8", newline="\n")


def _kvn(key: str, text: str, unit: str | None) -> str:
    if key == "COMMENT":
        return f"COMMENT {text}\n"
    return f"{key:<28} = {text}{f' [{unit}]' if unit else ''}\n"


def _xml(line: Line) -> str:
    key, text, unit = line
    return f'<{key} units="{unit}">{escape(text)}</{key}>' if unit else value(key, text)


def _comments(cdm: Cdm) -> list[str]:
    """Those of the message, with the radius where none of them has it, and keys of the writer's own."""
    found = [*cdm.comments, *(f"{key} = {text}" for key, text in cdm.user.items())]
    of_both = (found, list(cdm.first.comments), list(cdm.second.comments))
    if cdm.radius_m is not None and radius_of_comments(*of_both) != cdm.radius_m:
        found.insert(0, f"HBR = {cdm.radius_m!r} [m]")
    return found


def _comments_of(one: CdmObject) -> list[str]:
    return [*one.comments, *(f"{key} = {text}" for key, text in one.user.items())]


def _header(cdm: Cdm) -> list[Line]:
    return [(key, cdm.fields[key], None) for key in HEADER if key in cdm.fields]


def _relative(cdm: Cdm) -> list[Line]:
    fields = {**cdm.fields, "TCA": written(cdm.tca)}
    # A relative state with a part that is not known has no place in the schema: it is whole or left out.
    skipped = () if cdm.relative_state is not None else RELATIVE_STATE
    return [(key, fields[key], unit) for key, unit in RELATIVE.items() if key in fields and key not in skipped]


def _metadata(name: str, one: CdmObject) -> list[Line]:
    fields = {**one.fields, "OBJECT": name, "OBJECT_NAME": one.name, "REF_FRAME": frame_written(one.state.frame)}
    return [(key, fields[key], None) for key in METADATA if key in fields]


def _data(one: CdmObject) -> list[tuple[str, list[Line]]]:
    """The boxes of XML with their lines."""
    state = dict(zip((*POSITION, *VELOCITY), map(kilometres, (*one.state.r, *one.state.v)), strict=True))
    covariance: list[Line] = []
    size = 6 if one.covariance is None else len(one.covariance)
    for i in range(size):
        for j in range(i + 1):
            key = f"C{AXES[i]}_{AXES[j]}"
            text = "NaN" if one.covariance is None else repr(float(one.covariance[i, j]))
            covariance.append((key, text, COVARIANCE[key]))
    return [
        ("odParameters", [(k, one.fields[k], unit or None) for k, unit in OD_PARAMETERS.items() if k in one.fields]),
        ("additionalParameters", [(k, one.fields[k], unit) for k, unit in ADDITIONAL.items() if k in one.fields]),
        ("stateVector", [(key, state[key], unit) for key, unit in STATE.items()]),
        ("covarianceMatrix", covariance),
    ]
