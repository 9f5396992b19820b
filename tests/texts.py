"""What every picture must pass: no text over another, none off the sheet."""

from matplotlib.text import Text

from sim.plots.lettering import SheetRenderer


def texts_apart(draw, monkeypatch) -> None:
    """Draw a figure by `draw()` and hold every text that it shows against every other and against the sheet."""
    drawn = {}
    original = SheetRenderer.draw_text

    def note(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        if mtext is not None and s.strip():
            drawn[id(mtext)] = mtext
        return original(self, gc, x, y, s, prop, angle, ismath, mtext)

    monkeypatch.setattr(SheetRenderer, "draw_text", note)
    figure = draw()
    drawn.clear()
    figure.canvas.draw()
    wide, tall = figure.canvas.get_width_height()
    # The text's own extent, without the halo behind it or the arrow beside it.
    boxes = [(text.get_text(), Text.get_window_extent(text)) for text in drawn.values()]
    assert len(boxes) > 10
    for text, box in boxes:
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= wide and box.y1 <= tall, f"off the sheet: {text!r}"
    for i, (text, box) in enumerate(boxes):
        for other, second in boxes[i + 1 :]:
            # A pixel of touching is the rounding of the boxes, not letters on letters.
            across = min(box.x1, second.x1) - max(box.x0, second.x0)
            up = min(box.y1, second.y1) - max(box.y0, second.y0)
            assert across <= 1.0 or up <= 1.0, f"{text!r} lies on {other!r}"
