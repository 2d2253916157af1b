"""Three thousand random surveys and answers: the widget's path and the server's ask, recall and end the same."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

from widget_server.surveys import wire
from widget_server.surveys.definition import content_hash, definition_from
from widget_server.surveys.must import broken_rule
from widget_server.surveys.path import path_of, thanks_of
from widget_server.surveys.queries import KnownVersion
from widget_server.surveys.recall import recalled

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "widget_js"
TOOLS = Path(sys.executable).parent
CASES = 3_000
RUN = """
import { readFileSync } from 'node:fs';
import { learn } from './src/conditions';
import { RARE } from './src/conditions_rare';
import { problemOf } from './src/logic/must';
import { thanksOf, wayOf } from './src/logic/path';
import { recalled } from './src/logic/recall';
learn(RARE);
const cases = JSON.parse(readFileSync(process.argv[2], 'utf8'));
console.log(JSON.stringify(cases.map(({ survey, answers, opening, says }) => {
  const { questions, thanks } = survey;
  const way = wayOf(questions, answers, opening);
  const asked = way.steps.flat();
  return [
    asked.map(({ key }) => key),
    thanksOf(thanks, way).title,
    recalled(says, questions, way.facts),
    asked.filter((question) => problemOf(question, answers[question.key])).map(({ key }) => key),
  ];
})));
"""
KEYS = "abcdefg"
OPTIONS = [{"key": key, "label": {"en": f"The {key} & <b>"}} for key in ("x", "y", "z")]
TYPES = ("choice", "choices", "text", "smiley", "csat", "ces", "nps", "yes_no", "thumbs", "matrix", "ranking")
WORDS = (
    "", " ", "x", "gold", "<b>{answers.a|b}</b>", "a@b.no", "a@b", "0412", "٤١٢", "ta-4711",
    "ภาษาไทย 💳", "w " * 90, "w" * 79 + "💳💳",
)  # fmt: skip
OPENINGS: tuple[dict[str, Any], ...] = (
    {}, {"signals.rage_clicks": 4}, {"device": "mobile", "language": "nl"}, {"answers.a": "x", "attribute.tier": "gold"},
)  # fmt: skip
RULES = ({"min_length": 3}, {"kind": "email"}, {"kind": "digits"}, {"matches": "TA-????", "example": "TA-4711"})
LEAST = {"smiley": 1, "csat": 1, "ces": 1, "nps": 0}
MOST = {"smiley": 5, "csat": 5, "ces": 7, "nps": 10}


def a_condition(chance: random.Random, keys: str) -> dict[str, Any]:
    if chance.random() < 0.25:
        return {chance.choice(("all", "any")): [a_condition(chance, keys) for _ in range(2)]}
    facts = [f"answers.{key}" for key in keys] * 3 + ["signals.rage_clicks", "device", "attribute.tier"]
    facts += [f"answers.{key}.{chance.choice('xyz')}" for key in keys]
    operator, value = chance.choice(
        (("is", "x"), ("is", True), ("is_not", "y"), ("known", True), ("known", False), ("at_least", 3), ("at_most", 2),
         ("in", ["x", "gold", "mobile"]), ("contains", "z"), ("matches", "*o*"))
    )  # fmt: skip
    return {"fact": chance.choice(facts), "operator": operator, "value": value}


def a_question(chance: random.Random, number: int, count: int) -> dict[str, Any]:
    kind = chance.choice(TYPES)
    question: dict[str, Any] = {"key": KEYS[number], "type": kind, "text": {"en": "Why?"}}
    if kind in ("choice", "choices", "ranking"):
        question["options"] = OPTIONS
    if kind == "matrix":
        question |= {"items": OPTIONS, "labels": {"en": ["Hard", "Fair", "Easy"]}}
    if kind == "smiley" or (kind in MOST and chance.random() < 0.4):
        most, least = MOST[kind], LEAST[kind]
        question["labels"] = {"en": [f"step {step}" for step in range(least, most + 1)]}
    if kind == "text" and chance.random() < 0.6:
        question["must"] = chance.choice(RULES)
    if kind == "choices" and chance.random() < 0.6:
        question["must"] = {chance.choice(("at_least", "at_most")): 2}
    if number and chance.random() < 0.3:
        question["show_if"] = a_condition(chance, KEYS[:number])
    if number and chance.random() < 0.2:
        question["in_place"] = True
    targets = ["next", "end", *KEYS[number + 1 : count]]
    rules = [a_condition(chance, KEYS[: number + 1]) for _ in range(chance.randrange(3))]
    leads: list[dict[str, Any]] = [{"if": rule, "go": chance.choice(targets)} for rule in rules]
    if chance.random() < 0.2:
        leads.append({"go": chance.choice(targets)})
    for inner, lead in enumerate(leads):
        if lead["go"] == "end" and chance.random() < 0.5:
            lead["thanks"] = {"title": {"en": f"End {KEYS[number]}{inner}"}}
    return question | ({"leads_to": leads} if leads else {})


def a_survey(chance: random.Random) -> dict[str, Any]:
    count = chance.randrange(2, len(KEYS) + 1)
    questions = [a_question(chance, number, count) for number in range(count)]
    conditions = [a_condition(chance, KEYS[:count]) for _ in range(chance.randrange(3))]
    variants = [{"if": one, "title": {"en": f"Thanks {number}"}} for number, one in enumerate(conditions)]
    thanks = {"title": {"en": "Thanks"}, "variants": variants}
    return {"title": {"en": "S"}, "languages": ["en"], "questions": questions, "thanks": thanks}


def an_answer(chance: random.Random, kind: str) -> Any:
    if kind == "choice":
        return chance.choice("xyz")
    if kind == "choices":
        return chance.sample("xyz", chance.randrange(4))
    if kind == "text":
        return chance.choice(WORDS)
    if kind == "ranking":
        return dict(zip("xyz", chance.sample((1, 2, 3), 3), strict=True))
    if kind == "matrix":
        return {row: chance.randint(1, 3) for row in "xyz" if chance.random() < 0.7}
    return chance.random() < 0.5 if kind in ("yes_no", "thumbs") else chance.randint(LEAST[kind], MOST[kind])


def a_case(chance: random.Random) -> tuple[dict[str, Any], dict[str, Any]]:
    content = a_survey(chance)
    answers = {one["key"]: an_answer(chance, one["type"]) for one in content["questions"] if chance.random() < 0.8}
    says = " / ".join(f"{{answers.{key}|no {key}}}" for key in KEYS)
    return content, {"answers": answers, "opening": chance.choice(OPENINGS), "says": says}


def by_the_server(content: dict[str, Any], case: dict[str, Any]) -> list[Any]:
    definition, answers = definition_from(content), case["answers"]
    named: dict[str, Any] = {}
    for question in definition.questions:
        if question.key in answers:
            named |= question.kind.named(question, answers[question.key])
    path = path_of(definition, named, case["opening"])
    questions = {question.key: question for question in definition.questions}
    return [
        [question.key for question in path.asked],
        thanks_of(definition, path).title["en"],
        recalled(case["says"], questions, path.facts, "en"),
        [question.key for question in path.asked if broken_rule(question.must, answers.get(question.key))],
    ]


def as_sent(content: dict[str, Any]) -> dict[str, Any]:
    return wire.survey(KnownVersion(1, 1, "s", content_hash(content), definition_from(content)), "en")


def by_the_widget(cases: list[dict[str, Any]], folder: Path) -> list[Any]:
    (folder / "cases.json").write_text(json.dumps(cases))
    path = os.pathsep.join((str(TOOLS), os.environ.get("PATH", "")))
    options: dict[str, Any] = {"cwd": SOURCES, "env": os.environ | {"PATH": path}, "check": True, "text": True}
    bundle = ["node_modules/.bin/esbuild", "--bundle", "--platform=node", "--loader=ts", f"--outfile={folder / 'run.cjs'}"]
    subprocess.run([*bundle, "--log-level=error"], input=RUN, **options)
    told = subprocess.run(
        ["node", str(folder / "run.cjs"), str(folder / "cases.json")], stdout=subprocess.PIPE, **options
    ).stdout
    return list(json.loads(told))


def test_widget_and_server_agree_on_three_thousand_random_paths(tmp_path: Path) -> None:
    chance = random.Random(20_261_128)
    made = [a_case(chance) for _ in range(CASES)]
    ours = [by_the_server(content, case) for content, case in made]
    theirs = by_the_widget([{"survey": as_sent(content), **case} for content, case in made], tmp_path)
    assert len(theirs) == CASES
    differing = [(content, case, a, b) for (content, case), a, b in zip(made, ours, theirs, strict=True) if a != b]
    assert differing[:1] == []
    cut_short = sum(len(asked) < len(content["questions"]) for (content, _), (asked, *_) in zip(made, ours, strict=True))
    assert 0.3 < cut_short / CASES < 0.95  # many ways are taken, or this would say little
    assert sum(bool(broken) for *_, broken in ours) > CASES / 20
