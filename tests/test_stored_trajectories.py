"""`trajectories.npz`: what is read back is what was flown, bit by bit, and the Earth turns as the world has it."""

from __future__ import annotations

import json

import made_flight
import numpy as np
import pytest

from sim.export import finished, trajectories
from sim.files import packaged
from sim.files.errors import DataError


@pytest.fixture(scope="module")
def flown():
    flight, _, world = made_flight.made_flight()
    return flight, trajectories.of_flight(flight, world)


def written(folder, flown):
    path = folder / finished.TRAJECTORIES
    trajectories.save(path, flown)
    (folder / finished.MANIFEST).write_text(json.dumps({"files_sha256": {path.name: packaged.digest(path)}}))
    return path


def test_read_back_bit_by_bit(flown, tmp_path):
    flight, stored = flown
    written(tmp_path, stored)
    back = trajectories.load(tmp_path)
    assert back.zero == flight.zero
    assert set(back.vehicles) == set(flight.vehicles)
    for vehicle in flight.vehicles:
        parts = flight.parts(vehicle)
        assert [leg.phase for leg in back.vehicles[vehicle]] == [phase for phase, _ in parts]
        for leg, (_, path) in zip(back.vehicles[vehicle], parts, strict=True):
            for name in trajectories.NODES:
                assert np.array_equal(getattr(leg.trajectory, name), getattr(path, name))


def test_what_was_changed_since_is_refused(flown, tmp_path):
    path = written(tmp_path, flown[1])
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DataError, match="SHA-256"):
        trajectories.load(tmp_path)
    path.unlink()
    with pytest.raises(DataError, match="missing"):
        trajectories.load(tmp_path)


def test_the_earth_between_stored_orientations(world):
    """Against the world's own matrices (IAU 2006) at a thousand times: 5 cm at 6800 km is 7e-9 rad."""
    t = np.append(np.arange(0.0, 86400.0, trajectories.EARTH_STEP_S), 86400.0)
    earth = trajectories.EarthOrientation(t, trajectories._quaternions(world.ecef_each(t)))
    times = np.random.default_rng(5).uniform(0.0, 86400.0, 1000)
    r = np.random.default_rng(6).normal(size=(1000, 3))
    r *= 6.8e6 / np.linalg.norm(r, axis=1, keepdims=True)
    exact = np.einsum("nij,nj->ni", world.ecef_each(times), r)
    assert np.linalg.norm(earth.itrs(times, r) - exact, axis=1).max() < 0.05
