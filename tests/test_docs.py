"""The documentation: it builds without a warning, loads nothing from other hosts, and names only what exists."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from tests.optional import needed

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md")) + [ROOT / "README.md"]
CITED_IN = ("sim", "kernels", "tests", "benches", "configs", "seeds")
CITATION = re.compile(r"docs/([\w/-]+\.md)(?:,? (?:section )?(\d+(?:\.\d+)*))?")
HEADING = re.compile(r"^#+ (\d+(?:\.\d+)*)\.? ", re.MULTILINE)
# A path in backquotes: a folder of the repository, then parts; `*` stands for any name.
PATH = re.compile(r"`((?:sim|kernels|configs|seeds|benches|tests|docs)/[\w./*-]*)`")
FILE_NAME = re.compile(r"`(\w+\.py)`")


@pytest.fixture
def mkdocs() -> None:
    """For a test that builds the documentation."""
    needed("mkdocs", "material", "mkdocstrings")


def cited(folders=CITED_IN) -> list[tuple[str, str, str]]:
    """(where, page, section or nothing) of every citation of a page of docs/ in code, data and tests."""
    found = []
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".toml", ".md") and path != Path(__file__).resolve():
                text = re.sub(r"\s*\n\s*#?\s*", " ", path.read_text(encoding="utf-8"))
                where = str(path.relative_to(ROOT))
                found += [(where, page, section or "") for page, section in CITATION.findall(text)]
    return found


def sections(page: Path) -> set[str]:
    return set(HEADING.findall(page.read_text(encoding="utf-8")))


def hooks(name: str = "hooks"):
    """docs/hooks.py, or another file there, as a module."""
    spec = spec_from_file_location(f"docs_{name}", DOCS / f"{name}.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_sections_are_found():
    numbers = sections(DOCS / "physics.md")
    assert {"1", "4.6", "7.11"} <= numbers and "13" not in numbers
    assert CITATION.findall("see docs/physics.md 4.6: it") == [("physics.md", "4.6")]
    assert CITATION.findall("(docs/physics.md, section 7)") == [("physics.md", "7")]
    assert CITATION.findall("docs/glossary.md.") == [("glossary.md", "")]


def test_every_citation_resolves():
    """A page that code cites is there, and so is the section."""
    found = cited()
    assert len({where for where, _, _ in found}) >= 10
    broken = [
        f"{where}: docs/{page} {section}"
        for where, page, section in found
        if not (DOCS / page).is_file() or (section and section not in sections(DOCS / page))
    ]
    assert broken == []


def test_no_document_outside_the_tree_is_cited():
    """`PHYSICS 1.5` was a document that no reader had."""
    pattern = re.compile(r"\b(?:PHYSICS|DESIGN|VALIDATION|PERFORMANCE)(?:\.md)? (?:\d|of\b|\()")
    found = []
    for folder in CITED_IN:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path != Path(__file__).resolve():
                found += [f"{path.relative_to(ROOT)}: {hit}" for hit in pattern.findall(path.read_text("utf-8"))]
    assert found == []


def test_sections_of_physics_are_numbered_in_order():
    text = (DOCS / "physics.md").read_text(encoding="utf-8")
    numbers = [tuple(int(part) for part in number.split(".")) for number in HEADING.findall(text)]
    assert len(numbers) > 40 and numbers == sorted(set(numbers))
    for before, after in zip(numbers, numbers[1:], strict=False):
        assert after in (before[:-1] + (before[-1] + 1,), before + (1,), (before[0] + 1,)), f"{before} then {after}"


def test_paths_that_the_pages_name_exist():
    missing = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for path in PATH.findall(text):
            if not list(ROOT.glob(path.rstrip("/"))):
                missing.append(f"{page.relative_to(ROOT)}: {path}")
        for name in FILE_NAME.findall(text):
            if not any(list((ROOT / folder).rglob(name)) for folder in ("sim", "kernels", "benches")):
                missing.append(f"{page.relative_to(ROOT)}: {name}")
    assert missing == []


def test_architecture_lists_every_package():
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `sim/(\w+)/` \|", text, re.MULTILINE))
    there = {path.parent.name for path in (ROOT / "sim").glob("*/__init__.py") if path.parent.name[0] != "_"}
    assert listed == there
    drawn = (DOCS / "pictures" / "architecture.svg").read_text(encoding="utf-8")
    assert {name for name in there if not re.search(rf">{name}[<:]", drawn)} == set()
    folders = {path.name for path in (ROOT / "kernels").iterdir() if path.is_dir() and path.name[0] not in "_."}
    assert {name for name in folders if name not in drawn.partition(">kernels/<")[2]} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_python_on_the_pages_imports_what_exists(page):
    """Each Python block parses, and what it imports of the project is defined there."""
    for block in re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in ("sim", "kernels"):
                base = ROOT / Path(*node.module.split("."))
                file = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
                assert file.is_file(), f"{page.name} imports {node.module}"
                text = file.read_text(encoding="utf-8")
                for alias in node.names:
                    assert re.search(rf"^(?:class|def|    )?\s*{alias.name}\b", text, re.MULTILINE), alias.name


def test_the_readme_is_short_and_keeps_its_two_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 120
    for name in ("fly", "test"):
        assert re.search(rf"^<!-- command: {name} -->\n```sh\n(?:.+\n)+```$", text, re.MULTILINE)
    assert len(re.findall(r"^!\[", text, re.MULTILINE)) == 1


def test_links_of_the_readme_lead_somewhere():
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(links) > 5 and [link for link in links if not (ROOT / link).is_file()] == []


def test_every_tolerance_is_in_the_table():
    """Names and values as Python reads them, each with a reason."""
    found = {name: value for _, rows in hooks().tolerances() for name, value, _ in rows}
    namespace: dict[str, object] = {}
    exec((ROOT / "tests" / "tolerance.py").read_text(encoding="utf-8"), namespace)
    names = {name for name in namespace if name.isupper() and not name.startswith("_")}
    assert {part for name in found for part in name.split(", ")} == names
    for name, value in found.items():
        values = eval(value, namespace)
        if ", " in name:
            assert values == tuple(namespace[part] for part in name.split(", "))
        else:
            assert values == namespace[name]


def test_every_command_is_in_the_reference():
    page = hooks().command_page()
    for words in ("## `tiangong run`", "## `tiangong propagate`", "## `tiangong docking-windows`", "`--out DIR`"):
        assert words in page
    assert page.count("\n## `tiangong ") >= 10


def test_the_python_reference_follows_the_face(tmp_path):
    """The names of `__all__`, whatever they are; without one, what is defined and public."""
    names = hooks().public_names()
    assert "propagate" in names
    init = tmp_path / "__init__.py"
    init.write_text('__all__ = ["fly", "Flight"]\n\ndef other():\n    pass\n')
    assert hooks().public_names(init) == ["fly", "Flight"]
    init.write_text("def fly():\n    pass\n\ndef _hidden():\n    pass\n")
    assert hooks().public_names(init) == ["fly"]


@pytest.mark.usefixtures("mkdocs")
def test_examples_of_docstrings_become_code():
    fenced = hooks("doctests").fenced
    assert fenced("Fly.\n\n>>> 1 + 1\n2\n\nMore.") == "Fly.\n\n```pycon\n>>> 1 + 1\n2\n```\n\nMore."
    assert fenced("    >>> f()") == "    ```pycon\n    >>> f()\n    ```"
    assert fenced("```pycon\n>>> f()\n```") == "```pycon\n>>> f()\n```"


@pytest.mark.parametrize("page", sorted((DOCS / "decisions").glob("[!i]*.md")), ids=lambda page: page.stem)
def test_a_decision_says_question_options_numbers_choice(page):
    text = page.read_text(encoding="utf-8")
    parts = [text.find(f"\n**{part}.**") for part in ("Question", "Options", "Numbers", "Choice")]
    assert parts == sorted(parts) and parts[0] > 0
    assert re.search(r"\d", text[parts[2] : parts[3]])
    assert f"({page.name})" in (DOCS / "decisions" / "index.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.mark.usefixtures("mkdocs")
def test_docs_build(site):
    """Strictly: a broken link, a page outside the navigation or a missing docstring ends the build."""
    pages = {str(path.relative_to(site)) for path in site.rglob("*.html")}
    assert {"index.html", "physics.html", "reference/commands.html", "reference/api.html"} <= pages
    assert "<!-- table:" not in (site / "validation.html").read_text(encoding="utf-8")
    assert "propagate" in (site / "reference" / "api.html").read_text(encoding="utf-8")
    assert not (site / "hooks.py").exists()


@pytest.mark.usefixtures("mkdocs")
def test_pages_load_nothing_from_other_hosts(site):
    """No script, style, font or picture of a page comes from elsewhere."""
    loading = re.compile(r"""<(?:script|img|iframe|source)[^>]+src=["']?(?:https?:)?//[^"'>\s]+""")
    linked = re.compile(r"""<link(?![^>]+rel=["']?canonical)[^>]+href=["']?(?:https?:)?//[^"'>\s]+""")
    styles = re.compile(r"""(?:@import\s+|url\()["']?(?:https?:)?//[^"')]+""")
    found = []
    for path in site.rglob("*"):
        if path.suffix in (".html", ".css"):
            text = path.read_text(encoding="utf-8")
            patterns = (loading, linked) if path.suffix == ".html" else (styles,)
            found += [f"{path.relative_to(site)}: {hit}" for pattern in patterns for hit in pattern.findall(text)]
    assert found == []


def test_names_in_the_table_of_the_readme_stand_in_the_files_of_their_row():
    """`approach_rules` in `kernels/docking/mode_logic.py`: a renamed function leaves no dead sign behind."""
    rows = [line for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    checked = 0
    for row in rows:
        spans = re.findall(r"`([^`]+)`", row)
        files = [path for span in spans if "/" in span for path in ROOT.glob(span.rstrip("/")) if path.is_file()]
        for name in [span for span in spans if re.fullmatch(r"[a-z]+(_[a-z]+)+", span)]:
            if files:
                checked += 1
                assert any(name in path.read_text(encoding="utf-8") for path in files), f"{name}: {row}"
    assert checked >= 3
