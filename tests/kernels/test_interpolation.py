"""Linear interpolation in a table, against numpy's."""

import numpy as np
import pytest

from kernels.maths.interpolation import interpolate


@pytest.mark.small
@pytest.mark.parametrize("rows", [1, 2, 3, 17])
def test_every_bit_is_numpys(rows):
    """At the points, between and beyond them, at infinity, and for what is no number."""
    draw = np.random.default_rng(rows)
    xs, ys = np.sort(draw.normal(size=rows)), draw.normal(size=rows)
    asked = np.concatenate([xs, 2.0 * draw.normal(size=200), [np.inf, -np.inf]])
    assert [interpolate(x, xs, ys) for x in asked] == np.interp(asked, xs, ys).tolist()
    if rows > 1:
        assert np.isnan(interpolate(np.nan, xs, ys))
