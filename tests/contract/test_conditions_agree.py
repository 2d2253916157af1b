"""Ten thousand random conditions on random facts: the widget's evaluator and the server's must say the same of each."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

from widget_server.conditions import OPERATORS, holds

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "widget_js"
TOOLS = Path(sys.executable).parent
CASES = 10_000
RUN = """
import { readFileSync } from 'node:fs';
import { holds, learn } from './src/conditions';
import { RARE } from './src/conditions_rare';
learn(RARE);
const cases = JSON.parse(readFileSync(process.argv[2], 'utf8'));
console.log(JSON.stringify(cases.map(([condition, facts]) => holds(condition, facts))));
"""
NAMES = ("url.path", "device", "attribute.tier", "answers.mood", "goal.paid", "missing", "toString", "__proto__")
SCALARS: tuple[Any, ...] = (
    "", "a", "A", "gold", "/pay/3", "/PAY", "İ", "ß", "ประเทศ", "💳", "1", "true", 0, 1, 1.0, -2, 2.5, 10**15, True, False,
)  # fmt: skip
PATTERNS = ("*", "?", "*/pay*", "a*", "*A", "??", "/pay/?", "", "ß", "*💳", "*" * 30 + "x")


def a_value(chance: random.Random, operator: str) -> Any:
    if operator == "matches":
        return chance.choice(PATTERNS)
    if operator == "known" or chance.random() < 0.05:
        return chance.choice((True, False, None, "true", 1))
    if operator == "in":
        return [chance.choice(SCALARS) for _ in range(chance.randrange(4))]
    return chance.choice((*SCALARS, None, [], ["a"], {}))


def a_condition(chance: random.Random, depth: int = 0) -> Any:
    kind = chance.random()
    if kind < 0.02:
        return chance.choice((None, [], {}, 3, "all", {"all": {}}, {"any": None}, {"not": None}, {"operator": "is"}))
    if kind < 0.4 and depth < 5:
        word = chance.choice(("all", "any", "not"))
        inner = [a_condition(chance, depth + 1) for _ in range(chance.randrange(4))]
        return {word: inner[0] if word == "not" and inner else inner}
    operator = chance.choice((*OPERATORS, *OPERATORS, "equals", "constructor"))
    return {"fact": chance.choice(NAMES), "operator": operator, "value": a_value(chance, operator)}


def some_facts(chance: random.Random) -> dict[str, Any]:
    lists = (["a", "gold"], [], [1, True])
    return {name: chance.choice((*SCALARS, None, *lists)) for name in NAMES[:5] if chance.random() < 0.8}


def test_widget_and_server_agree_on_ten_thousand_random_conditions(tmp_path: Path) -> None:
    chance = random.Random(20_261_122)
    cases = [[a_condition(chance), some_facts(chance)] for _ in range(CASES)]
    (tmp_path / "cases.json").write_text(json.dumps(cases))
    path = os.pathsep.join((str(TOOLS), os.environ.get("PATH", "")))
    options: dict[str, Any] = {"cwd": SOURCES, "env": os.environ | {"PATH": path}, "check": True, "text": True}
    bundle = ["node_modules/.bin/esbuild", "--bundle", "--platform=node", "--loader=ts", f"--outfile={tmp_path / 'run.cjs'}"]
    subprocess.run([*bundle, "--log-level=error"], input=RUN, **options)
    told = subprocess.run(
        ["node", str(tmp_path / "run.cjs"), str(tmp_path / "cases.json")], stdout=subprocess.PIPE, **options
    ).stdout
    widget, server = json.loads(told), [holds(condition, facts) for condition, facts in cases]
    assert len(widget) == CASES
    differing = [(case, ours) for case, theirs, ours in zip(cases, widget, server, strict=True) if theirs != ours]
    assert differing == []
    assert 0.2 < sum(server) / CASES < 0.8  # both answers are common, or this would say little
