"""What an author reads when a survey file is wrong: file, line, field, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from widget_server.errors import Invalid
from widget_server.surveys.library import Problem, check_directory, check_file, read_library

SOUND = """\
title: {en: Bags, no: Bagasje}
languages: [en, no]
consent:
  version: "1"
  text: {en: May write, no: Kan skrive}
show:
  triggers:
    - kind: dwell
      seconds: 30
  targeting: {fact: url.path, operator: matches, value: "*/bags*"}
questions:
  - key: clear
    type: choice
    required: true
    text: {en: Clear, no: Klart}
    options:
      - key: fine
        label: {en: Fine, no: Greit}
      - key: unclear
        label: {en: Unclear, no: Uklart}
  - key: comment
    type: text
    in_place: true
    show_if: {fact: answers.clear, operator: is, value: unclear}
    text: {en: What, no: Hva}
  - key: contact
    type: contact
    text: {en: May we, no: Kan vi}
thanks:
  title: {en: Thanks, no: Takk}
"""

BROKEN: dict[str, tuple[str, str, int, str, str, str]] = {
    # what is broken: (replace, by, line, field, message, remedy)
    "unknown field": (
        "languages: [", "langauges: [", 2,
        "langauges", "there is no field 'langauges'", "did you mean 'languages'?",
    ),
    "missing field": ("    type: text\n", "", 21, "questions[2]", "'type' is missing", "add 'type'"),
    "unknown type": (
        "type: text", "type: txt", 22,
        "questions[2].type", "there is no question type 'txt'", "did you mean 'text'?",
    ),
    "missing language": (
        "text: {en: What, no: Hva}", "text: {en: What}", 25,
        "questions[2].text", "the text in 'no' is missing", "add a line 'no: …'",
    ),
    "a text without any language": (
        "title: {en: Bags, no: Bagasje}", "title: {}", 1,
        "title", "the text in 'en' is missing", "add a line 'en: …'",
    ),
    "foreign language": (
        "title: {en: Bags, no: Bagasje}", "title: {en: Bags, no: Bagasje, nl: Tas}", 1,
        "title.nl", "'nl' is not among the survey's languages", "add 'nl' to 'languages', or remove this line",
    ),
    "question key twice": (
        "key: comment", "key: clear", 21,
        "questions[2].key", "the question key 'clear' stands twice", "give one of them another key",
    ),
    "option key twice": (
        "key: unclear", "key: fine", 19,
        "questions[1].options[2].key", "the option key 'fine' stands twice", "give one of them another key",
    ),
    "show_if on an unknown question": (
        "answers.clear", "answers.cleer", 24,
        "questions[2].show_if", "there is no question 'cleer'", "did you mean 'clear'?",
    ),
    "show_if on a later question": (
        "answers.clear", "answers.contact", 24,
        "questions[2].show_if", "'contact' is asked later, or is this question", "look at a question that stands above",
    ),
    "unknown operator": (
        "operator: is,", "operator: equals,", 24,
        "questions[2].show_if.operator", "there is no operator 'equals'",
        "use one of is, is_not, in, at_least, at_most, matches, contains, known",
    ),
    "unknown fact in targeting": (
        "fact: url.path", "fact: url.pth", 10,
        "show.targeting", "the widget knows no fact 'url.pth'", "did you mean 'url.path'?",
    ),
    "a trigger without its number": (
        "      seconds: 30\n", "", 8,
        "show.triggers[1]", "the trigger 'dwell' needs 'seconds'", "add 'seconds'",
    ),
    "a number in quotes": (
        "seconds: 30", "seconds: '30'", 9,
        "show.triggers[1].seconds", "this must be a number", "write it without quotes",
    ),
    "contact without consent": (
        'consent:\n  version: "1"\n  text: {en: May write, no: Kan skrive}\n', "", 24,
        "questions[3].type", "a contact question needs the sentence that people consent to",
        "add 'consent' with 'version' and 'text'",
    ),
    "a list where one text belongs": (
        "key: fine", "key: [fine]", 17,
        "questions[1].options[1].key", "this must be text", "put it in quotes",
    ),
    "text where fields belong": (
        "thanks:\n  title: {en: Thanks, no: Takk}", "thanks: Takk", 29,
        "thanks", "this must hold names and values", "it has title, text, variants",
    ),
    "one option": (
        "      - key: unclear\n        label: {en: Unclear, no: Uklart}\n", "", 16,
        "questions[1].options", "a question of type choice needs 2 to 12 options", "list them under 'options'",
    ),
    "too long a text": (
        "en: Bags,", f"en: {'Bags' * 30},", 1,
        "title.en", "the value does not fit", "write 1 to 80 characters",
    ),
    "not YAML": (
        "[en, no]", "[en, no", 3,
        "", "this is not YAML: expected ',' or ']', but got ':'", "look at indentation, colons and quotes",
    ),
    "a name twice": (
        "languages: [en, no]", "languages: [en, no]\nlanguages: [en]", 3,
        "", "'languages' stands twice, the first time on line 2", "keep one of them",
    ),
    "an anchor": (
        "{en: Clear, no: Klart}", "&a {en: Clear, no: Klart}", 15,
        "", "anchors and aliases (& and *) are not read", "write the value out, or put it in quotes",
    ),
    "a tag": ("key: fine", "key: !!python/name:os.system x", 17, "", "tags (!) are not read", "put the value in quotes"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_error_names_line_field_and_remedy(name: str, tmp_path: Path) -> None:
    before, after, *expected = BROKEN[name]
    assert before in SOUND
    problems = checked(tmp_path, SOUND.replace(before, after, 1))
    assert expected in [[one.line, one.field, one.message, one.remedy] for one in problems]
    assert all(one.file == "bags.yaml" and one.severity == "error" for one in problems)


def checked(folder: Path, text: str | bytes) -> list[Problem]:
    path = folder / "bags.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return check_file(path)


def test_the_sound_one_is_sound(tmp_path: Path) -> None:
    assert checked(tmp_path, SOUND) == []


def test_a_problem_reads_as_one_line(tmp_path: Path) -> None:
    problem, *_ = checked(tmp_path, SOUND.replace("languages:", "langauges:"))
    assert str(problem).startswith("bags.yaml:")
    line = str(Problem("a.yaml", 3, "title", "it is wrong", "make it right"))
    assert line == "a.yaml:3: title: error: it is wrong; make it right"


def test_all_errors_of_all_files_are_told_at_once_and_nothing_is_read(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(SOUND.replace("type: text", "type: txt"))
    (tmp_path / "two.yaml").write_text("[]")
    with pytest.raises(Invalid) as refused:
        read_library(tmp_path)
    assert [line.split(":")[0] for line in refused.value.detail.splitlines()] == ["one.yaml", "two.yaml"]


def test_a_long_survey_is_advised_against_but_not_refused(tmp_path: Path) -> None:
    more = "".join(f"  - {{key: q{number}, type: yes_no, text: {{en: a, no: b}}}}\n" for number in range(5))
    problems = checked(tmp_path, SOUND.replace("thanks:", f"{more}thanks:"))
    assert [one.severity for one in problems] == ["warning"]
    assert "7 steps is long" in problems[0].message
    assert read_library(tmp_path)[0].key == "bags"


def test_a_survey_in_which_nothing_is_required_is_advised_against(tmp_path: Path) -> None:
    problems = checked(tmp_path, SOUND.replace("    required: true\n", ""))
    assert [(one.severity, one.message) for one in problems] == [
        ("warning", "no question is required, so an empty survey can be sent")
    ]


HOSTILE = {
    "an alias bomb": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
    "too large": "title: " + "x" * 300_000,
    "not UTF-8": b"title: \xff\xfe",
    "nested 3,000 deep": "[" * 3_000,
    "NUL": "title: \x00",
    "empty": "",
    "a bare word": "feedback",
    "a list": "- a\n- b",
    "a mapping as a name": "? {a: b}\n: c",
    "two documents": "a: 1\n---\nb: 2",
    "numbers everywhere": "title: 1\nlanguages: 2\nquestions: 3\nshow: 4\nconsent: 5\nthanks: 6",
    "lists everywhere": "title: [1]\nlanguages: [2]\nquestions: [3]\nshow: [4]\nconsent: [5]\nthanks: [6]",
    "nothing everywhere": "title:\nlanguages:\nquestions:\nshow:\nconsent:\nthanks:",
    "NUL by its escape": SOUND.replace("{en: Bags,", '{en: "a\\0b",'),
    "half a character by its escape": SOUND.replace("{en: Bags,", '{en: "a\\ud800b",'),
    "half a character in a name": SOUND.replace("title:", '"\\ud800": x\ntitle:'),
    "an endless number": "wave: " + "9" * 5_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(text: str | bytes, tmp_path: Path) -> None:
    problems = checked(tmp_path, text)
    assert problems
    assert all(one.severity == "error" and one.message and one.remedy and one.line >= 1 for one in problems)


def test_words_stay_words(tmp_path: Path) -> None:
    checked(tmp_path, SOUND)
    content = read_library(tmp_path)[0].content
    assert content["languages"] == ["en", "no"], "no is Norwegian"
    assert content["questions"][0]["required"] is True


def test_a_file_whose_name_can_be_no_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "My Survey.yaml").write_text(SOUND)
    assert "can't be a survey's key" in check_directory(tmp_path)[0].message


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    assert check_directory(tmp_path)[0].message == "there is no survey here"
