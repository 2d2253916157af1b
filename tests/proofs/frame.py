"""The small command line that every proof has: its sizes, --json, a table of what was found, and an exit code.

    if __name__ == "__main__":
        command(prove, __doc__, cycles=1000, seed=1)

`./dev prove NAME 50` and `./dev prove NAME --cycles 50` mean the same. A proof returns what it found; `ok` says whether
its promise was kept.
"""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.frame import table

Found = dict[str, Any]


def command(prove: Callable[..., Found], about: str | None, **sizes: int) -> None:
    """Run a proof at the sizes asked for, print, and end with 0 when it held, 1 when it did not."""
    parser = ArgumentParser(description=about)
    parser.add_argument("sizes", nargs="*", type=int, help=f"in this order: {', '.join(sizes)}")
    for name, full in sizes.items():
        parser.add_argument(f"--{name}", type=int, help=f"the full size is {full}")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if len(asked.sizes) > len(sizes):
        parser.error(f"give at most {len(sizes)} numbers: {', '.join(sizes)}")
    in_order = dict(zip(sizes, asked.sizes, strict=False))
    named = {name: value for name in sizes if (value := getattr(asked, name)) is not None}
    began = time.monotonic()
    found = prove(**{**sizes, **in_order, **named})
    told = {"proof": Path(sys.argv[0]).stem, **found, "seconds": round(time.monotonic() - began, 1)}
    print(json.dumps(told) if asked.json else said(told))
    sys.exit(0 if found["ok"] else 1)


def said(told: Found) -> str:
    """For a person: the `table`, where there is one, then what else was found, a line each."""
    found = {name: value for name, value in told.items() if name != "table"}
    width = max(len(name) for name in found) + 2
    lines = "\n".join(f"{name:{width}}{value}" for name, value in found.items())
    return f"{table(told['table'])}\n\n{lines}" if "table" in told else lines
