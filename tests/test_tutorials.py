"""Every tutorial runs as it stands, from an installed wheel in an empty folder, and prints what its page shows."""

from __future__ import annotations

import pytest
import tutorial

PAGES = sorted(path for path in tutorial.PAGES.glob("*.md") if path.name != "index.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_does_what_it_says(page, tmp_path, tmp_path_factory):
    tutorial.follow(page, tutorial.installed(tmp_path_factory), tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_on_the_list_and_shows_its_pictures(page):
    assert f"({page.name})" in (tutorial.PAGES / "index.md").read_text("utf-8")
    text = page.read_text("utf-8")
    pictures = [part.split(")")[0] for part in text.split("](") if part.split(")")[0].endswith(".png")]
    assert pictures
    for picture in pictures:
        file = (page.parent / picture).resolve()
        assert file.is_file() and file.stat().st_size < 120_000, picture


def test_the_installed_program_is_not_the_checkout(tmp_path, tmp_path_factory):
    """A wheel that lacks a file would otherwise find it in the working tree."""
    page = tmp_path / "where.md"
    page.write_text("```python\nimport sim\nprint(sim.__file__)\n```\n", "utf-8")
    tutorial.follow(page, binary := tutorial.installed(tmp_path_factory), tmp_path)
    text = page.read_text("utf-8") + f"```text\n{tutorial.ROOT}/sim/__init__.py\n```\n"
    page.write_text(text, "utf-8")
    with pytest.raises(AssertionError, match="not printed"):
        tutorial.follow(page, binary, tmp_path)


@pytest.mark.parametrize(
    ("shown", "missing"),
    [
        ("a\nb\n", None),
        ("a … c\n", None),
        ("a\n…\nz\n", None),
        ("a\nz\n", "z"),
        ("b\na\n", "a"),
        ("a x c\n", "a x c"),
    ],
)
def test_what_a_page_shows_is_compared(shown, missing):
    assert tutorial.unmatched(shown, "first\na\nb\na 17 c\nmore\nz\n") == missing


def test_a_command_that_fails_fails_the_page(tmp_path, tmp_path_factory):
    page = tmp_path / "broken.md"
    page.write_text("# Broken\n\n```sh\ntiangong run no-such-mission --out out\n```\n", "utf-8")
    with pytest.raises(AssertionError, match=r"broken.md:3: exit code 2"):
        tutorial.follow(page, tutorial.installed(tmp_path_factory), tmp_path)
