"""Messages and element sets that the interchange tests read, whole and broken on purpose."""

import json
import re
from pathlib import Path

import pytest

from sim.catalogue.element_sets import element_set
from sim.core.epoch import Epoch
from sim.interchange.files import mean_elements_text, read_mean_elements
from sim.interchange.problems import InterchangeError
from sim.interchange.tle import read_tle
from sim.interchange.two_lines import checksum

DATA = Path(__file__).parent / "data" / "interchange"
OREKIT = json.loads((DATA / "teme_orekit.json").read_text())
CREATED = "2026-01-01T00:00:00"
GOOD = element_set("css-2026-10-06")
TWO = f"{GOOD.line1}\n{GOOD.line2}\n"
(CSS,) = read_tle("CSS (TIANHE)\n" + TWO, "css.tle")
(MARIO,) = read_mean_elements(DATA / "mario.tle")
EPOCH = Epoch.from_utc("2026-01-01")


def refused(read, *arguments) -> list:
    """The problems that a reader finds; the test fails where it finds none."""
    with pytest.raises(InterchangeError) as caught:
        read(*arguments)
    return caught.value.problems


def put(line: str, first: int, text: str) -> str:
    """`text` at column `first` (from 1), checksum made right, so that only the change itself is at fault."""
    line = line[: first - 1] + text + line[first - 1 + len(text) :]
    return line[:68] + str(checksum(line))


def in_form(form: str, elements=MARIO) -> str:
    return mean_elements_text([elements], form, CREATED)


def without(form: str, key: str) -> str:
    """A message of MARIO that lacks one key."""
    text = in_form(form)
    if form == "kvn":
        return re.sub(rf"^{key} = .*\n", "", text, flags=re.M)
    if form == "xml":
        return re.sub(rf"<{key}>.*?</{key}>", "", text)
    if form == "json":
        return re.sub(rf'"{key}": [^,}}]*,? ?', "", text).replace(", }", "}")
    rows = [line.split(",") for line in text.splitlines()]
    at = rows[0].index(key)
    return "\n".join(",".join(row[:at] + row[at + 1 :]) for row in rows)


def with_value(form: str, key: str, value: str) -> str:
    """A message of MARIO with another value, as text, for one key."""
    text = in_form(form)
    if form == "kvn":
        return re.sub(rf"^{key} = .*$", f"{key} = {value}", text, flags=re.M)
    if form == "xml":
        return re.sub(rf"<{key}>.*?</{key}>", f"<{key}>{value}</{key}>", text)
    if form == "json":
        word = value if value == "NaN" else f'"{value}"'
        return re.sub(rf'"{key}": [^,}}]*', f'"{key}": {word}', text)
    rows = [line.split(",") for line in text.splitlines()]
    rows[1][rows[0].index(key)] = value
    return "\n".join(map(",".join, rows))


OMM_FORMS = ("kvn", "xml", "csv", "json")

OPM = """CCSDS_OPM_VERS = 2.0
COMMENT numbers with and without units
CREATION_DATE = 2026-01-01T00:00:00
ORIGINATOR = TEST
OBJECT_NAME = SHENZHOU
OBJECT_ID = 2026-001A
CENTER_NAME = EARTH
REF_FRAME = GCRF
TIME_SYSTEM = TT
EPOCH = 2026-01-01T00:01:09.184
X = 6778.1 [km]
Y = 0.3
Z = -1.0E1 [km]
X_DOT = 0.0 [km/s]
Y_DOT = 5.7 [km/s]
Z_DOT = 5.1 [km/s]
MASS = 8000 [kg]
DRAG_AREA = 20.5 [m**2]
DRAG_COEFF = 2.2
MAN_EPOCH_IGNITION = 2026-01-01T01:00:00
MAN_DURATION = 10 [s]
MAN_EPOCH_IGNITION = 2026-01-01T02:00:00
"""

OEM = """CCSDS_OEM_VERS = 2.0
CREATION_DATE = 2026-01-01T00:00:00
ORIGINATOR = TEST
META_START
OBJECT_NAME = A
OBJECT_ID = 2026-001A
CENTER_NAME = EARTH
REF_FRAME = ITRF-97
TIME_SYSTEM = GPS
START_TIME = 2026-01-01T00:00:18
STOP_TIME = 2026-001T00:02:18
META_STOP
COMMENT positions, speeds; then accelerations
2026-01-01T00:00:18 6778.1 0 0 0 7.6 0
2026-01-01T00:01:18.0 6770 450 0 -.5 7.6 0 0 0 0
2026-001T00:02:18 6720 900 0 -1.0 7.5 0
COVARIANCE_START
EPOCH = 2026-01-01T00:00:18
1.0
COVARIANCE_STOP
"""

_ROW = ("EPOCH", "X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT", "X_DDOT", "Y_DDOT", "Z_DDOT")
_ROW_UNITS = ("", *[' units="km"'] * 3, *[' units="km/s"'] * 3, *[' units="km/s**2"'] * 3)


def oem_as_xml(text: str = OEM) -> str:
    """An OEM in KVN as the XML of CCSDS 505.0-B, with a line for each line."""
    out = ['<?xml version="1.0" encoding="UTF-8"?>', '<oem id="CCSDS_OEM_VERS" version="2.0">']
    out.append("<header><CREATION_DATE>2026-01-01T00:00:00</CREATION_DATE></header><body>")
    place = "header"
    for line in text.splitlines():
        cells = line.split()
        if line == "META_START":
            out.append("</data></segment>" * (place == "data") + "<segment><metadata>")
            place = "meta"
        elif line == "META_STOP":
            out.append("</metadata><data>")
            place = "data"
        elif line == "COVARIANCE_START":
            place = "covariance"
        elif line == "COVARIANCE_STOP":
            out.append("<covarianceMatrix><EPOCH>none</EPOCH><CX_X>1</CX_X></covarianceMatrix>")
            place = "data"
        elif place == "meta":
            out.append(f"<{cells[0]}>{cells[2]}</{cells[0]}>")
        elif place == "data" and cells[0] != "COMMENT":
            row = zip(_ROW, _ROW_UNITS, cells, strict=False)
            out.append(f"<stateVector>{''.join(f'<{k}{u}>{x}</{k}>' for k, u, x in row)}</stateVector>")
    return "\n".join([*out, "</data></segment></body></oem>", ""])


def opm_as_xml(text: str = OPM) -> str:
    """An OPM in KVN as XML: the boxes hold no meaning for a reader, so one is enough."""
    cells = []
    for line in text.splitlines()[2:]:
        key, _, value = line.partition(" = ")
        value, _, unit = value.partition(" [")
        units = f' units="{unit[:-1]}"' if unit else ""
        cells.append(f"<{key}{units}>{value}</{key}>")
    body = "\n".join(cells)
    return f'<opm id="CCSDS_OPM_VERS" version="2.0"><body><segment><data>\n{body}\n</data></segment></body></opm>'
