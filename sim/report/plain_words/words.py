"""A language of the plain words: its catalogue, and numbers, dates, clocks and lists as it writes them."""

from __future__ import annotations

import gettext
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta, timezone
from functools import cache
from pathlib import Path

from sim.core.epoch import BEIJING, ISLAMABAD, Epoch
from sim.files.errors import BadInput, DataError

LOCALE = Path(__file__).with_name("locale")
DOMAIN = "tiangong"
HOUR_S, DAY_S = 3600.0, 86400.0
NO_BREAK = "\N{NO-BREAK SPACE}"
# In a text from right to left a number with its unit, or a Latin name, is kept in its own order by these two.
ISOLATE, END_OF_ISOLATE = "\N{LEFT-TO-RIGHT ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
# What the reader of gettext raises for a file that is missing, cut short or changed.
DAMAGED = (OSError, ValueError, IndexError, KeyError, SyntaxError, struct.error)
HAN_DIGITS = "零一二三四五六七八九"


def N_(text: str) -> str:
    """Marks a text of a table for the catalogue; it is translated where it is used."""
    return text


MONTHS = (
    *(N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August")),
    *(N_("September"), N_("October"), N_("November"), N_("December")),
)


@dataclass(frozen=True)
class Language:
    """`code`: as the command takes it; `tag`: of BCP 47, for the page; `locale`: folder of its catalogue, empty for
    English, which is what the code is written in; `name`: in the language itself."""

    code: str
    tag: str
    locale: str
    name: str
    direction: str = "ltr"


LANGUAGES = {
    "en": Language("en", "en", "", "English"),
    "zh": Language("zh", "zh-CN", "zh_CN", "中文"),
    "ur": Language("ur", "ur", "ur", "اردو", "rtl"),
}


@dataclass(frozen=True)
class Words:
    """Sentences of one language. A placeholder is a name in braces; its value is a text that is ready to be read."""

    language: Language
    catalogue: gettext.NullTranslations

    def gettext(self, text: str, **values: str) -> str:
        """A whole sentence or term of the catalogue, with its placeholders filled."""
        return self.catalogue.gettext(text).format(**values)

    def ngettext(self, one: str, many: str, count: int, **values: str) -> str:
        """The form for so many; `{count}` is filled with the number."""
        return self.catalogue.ngettext(one, many, count).format(count=self.number(count), **values)

    def isolated(self, text: str) -> str:
        """A text in Latin letters or digits, which keeps its order in a text from right to left."""
        return f"{ISOLATE}{text}{END_OF_ISOLATE}" if self.language.direction == "rtl" and text.isascii() else text

    def number(self, value: float, digits: int = 0) -> str:
        return self._left_to_right(f"{value:.{digits}f}")

    def quantity(self, value: float, unit: str, digits: int = 0) -> str:
        """A number with its unit, both the same in every language."""
        return self._left_to_right(f"{value:.{digits}f}{NO_BREAK}{unit}")

    def span(self, seconds: float) -> str:
        """A duration of hours and minutes, rounded to the minute: `3 h 37 min`."""
        hours, minutes = divmod(round(seconds / 60.0), 60)
        parts = [(hours, "h"), (minutes, "min")]
        shown = [f"{n}{NO_BREAK}{unit}" for n, unit in parts if n] or [f"0{NO_BREAK}min"]
        return self._left_to_right(NO_BREAK.join(shown))

    def _left_to_right(self, text: str) -> str:
        return f"{ISOLATE}{text}{END_OF_ISOLATE}" if self.language.direction == "rtl" else text

    def series(self, items: Sequence[str]) -> str:
        """Names one after the other, separated as the language does."""
        comma = {"zh": "、", "ur": "، "}.get(self.language.code, ", ")
        return comma.join(items)

    def joined(self, sentences: Sequence[str]) -> str:
        """Sentences one after the other: Chinese sets no space between them."""
        return ("" if self.language.code == "zh" else " ").join(sentences)

    def flight_number(self, digits: str) -> str:
        """The number of a ship as its name has it: in Chinese the official names are in Chinese numerals."""
        return han(int(digits)) if self.language.code == "zh" and len(digits) < 3 else self.isolated(digits)

    def date(self, when: Epoch, zone: timezone) -> str:
        day = when.text("%d %m %Y", zone).split()
        month = self.gettext(MONTHS[int(day[1]) - 1])
        parts = {"day": self.number(int(day[0])), "month": month, "year": self.number(int(day[2]))}
        return self.gettext("{day} {month} {year}", **parts)

    def moment(self, when: Epoch, *, chinese: bool, pakistani: bool = False, brief: bool = False) -> str:
        """A date and a time of day for a reader, to the minute: for a flight of China in Beijing time, and in UTC
        unless `brief`; else in UTC alone."""
        if not chinese:
            date, time = self.date(when, _UTC), self._left_to_right(_minute(when, _UTC))
            return self.gettext("on {date} at {time} UTC", date=date, time=time)
        date, time = self.date(when, BEIJING), self._left_to_right(_minute(when, BEIJING))
        if brief:
            return self.gettext("on {date} at {time} Beijing time", date=date, time=time)
        utc = self._left_to_right(_beside(when, _UTC))
        if not pakistani:
            return self.gettext("on {date} at {time} Beijing time ({utc} UTC)", date=date, time=time, utc=utc)
        pakistan = self._left_to_right(_beside(when, ISLAMABAD))
        return self.gettext(
            "on {date} at {time} Beijing time ({pakistan} in Pakistan, {utc} UTC)",
            **{"date": date, "time": time, "pakistan": pakistan, "utc": utc},
        )


_UTC = timezone(timedelta(0))


def _minute(when: Epoch, zone: timezone) -> str:
    return when.text("%H:%M", zone)


def _beside(when: Epoch, zone: timezone) -> str:
    """The time of day in a zone beside that of Beijing; with its date where that is another one."""
    same = when.text("%Y-%m-%d", zone) == when.text("%Y-%m-%d", BEIJING)
    return when.text("%H:%M" if same else "%Y-%m-%d %H:%M", zone)


def han(number: int) -> str:
    """0 to 99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if not tens:
        return HAN_DIGITS[ones]
    return ("" if tens == 1 else HAN_DIGITS[tens]) + "十" + (HAN_DIGITS[ones] if ones else "")


@cache
def words(code: str = "en") -> Words:
    """The words of a language; BadInput for one that is not there, DataError where its catalogue is damaged."""
    language = LANGUAGES.get(code)
    if language is None:
        raise BadInput(f"--language: found '{code}'; write one of {', '.join(LANGUAGES)}")
    if not language.locale:
        return Words(language, gettext.NullTranslations())
    path = LOCALE / language.locale / "LC_MESSAGES" / f"{DOMAIN}.mo"
    try:
        with path.open("rb") as file:
            return Words(language, gettext.GNUTranslations(file))
    except DAMAGED as error:
        why = " ".join(str(error).split()) or type(error).__name__
        raise DataError(f"{path} cannot be read ({why}); install tiangong-sim again") from None
