"""`python -m benches NAME [ARGUMENTS]` asks one question; without a name, lists them. So does `tiangong bench`."""

from __future__ import annotations

import ast
import runpy
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHORT = {"sgp4": "sgp4_batch"}
NOT_BENCHES = {"__init__", "__main__", "arguments", "machine", "measure", "peers", "rkn1210"}


def questions() -> dict[str, str]:
    """Every bench by name, with the first line of what it says of itself."""
    files = sorted(path for path in HERE.glob("*.py") if path.stem not in NOT_BENCHES)
    docs = {path.stem: ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "" for path in files}
    return {name: doc.partition("\n")[0] for name, doc in docs.items()}


def main(arguments: list[str]) -> int:
    known = questions()
    if not arguments or arguments[0] in ("-h", "--help", "list"):
        print("usage: python -m benches NAME [ARGUMENTS]\n")
        print(*(f"{name:12} {line}" for name, line in known.items()), sep="\n")
        return 0
    name = SHORT.get(arguments[0], arguments[0])
    if name not in known:
        print(f"no bench is called '{arguments[0]}'; there are {', '.join(known)}", file=sys.stderr)
        return 2
    sys.path[:0] = [str(HERE.parent), str(HERE)]  # the package and, for benches run as scripts, their neighbours
    sys.argv = [str(HERE / f"{name}.py"), *arguments[1:]]
    runpy.run_path(sys.argv[0], run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))
    from sim.cli.streams import prepared

    with prepared():
        raise SystemExit(main(sys.argv[1:]))
