"""The CCSDS messages as XML (505.0-B): their elements one by one, with limits that no honest message meets.

A document type is refused, since its entities could grow without end; so is what is nested too deep, a tag with an
attribute without end, and a file of more elements than one of its size can hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from xml.parsers import expat

from sim.files.errors import TiangongError
from sim.interchange.cells import Cell
from sim.interchange.problems import InterchangeError, refusal

DEEPEST = 16  # elements in elements; the standard's own go seven down
LONGEST_VALUE = 10_000  # characters of one value or attribute; a comment is the longest that a message has
MOST_ATTRIBUTES = 50
MOST_ELEMENTS = 500_000  # in 8 MB of state vectors there are half as many
MOST_UNKNOWN = 1000  # boxes that the standard does not have
CHUNK = 65_536  # bytes handed on at once
_BOXES = {"ndm", "omm", "oem", "opm", "header", "body", "segment", "metadata", "data", "stateVector", "meanElements"}
_BOXES |= {"tleParameters", "spacecraftParameters", "covarianceMatrix", "userDefinedParameters"}
_BOXES |= {"keplerianElements", "maneuverParameters", "aem", "attitudeState", "quaternionState", "quaternionEphemeris"}
_BOXES |= {"quaternion", "cdm", "relativeMetadataData", "relativeStateVector", "odParameters", "additionalParameters"}


class Element(NamedTuple):
    """One end of an element: its `path` of tags from the root, and what it holds once it is closed, with its line."""

    path: tuple[str, ...]
    opening: bool
    attributes: dict[str, str]
    cell: Cell

    @property
    def tag(self) -> str:
        return self.path[-1]

    @property
    def is_value(self) -> bool:
        """Whether it closes a value: the standard writes these in capitals, and the boxes around them not."""
        return not self.opening and self.tag.upper() == self.tag


class _Unsound(TiangongError):
    """What is found, and what is allowed instead."""

    def __init__(self, found: str, allowed: str):
        super().__init__(found)
        self.found, self.allowed = found, allowed


def elements(text: str, file: str) -> Iterator[Element]:
    """Every element at its opening and at its closing; InterchangeError where the text is no sound XML."""
    parser = expat.ParserCreate("utf-8")  # whatever the first line says: the text was decoded before
    found: list[Element] = []
    _listen(parser, found)
    data = text.encode("utf-8", "replace")  # half of a UTF-16 pair alone is no character
    at, size = 0, CHUNK
    try:
        while at < len(data):
            parser.Parse(data[at : at + size], False)
            at += size
            size = CHUNK if found else 2 * size  # a token of megabytes is read anew with every part, so the parts grow
            yield from found
            found.clear()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        yield from found
        what = f"broken XML ({expat.ErrorString(error.code)})"
        raise refusal(file, "", what, "XML, whole to its last tag", error.lineno) from None
    except _Unsound as refused:
        yield from found
        raise refusal(file, "", refused.found, refused.allowed, parser.CurrentLineNumber) from None


def _listen(parser: expat.XMLParserType, found: list[Element]) -> None:
    """Makes the parser append what it meets to `found`."""
    path: list[str] = []
    content: list[str] = []
    opened: list[dict[str, str]] = []
    count, length = 0, 0

    def start(tag: str, given: dict[str, str]) -> None:
        nonlocal count, length
        count, length = count + 1, 0
        path.append(tag.rpartition(":")[2])
        content.clear()
        opened.append(given)
        if len(path) > DEEPEST:
            raise _Unsound("elements nested too deep", f"at most {DEEPEST} levels")
        if count > MOST_ELEMENTS:
            raise _Unsound(f"more than {MOST_ELEMENTS} elements", "a message with fewer")
        if len(tag) > 200 or len(given) > MOST_ATTRIBUTES or sum(map(len, given.values())) > LONGEST_VALUE:
            allowed = f"a short name, and attributes of at most {LONGEST_VALUE} characters"
            raise _Unsound(f"<{tag[:40]}> with a name or attributes without end", allowed)
        found.append(Element(tuple(path), True, given, Cell("", parser.CurrentLineNumber)))

    def end(tag: str) -> None:
        attributes = opened.pop()
        cell = Cell("".join(content).strip(), parser.CurrentLineNumber, attributes.get("units"))
        found.append(Element(tuple(path), False, attributes, cell))
        path.pop()
        content.clear()

    def characters(some: str) -> None:
        nonlocal length
        length += len(some)
        if length > LONGEST_VALUE and not some.isspace():
            raise _Unsound("a value without end", f"values of at most {LONGEST_VALUE} characters")
        content.append(some)

    def no_doctype(*_) -> None:
        raise _Unsound("a document type", "XML without one")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = no_doctype


def message_of(text: str) -> str | None:
    """The tag of the first message, "omm", "oem" or another; None where the text is no XML, or breaks before one."""
    if not text.lstrip().startswith("<"):
        return None
    try:
        for element in elements(text, ""):
            if element.tag != "ndm" and element.tag.upper() != element.tag:
                return element.tag
    except InterchangeError:  # it is reported by whoever reads the message
        pass
    return None


def messages(text: str, kind: str, file: str) -> Iterator[Element]:
    """The elements of all messages of one `kind`, alone or in an `ndm`; InterchangeError for any other content."""
    unknown = 0
    for element in elements(text, file):
        unknown += element.opening and element.tag.upper() != element.tag and element.tag not in _BOXES
        if unknown > MOST_UNKNOWN:
            found = f"more than {MOST_UNKNOWN} elements that no message has, the last <{element.tag[:40]}>"
            raise refusal(file, "", found, f"the elements of an <{kind}>", element.cell.line)
        outer = element.path[1:] if element.path[0] == "ndm" else element.path
        if element.opening and len(outer) == 1 and outer[0] != kind and outer[0].upper() != outer[0]:
            allowed = f"<{kind}>, or <ndm> with several <{kind}>"
            raise refusal(file, "", f"<{outer[0][:40]}>", allowed, element.cell.line)
        if outer and outer[0] == kind:
            yield element


def version_of(element: Element) -> Cell | None:
    """The version that a message's own tag states."""
    version = element.attributes.get("version")
    return Cell(version, element.cell.line) if version else None
