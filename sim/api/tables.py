"""Columns as tables of pandas and xarray, which are optional: each is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.core.epoch import Epoch

if TYPE_CHECKING:
    import pandas as pd


Columns = Mapping[str, Any]  # (n,) each, by a name that ends with the unit


def needed(name: str, extra: str) -> ModuleType:
    """A package that is not installed with this one; ImportError says how to get it."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise ImportError(
            f"this needs {name}, which is not installed; install it with `pip install 'tiangong-sim[{extra}]'` or "
            f"`pip install {name}`"
        ) from None


def dataframe(columns: Columns, index: pd.Index | None = None) -> pd.DataFrame:
    """A pandas table of columns, on an index; ImportError where pandas is missing."""
    return needed("pandas", "dataframe").DataFrame(dict(columns), index=index)


def utc_index(zero: Epoch, seconds: np.ndarray) -> pd.DatetimeIndex:
    """The index `utc` of a table, aware of its zone, of seconds (n,) since `zero`; ImportError as above."""
    return needed("pandas", "dataframe").DatetimeIndex(utc_times(zero, seconds), tz="UTC", name="utc")


def timed(columns: Mapping[str, list]) -> pd.DataFrame:
    """A pandas table in which every column whose name ends with `_utc` holds timestamps of UTC, NaT for None."""
    stamps = needed("pandas", "dataframe").to_datetime
    return dataframe(
        {name: stamps(values, utc=True) if name.endswith("_utc") else values for name, values in columns.items()}
    )


def utc_times(zero: Epoch, seconds: np.ndarray) -> np.ndarray:
    """UTC (n,) as datetime64 in nanoseconds, of seconds (n,) since `zero`; inside a leap second the second before."""
    stamps = [zero.plus(float(t)).utc(9).rstrip("Z").replace(":60.", ":59.") for t in seconds]
    return np.array(stamps, dtype="datetime64[ns]")
