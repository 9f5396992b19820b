"""What the documentation takes from the code while it is built, so that no copy of it can go stale.

* `reference/commands.md` is written from the command's own parser: every command, argument and option.
* `reference/api.md` lists what `sim` offers: the names of `sim.__all__`, or its public functions where it has none.
* `reference/files/*.md` is written from the models that check the files: `key_pages.py`.
* Tables: a line `<!-- table: NAME -->` of a page is replaced by the table that `TABLES` makes.

mkdocs calls `on_files` and `on_page_markdown`; nothing else runs, and nothing reaches for the network.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
CONFIGS = ROOT / "configs"
TOLERANCES = ROOT / "tests" / "tolerance.py"
BENCHES = ROOT / "docs" / "data" / "benches.toml"
TABLE = re.compile(r"^<!-- table: ([a-z-]+) -->$", re.MULTILINE)


def plain(text: str) -> str:
    """Text without stray markup; what stands between backquotes is code and stays as it is."""
    parts = text.split("`")
    parts[::2] = [re.sub(r"([*_\[\]])", r"\\\1", part).replace("<", "&lt;") for part in parts[::2]]
    return "`".join(parts)


def cell(text: object) -> str:
    """A text that can stand in one cell of a Markdown table: one line, its bars escaped."""
    return plain(" ".join(str(text).split())).replace("|", "\\|")


def rows(head: tuple[str, ...], body: list[tuple[str, ...]]) -> str:
    """A Markdown table; the cells come escaped."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in body])


# Commands -------------------------------------------------------------------------------------------------------------
def parser():
    """The parser of the command `tiangong`, found as its entry point is: by the name in pyproject.toml."""
    sys.path.insert(0, str(ROOT))
    import typer

    with open(ROOT / "pyproject.toml", "rb") as file:
        module = tomllib.load(file)["project"]["scripts"]["tiangong"].partition(":")[0]
    apps = [value for value in vars(importlib.import_module(module)).values() if isinstance(value, typer.Typer)]
    inner = [group.typer_instance for app in apps for group in app.registered_groups]
    outermost = [app for app in apps if app not in inner]
    if not outermost:
        raise LookupError(f"{module} has no typer.Typer from which the command reference could be written")
    return typer.main.get_command(outermost[0])


def commands(command, name: str) -> Iterator[tuple[str, object]]:
    """Every command below `command` with its full name, a group before what it holds."""
    yield name, command
    for part, inner in getattr(command, "commands", {}).items():
        if not inner.hidden:
            yield from commands(inner, f"{name} {part}")


def usage(name: str, command) -> str:
    """One line: the name, its arguments in order, and that there are options."""
    words = [name]
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            word = parameter.metavar or parameter.name.upper()
            word += "..." if parameter.nargs != 1 and not word.endswith("...") else ""
            words.append(word if parameter.required else f"[{word}]")
    if any(parameter.param_type_name == "option" for parameter in command.params):
        words.insert(1, "[OPTIONS]")
    if getattr(command, "commands", None):
        words.append("COMMAND")
    return " ".join(words)


def metavar(parameter) -> str:
    """What stands for a value: as the command says, or the name of its type (typer has changed where it keeps that)."""
    if parameter.metavar:
        return parameter.metavar
    descriptor = getattr(parameter, "type_descriptor", None)
    if descriptor is None:
        return parameter.type.name.upper()
    words = re.findall(r"int|float|str|Path", str(descriptor.annotation))
    return {"int": "INTEGER", "float": "NUMBER", "Path": "PATH"}.get(words[-1] if words else "", "TEXT")


def default(parameter) -> str:
    """What holds where the option is not given; empty where that is nothing to speak of."""
    value = parameter.default
    if parameter.required:
        return "required"
    if callable(value) or value is None or value is False or repr(value) in ("[]", "()", "Sentinel.UNSET", "''"):
        return ""
    if value is True:
        return "on"
    return f"`{value}`"


def parameters(command) -> str:
    """The table of a command's arguments and options; empty where it has none."""
    body = []
    for parameter in command.params:
        if getattr(parameter, "hidden", False):
            continue
        if parameter.param_type_name == "argument":
            shown = f"`{parameter.metavar or parameter.name.upper()}`"
        else:
            word = "" if getattr(parameter, "is_flag", False) else " " + metavar(parameter)
            shown = ", ".join(f"`{option}{word}`" for option in (*parameter.opts, *parameter.secondary_opts))
        if shown.startswith(("`--install-completion", "`--show-completion")):
            continue
        body.append((shown, cell(getattr(parameter, "help", None) or ""), default(parameter)))
    return rows(("argument or option", "what it does", "default"), body) if body else ""


def paragraphs(text: str | None) -> str:
    """A docstring as Markdown: its paragraphs, each in one line, with no stray markup."""
    blocks = re.split(r"\n\s*\n", (text or "").replace("\b", "").replace("\f", "").strip())
    return "\n\n".join(plain(" ".join(block.split())) for block in blocks)


def command_page() -> str:
    """`reference/commands.md`, whole."""
    parts = [
        "# Commands",
        "Written from the command itself while this page was built: `tiangong COMMAND --help` says the same.",
    ]
    for name, command in commands(parser(), "tiangong"):
        head = "##" if name.count(" ") < 2 else "###"
        parts += [f"{head} `{name}`", paragraphs(command.help), f"```text\n{usage(name, command)}\n```"]
        parts += [parameters(command), paragraphs(getattr(command, "epilog", None))]
    return "\n\n".join(part for part in parts if part) + "\n"


# Python ---------------------------------------------------------------------------------------------------------------
def public_names(init: Path = ROOT / "sim" / "__init__.py") -> list[str]:
    """What a package offers: the names in its `__all__`, or where it has none its own public functions and classes."""
    tree = ast.parse(init.read_text(encoding="utf-8"))
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets) and node.value:
            return [str(name) for name in ast.literal_eval(node.value)]
    defined = (ast.FunctionDef, ast.ClassDef)
    return [node.name for node in tree.body if isinstance(node, defined) and not node.name.startswith("_")]


def api_page() -> str:
    """`reference/api.md`: one entry a name, which mkdocstrings fills from the docstrings without running the code."""
    parts = [
        "# Python",
        "What `import sim` offers. Arrays are in SI units and in GCRF unless a name or a docstring says otherwise; "
        "times are seconds from the mission's or the orbit's epoch zero.",
    ]
    parts += [f"::: sim.{name}" for name in public_names() if not name.startswith("_")]
    return "\n\n".join(parts) + "\n"


# Files ---------------------------------------------------------------------------------------------------------------
def beside(name: str) -> ModuleType:
    """Another file of docs/ as a module: mkdocs loads this one by its path alone."""
    spec = importlib.util.spec_from_file_location(f"docs_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def key_pages() -> dict[str, str]:
    """`reference/files/*.md`: every key of every kind of file."""
    sys.path.insert(0, str(ROOT))
    return beside("key_pages").pages(CONFIGS)


# Tables ---------------------------------------------------------------------------------------------------------------
def tolerances(source: Path = TOLERANCES) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The sections of tests/tolerance.py: (title, [(name, value, reason)]), read from its text and never run.

    A reason is the comment above a value, or behind it. It holds for the values that follow it directly as well.
    """
    sections: list[tuple[str, list[tuple[str, str, str]]]] = [("General", [])]
    reason: list[str] = []
    after_value = False
    for line in source.read_text(encoding="utf-8").splitlines():
        title = re.fullmatch(r"# ?(\S.*?) ?-{5,}", line)
        value = re.fullmatch(r"([A-Z][A-Z0-9_, ]*?) = (.*?)(?:  # (.*))?", line)
        if title:
            sections.append((title.group(1), []))
            reason, after_value = [], False
        elif value:
            name, number, behind = value.groups()
            text = behind or " ".join(reason)
            sections[-1][1].append((name, number, text))
            after_value = True
        elif line.startswith("#"):
            reason = [*([] if after_value else reason), line.lstrip("# ")]
            after_value = False
        elif not line.strip():
            reason, after_value = [], False
    return [(title, found) for title, found in sections if found]


def tolerance_tables() -> str:
    """Every tolerance of the tests, one table a section."""
    parts = []
    for title, found in tolerances():
        body = [(f"`{name}`", f"`{value}`", cell(reason)) for name, value, reason in found]
        parts.append(f"### {title}\n\n" + rows(("name", "value", "why"), body))
    return "\n\n".join(parts)


def bench_tables() -> str:
    """The measured benches of docs/data/benches.toml, one table a question."""
    with open(BENCHES, "rb") as file:
        data = tomllib.load(file)
    parts = [cell(f"Measured on a {data['machine']}, {data['measured']}.") + " " + data["reading"]]
    for bench in data["bench"]:
        heads = tuple(cell(head) for head in bench["columns"])
        body = [tuple(cell(value) for value in row) for row in bench["rows"]]
        parts.append(f"### {bench['question']}\n\nRun it: `{bench['run']}`\n\n" + rows(heads, body))
        if bench.get("note"):
            parts.append(bench["note"])
    return "\n\n".join(parts)


TABLES: dict[str, Callable[[], str]] = {"tolerances": tolerance_tables, "benches": bench_tables}


# Called by mkdocs -----------------------------------------------------------------------------------------------------
def on_files(files, config):
    """Add the pages that are written from the code."""
    from mkdocs.structure.files import File

    written = {"reference/commands.md": command_page(), "reference/api.md": api_page(), **key_pages()}
    for path, content in written.items():
        files.append(File.generated(config, path, content=content))
    return files


def on_page_markdown(markdown: str, **_) -> str:
    """Fill in the tables that a page asks for; an unknown name ends the build with a KeyError that names it."""
    return TABLE.sub(lambda found: TABLES[found.group(1)](), markdown)
