"""What a rendezvous profile and a planner ask of a launch, as limits that a candidate either keeps or breaks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LaunchLimits:
    """What a profile and the planner ask for; angles rad, times s.

    `name` of the profile in words; `window` of the phase and the `centre` that the trim aims at; `beta` the limit;
    `branch` that the mission flies; `reserve` kg; `trim_limit` m/s; `trim_before` s.
    """

    name: str
    window: tuple[float, float]
    centre: float
    beta: float
    branch: str
    reserve: float
    trim_limit: float
    trim_before: float

    @property
    def trims(self) -> bool:
        """Whether the station is trimmed at all."""
        return self.trim_limit > 0.0
