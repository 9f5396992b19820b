"""Write `kernels/signatures.json` anew: the kernels that a rotation calls, as found by flying one.

    python tests/signatures.py

The dearest come first, by the size of their code. tests/kernels/test_ahead.py says when this is due.
"""

import contextlib
import sys
import tempfile


def fly(*arguments: str) -> None:
    """The command `tiangong`, in this process."""
    from sim.cli.main import main

    sys.argv = ["tiangong", *arguments]
    with contextlib.suppress(SystemExit):
        main()


def main() -> None:
    from kernels.compiling import signatures

    with tempfile.TemporaryDirectory() as out:
        fly("run", "shenzhou-24-pakistan", "--out", f"{out}/flight", "--quiet")
    signatures.FILE.write_text(signatures.written(signatures.in_use()), encoding="utf-8")


if __name__ == "__main__":
    main()
