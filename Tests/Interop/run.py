#!/usr/bin/env python3
"""Do other people's readers see in our files what we mean?

usage: run.py PATH/TO/bonsai-fmt

Runs every function named check_* of the checks_*.py beside it. Exit status: 0 when all passed, 1 when
one failed. Needs what requirements.txt lists.
"""

import importlib
import sys
import tempfile
import traceback
from pathlib import Path

from support import Tool


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="bonsai-fmt-interop-") as folder:
        tool = Tool(Path(sys.argv[1]).resolve(), Path(folder))
        for path in sorted(Path(__file__).parent.glob("checks_*.py")):
            module = importlib.import_module(path.stem)
            for name, check in vars(module).items():
                if not name.startswith("check_"):
                    continue
                try:
                    check(tool)
                    passed += 1
                except Exception:  # an assertion, or a reader that refuses our file
                    failed += 1
                    print(f"FAILED {path.stem}.{name}")
                    traceback.print_exc(file=sys.stdout)
    print(f"interop: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
