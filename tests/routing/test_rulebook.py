"""The rulebook's file: the one that is shipped is read, and a wrong one is refused with line, field and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from widget_server.routing.rulebook import WrongRulebook, load_rulebook

SHIPPED = Path(__file__).resolve().parents[2] / "surveys" / "routing.yaml"


def refused(tmp_path: Path, old: str, new: str) -> list[str]:
    text = SHIPPED.read_text("utf-8")
    assert old in text
    path = tmp_path / "routing.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(WrongRulebook) as caught:
        load_rulebook(path)
    return [str(fault) for fault in caught.value.faults]


def line_of(words: str) -> int:
    return next(n for n, line in enumerate(SHIPPED.read_text("utf-8").splitlines(), 1) if words in line)


def test_the_shipped_rulebook_is_read() -> None:
    book = load_rulebook(SHIPPED)
    assert set(book.teams) >= {"support"}
    assert book.rules[-1].when is None
    assert book.points.severity == {1: 10, 2: 20, 3: 30, 4: 40}
    assert [band.priority for band in book.bands] == ["P1", "P2", "P3", "P4"]


def test_a_fault_names_file_line_field_and_remedy(tmp_path: Path) -> None:
    (fault,) = refused(tmp_path, "team: payments", "team: payment")
    assert fault == (
        f"routing.yaml, line {line_of('team: payments')}, rules[1].team: there is no team 'payment'; "
        "use one of support, payments, website, or add it to teams"
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("operator: at_least, value: 4", "operator: atleast, value: 4", "did you mean 'at_least'?"),
        ("fact: severity, operator", "fact: severety, operator", "there is no fact 'severety'"),
        ("repeat_failure: 20", "repeat_failure: -1", "points.repeat_failure: -1 is no whole number"),
        ("repeat_failure: 20", "repeat_failur: 20", "does not belong here"),
        ("4: 40}", "4: many}", "points.severity.4: 'many' is no whole number"),
        ("points: {gold: 10", "points: {gold: yes", "points.tier.points.gold"),
        ("at_least: 0, priority", "at_least: 5, priority", "let the lowest one say 'at_least: 0'"),
        ("at_least: 30, priority", "at_least: 40, priority", "two bands begin at 40"),
        ("priority: P1", "priority: P9", "'P9' is no priority"),
        ("priority: P1", "priority: P2", "more points must mean a more urgent priority"),
        (
            "acknowledge_minutes: 30, resolve_minutes: 240",
            "acknowledge_minutes: 30, resolve_minutes: 10",
            "give the longer time",
        ),
        ("name: website", "name: paying", "the name 'paying' stands twice"),
        ("name: website\n    when:", "name: website\n    whn:", "'whn' does not belong here"),
        ("default:\n  team: support", "default:\n  team:", "default.team: a text is missing here"),
        ("waiting: {every_minutes: 9", "waiting: {every_minutes: 0", "waiting.every_minutes"),
        ("teams:", "teams: 7\nsquads:", "'squads' does not belong here"),
        ("teams:", "teams: [", "this is not YAML"),
        ("default:", "default: &x", "anchors"),
    ],
)
def test_what_is_wrong_is_told_in_words(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert any(words in fault for fault in refused(tmp_path, old, new))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    faults = refused(tmp_path, "team: payments\n    reason: About paying", "team: nobody\n    reason: 5")
    assert len(faults) == 2


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongRulebook, match="the file is not there"):
        load_rulebook(tmp_path / "routing.yaml")


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "routing.yaml"
    path.write_text(SHIPPED.read_text("utf-8"), "utf-8")
    assert load_rulebook(path).teams["support"] == "Support"
    path.write_text(SHIPPED.read_text("utf-8").replace("support: Support", "support: Helpers"), "utf-8")
    assert load_rulebook(path).teams["support"] == "Helpers"
