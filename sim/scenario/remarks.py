"""What a mission may do and yet is worth a word, since it is seldom meant."""

from __future__ import annotations

from collections.abc import Iterator

from sim.files.problems import listed
from sim.scenario.rotation import Rotation


def remarks(mission: Rotation) -> Iterator[str]:
    """One sentence for each ship up at the start that stays docked while people are meant to come down in it.

    Of those who come down in the launched ship there is no remark: in a rotation it stays, and they with it.
    """
    home = mission.return_.ship
    for ship in (d.ship for d in mission.docked if d.ship != home):
        staying = [c.name for c in mission.crew if c.ship_down == ship]
        if staying:
            yield (
                f"{len(staying)} of the crew stay aboard: their ship_down is {ship}, which does not go home in this "
                f"mission (return.ship is {home}): {listed(staying)}"
            )
