"""The headline as a table: a time only where a person promised one, or the desk aims at one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from widget_server.visitor import saying
from widget_server.visitor.saying import Standing, Times, asks, headline, messages, offered, say, steps

NOW = 1_000_000


@pytest.mark.parametrize(
    ("standing", "key"),
    [
        (Standing(), "received"),
        (Standing(erased=True, state="open"), "erased"),
        (Standing("open"), "received"),
        (Standing("open", aim=NOW + 1), "aim"),
        (Standing("open", aim=NOW), "received"),
        (Standing("open", who="Maren", aim=NOW + 1), "theirs"),
        (Standing("open", reopened=1, aim=NOW + 1), "again_nobody"),
        (Standing("open", who="Maren"), "theirs"),
        (Standing("open", who="Maren", by_mail=True), "theirs_mail"),
        (Standing("open", who="Maren", promise_due=NOW + 1), "promised"),
        (Standing("open", who="Maren", promise_due=NOW - 1), "late"),
        (Standing("waiting", who="Maren"), "waiting"),
        (Standing("open", reopened=1), "again_nobody"),
        (Standing("open", who="Maren", reopened=1), "again"),
        (Standing("open", who="Maren", reopened=1, answered_since_reopened=True), "theirs"),
        (Standing("resolved", who="Maren"), "resolved"),
        (Standing("resolved", who="Maren", followed_up=True), "held"),
        (Standing("closed", closed_as="documented"), "closed"),
        (Standing("closed", closed_as="not_a_failure"), "read"),
    ],
)
def test_the_headline(standing: Standing, key: str) -> None:
    assert headline(standing, NOW) == key


@pytest.mark.parametrize(
    ("standing", "times", "statuses"),
    [
        pytest.param(Standing(), Times(1), "past later", id="no case"),
        pytest.param(Standing("open"), Times(1), "past now later later", id="unread"),
        pytest.param(Standing("open", who="M"), Times(1, read_at=2), "past past now later", id="read"),
        pytest.param(Standing("resolved"), Times(1, 2, 3, 4), "past past past now", id="resolved"),
        pytest.param(
            Standing("resolved", followed_up=True), Times(1, 2, 3, 4, 5), "past past past past", id="held"
        ),
        pytest.param(
            Standing("closed", closed_as="not_a_failure"), Times(1, 2), "past past", id="no failure"
        ),
    ],
)
def test_the_steps(standing: Standing, times: Times, statuses: str) -> None:
    assert [mark.status for mark in steps(standing, times, NOW)] == statuses.split()


@pytest.mark.parametrize(
    ("standing", "fair_said", "shared", "question"),
    [
        (Standing("open"), False, True, "fair"),
        (Standing("open"), True, True, None),
        (Standing("resolved"), False, True, "held"),
        (Standing("resolved", followed_up=True), False, True, None),
        (Standing("open"), False, False, None),
        (Standing("open", erased=True), False, True, None),
        (Standing(), False, True, None),
    ],
)
def test_the_one_question(standing: Standing, fair_said: bool, shared: bool, question: str | None) -> None:
    assert asks(standing, fair_said=fair_said, shared=shared) == question


def test_values_in_a_sentence_are_escaped_and_not_looked_into() -> None:
    assert say("{who} & {what}", who="<b>", what="{who}") == "&lt;b&gt; &amp; {who}"


def test_every_language_has_every_sentence_and_every_place_in_it() -> None:
    def sentences(part: object, at: str = "") -> dict[str, set[str]]:
        if not isinstance(part, dict):
            return {at: set(saying._PLACE.findall(str(part)))}
        return {
            key: places
            for name, more in part.items()
            for key, places in sentences(more, f"{at}/{name}").items()
        }

    files = (Path(saying.__file__).parent / "messages").glob("*.json")
    found = {path.stem: sentences(json.loads(path.read_text(encoding="utf-8"))) for path in files}
    assert set(found) == set(saying.LANGUAGES)
    assert all(one == found["en"] for one in found.values())
    assert not any(hasattr(dict, key.rpartition("/")[2]) for key in found["en"]), (
        "a template would find dict's own method"
    )


@pytest.mark.parametrize("language", saying.LANGUAGES)
def test_each_file_says_which_way_it_is_read_and_whether_somebody_has_reviewed_it(language: str) -> None:
    text = messages()[language]
    assert (text["dir"], text["_reviewed"]) == ("rtl" if language in ("ar", "he") else "ltr", False)


@pytest.mark.parametrize("language", saying.LANGUAGES[1:])
def test_no_headline_and_no_refusal_is_still_in_english(language: str) -> None:
    for part in ("head", "fair", "held", "said", "keep", "delete", "done", "trouble", "away", "missing"):
        mine, english = messages()[language][part], messages()["en"][part]
        assert [name for name in english if mine[name] == english[name] and len(english[name]) > 4] == []


@pytest.mark.parametrize(
    ("languages", "current", "choice"),
    [
        (["nb-NO", "de"], "de", ["en", "no", "de"]),
        (["nl"], "ar", ["en", "nl", "ar"]),
        ([], "en", ["en"]),
        (["tlh"], "en", ["en"]),
    ],
)
def test_the_choice_is_the_sites_languages_and_what_is_read_now(
    languages: list[str], current: str, choice: list[str]
) -> None:
    assert offered(languages, current) == choice
