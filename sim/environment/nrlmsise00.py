"""NRLMSISE-00 from the packaged tables: the numbers for the kernel, and its grid filled by two threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np

from kernels.atmosphere.msis_globe import WAVES, strengths
from kernels.atmosphere.msis_records import Msis, MsisGrid, MsisWeather
from kernels.atmosphere.nrlmsise00 import LOWEST, QUANTITIES, fill
from kernels.records import make
from sim.files import packaged

THREADS = 2
FEW = 400_000  # values that take less than two threads cost: some 10 ms
PD_ROWS = (2, 4, 1, 0, 5, 6, 7)  # rows of `pd` of the gases N2, O2, O, He, Ar, H, N; 3 is a temperature, 8 anomalous O
PDM_ROWS = (2, 3, 1, 0, 4, 5, 6)  # the same in `pdm`


@lru_cache(maxsize=1)
def tables() -> Msis:
    """NRL's coefficients, read and given names; what is `pdm[i, k]` here is PDM(k+1, i+1) there."""
    t = packaged.arrays("seeds/assets/nrlmsise00.npz")
    ptm, pdm, pdl, pt, ps, pd, ptl, pma = (t[k] for k in ("ptm", "pdm", "pdl", "pt", "ps", "pd", "ptl", "pma"))
    one, two = pdl

    def numbered(*rows):
        return np.array([np.concatenate([[0.0], row]) for row in rows])

    gas = pdm[list(PDM_ROWS)]
    # Factors on `pdm` of each gas: of the ratio to N2, and of the corrections' heights and lengths.
    ratio = gas[:, 1] * [0.0, 1.0, 0.0, 1.0, 1.0, abs(two[17]), abs(one[2])]
    ground = np.array(
        [
            [gas[0, 4], 1.0, 1.0],
            [gas[1, 4] * two[6], gas[1, 5] * two[7], gas[1, 5] * two[7]],
            [gas[2, 4] * two[2], gas[2, 5] * two[3], gas[2, 5] * two[4]],
            [gas[3, 4] * two[0], gas[3, 5] * two[1], gas[3, 5] * two[1]],
            [gas[4, 4] * two[8], gas[4, 5] * two[9], gas[4, 5] * two[9]],
            [gas[5, 4] * two[10], gas[5, 5] * two[11], gas[5, 5] * two[11]],
            [gas[6, 4] * one[0], gas[6, 5] * one[1], gas[6, 5] * one[1]],
        ]
    )
    none = [100.0, 1.0, 1.0]
    chemistry = np.array(
        [
            none,
            [gas[1, 6] * two[21], gas[1, 7] * two[22], gas[1, 7] * one[22]],
            [gas[2, 6] * two[12], gas[2, 7] * two[13], gas[2, 7] * two[13]],
            none,
            none,
            [gas[5, 6] * two[18], gas[5, 7] * two[19], gas[5, 7] * two[19]],
            [gas[6, 6] * one[3], gas[6, 7] * one[4], gas[6, 7] * one[4]],
        ]
    )
    rate = gas[:, 3] * [0.0, two[23], two[14], 0.0, 0.0, two[20], one[5]]
    return make(
        Msis,
        upper=numbered(pt, ps, pd[3], *pd[list(PD_ROWS)], pd[8]),
        lower=numbered(*ptl, pma[8]),
        base=2,
        temperature=[ptm[0] * pt[0], ptm[3] * ps[0], ptm[1] * pd[3, 0]],
        nodes=[two[15], 110.0, 100.0, 90.0, LOWEST],
        node_temperature=ptm[[6, 2, 7, 4]] * ptl[:, 0],
        slope=ptm[8] * pma[8, 0] / (ptm[4] * ptl[3, 0]) ** 2,
        mass=[28.0, 32.0, 16.0, 4.0, 40.0, 1.0, 14.0],
        diffusion=[0.0, 0.0, 0.0, -0.38, 0.17, -0.38, 0.0],
        density=[*gas[:, 0] * pd[list(PD_ROWS), 0], pdm[7, 0] * pd[8, 0]],
        turbopause=gas[:, 2] * [two[24], 1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
        amplitude=one[24],
        phase=pt[13],
        top=[160.0, 250.0, 300.0, 200.0, 240.0, 320.0, 450.0],
        mixed=pdm[2, 4],
        blend=pdm[2, 3] * two[5],
        ratio=ratio,
        oxygen=pdm[1, 1] * two[16],
        ground=ground,
        chemistry=chemistry,
        rate=rate,
        flux=one[23],
        hot=[pdm[7, 9] * one[6], pdm[7, 4], pdm[7, 5], 16.0],
    )


def log_densities(days, seconds, weather, heights, latitudes, local_times, longitudes=None) -> np.ndarray:
    """ln(density kg/m3) of NRLMSISE-00, anomalous oxygen included: (moments, heights, latitudes, local times).

    days of the year (1 to 366) and seconds of the UTC day, one of each a moment, with weather (moments, 3): F10.7 of
    the day before, its 81-day mean, daily Ap. heights km, from 72.5; latitudes deg; local_times h. longitudes (moments,
    n) deg are those of the clock where none are given. The rows are the same whatever the threads.
    """
    days, seconds, heights, latitudes, local_times = (
        np.ascontiguousarray(x, dtype=float) for x in (days, seconds, heights, latitudes, local_times)
    )
    weather = np.broadcast_to(np.asarray(weather, dtype=float), (len(days), 3))
    if not heights.min() >= LOWEST:
        raise ValueError(f"{heights.min():g} km asked of NRLMSISE-00; here it begins at {LOWEST:g} km")
    if longitudes is None:
        longitudes = (local_times[None, :] - seconds[:, None] / 3600.0) * 15.0 % 360.0
    longitudes = np.ascontiguousarray(longitudes, dtype=float)
    model = tables()
    conditions, of = np.unique(np.column_stack([days, weather]), axis=0, return_inverse=True)
    strength = np.empty((len(conditions), len(latitudes), QUANTITIES, WAVES))
    strengths(model.upper, model.lower, model.base, latitudes, conditions, strength)
    out = np.empty((len(days), len(heights), len(latitudes), len(local_times)))
    given = MsisWeather(conditions=conditions, strength=strength, of=of.ravel())
    grid = MsisGrid(
        seconds=seconds, heights=heights, latitudes=latitudes, local_times=local_times, longitudes=longitudes
    )
    if out.size < FEW:
        fill(model, given, grid, 0, len(latitudes), out)
        return out
    cuts = np.linspace(0, len(latitudes), THREADS + 1).astype(int).tolist()
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [
            pool.submit(fill, model, given, grid, a, b, out) for a, b in zip(cuts[:-1], cuts[1:], strict=True)
        ]:
            done.result()  # so that an error in a thread is raised here
    return out
