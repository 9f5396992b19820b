"""The catalogues of the plain words: what the code asks for, what is translated, and both files of each language.

`python tests/catalogues.py` takes new sentences into each `tiangong.po`, empty, drops those that are gone, and writes
the `tiangong.mo` beside it, which the program reads. Babel does the work.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from babel.messages import Catalog  # noqa: E402  # needs the path
from babel.messages.extract import extract_from_dir  # noqa: E402
from babel.messages.mofile import write_mo  # noqa: E402
from babel.messages.pofile import read_po, write_po  # noqa: E402

from sim.report.plain_words.words import DOMAIN, LANGUAGES, LOCALE  # noqa: E402

SOURCES = LOCALE.parent
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "N_": None}
TRANSLATED = [language.locale for language in LANGUAGES.values() if language.locale]
HEAD: dict[str, str] = {
    "project": "tiangong-sim",
    "version": "1",
    "header_comment": "# PROJECT: the plain words of a flight. `python tests/catalogues.py` writes this file anew.",
    "copyright_holder": "the authors of tiangong-sim",
    "msgid_bugs_address": "",
    "last_translator": "tiangong-sim",
    "language_team": "tiangong-sim",
}


def po(locale: str) -> Path:
    return LOCALE / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def extracted(locale: str | None = None) -> Catalog:
    """Every sentence that the code marks, in the order of the files."""
    found = Catalog(locale=locale, charset="utf-8", fuzzy=False, **HEAD)
    for file, _, message, comments, context in extract_from_dir(SOURCES, [("**.py", "python")], keywords=KEYWORDS):
        found.add(message, None, [(f"sim/report/plain_words/{file}", None)], auto_comments=comments, context=context)
    return found


def catalogue(locale: str) -> Catalog:
    with po(locale).open("rb") as file:
        return read_po(file, locale=locale)


def compiled(of: Catalog) -> bytes:
    """The bytes of the `.mo`."""
    to = BytesIO()
    write_mo(to, of)
    return to.getvalue()


def update(locale: str) -> Catalog:
    """The catalogue with what the code asks for now; translations that fit are kept."""
    made, old = extracted(locale), catalogue(locale) if po(locale).exists() else Catalog(locale=locale)
    for message in made:
        if message.id and (known := old.get(message.id)) is not None:
            message.string = known.string
    made.revision_date = made.creation_date = old.creation_date
    return made


def write(locale: str, of: Catalog) -> None:
    path = po(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, of, width=120, omit_header=False, sort_output=False)
    path.with_suffix(".mo").write_bytes(compiled(of))


if __name__ == "__main__":
    for name in TRANSLATED:
        updated = update(name)
        write(name, updated)
        print(po(name), len([m for m in updated if m.id and not m.string]), "not translated")
