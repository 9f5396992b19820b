"""Names of streams: numbers that never change."""

import pytest

from sim.core.random_streams import number, stream


def test_the_number_of_a_name_is_the_head_of_its_digest():
    """FIPS 180-4's own example: SHA-256 of "abc" is ba7816bf ..."""
    assert number("abc") == 0xBA7816BF


def test_a_stream_is_seed_run_and_name():
    assert stream((3 << 32) + 2, 5, "abc") == (2, 3, 5, 0xBA7816BF)


def test_a_run_below_zero_is_refused():
    with pytest.raises(ValueError, match="run = -1"):
        stream(1, -1, "abc")
