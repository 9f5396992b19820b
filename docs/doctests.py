"""Examples of docstrings (`>>>`) as code on the page: Markdown alone would read them as quotations."""

from __future__ import annotations

import griffe


def fenced(text: str) -> str:
    """The text with each run of lines from `>>>` to the next empty line inside a code block."""
    lines: list[str] = []
    inside = code = False
    for line in text.split("\n"):
        if line.lstrip().startswith("```"):
            code = not code
        if not inside and not code and line.lstrip().startswith(">>>"):
            indent = line[: len(line) - len(line.lstrip())]
            lines.append(f"{indent}```pycon")
            inside = True
        elif inside and not line.strip():
            lines.append(f"{indent}```")
            inside = False
        lines.append(line)
    if inside:
        lines.append(f"{indent}```")
    return "\n".join(lines)


class Doctests(griffe.Extension):
    """Called by griffe for every object that it reads."""

    def on_object(self, *, obj: griffe.Object, **_) -> None:
        if obj.docstring and ">>>" in obj.docstring.value:
            obj.docstring.value = fenced(obj.docstring.value)
