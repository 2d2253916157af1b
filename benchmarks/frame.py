"""The small command line that every bench has, its table, and where the last one is kept.

    if __name__ == "__main__":
        command("intake", measure, __doc__)

A bench returns rows for a table and sentences about it. `--quick` is for looking, `--json` for programs, `--write` puts
the table with its machine into benchmarks/README.md. What is named beside is its own: a sentence for a switch, an
`Option` for what takes a value.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

README = Path(__file__).parent / "README.md"

Row = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """How much is done: `tiny` keeps a bench alive in the tests, `quick` is for looking, else it is meant."""

    name: str = "full"

    @property
    def cold(self) -> bool:
        """Whether servers start as a user's do. Tiny ones are forked from a process that has imported all."""
        return self.name != "tiny"

    def of(self, full: int, quick: int, tiny: int) -> int:
        return {"full": full, "quick": quick, "tiny": tiny}[self.name]


@dataclass(frozen=True)
class Measured:
    """A table and what is to be said about it."""

    rows: list[Row]
    notes: list[str]


@dataclass(frozen=True)
class Option:
    """Something that a bench may be given: how it is read, what stands for it when it is not, and whether it may be
    given several times."""

    about: str
    read: Callable[[str], Any] = str
    default: Any = None
    several: bool = False


def command(name: str, measure: Callable[..., Measured], about: str | None, **own: str | Option) -> None:
    """Run a bench as asked for and print it. What is its `own` goes to `measure` by its name."""
    parser = ArgumentParser(description=(about or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds: for looking, not for telling")
    parser.add_argument("--tiny", action="store_true", help="as small as it gets, to see that it runs")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    for word, one in own.items():
        flag = f"--{word.replace('_', '-')}"
        if isinstance(one, str):
            parser.add_argument(flag, action="store_true", help=one)
        elif one.several:
            parser.add_argument(flag, action="append", type=one.read, default=[], help=one.about)
        else:
            parser.add_argument(flag, type=one.read, default=one.default, help=one.about)
    asked = parser.parse_args()
    size = Size("tiny" if asked.tiny else "quick" if asked.quick else "full")
    machine = machine_now()
    measured = measure(size, **{word: getattr(asked, word) for word in own})
    if asked.write:
        write(name, measured, machine)
    told = {"bench": name, "size": size.name, "machine": machine, "rows": measured.rows, "notes": measured.notes}
    print(json.dumps(told) if asked.json else f"{table(measured.rows)}\n\n" + "\n".join(measured.notes))


def table(rows: list[Row]) -> str:
    """As Markdown, which a terminal shows as well."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [[_said(row.get(name)) for name in names] for row in rows]
    widths = [max(len(line[place]) for line in [names, *lines]) for place in range(len(names))]
    laid = [" | ".join(part.ljust(width) for part, width in zip(line, widths, strict=True)) for line in [names, *lines]]
    return "\n".join(f"| {line} |" for line in [laid[0], " | ".join("-" * width for width in widths), *laid[1:]])


def _said(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.3g}" if abs(value) < 100 else f"{value:,.0f}"
    return str(value)


def machine_now() -> str:
    """What it ran on, in a sentence, with how busy that was."""
    cpu = re.search(r"^model name\s*: (.+)$", _text("/proc/cpuinfo"), re.M)
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{cpu[1] if cpu else platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load average before it {load}"
    )


def _text(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def write(name: str, measured: Measured, machine: str, readme: Path = README) -> None:
    """Replace what stands between this bench's markers; the first time, add it at the end."""
    begin, end = f"<!-- {name}: the last run -->", f"<!-- {name}: end -->"
    notes = "\n".join(f"- {note}" for note in measured.notes)
    part = f"{begin}\n{table(measured.rows)}\n\n{notes}\n\n*{machine}*\n{end}"
    text = readme.read_text()
    before, found, rest = text.partition(begin)
    if not found:
        readme.write_text(f"{text.rstrip()}\n\n## {name}\n\n{part}\n")
        return
    readme.write_text(f"{before}{part}{rest.partition(end)[2]}")


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
