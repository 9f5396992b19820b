"""The history that entry and descent share."""

from __future__ import annotations

import numpy as np

from kernels.entry.entry import COMMAND, KNOWN_ERROR, MACH, SENSED_DRAG, TO_GO
from sim.core.return_record import EntryGuidanceHistory, EntryHistory
from sim.core.trajectory import Trajectory
from sim.environment.world import World


def entry_history(path: Trajectory, extras: np.ndarray, world: World) -> EntryHistory:
    """From the nodes and the first seven extra columns of the kernels of entry and descent."""
    latitude, longitude, _ = world.geodetic(path.t, path.r)
    return EntryHistory(
        t_s=path.t,
        altitude_km=extras[:, 0] / 1000.0,
        speed_air_m_s=extras[:, 1],
        load_g=extras[:, 3],
        dynamic_pressure_pa=extras[:, 2],
        heat_flux_kw_m2=extras[:, 4] / 1000.0,
        bank_deg=np.degrees(extras[:, 6]),
        latitude_deg=latitude,
        longitude_deg=longitude,
    )


def guidance_history(path: Trajectory, extras: np.ndarray) -> EntryGuidanceHistory:
    """From the nodes and the extra columns (n, 13) of the kernel of the entry."""
    return EntryGuidanceHistory(
        t_s=path.t,
        mach=extras[:, MACH],
        bank_command_deg=np.degrees(extras[:, COMMAND]),
        navigation_error_m=extras[:, KNOWN_ERROR],
        drag_m_s2=extras[:, SENSED_DRAG],
        range_to_go_km=extras[:, TO_GO] / 1000.0,
    )
