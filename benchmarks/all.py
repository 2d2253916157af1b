"""Every bench that needs no data from outside, one after the other: --write takes some seventeen minutes, --quick eight."""

from __future__ import annotations

import subprocess
import sys
import time
from argparse import ArgumentParser

BENCHES = (("intake", "--textblob", "--peers"), ("processing",), ("config",), ("start",), ("lag",), ("console",),
           ("widget",))  # fmt: skip


def command() -> None:
    parser = ArgumentParser(description=(__doc__ or "").strip())
    for switch in ("quick", "tiny", "json", "write"):
        parser.add_argument(f"--{switch}", action="store_true")
    asked = parser.parse_args()
    passed = [f"--{name}" for name, given in vars(asked).items() if given]
    failed = []
    for name, *switches in BENCHES:
        began = time.monotonic()
        print(f"── {name}", file=sys.stderr, flush=True)
        more = [] if asked.tiny else switches
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *passed, *more]).returncode:
            failed.append(name)
        print(f"   {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    if failed:
        sys.exit(f"These failed: {', '.join(failed)}")


if __name__ == "__main__":
    command()
