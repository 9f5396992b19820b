"""Make a kept directory of results smaller: python tests/kept_results.py DIR tests/data/results/N

Of the directory of a run (`tiangong run`, by the version whose results are to be kept) it takes what readers need:
flight.json whole, of every history and trajectory at most KEPT rows, first and last among them, and a manifest with the
hashes of what is left. Both texts are compressed. What it writes is never written again: a later version must read it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from pathlib import Path

import numpy as np

KEPT = 12
TEXTS, ARRAYS = ("flight.json", "manifest.json"), ("series.npz", "trajectories.npz")


def thinned(found: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Of each group of arrays that share a time `t` or `t_s` at most KEPT rows."""
    times = {key.rpartition("/")[0]: array for key, array in found.items() if key.split("/")[-1] in ("t", "t_s")}
    kept = {}
    for key, array in found.items():
        time = times.get("sun" if key.startswith("sun/") else key.rpartition("/")[0])
        if time is not None and time.ndim == 1 and array.shape[:1] == time.shape:
            array = array[np.unique(np.linspace(0, len(time) - 1, min(KEPT, len(time))).round().astype(int))]
        kept[key] = array
    return kept


def keep(run: Path, folder: Path) -> None:
    """Write the four files of a run's directory into a new folder, thinned."""
    folder.mkdir(parents=True)
    for name in ARRAYS:
        with np.load(run / name) as archive:
            np.savez_compressed(folder / name, **thinned(dict(archive)))  # type: ignore[arg-type]
    manifest = json.loads((run / TEXTS[1]).read_text("utf-8"))
    texts = {name: (run / name).read_bytes() for name in TEXTS}
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ARRAYS}
    manifest["files_sha256"] = {TEXTS[0]: hashlib.sha256(texts[TEXTS[0]]).hexdigest(), **hashes}
    texts[TEXTS[1]] = (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode()
    for name, text in texts.items():
        (folder / f"{name}.gz").write_bytes(gzip.compress(text, 9, mtime=0))


def unpacked(folder: Path, directory: Path) -> Path:
    """The directory of a run again, from a folder that `keep` wrote."""
    directory.mkdir()
    for name in ARRAYS:
        (directory / name).write_bytes((folder / name).read_bytes())
    for name in TEXTS:
        (directory / name).write_bytes(gzip.decompress((folder / f"{name}.gz").read_bytes()))
    return directory


if __name__ == "__main__":
    keep(*map(Path, sys.argv[1:]))
