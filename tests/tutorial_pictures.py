"""The pictures of the tutorials, made by the commands of their pages: `python tests/tutorial_pictures.py [PAGE ...]`.

A page names the file that becomes its picture in a comment `<!-- picture: FILE -->` above it.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import tutorial  # noqa: E402  # needs the path

PICTURE = re.compile(r"<!-- picture: (?P<made>\S+) -->\n!\[[^\]]*\]\((?P<shown>[^)]+)\)")
WIDTH, COLOURS = 900, 96


def make(page: Path) -> None:
    from PIL import Image  # comes with matplotlib

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tutorial.follow(page, Path(sys.executable).parent, folder)
        for found in PICTURE.finditer(page.read_text("utf-8")):
            target = (page.parent / found["shown"]).resolve()
            target.parent.mkdir(parents=True, exist_ok=True)
            with Image.open(folder / found["made"]) as picture:
                size = WIDTH, round(picture.height * WIDTH / picture.width)
                small = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS).quantize(COLOURS)
                small.save(target, optimize=True)
            print(target, target.stat().st_size)


if __name__ == "__main__":
    for page in sorted(tutorial.PAGES.glob("*.md")):
        if page.stem in sys.argv[1:] or (len(sys.argv) == 1 and page.stem != "index"):
            make(page)
