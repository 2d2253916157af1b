"""Writes a model card for each language: python -m training.cards --data DIR. Figures are of rows never trained on."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from training.sources import LABELS, Example, examples, own
from training.train import LANGUAGES
from widget_server.scoring.analysis import analyze_all
from widget_server.scoring.dictionary import dictionary
from widget_server.scoring.dictionary import languages as with_cues
from widget_server.scoring.evaluating import Labelled, scored
from widget_server.scoring.lexicon import lexicon
from widget_server.scoring.ngrams import FILES

CARDS = Path(__file__).with_name("cards")
NAMES = {
    "en": "English", "nl": "Dutch", "no": "Norwegian", "th": "Thai", "de": "German", "fr": "French", "es": "Spanish",
    "sv": "Swedish", "da": "Danish", "fi": "Finnish", "it": "Italian", "pt": "Portuguese",
}  # fmt: skip
FULL = ("en", "nl", "no", "th", "de", "fr", "es")
WEAK = {
    "en": "Banks and bank cards are over-represented in what friction was learned from. American politics are thin.",
    "nl": "Flemish is thin. Film subtitles are the only public source: most rests on our corpus and the lexicons.",
    "no": "Sentiment is at home in reviews by journalists (NoReC). Nynorsk and dialects are thin.",
    "th": "Sentiment is at home in social media about brands (Wisesight), much of it called neutral. Formal Thai is thin.",
    "de": "No public tweets or reviews were there to learn from. Swiss and Austrian German are thin.",
    "fr": "No public tweets or reviews were there to learn from. Environment and politics are thin.",
    "es": "No public tweets or reviews were there to learn from. Spain's and the Americas' Spanish are mixed.",
}
LICENCES = {
    "own": "ours, written for this project by its developers",
    "xed": "CC BY 4.0, Öhman et al. 2020",
    "vader": "MIT, Hutto and Gilbert 2014",
    "uci": "CC BY 4.0, Kotzias et al. 2015",
    "banking77": "CC BY 4.0, Casanueva et al. 2020",
    "nlupp": "CC BY 4.0, Casanueva et al. 2022",
    "norec": "data CC BY-NC 4.0, what is learned is free by its README; University of Oslo",
    "wisesight": "CC0, PyThaiNLP",
}
"""By the beginning of a source's name. All of them allow what was learned to ship, also for commerce."""
THIN = "Not at full depth: two hundred sentences of ours beside film subtitles with projected labels."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    asked = parser.parse_args()
    CARDS.mkdir(exist_ok=True)
    for language in LANGUAGES:
        if (FILES / f"{language}.npz").exists():
            (CARDS / f"{language}.md").write_text(card(language, asked.data), "utf-8")


def card(language: str, data: Path | None) -> str:
    rows = examples(language, data)
    learned, kept = [row for row in rows if not row.held_out], [row for row in rows if row.held_out]
    cues = f"{dictionary(language).size} cues" if language in with_cues() else "no cues"
    words = lexicon(language)
    return "\n".join([
        f"# {NAMES[language]}",
        "",
        f"Model: {(FILES / f'{language}.npz').stat().st_size // 1000} kB of int8 weights, {cues}, a lexicon of "
        f"{len(words.whole)} entries. Made by `python -m training.train`; where the data come from and their licences "
        "stand in `../README.md`.",
        "",
        "## Learned from",
        "",
        *_counts(learned),
        "",
        "All of it allows what was learned to ship. Each source's rows but a tenth, which the figures below are of.",
        "",
        "## Figures on rows never trained on",
        "",
        *_figures(kept, {row.text for row in own(language)}),
        "",
        "Our own corpus is of the hands that wrote what was learned: expect less from other people's words.",
        "",
        "## Weaknesses and known biases",
        "",
        WEAK.get(language, THIN),
        "Sarcasm without a cue is mostly taken at its word. Chances are not calibrated for your visitors: show bands until",
        "200 labels of your own are there. No list of ours weighs words for groups of people, but n-grams learn from what",
        "was said near them.",
        "",
    ])  # fmt: skip


def _counts(rows: list[Example]) -> list[str]:
    lines = ["| source | licence, by whom | rows | negative | neutral | positive | friction |", "| --- " * 7 + "|"]
    for source in sorted({row.source for row in rows}):
        here = [row for row in rows if row.source == source]
        labels = Counter(row.sentiment for row in here)
        friction = sum(bool(row.friction) for row in here)
        licence = next(said for name, said in LICENCES.items() if source.startswith(name))
        lines.append(f"| {source} | {licence} | {len(here)} | {labels[0]} | {labels[1]} | {labels[2]} | {friction} |")
    return lines


def _figures(rows: list[Example], corpus: set[str]) -> list[str]:
    heads = "| set | rows | macro-F1 | AUC negative | recall at 10 % | AUC friction | recall at 10 % |"
    lines = [heads, "| --- " * 7 + "|"]
    for name in sorted({_set(row, corpus) for row in rows}):
        here = [row for row in rows if _set(row, corpus) == name]
        if len(here) < 30:
            continue
        made = analyze_all(((row.text, row.language) for row in here), explained=False)
        labelled = [
            Labelled(row.text, row.language, None if row.sentiment is None else LABELS[row.sentiment], row.friction)
            for row in here
        ]
        found = scored(labelled, made)
        cells = [found["macro_f1"]]
        for kind in ("negative", "friction"):
            cells += [(found[kind] or {}).get("auc"), (found[kind] or {}).get("recall")]
        shown = " | ".join("–" if cell is None else f"{cell:.2f}" for cell in cells)
        lines.append(f"| {name} | {len(here)} | {shown} |")
    return lines


def _set(row: Example, corpus: set[str]) -> str:
    return "our corpus" if row.text in corpus else row.source


if __name__ == "__main__":
    main()
