"""The rulebook's file: the one that is shipped is read, and a wrong one is refused with line, field and remedy."""

from __future__ import annotations

from datetime import date
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
        ("teams:", "hours: {mon: ['9 to 5']}\nteams:", "hours.mon[0]: '9 to 5' is no span of a day"),
        ("teams:", "hours: {mon: ['13:00-17:00', '09:00-12:00']}\nteams:", "begins before the one before it ends"),
        ("teams:", "hours: {monday: ['09:00-17:00']}\nteams:", "'monday' does not belong here"),
        ("teams:", "hours: {closed: [2026-12-25]}\nteams:", "nobody is ever there"),
        ("teams:", "hours: {mon: '09:00-17:00', closed: [Christmas]}\nteams:", "hours.closed[0]: 'Christmas' is no day"),
        ("resolve_minutes: 240}", "resolve_minutes: 240, always: maybe}", "'maybe' is neither true nor false"),
        ("teams:", "teams: 7\nsquads:", "'squads' does not belong here"),
        ("teams:", "teams: [", "this is not YAML"),
        ("default:", "default: &x", "anchors"),
    ],
)
def test_what_is_wrong_is_told_in_words(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert any(words in fault for fault in refused(tmp_path, old, new))


def test_hours_count_for_all_priorities_but_those_that_are_always_due(tmp_path: Path) -> None:
    text = SHIPPED.read_text("utf-8").replace("resolve_minutes: 240}", "resolve_minutes: 240, always: true}")
    assert load_rulebook(SHIPPED).hours_of("P4") is None
    path = tmp_path / "routing.yaml"
    opened = "hours: {mon: ['09:00-12:30', '13:00-17:00'], fri: 09:00-15:00, closed: [2026-12-25]}\nteams:"
    path.write_text(text.replace("teams:", opened, 1), "utf-8")
    book = load_rulebook(path)
    assert book.hours_of("P1") is None
    hours = book.hours_of("P2")
    assert hours is not None
    assert (hours.spans(date(2026, 11, 30)), hours.spans(date(2026, 12, 4))) == (((540, 750), (780, 1020)), ((540, 900),))
    assert hours.spans(date(2026, 12, 25)) == ()


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
