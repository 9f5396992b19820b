"""Texts made wrong at random: by bytes, words, lines and keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from random import Random

# What replaces a value, one a line: numbers that are none, out of every range or in another notation; dates; paths;
# words that mean something elsewhere.
WRITTEN = rb"""
nan
-inf
1e400
1e-320
-0.0
0
-1
1e9
1e18
9999999999999999999999999
1D3
0x10
1_0
010
1,5
+
.
-
#
=
<
'
""
[]
{}
[nan]
[1, 2, 3]
["a"]
{a = 1}
[[[[[[[[[[[[[[1]]]]]]]]]]]]]]
true
NO
null
"2026-10-20"
2056-01-01T00:00:00Z
"2016-12-31T23:59:60Z"
2026-02-30T00:00:00
0001-01-01
"9999-12-31T23:59:59Z"
2026-366
2026-10-20T10:31 BJT
"/dev/zero"
"."
"../../x"
"a\\u0000b"
&x;
<!--
]]>
<script>
=cmd()
!!python/object
%s%n
{0.__class__}
""".strip().split(b"\n")
UNWRITTEN = (
    b"",
    b"\x00",
    b"\t",
    b"\r",
    b"\x1b[31m",
    b"\xff\xfe",
    "\ufeff".encode(),
    "\u00a0".encode(),
    "\u3000".encode(),
    "\u0661".encode(),
    b'"""',
    b"9" * 5000,
    b"n" * 300,
)
WORD = re.compile(rb'"[^"\n]*"|[A-Za-z_][\w.\-]*|[+\-]?[\d.][\w.+:\-]*|[^\s\w]')
KEY = re.compile(rb"^[ \t]*(\"?[\w.\-]+\"?)[ \t]*[=:][^\n]*$|<(\w+)[^<>]*>[^<>]*</\2>", re.M)

Edit = Callable[[bytes], bytes]


def _pieces(pattern: re.Pattern[bytes], text: bytes, where: int) -> re.Match[bytes] | None:
    found = list(pattern.finditer(text))
    return found[where % len(found)] if found else None


def _byte(how: int, where: int, new: bytes) -> Edit:
    def edit(text: bytes) -> bytes:
        at = where % (len(text) + 1)
        if how == 0:
            return text[:at] + new + text[at + len(new) :]
        if how == 1:
            return text[:at] + new + text[at:]
        if how == 2:
            return text[:at] + text[at + len(new) :]
        return text[:at]

    return edit


def _word(how: int, where: int, other: int, new: bytes) -> Edit:
    """A word or number: something odd, another of the same text, or a digit of it changed."""

    def edit(text: bytes) -> bytes:
        word = _pieces(WORD, text, where)
        if word is None:
            return new
        if how == 1:
            second = _pieces(WORD, text, other)
            assert second is not None
            swapped = second[0]
        elif how == 2 and word[0][:1] in b"+-.0123456789":
            at = other % len(word[0])
            swapped = word[0][:at] + b"%d" % (other % 10) + word[0][at + 1 :]
        else:
            swapped = new
        return text[: word.start()] + swapped + text[word.end() :]

    return edit


def _line(how: int, where: int, other: int) -> Edit:
    """A line dropped, doubled, or changed for another."""

    def edit(text: bytes) -> bytes:
        lines = text.splitlines(keepends=True) or [b""]
        at, second = where % len(lines), other % len(lines)
        if how == 0:
            del lines[at]
        elif how == 1:
            lines.insert(second, lines[at])
        else:
            lines[at], lines[second] = lines[second], lines[at]
        return b"".join(lines)

    return edit


def _key(how: int, where: int, new: bytes) -> Edit:
    """A key with its value: dropped, doubled, misspelt, or with another value."""

    def edit(text: bytes) -> bytes:
        pair = _pieces(KEY, text, where)
        if pair is None:
            return text + new
        name, (begin, end) = pair[1] or pair[2], pair.span()
        if how == 0:
            return text[:begin] + text[end:]
        if how == 1:
            return text[:end] + b"\n" + pair[0] + text[end:]
        if how == 2:
            return text[:begin] + pair[0].replace(name, name[:-1] + b"q") + text[end:]
        value = b"<%b>%b</%b>" % (name, new, name) if pair[2] else b"%b = %b" % (name, new)
        return text[:begin] + value + text[end:]

    return edit


def _place(draw: Random) -> int:
    return draw.getrandbits(20)


def _odd(draw: Random) -> bytes:
    return draw.choice((*WRITTEN, *UNWRITTEN)) if draw.getrandbits(1) else draw.randbytes(draw.randint(1, 4))


def _edit(draw: Random) -> Edit:
    kind = draw.randrange(4)
    if kind == 0:
        return _byte(draw.randrange(4), _place(draw), _odd(draw))
    if kind == 1:
        return _word(draw.randrange(3), _place(draw), _place(draw), _odd(draw))
    if kind == 2:
        return _line(draw.randrange(3), _place(draw), _place(draw))
    return _key(draw.randrange(4), _place(draw), _odd(draw))


def drawn(texts: list[bytes], draw: Random) -> tuple[bytes, list[Edit]]:
    """One of `texts`, and one to three edits of it."""
    return draw.choice(texts), [_edit(draw) for _ in range(draw.randint(1, 3))]


def edited(text: bytes, edits: Iterable[Edit]) -> bytes:
    for edit in edits:
        text = edit(text)
    return text
