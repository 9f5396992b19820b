"""Keys of a Conjunction Data Message (CCSDS 508.0-B-1, tables 3-1 to 3-5) in their order, with their units.

A unit of None marks a word; "" a number without a unit.
"""

from __future__ import annotations

VERSION = "CCSDS_CDM_VERS"
VERSIONS = ("1.0", "2.0")  # 2.0: drafts of it are in use
HEADER = ("CREATION_DATE", "ORIGINATOR", "MESSAGE_FOR", "MESSAGE_ID")
RELATIVE_STATE = (
    *(f"RELATIVE_POSITION_{axis}" for axis in "RTN"),
    *(f"RELATIVE_VELOCITY_{axis}" for axis in "RTN"),
)
RELATIVE: dict[str, str | None] = {
    "TCA": None,
    "MISS_DISTANCE": "m",
    "RELATIVE_SPEED": "m/s",
    **dict.fromkeys(RELATIVE_STATE[:3], "m"),
    **dict.fromkeys(RELATIVE_STATE[3:], "m/s"),
    "START_SCREEN_PERIOD": None,
    "STOP_SCREEN_PERIOD": None,
    "SCREEN_VOLUME_FRAME": None,
    "SCREEN_VOLUME_SHAPE": None,
    "SCREEN_VOLUME_X": "m",
    "SCREEN_VOLUME_Y": "m",
    "SCREEN_VOLUME_Z": "m",
    "SCREEN_ENTRY_TIME": None,
    "SCREEN_EXIT_TIME": None,
    "COLLISION_PROBABILITY": "",
    "COLLISION_PROBABILITY_METHOD": None,
}
METADATA = (
    "OBJECT",
    "OBJECT_DESIGNATOR",
    "CATALOG_NAME",
    "OBJECT_NAME",
    "INTERNATIONAL_DESIGNATOR",
    "OBJECT_TYPE",
    "OPERATOR_CONTACT_POSITION",
    "OPERATOR_ORGANIZATION",
    "OPERATOR_PHONE",
    "OPERATOR_EMAIL",
    "EPHEMERIS_NAME",
    "COVARIANCE_METHOD",
    "MANEUVERABLE",
    "ORBIT_CENTER",
    "REF_FRAME",
    "GRAVITY_MODEL",
    "ATMOSPHERIC_MODEL",
    "N_BODY_PERTURBATIONS",
    "SOLAR_RAD_PRESSURE",
    "EARTH_TIDES",
    "INTRACK_THRUST",
)
OD_PARAMETERS: dict[str, str | None] = {
    "TIME_LASTOB_START": None,
    "TIME_LASTOB_END": None,
    "RECOMMENDED_OD_SPAN": "d",
    "ACTUAL_OD_SPAN": "d",
    "OBS_AVAILABLE": "",
    "OBS_USED": "",
    "TRACKS_AVAILABLE": "",
    "TRACKS_USED": "",
    "RESIDUALS_ACCEPTED": "%",
    "WEIGHTED_RMS": "",
}
ADDITIONAL: dict[str, str | None] = {
    "AREA_PC": "m**2",
    "AREA_DRG": "m**2",
    "AREA_SRP": "m**2",
    "MASS": "kg",
    "CD_AREA_OVER_MASS": "m**2/kg",
    "CR_AREA_OVER_MASS": "m**2/kg",
    "THRUST_ACCELERATION": "m/s**2",
    "SEDR": "W/kg",
}
POSITION, VELOCITY = ("X", "Y", "Z"), ("X_DOT", "Y_DOT", "Z_DOT")
STATE: dict[str, str | None] = {**dict.fromkeys(POSITION, "km"), **dict.fromkeys(VELOCITY, "km/s")}
# Rows and columns of the covariance; what is beyond the sixth may be absent.
AXES = ("R", "T", "N", "RDOT", "TDOT", "NDOT", "DRG", "SRP", "THR")
_POWERS = {"R": (1, 0, 0), "RDOT": (1, -1, 0), "DRG": (2, 0, -1), "SRP": (2, 0, -1), "THR": (1, -2, 0)}  # of m, s, kg


def _unit(row: str, column: str) -> str:
    """m**2, m**2/s, m**3/(kg*s) and so on."""
    powers = [_POWERS.get(name) or _POWERS["RDOT" if name.endswith("DOT") else "R"] for name in (row, column)]
    metres, seconds, kilograms = (a + b for a, b in zip(*powers, strict=True))
    below = [name if n == -1 else f"{name}**{-n}" for name, n in (("kg", kilograms), ("s", seconds)) if n]
    text = f"m**{metres}"
    if not below:
        return text
    return f"{text}/{below[0]}" if len(below) == 1 else f"{text}/({'*'.join(below)})"


COVARIANCE: dict[str, str | None] = {
    f"C{row}_{column}": _unit(row, column) for i, row in enumerate(AXES) for column in AXES[: i + 1]
}
OBJECT_KEYS: dict[str, str | None] = {
    **dict.fromkeys(METADATA),
    **OD_PARAMETERS,
    **ADDITIONAL,
    **STATE,
    **COVARIANCE,
}
MESSAGE_KEYS: dict[str, str | None] = {**dict.fromkeys((VERSION, *HEADER)), **RELATIVE, "HBR": "m"}
MANDATORY = ("CREATION_DATE", "ORIGINATOR", "MESSAGE_ID")
MANDATORY_OF_OBJECT = (
    "OBJECT_DESIGNATOR",
    "CATALOG_NAME",
    "OBJECT_NAME",
    "INTERNATIONAL_DESIGNATOR",
    "EPHEMERIS_NAME",
    "COVARIANCE_METHOD",
    "MANEUVERABLE",
)
USER = "USER_DEFINED"
