"""Pages opened in a real browser: Chromium by Playwright, from `file://`, with the network cut and WebGL in software.

A machine without a Chromium skips these tests; `TIANGONG_CHROMIUM` names one that lies elsewhere.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from optional import needed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")


def chromium() -> str:
    """The browser of this machine, or the test is skipped."""
    named = os.environ.get("TIANGONG_CHROMIUM")
    found = named or next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser, gone when the block ends."""
    path = chromium()
    needed("playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield opened
        opened.close()


@contextmanager
def opened(of: Browser, file: Path, **options) -> Iterator[Page]:
    """A page of a file with the network cut; whatever it writes to the console as an error fails the test.

    `options`: of Playwright's context, such as `viewport`, `color_scheme`, `locale`.
    """
    context = of.new_context(offline=True, **options)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda r: wrong.append(f"asked for {r.url}") if r.url.startswith("http") else None)
    page.goto(Path(file).resolve().as_uri())
    yield page
    context.close()
    assert not wrong, wrong


def serious(page: Page) -> list[str]:
    """The findings of axe that are serious or critical, one line each."""
    needed("axe_playwright_python")
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['help']} ({v['nodes'][0]['html'][:200]})"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]
