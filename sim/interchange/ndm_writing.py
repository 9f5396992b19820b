"""CCSDS messages in XML (505.0-B): the document about the segments, and one value."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from sim.interchange.notations import ORIGINATOR

SCHEMA = "https://sanaregistry.org/files/ndmxml_unqualified/ndmxml-2.0.0-master-2.0.xsd"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def message(kind: str, version: str, created: str, lines: Iterable[str]) -> str:
    """The document of one message; `lines`: its segments."""
    space = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="{SCHEMA}"'
    return "\n".join(
        [
            HEAD,
            f'<{kind} {space} id="CCSDS_{kind.upper()}_VERS" version="{version}">',
            f"<header>{value('CREATION_DATE', created)}{value('ORIGINATOR', ORIGINATOR)}</header><body>",
            *lines,
            f"</body></{kind}>",
            "",
        ]
    )


def value(key: str, text: str, unit: str | None = None) -> str:
    units = f' units="{unit}"' if unit else ""
    return f"<{key}{units}>{escape(text)}</{key}>"
