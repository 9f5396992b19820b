"""What goes wrong with an encounter."""

from __future__ import annotations

from sim.files.errors import TiangongError


class EncounterError(TiangongError):
    """Two objects whose probability of collision does not follow from what is given."""
