"""A machine on which little can be written: what libraries say about it is not passed on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import sim

CODE = "import sim.plots, matplotlib; print(matplotlib.get_cachedir())"


def test_pictures_without_a_home_cost_no_line(tmp_path):
    """matplotlib takes a temporary folder then."""
    home = tmp_path / "file"
    home.write_text("")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "MPLCONFIGDIR"))}
    environment |= {"HOME": str(home), "TMPDIR": str(tmp_path)}
    root = Path(sim.__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", CODE], env=environment, cwd=root, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert Path(done.stdout.strip()).parent == tmp_path
