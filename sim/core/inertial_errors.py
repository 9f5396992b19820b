"""Errors of the navigation of an entry: an inertial platform, and satellite navigation outside the blackout."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kernels.entry.navigation import InertialUnit
from kernels.maths.random import normals
from kernels.records import make
from sim.core.random_streams import RandomDraws


@dataclass(frozen=True)
class InertialErrors:
    """Standard deviations of every axis, SI and rad.

    `bias` m/s2, `scale` a share and `noise` m/s per square root of a second: of the accelerometers. `drift` rad/s of
    the gyros, `tilt` rad as aligned. `fix` m and m/s: of satellite navigation, whose fixes count by `gain`.
    """

    bias: float
    scale: float
    noise: float
    drift: float
    tilt: float
    fix: tuple[float, float]
    gain: float

    def unit(self, draws: RandomDraws, name: str, blackout: tuple[float, float] | None) -> InertialUnit:
        """The unit of one entry, as it errs: drawn once, but for the noise and the fixes, which draw as they go."""
        draw = np.empty(18)
        normals(draws.stream(f"{name}.inertial"), 0, draw)
        bias, scale, tilt, drift = draw[:12].reshape(4, 3)
        return make(
            InertialUnit,
            on=1,
            bias=self.bias * bias,
            scale=self.scale * scale,
            tilt=self.tilt * tilt,
            drift=self.drift * drift,
            noise=self.noise,
            start=np.concatenate([self.fix[0] * draw[12:15], self.fix[1] * draw[15:]]),
            fix=self.fix,
            gain=self.gain,
            blackout=blackout or (0.0, 0.0),
            stream=draws.stream(f"{name}.fixes"),
        )
