"""The command line `tiangong`, one command a file.

Whose `sim` and `kernels` these are is asked before anything of them is used: where one is not ours, nothing below
need be as it was written.
"""

import json
import sys

from sim.files.errors import DataError
from sim.files.own_packages import require_own_packages

try:
    require_own_packages()
except DataError as error:
    if "--json" in sys.argv:
        print(json.dumps({"status": "environment", "reason": str(error)}))
    print(error, file=sys.stderr)
    raise SystemExit(4) from None
