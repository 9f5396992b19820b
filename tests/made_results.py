"""A run's directory without pictures and report: the files that a comparison reads, written as a run writes them."""

from __future__ import annotations

from pathlib import Path

from sim.core.flight import Flight
from sim.export import finished, stored, trajectories
from sim.export.manifest import as_manifest
from sim.export.plain import write_json
from sim.output.run import plot_data


def write_results(flight: Flight, scenario, world, directory: Path) -> Path:
    """flight.json, series.npz, trajectories.npz and manifest.json of a flight in a new directory, which is returned."""
    directory.mkdir()
    data = plot_data(flight, scenario, world)
    write_json(directory / finished.FLIGHT, dict(data.record))
    stored.save(directory / finished.SERIES, data)
    trajectories.save(directory / finished.TRAJECTORIES, trajectories.of_flight(flight, world))
    manifest = as_manifest(scenario, {}, directory, "2026-11-30T00:00:00Z")
    write_json(directory / finished.MANIFEST, manifest)
    return directory
