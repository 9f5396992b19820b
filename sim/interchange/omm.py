"""The fields of an Orbit Mean-Elements Message (CCSDS 502.0-B, section 4), whatever notation they are written in."""

from __future__ import annotations

from sim.interchange.cells import LONGEST_NAME, NAMES, Cell, NumberField, Record, read_number, read_time, read_word
from sim.interchange.mean import MeanElements
from sim.interchange.problems import Faults
from sim.interchange.tables import missing
from sim.interchange.times import written
from sim.interchange.two_lines import FASTEST_REV_DAY, LARGEST_DRAG, MOST_ECCENTRIC, SLOWEST_REV_DAY, perigee_km

MAX_NUMBER = 999_999_999
# What a message must state and what it may state: SGP4 elements have one theory, frame and clock. CelesTrak's CSV and
# JSON leave these out, and then they are meant.
FIXED = {"CENTER_NAME": "EARTH", "REF_FRAME": "TEME", "TIME_SYSTEM": "UTC", "MEAN_ELEMENT_THEORY": "SGP4"}
ALSO_ALLOWED = {"MEAN_ELEMENT_THEORY": ("SGP/SGP4",)}


NUMBERS = {
    "MEAN_MOTION": NumberField("mean_motion_rev_day", "rev/day", SLOWEST_REV_DAY, FASTEST_REV_DAY),
    "ECCENTRICITY": NumberField("eccentricity", "", 0.0, MOST_ECCENTRIC),
    "INCLINATION": NumberField("inclination_deg", "deg", 0.0, 180.0),
    "RA_OF_ASC_NODE": NumberField("raan_deg", "deg", -360.0, 360.0),
    "ARG_OF_PERICENTER": NumberField("argp_deg", "deg", -360.0, 360.0),
    "MEAN_ANOMALY": NumberField("mean_anomaly_deg", "deg", -360.0, 360.0),
    "EPHEMERIS_TYPE": NumberField("ephemeris_type", "", 0, 9, default=0, whole=True),
    "NORAD_CAT_ID": NumberField("number", "", 0, MAX_NUMBER, whole=True),
    "ELEMENT_SET_NO": NumberField("element_set_number", "", 0, MAX_NUMBER, default=0, whole=True),
    "REV_AT_EPOCH": NumberField("revolution", "", 0, MAX_NUMBER, default=0, whole=True),
    "BSTAR": NumberField("bstar", "1/ER", -LARGEST_DRAG, LARGEST_DRAG),
    "MEAN_MOTION_DOT": NumberField("half_mean_motion_rate_rev_day2", "rev/day**2", -1e3, 1e3),
    "MEAN_MOTION_DDOT": NumberField(
        "sixth_mean_motion_acceleration_rev_day3", "rev/day**3", -LARGEST_DRAG, LARGEST_DRAG
    ),
}
ORDER = (
    "OBJECT_NAME",
    "OBJECT_ID",
    *FIXED,
    "EPOCH",
    "MEAN_MOTION",
    "ECCENTRICITY",
    "INCLINATION",
    "RA_OF_ASC_NODE",
    "ARG_OF_PERICENTER",
    "MEAN_ANOMALY",
    "EPHEMERIS_TYPE",
    "CLASSIFICATION_TYPE",
    "NORAD_CAT_ID",
    "ELEMENT_SET_NO",
    "REV_AT_EPOCH",
    "BSTAR",
    "MEAN_MOTION_DOT",
    "MEAN_MOTION_DDOT",
)
TLE_PARAMETERS = ORDER[ORDER.index("EPHEMERIS_TYPE") :]


def mean_elements(record: Record, line: int, whole_message: bool, faults: Faults) -> MeanElements | None:
    """The elements of one message, or None with the reasons in `faults`.

    `line` is where the message begins; a `whole_message` (KVN, XML) must name frame, clock and theory.
    """
    before = faults.count
    for key, value in FIXED.items():
        _fixed(record, key, (value, *ALSO_ALLOWED.get(key, ())), line, whole_message, faults)
    name = _text(record, "OBJECT_NAME", line, faults)
    designator = _text(record, "OBJECT_ID", line, faults)
    epoch = read_time(record, "EPOCH", line, "UTC", faults)
    read = {kind.attribute: read_number(record, key, kind, line, faults) for key, kind in NUMBERS.items()}
    numbers = {attribute: value for attribute, value in read.items() if value is not None}
    kind = record.get("CLASSIFICATION_TYPE", Cell("U", line))
    if kind.text not in ("U", "C", "S", ""):
        faults.add("CLASSIFICATION_TYPE", f"'{kind.text}'", "U, C or S", kind.line)
    if faults.count == before:
        _perigee(record, numbers, faults)
    if faults.count > before:
        return None
    assert epoch is not None  # without a time there is a fault
    counts = {kind.attribute: int(numbers.pop(kind.attribute)) for kind in NUMBERS.values() if kind.whole}
    return MeanElements(
        name="" if name.upper() == "UNKNOWN" else name,
        designator="" if designator.upper() == "UNKNOWN" else designator,
        epoch=epoch,
        classification=kind.text or "U",
        source=f"{faults.file}:{line}",
        number=counts["number"],
        ephemeris_type=counts["ephemeris_type"],
        element_set_number=counts["element_set_number"],
        revolution=counts["revolution"],
        **numbers,
    )


def object_of(record: Record) -> str:
    """Name and number of a message's object for people, as far as it has them."""
    words = [record[key].text[:40] for key in ("OBJECT_NAME", "NORAD_CAT_ID") if key in record and record[key].text]
    return ", ".join(words) or "no name, no number"


def fields(elements: MeanElements) -> dict[str, str]:
    """The message's values as text, in order; a double is written with the digits that bring it back."""
    texts = {
        "OBJECT_NAME": elements.name or "UNKNOWN",
        "OBJECT_ID": elements.designator or "UNKNOWN",
        **FIXED,
        "EPOCH": written(elements.epoch),
        "CLASSIFICATION_TYPE": elements.classification,
        **{key: repr(getattr(elements, kind.attribute)) for key, kind in NUMBERS.items()},
    }
    return {key: texts[key] for key in ORDER}


def _fixed(record: Record, key: str, values: tuple[str, ...], line: int, required: bool, faults: Faults) -> None:
    if required or (key in record and record[key].text):
        read_word(record, key, lambda word: word if word in values else None, ", ".join(values), line, faults)


def _text(record: Record, key: str, line: int, faults: Faults) -> str:
    if key not in record:
        faults.add(key, missing(key, record), "a name, or UNKNOWN", line)
        return ""
    if not record[key].text.isprintable():
        faults.add(key, repr(record[key].text[:40]), "a name without control characters", record[key].line)
    if len(record[key].text) > LONGEST_NAME:
        faults.add(key, f"'{record[key].text[:40]}...'", NAMES, record[key].line)
    return record[key].text


def _perigee(record: Record, numbers: dict[str, float], faults: Faults) -> None:
    height = perigee_km(numbers["mean_motion_rev_day"], numbers["eccentricity"])
    if height < 0.0:
        cell = record["ECCENTRICITY"]
        motion = record["MEAN_MOTION"].text
        found = f"{cell.text} with {motion} rev/day: a perigee {-height:.0f} km below the surface"
        faults.add("ECCENTRICITY", found, "a perigee above the surface", cell.line)
