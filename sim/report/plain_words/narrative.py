"""The whole flight in plain words: a headline, and headed paragraphs of whole sentences, in one language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.core.epoch import BEIJING, Epoch
from sim.export.stored import PlotData
from sim.report.plain_words import checks, coming_down, going_up, terms
from sim.report.plain_words.story import Story, period_min
from sim.report.plain_words.words import N_, Words

HEADS = {
    "going_up": N_("Lift-off"),
    "chase": N_("Chase and docking"),
    "docking": N_("Docking"),
    "aboard": N_("Aboard the station"),
    "leaving": N_("Undocking"),
    "coming_down": N_("The return to Earth"),
}
PARAGRAPHS = {
    "going_up": going_up.launch,
    "chase": going_up.chase,
    "aboard": going_up.aboard,
    "leaving": coming_down.leaving,
    "coming_down": coming_down.down,
}

CREW_COLUMNS = (
    *(N_("name"), N_("task"), N_("country"), N_("goes up in"), N_("comes down in"), N_("days in space")),
    N_("at the end"),
)


@dataclass(frozen=True)
class Paragraph:
    """`key`: which part of the flight it is about; `head`: its heading, empty for the lead."""

    key: str
    head: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """`key`: what it lists; a heading, the heads of its columns, and the rows."""

    key: str
    head: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class PlainWords:
    """A flight in plain words, in one language."""

    headline: str
    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Table, ...]

    @property
    def text(self) -> str:
        """Every sentence, headline and headings too, in one text."""
        lines = [self.headline]
        for paragraph in self.paragraphs:
            lines += [paragraph.head, *paragraph.sentences]
        return "\n".join(line for line in lines if line)


def plain_words(data: PlotData, w: Words) -> PlainWords:
    """The flight of `flight.json` in a language."""
    story = Story(data)
    made = [Paragraph("lead", "", tuple(_lead(story, w)))]
    seen: dict[str, int] = {}
    for part in story.parts:
        spoken = tuple(PARAGRAPHS[part.kind](story, part, w))
        if spoken:
            seen[part.kind] = seen.get(part.kind, 0) + 1
            key = part.kind if seen[part.kind] == 1 else f"{part.kind}-{seen[part.kind]}"
            kind = "docking" if part.kind == "chase" and part.ship not in story.launched else part.kind
            made.append(Paragraph(key, w.gettext(HEADS[kind]), spoken))
    for key, head, sentences in (
        ("trouble", N_("What did not go as planned"), checks.trouble(story, w)),
        ("checked", N_("What was checked"), checks.checked(story, w)),
        ("forecast", N_("How sure is this?"), checks.forecast(story, w)),
    ):
        if text := tuple(sentences):
            made.append(Paragraph(key, w.gettext(head), text))
    tables = tuple(table for table in (_events(story, w), _crew(story, w)) if table.rows)
    return PlainWords(headline(story, w), tuple(made), tables)


def headline(story: Story, w: Words) -> str:
    """What the flight is about, in one line."""
    data, station = story.data, terms.station(w, story.station)
    up, docked, left, landed = (data.ship(name) for name in ("liftoff", "docked", "undocking", "touchdown"))
    ships = {"up": terms.ship(w, up), "down": terms.ship(w, landed), "station": station}
    if up and landed:
        if up == landed:
            return w.gettext("{up} flies to {station} and comes home", **ships)
        if story.before.get("coming_down", 0) < story.before.get("going_up", 0):
            return w.gettext("{down} comes home, then {up} flies to {station}", **ships)
        return w.gettext("{up} flies to {station}, {down} comes home", **ships)
    if up and docked:
        return w.gettext("{up} flies to {station}", **ships)
    if up:
        return w.gettext("{up} takes off for {station}", **ships)
    if landed:
        return w.gettext("{down} comes home from {station}", **ships)
    if left and docked:
        return w.gettext("{ship} moves to another port of {station}", ship=terms.ship(w, docked), station=station)
    if left:
        return w.gettext("{ship} leaves {station}", ship=terms.ship(w, left), station=station)
    if docked:
        return w.gettext("{ship} docks at {station}", ship=terms.ship(w, docked), station=station)
    return w.gettext("A flight at {station}", station=station)


def _lead(story: Story, w: Words) -> Iterator[str]:
    yield w.gettext("This is a simulation: a program has computed the flight.")
    height = story.station_height_km
    if story.station == "tiangong":
        yield w.gettext("Tiangong is the space station of China.")
    elif story.station == "iss":
        yield w.gettext("Several countries together run the International Space Station.")
    if height is not None:
        yield w.gettext(
            "The station circles the Earth at a height of about {height}, once every {period}.",
            height=w.quantity(round(height, -1), "km"),
            period=w.quantity(period_min(height), "min"),
        )


def _events(story: Story, w: Words) -> Table:
    rows = []
    zone = BEIJING if story.chinese else None
    for event in story.record["events"]:
        if event["name"] in terms.MINOR:
            continue
        epoch = Epoch.from_utc(event["utc"])
        when = epoch.text("%Y-%m-%d %H:%M", zone) if zone else epoch.text("%Y-%m-%d %H:%M")
        vehicle = event["vehicle"]
        craft = terms.station(w, vehicle) if vehicle == story.station else terms.ship(w, vehicle)
        rows.append((w.isolated(when), terms.event(w, event["name"]), craft))
    time = w.gettext("Beijing time") if story.chinese else w.gettext("time (UTC)")
    columns = (time, w.gettext("what happens"), w.gettext("craft"))
    return Table("events", w.gettext("Step by step"), columns, tuple(rows))


def _crew(story: Story, w: Words) -> Table:
    rows = tuple(
        (
            terms.seat_name(w, seat),
            terms.role(w, seat["role"]),
            terms.nation(w, seat["nation"]),
            terms.ship(w, seat["ship_up"]),
            terms.ship(w, seat["ship_down"]),
            w.number(seat["days"], 1) if seat["days"] is not None else "–",
            w.gettext(terms.STATUS.get(seat["status"], terms.STATUS["not launched"])),
        )
        for seat in story.crew
    )
    columns = tuple(w.gettext(text) for text in CREW_COLUMNS)
    return Table("crew", w.gettext("The crew"), columns, rows)
