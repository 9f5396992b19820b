"""CCSDS Attitude Ephemeris Messages written: 504.0-B-1 (version 1.0), which every reader knows, in KVN and XML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sim.core.epoch import Epoch
from sim.interchange.ndm_writing import message, value
from sim.interchange.oem_writing import simulated_id, stamp_texts, stamps_of

FRAME_A, FRAME_B = "GCRF", "SC_BODY_1"
PARTS = ("Q1", "Q2", "Q3", "QC")
IN_XML = (3, 0, 1, 2)  # the schema of version 1.0 has QC first, whatever QUATERNION_TYPE says of rows in KVN


@dataclass(frozen=True, eq=False)
class WrittenAttitude:
    """A segment as it is to be written: `q` (n, 4), unit quaternions x y z w at `stamps`, UTC texts (n,); body axes to
    inertial ones, without a change of sign. `comment` stands before the rows."""

    comment: str
    stamps: list[str]
    q: np.ndarray


def written_attitude(zero: Epoch, comment: str, t: np.ndarray, q: np.ndarray) -> WrittenAttitude:
    """Rows at t (n,) s from zero, as they are written; of two within a microsecond the later."""
    stamps_ns = stamps_of(zero, t)
    kept = np.append(np.diff(stamps_ns) > 0, True)
    return WrittenAttitude(comment, stamp_texts(stamps_ns[kept]), q[kept])


def metadata(name: str, object_id: str, segment: WrittenAttitude) -> list[tuple[str, str]]:
    """The keys of a segment with their values, in the order of the standard.

    A2B with the quaternion of the turn from the axes of A to those of B: it takes body components to inertial ones as
    q v q*, and inertial to body ones as q* v q.
    """
    return [
        ("OBJECT_NAME", name.upper()),
        ("OBJECT_ID", object_id),
        ("REF_FRAME_A", FRAME_A),
        ("REF_FRAME_B", FRAME_B),
        ("ATTITUDE_DIR", "A2B"),
        ("TIME_SYSTEM", "UTC"),
        ("START_TIME", segment.stamps[0]),
        ("STOP_TIME", segment.stamps[-1]),
        ("ATTITUDE_TYPE", "QUATERNION"),
        ("QUATERNION_TYPE", "LAST"),
        ("INTERPOLATION_METHOD", "LINEAR"),
        ("INTERPOLATION_DEGREE", "1"),
    ]


def aem_text(name: str, segments: Iterable[WrittenAttitude], created: str, object_id: str | None = None) -> str:
    """The whole message in KVN; `created` as in `oem_text`."""
    lines = ["CCSDS_AEM_VERS = 1.0", f"CREATION_DATE = {created}", "ORIGINATOR = TIANGONG-SIM"]
    for segment in segments:
        lines += ["", "META_START", f"COMMENT {segment.comment}"]
        lines += [f"{key} = {text}" for key, text in metadata(name, object_id or simulated_id(name), segment)]
        lines += ["META_STOP", "", "DATA_START"]
        form = "%s" + " %.9f" * 4
        lines += [form % (stamp, *row) for stamp, row in zip(segment.stamps, segment.q.tolist(), strict=True)]
        lines.append("DATA_STOP")
    return "\n".join(lines) + "\n"


def aem_xml(name: str, segments: Iterable[WrittenAttitude], created: str, object_id: str | None = None) -> str:
    """The same in XML."""
    lines = []
    for segment in segments:
        keys = [("COMMENT", segment.comment), *metadata(name, object_id or simulated_id(name), segment)]
        lines += ["<segment><metadata>", *(value(key, text) for key, text in keys), "</metadata><data>"]
        for stamp, row in zip(segment.stamps, segment.q.tolist(), strict=True):
            cells = "".join(f"<{PARTS[k]}>{row[k]:.9f}</{PARTS[k]}>" for k in IN_XML)
            lines.append(
                f"<attitudeState><quaternionState><EPOCH>{stamp}</EPOCH><quaternion>{cells}</quaternion>"
                "</quaternionState></attitudeState>"
            )
        lines.append("</data></segment>")
    return message("aem", "1.0", created, lines)
