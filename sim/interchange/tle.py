"""Two- and three-line files of mean elements, both ways."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from sim.core.epoch import Epoch
from sim.interchange.element_lines import ElementLine, element_lines, is_element_like, kind_of
from sim.interchange.mean import MeanElements
from sim.interchange.problems import Faults, refusal
from sim.interchange.two_lines import (
    COLUMNS,
    LENGTH,
    TICK_US,
    checksum,
    epoch_text,
    findings,
    from_exponent,
    full_year,
)

LARGEST_NUMBER = 339_999  # Z9999
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # I and O are left out: they look like digits
_LONGEST_NAME = 60  # the format has 24; a longer line that ends in a colon is a sentence
_SHORT_DESIGNATOR = re.compile(r"(\d{2})(\d{3}[A-Z]{1,3})")
_LONG_DESIGNATOR = re.compile(r"(?:19|20)(\d{2})-(\d{3}[A-Z]{1,3})")


def from_alpha5(text: str) -> int:
    """Catalogue number of columns 3-7: five digits, or a letter for the first two of six."""
    text = text.strip()
    return int(text) if text.isdigit() else (10 + _LETTERS.index(text[0])) * 10_000 + int(text[1:])


def to_alpha5(number: int) -> str:
    """Five characters; ValueError above 339999."""
    if not 0 <= number <= LARGEST_NUMBER:
        raise ValueError(f"{number} does not fit into five characters, which end at {LARGEST_NUMBER}")
    high, low = divmod(number, 10_000)
    return f"{_LETTERS[high - 10]}{low:04d}" if high >= 10 else f"{number:05d}"


def read_tle(text: str, file: str) -> list[MeanElements]:
    """All sets of a text of two or three lines each (a name, also after `0 `); lines that begin with # are comments."""
    faults = Faults(file)
    return tle_sets(text, faults)


def tle_sets(text: str, faults: Faults) -> list[MeanElements]:
    """The same; what was read although it is unusual goes into the notes of `faults`.

    That is: text around the sets, blanks before their lines and text after them, sets without checksums.
    """
    lines = list(element_lines(text, faults))
    if not any(line.kind for line in lines) and not faults.count:
        faults.add("", "no line that begins with '1 ' or '2 '", "element sets: TLE, or OMM as KVN, XML, CSV or JSON")
    good: list[tuple[str, str, str, int]] = []
    passed: list[ElementLine] = []  # text that belongs to no set
    unsummed: list[ElementLine] = []
    name, i = "", 0
    while i < len(lines) and not faults.enough:
        line, after = lines[i], lines[i + 1] if i + 1 < len(lines) else None
        if not line.kind:
            name = _name(line, after, faults)
            passed += [] if name else [line]
            i += 1
            continue
        kinds = line.kind + (after.kind if after else "")
        if after and (kinds == "12" or (kinds == "21" and line.text[2:7] == after.text[2:7])):
            first, second = _summed(line, after)
            unsummed += [line] if first != line.text or second != after.text else []
            faulty = findings(first, second)
            for f in faulty:
                faults.add(f.key, f.found, f.allowed, (line if f.line == 1 else after).number)
            if not faulty:
                good.append((name, first, second, line.number))
            i += 2
        else:
            other = "2" if line.kind == "1" else "1"
            faults.add(f"line {other}", "nothing", f"a line {other} with this line {line.kind}", line.number)
            i += 1
        name = ""
    faults.raise_if_any()
    sets = [_elements(name, first, second, f"{faults.file}:{number}") for name, first, second, number in good]
    _notes(sets, lines, passed, unsummed, faults)
    return sets


def _name(line: ElementLine, after: ElementLine | None, faults: Faults) -> str:
    """The name that a line before an element set holds; empty for text that belongs to none."""
    if is_element_like(line.text):
        allowed = "'1 ' or '2 ' at the beginning, one line of an element set in each line"
        odd = next(
            (f", with U+{ord(c):04X} in column {i}" for i, c in enumerate(line.text, 1) if not " " <= c <= "~"), ""
        )
        faults.add("", f"'{line.text[:40]}', a line with the numbers of an element set{odd}", allowed, line.number)
        return ""
    name = line.text.removeprefix("0 ").strip()
    if after is None or not after.kind or len(name) > _LONGEST_NAME or name.endswith(":") or name.startswith("/"):
        return ""
    if not name.isprintable():
        faults.add("name", repr(name[:40]), "a name without control characters", line.number)
    return name


def _summed(line: ElementLine, after: ElementLine) -> tuple[str, str]:
    """Both lines with checksums, where neither has one or where the column is plainly blank.

    A line that is short by one character while its fellow has a checksum has lost a character, which may be any.
    """
    short = [len(x.text) == LENGTH - 1 for x in (line, after)]
    if not all(short) and not any(x.blank_sum for x in (line, after)):
        return line.text, after.text
    first, second = (
        x.text + str(checksum(x.text)) if lacks else x.text for x, lacks in zip((line, after), short, strict=True)
    )
    return first, second


def _notes(
    sets: list[MeanElements],
    lines: list[ElementLine],
    passed: list[ElementLine],
    unsummed: list[ElementLine],
    faults: Faults,
) -> None:
    """What was unusual about a file that was read."""
    if passed:
        some = _counted(len(passed), "line of text that belongs", "lines of text that belong")
        named = ", ".join(f"{s.number} {s.name}".strip() for s in sets[:3]) + (" and more" if len(sets) > 3 else "")
        what = f"{some} to no element set passed over, first line {passed[0].number} ('{passed[0].text[:40]}')"
        faults.note(f"{what}; taken: {_counted(len(sets), 'set', 'sets')}, {named}")
    moved = [line for line in lines if line.moved]
    if moved:
        faults.note(
            f"blanks or '>' before {_counted(len(moved), 'element line', 'element lines')} left out, {_at(moved)}"
        )
    more = [line for line in lines if line.more]
    if more:
        some = _counted(len(more), "element line", "element lines")
        faults.note(f"text after column {LENGTH} of {some} is not read, {_at(more)}")
    if unsummed:
        some = _counted(len(unsummed), "element set has", "element sets have")
        faults.note(f"{some} no checksum, {_at(unsummed)}: a wrong digit there cannot be noticed")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _at(lines: list[ElementLine]) -> str:
    return f"line {lines[0].number}" if len(lines) == 1 else f"the first in line {lines[0].number}"


def _elements(name: str, line1: str, line2: str, source: str) -> MeanElements:
    """The numbers of two lines that were found good."""

    def get(line: int, field: str) -> str:
        return COLUMNS[line, field].of(line1 if line == 1 else line2).strip()

    return MeanElements(
        name=name,
        number=from_alpha5(get(1, "satellite number")),
        designator=long_designator(get(1, "international designator")),
        epoch=Epoch.from_utc(epoch_text(line1)),
        mean_motion_rev_day=float(get(2, "mean motion")),
        eccentricity=float("0." + get(2, "eccentricity")),
        inclination_deg=float(get(2, "inclination")),
        raan_deg=float(get(2, "right ascension of the node")),
        argp_deg=float(get(2, "argument of perigee")),
        mean_anomaly_deg=float(get(2, "mean anomaly")),
        bstar=from_exponent(line1[53:61]),
        half_mean_motion_rate_rev_day2=float(get(1, "first derivative of mean motion").replace(" ", "")),
        sixth_mean_motion_acceleration_rev_day3=from_exponent(line1[44:52]),
        classification=get(1, "classification") or "U",
        ephemeris_type=int(get(1, "ephemeris type") or 0),
        element_set_number=int(get(1, "element set number") or 0),
        revolution=int(get(2, "revolution number") or 0),
        source=source,
    )


def tle_lines(elements: MeanElements) -> tuple[str, str]:
    """The two lines, rounded to the digits that they hold; refused where a value does not fit."""
    e, faults = elements, Faults(elements.source)

    def fit(key: str, text: str, width: int) -> str:
        if len(text) != width:
            faults.add(key, text.strip(), f"what fits into {width} characters of a TLE; write OMM instead")
        return text

    if not 0 <= e.number <= LARGEST_NUMBER:
        allowed = f"0 to {LARGEST_NUMBER}, where alpha-5 numbers end; write OMM instead"
        raise refusal(e.source, "satellite number", str(e.number), allowed)
    rate = _decimals(e.half_mean_motion_rate_rev_day2, 8)
    eccentricity = _decimals(e.eccentricity, 7)
    line1 = (
        f"1 {to_alpha5(e.number)}{fit('classification', e.classification, 1)} "
        f"{fit('designator', _short_designator(e.designator).ljust(8), 8)} {_day_of_year(e.epoch)} "
        f"{fit('first derivative of mean motion', ('-' if rate < 0 else ' ') + f'{abs(rate):.8f}'.lstrip('0'), 10)} "
        f"{_to_exponent(e.sixth_mean_motion_acceleration_rev_day3, 'second derivative of mean motion', faults)} "
        f"{_to_exponent(e.bstar, 'B*', faults)} {fit('ephemeris type', str(e.ephemeris_type), 1)} "
        f"{e.element_set_number % 10_000:4d}"
    )
    line2 = (
        f"2 {to_alpha5(e.number)} {fit('inclination', _angle(e.inclination_deg), 8)} {_turn(e.raan_deg)} "
        f"{fit('eccentricity', str(eccentricity).removeprefix('0.'), 7)} {_turn(e.argp_deg)} "
        f"{_turn(e.mean_anomaly_deg)} {fit('mean motion', f'{_decimals(e.mean_motion_rev_day, 8):11.8f}', 11)}"
        f"{e.revolution % 100_000:5d}"
    )
    faults.raise_if_any()
    return line1 + str(checksum(line1)), line2 + str(checksum(line2))


def write_tle(sets: list[MeanElements]) -> str:
    """The text of a file: three lines where a set has a name, else two."""
    lines = []
    for elements in sets:
        # A name that could pass for a line of another kind gets the line number 0, as three-line files may have it.
        mark = "0 " * (elements.name.startswith(("#", "0 ")) or bool(kind_of(elements.name)))
        lines += ([mark + elements.name] if elements.name else []) + list(tle_lines(elements))
    return "\n".join(lines) + "\n"


def _decimals(value: float, places: int) -> Decimal:
    """Rounded as the shortest decimal that stands for the double would be, so a number that was read comes back."""
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)


def _angle(degrees: float) -> str:
    return f"{_decimals(degrees, 4):8.4f}"


def _turn(degrees: float) -> str:
    """An angle within a revolution; 360 itself stays, as some sets have it."""
    return _angle(degrees if 0.0 <= degrees <= 360.0 else degrees % 360.0)


def _day_of_year(epoch: Epoch) -> str:
    """Year and day with eight decimals, rounded to the nearest; a leap second counts into the day before midnight."""
    rounded = Epoch(epoch.tai_ns + TICK_US * 500)
    stamp = rounded.utc(9)
    day = date.fromisoformat(stamp[:10])
    second = min(int(stamp[11:13]) * 3600 + int(stamp[14:16]) * 60 + int(stamp[17:19]), 86399)
    ticks = (second * 1_000_000 + int(stamp[20:26])) // TICK_US
    return f"{day.year % 100:02d}{day.timetuple().tm_yday:03d}.{ticks:08d}"


def _to_exponent(value: float, key: str, faults: Faults) -> str:
    """Five digits and one of exponent; below 1e-10 the digits move right until nothing is left."""
    number = Decimal(repr(value))
    exponent = max(number.adjusted() + 1, -9) if number else 0
    digits = int((abs(number).scaleb(5 - exponent)).quantize(Decimal(1), ROUND_HALF_EVEN))
    if digits == 100_000:
        digits, exponent = 10_000, exponent + 1
    if exponent > 9:
        faults.add(key, str(value), "less than 1e9; write OMM instead")
        exponent = 9
    return f"{'-' if value < 0 else ' '}{digits:05d}{'-' if exponent < 0 else '+'}{abs(exponent)}"


def long_designator(text: str) -> str:
    """`21035A` of columns 10 to 17 as 2021-035A; a text of another form as it is."""
    match = _SHORT_DESIGNATOR.fullmatch(text)
    return f"{full_year(int(match[1]))}-{match[2]}" if match else text


def _short_designator(text: str) -> str:
    match = _LONG_DESIGNATOR.fullmatch(text)
    return match[1] + match[2] if match else text
