"""What breaks in a return: truth, which only the phases that fly it read, and no plan."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReturnFaults:
    """`engine_out`: s after ignition when one of the two deorbit engines stops; None: none does. `late`: s by which the
    ignition comes late. `attitude_off`: rad by which the thrust points upward of where it should, at ignition.
    `guidance_lost`: from the entry interface on. `jet_stream`: m/s toward east and toward north, added to the true wind
    at its strongest height. `main_fails`: the main parachute; `retro_fails`: the retro rockets. `modules_stay`: the
    service module does not separate. `site_closed`: the landing site closes once the ship has left its port."""

    engine_out: float | None = None
    late: float = 0.0
    attitude_off: float = 0.0
    guidance_lost: bool = False
    jet_stream: tuple[float, float] | None = None
    main_fails: bool = False
    retro_fails: bool = False
    modules_stay: bool = False
    site_closed: bool = False


NO_FAULTS = ReturnFaults()
