"""`widget-server scoring predict` and `evaluate`: rows in, rows out, and one table."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from widget_server.cli import main
from widget_server.scoring.evaluating import Ranking, macro_f1, ranking


def predict(*lines: str, options: tuple[str, ...] = ()) -> Result:
    return CliRunner().invoke(main, ["scoring", "predict", *options], input="\n".join(lines))


def test_each_row_gets_an_answer_in_its_order() -> None:
    done = predict(
        '{"id": "a", "text": "The card was declined, I could not pay and nobody helped", "lang": null}',
        '{"id": 2, "text": "Heel blij met de snelle levering, dank jullie wel!", "lang": "nl"}',
        "",
        '{"id": "c", "text": "Nie mogę znaleźć przycisku do zapłaty"}',
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    known = [(row["id"], row["lang"], row["supported"]) for row in rows]
    assert known == [("a", "en", True), (2, "nl", True), ("c", "pl", False)]
    assert set(rows[0]) == {"id", "lang", "label", "p_negative", "p_friction", "supported"}
    assert (rows[0]["label"], rows[1]["label"], rows[2]["label"]) == ("negative", "positive", "neutral")
    assert rows[0]["p_friction"] > 0.5 > rows[1]["p_friction"]
    assert "3 texts" in done.stderr


def test_a_row_that_cannot_be_read_is_named_and_the_others_are_answered() -> None:
    odd = ["{oops", '{"id": 2}', '[1, "text"]', "[" * 50_000, '{"id": 3, "text": 5}', '{"text": 5}']
    done = predict('{"id": 1, "text": "fine"}', *odd, options=("--quiet",))
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["id"], row["supported"]) for row in said] == [(1, True), (2, False), (3, False)], "no id is lost"
    assert done.exit_code == 1
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == [f"line {number}" for number in range(2, 8)]


def test_odd_rows_keep_their_place_and_kill_nothing() -> None:
    texts = [
        "", " \n\t ", "I could not pay. " * 600, "หาปุ่มไม่เจอ" * 800, "😡😡😡", "a" * 10_000, "!" * 10_000, "bad\x00ly broken",
        "x \ud800 y broken", "b\u0335\u0327a\u0337" * 500, "line\u2028sep\x1c broken", "الموقع لا يعمل", None,
    ]  # fmt: skip
    langs = [None, "en", "", "xx", "tlh", "\ud800\x00", 5, "nb-NO", "EN_us"]
    rows = [{"id": f"{at}\ud83d", "text": text, "lang": lang} for at, (text, lang) in enumerate(product(texts, langs))]
    done = predict("\ufeff" + json.dumps(rows[0]), *map(json.dumps, rows[1:]))
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 0, done.stderr
    assert [row["id"] for row in said] == [row["id"] for row in rows]
    assert all(list(row) == ["id", "lang", "label", "p_negative", "p_friction", "supported"] for row in said)
    assert all(0 <= row[chance] <= 1 for row in said for chance in ("p_negative", "p_friction"))
    assert not any(row["supported"] for row, asked in zip(said, rows, strict=True) if not (asked["text"] or "").strip())


def test_another_analyser_can_be_chosen() -> None:
    row = json.loads(predict('{"id": 1, "text": "great", "lang": "en"}', options=("--analyser", "textblob")).stdout)
    assert row["label"] == "positive"


def test_evaluate_prints_one_line_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    rows = [("awful, it never works", "negative", True), ("I love it", "positive", False), ("At nine", "neutral", False)]
    file.write_text("\n".join(json.dumps({"text": t, "label": s, "friction": f, "lang": "en"}) for t, s, f in rows))
    done = CliRunner().invoke(main, ["scoring", "evaluate", str(file)])
    heads, line = done.output.splitlines()
    assert heads.split()[:2] == ["set", "rows"]
    assert line.split()[:2] == ["mine", "3"]
    (found,) = json.loads(CliRunner().invoke(main, ["scoring", "evaluate", "--json", str(file)]).output)
    assert found["negative"]["auc"] == 1.0


def test_a_file_without_texts_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "odd.jsonl").write_text('{"label": "negative"}')
    done = CliRunner().invoke(main, ["scoring", "evaluate", str(tmp_path / "odd.jsonl")])
    assert done.exit_code == 1
    assert "odd.jsonl, line 1" in done.output


def test_rankings_are_counted_as_they_should_be() -> None:
    perfect = [(True, 0.9), (True, 0.8), (False, 0.1), (False, 0.2)]
    assert ranking(perfect) == Ranking(1.0, 1.0, pytest.approx(0.15))
    tied = [(True, 0.5), (False, 0.5)]
    assert ranking(tied) == Ranking(0.5, 0.0, 0.0)
    assert ranking([(True, 0.5)]) is None
    assert macro_f1([("negative", "negative"), ("positive", "negative")]) == pytest.approx(1 / 3)
