"""Makes `trained/letters_of_languages.npz`: what runs of letters say of the language. python -m training.lettering

Taken out of py3langid's model (BSD licence, Marco Lui and Adrien Barbaresi): of its runs of
bytes those that tell languages in Latin letters apart most, for the languages that we consider. Its whole model would
take 75 MB of the worker.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from widget_server.scoring.lettering import FILE
from widget_server.scoring.scripts import SAME, SCRIPTS

KEPT = 8_500
Array = Any


def main() -> None:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    known = LanguageIdentifier.from_model_file(MODEL_FILE)
    codes = sorted(SCRIPTS["LATIN"])
    columns = [[at for at, name in enumerate(known.nb_classes) if SAME.get(name, name) == code] for code in codes]
    runs = runs_of(known)
    logs = np.asarray(known.nb_ptc, dtype=np.float64)[[place for _, place in runs]]
    logs = np.stack([logs[:, at].max(axis=1) for at in columns], axis=1)
    leaning = logs - logs.mean(axis=1, keepdims=True)
    telling = (np.exp(logs) * np.abs(leaning)).sum(axis=1)
    best = sorted(np.argsort(-telling, kind="stable")[:KEPT].tolist(), key=lambda at: runs[at][0])
    scale = round(float(np.abs(leaning[best]).max()) / 127, 6)
    table = np.clip(np.rint(leaning[best] / scale), -127, 127).astype(np.int8)
    keys = np.frombuffer(b"\n".join(runs[at][0] for at in best), dtype=np.uint8)
    np.savez_compressed(FILE, codes=np.array(codes), keys=keys, table=table, scale=np.array(scale))


def runs_of(known: Any) -> list[tuple[bytes, int]]:
    """The runs of bytes in Latin letters that the model counts, and where: read off its automaton, length by length."""
    moves = np.frombuffer(known.tk_nextmove, dtype=f"u{known.tk_nextmove.itemsize}").reshape(-1, 256)
    rows, counted = np.array(known.tk_row), known.tk_output
    names, seen, front = {0: b""}, np.zeros(len(rows), bool), np.array([0])
    seen[0] = True
    while len(front):
        states, first = np.unique(moves[rows[front]].ravel(), return_index=True)
        new = ~seen[states]
        states, first = states[new], first[new]
        for state, at in zip(states.tolist(), first.tolist(), strict=True):
            names[state] = names[int(front[at // 256])] + bytes([at % 256])
        seen[states] = True
        front = states
    return sorted((name, counted[state]) for state, name in names.items() if counted[state] >= 0 and _latin(name))


def _latin(run: bytes) -> bool:
    return b"\n" not in run and all(byte < 0xC7 or byte == 0xE1 for byte in run)


if __name__ == "__main__":
    main()
