"""Incidents in the console: gathered from the queue, answered with one message, told at each case."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.console.conftest import SignedIn
from tests.console.desk_data import Complaint, complain
from widget_server import desk
from widget_server.accounts.models import User
from widget_server.console import incident_words as words
from widget_server.console import incidents as screens
from widget_server.database import db, writing
from widget_server.recovery.incidents import Part
from widget_server.recovery.models import Case, CaseMessage, Incident, IncidentCase
from widget_server.sites.models import Site

AT = "/console/ternair"


@pytest.fixture
def app(app: Flask) -> Flask:
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def numbers(app: Flask) -> list[int]:
    """Five cases of one failure; the last can't be reached."""
    with app.app_context(), writing():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        cases = [complain(site, Complaint(f"Cancelled {n}", email=f"n{n}@customer.example")) for n in range(5)]
        cases[-1].reach = "none"
        return [case.number for case in cases]


def gathered(client: FlaskClient, numbers: list[int], title: str = "TA 417 cancelled") -> str:
    answer = client.post(f"{AT}/incidents", data={"case": numbers, "title": title})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def token(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]


def test_rows_that_are_chosen_come_to_a_form_that_asks_for_a_title(signed_in: SignedIn, numbers: list[int]) -> None:
    client = signed_in()
    queue = client.get(f"{AT}/queue").text
    assert "Gather into an incident" in queue
    assert f"{AT}/incidents" not in queue.replace(f"{AT}/incidents/", "")  # the rail names none before there is one
    form = client.post(f"{AT}/queue/gather", data={"case": [f"{n}:1" for n in numbers]}, follow_redirects=True).text
    assert all(f'value="{n}" checked' in form for n in numbers)
    page = client.post(f"{AT}/incidents", data={"case": numbers, "title": "TA 417"}, follow_redirects=True).text
    assert "Gathered 5 cases." in page
    assert "5 cases, 5 open" in page
    assert f'href="{AT}/incidents"' in client.get(f"{AT}/queue").text
    assert "TA 417" in client.get(f"{AT}/incidents").text
    assert "Part of an incident" in client.get(f"{AT}/cases/{numbers[0]}").text


def test_a_second_press_makes_no_second_incident(app: Flask, signed_in: SignedIn, numbers: list[int]) -> None:
    client = signed_in()
    gathered(client, numbers)
    again = client.post(f"{AT}/incidents", data={"case": numbers, "title": "TA 417 cancelled"}, follow_redirects=True)
    assert "Part of another incident already." in again.text
    with app.app_context():
        assert len(db.session.scalars(select(Incident)).all()) == 1


def test_claiming_the_chosen_leaves_what_others_have(app: Flask, signed_in: SignedIn, numbers: list[int]) -> None:
    joost = app.test_client()
    from tests.accounts.conftest import sign_in
    from tests.console.desk_data import PASSWORD

    sign_in(joost, "joost@ternair.example", PASSWORD)
    joost.post(f"{AT}/cases/{numbers[0]}/claim", data={"version": "1"})
    data = {"case": [f"{numbers[0]}:2", f"{numbers[1]}:1"]}
    page = signed_in().post(f"{AT}/queue/claim", data=data, follow_redirects=True).text
    assert "Claimed 1 case." in page
    assert f"Case {numbers[0]} is taken already." in page
    with app.app_context():
        owners = db.session.scalars(select(Case.owner_id).where(Case.number.in_(numbers[:2]))).all()
        assert len(set(owners)) == 2


def test_one_message_goes_to_all_that_are_open_once(app: Flask, signed_in: SignedIn, numbers: list[int]) -> None:
    client = signed_in()
    there = gathered(client, numbers)
    with app.app_context(), writing():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        me = db.session.scalars(select(User).where(User.email == "support@ternair.example")).one()
        case = db.session.scalars(select(Case).where(Case.site_id == site.id, Case.number == numbers[0])).one()
        desk.not_a_failure(case, me, expected_version=None, reason="A test.")
    page = client.get(there).text
    assert "Send to 3 customers" in page
    form = {"token": token(page), "body": "Dear {name}, sorry.", "apology": "on"}
    done = client.post(f"{there}/send", data=form, follow_redirects=True).text
    assert "Sent to 3 customers." in done
    assert f"Nothing went to case {numbers[0]} (closed), case {numbers[4]} (with no way to reach them)." in done
    again = client.post(f"{there}/send", data=form, follow_redirects=True).text
    assert "It had gone to 3 customers already. Nothing was sent twice." in again
    assert "Every one of them had an apology already" in again
    with app.app_context():
        sent = db.session.scalars(select(CaseMessage.body).where(CaseMessage.kind == "reply")).all()
        assert sent == ["Dear Eleanor, sorry."] * 3
    thread = client.get(f"{AT}/cases/{numbers[1]}").text
    assert "sent that answer to all cases of the incident" in thread
    assert "made it part of an incident" in thread


def test_what_one_press_has_no_time_for_goes_with_the_next(
    app: Flask, signed_in: SignedIn, numbers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in()
    there = gathered(client, numbers)
    clock = iter([0.0, 1.0, 2.0, 99.0])
    monkeypatch.setattr(screens, "monotonic", lambda: next(clock))
    form = {"token": token(client.get(there).text), "body": "Sorry."}
    going = client.post(f"{there}/send", data=form)
    assert "2 have it, 2 are left." in going.text
    assert token(going.text) == form["token"]
    assert "Sorry.</textarea>" in going.text
    monkeypatch.setattr(screens, "monotonic", lambda: 0.0)
    done = client.post(f"{there}/send", data=form, follow_redirects=True).text
    assert "Sent to 2 customers. 2 had it already." in done


def test_who_came_later_gets_it_alone(app: Flask, signed_in: SignedIn, numbers: list[int]) -> None:
    client = signed_in()
    there = gathered(client, numbers[:2])
    form = {"body": "Sorry.", "apology": "on"}
    client.post(f"{there}/send", data={**form, "token": "first"})
    client.post(f"{AT}/incidents", data={"case": numbers[2:4], "incident": there.rsplit("/", 1)[1]})
    page = client.get(there).text
    assert "2 of the 4 had an apology already" in page
    assert "Of those that got no message yet, none had." in page
    done = client.post(f"{there}/send", data={**form, "token": "second", "to": "fresh"}, follow_redirects=True).text
    assert "Sent to 2 customers." in done
    with app.app_context():
        assert len(db.session.scalars(select(CaseMessage).where(CaseMessage.kind == "reply")).all()) == 4


def test_a_message_that_cannot_be_sent_comes_back_as_it_was(signed_in: SignedIn, numbers: list[int]) -> None:
    client = signed_in()
    there = gathered(client, numbers)
    answer = client.post(f"{there}/send", data={"token": "t", "body": "It <b>flies</b>", "resolve": "on", "cause": "Fog."})
    assert answer.status_code == 422
    assert "Write what was done about it." in answer.text
    assert "It &lt;b&gt;flies&lt;/b&gt;</textarea>" in answer.text


def test_a_case_goes_in_and_out_at_its_own_page(app: Flask, signed_in: SignedIn, numbers: list[int]) -> None:
    client = signed_in()
    there = gathered(client, numbers[:1])
    page = client.get(f"{AT}/cases/{numbers[1]}").text
    assert "Make it part of one" in page
    data = {"incident": there.rsplit("/", 1)[1]}
    assert "Part of an incident" in client.post(
        f"{AT}/cases/{numbers[1]}/incident", data=data, follow_redirects=True
    ).text  # fmt: skip
    client.post(f"{AT}/cases/{numbers[1]}/incident")
    with app.app_context():
        assert len(db.session.scalars(select(IncidentCase)).all()) == 1
    client.post(f"{there}/state", data={"to": "closed"})
    assert "Make it part of one" not in client.get(f"{AT}/cases/{numbers[1]}").text
    assert client.post(f"{there}/send", data={"token": "t", "body": "Words."}).status_code == 422


def test_another_site_has_none_of_it(signed_in: SignedIn, numbers: list[int]) -> None:
    there = gathered(signed_in(), numbers)
    stranger = signed_in("admin", "other")
    foreign = there.replace("ternair", "other")
    assert stranger.get(foreign).status_code == 404
    answer = stranger.post("/console/other/cases/1001/incident", data={"incident": there.rsplit("/", 1)[1]})
    assert answer.status_code == 404
    answer = stranger.post("/console/other/incidents", data={"case": ["1001"], "incident": there.rsplit("/", 1)[1]})
    assert answer.status_code == 404
    stranger.post("/console/other/incidents", data={"case": numbers, "title": "Theirs"})
    assert "Theirs" not in stranger.get("/console/other/incidents").text


def test_a_viewer_reads_and_sends_nothing(signed_in: SignedIn, numbers: list[int]) -> None:
    there = gathered(signed_in(), numbers)
    viewer = signed_in("viewer")
    page = viewer.get(there).text
    assert "TA 417 cancelled" in page
    for hidden in ("One message to all", "Take out", "Close the incident"):
        assert hidden not in page
    assert viewer.post(f"{there}/send", data={"token": "t", "body": "Words."}).status_code == 403


def part(number: int, **changes: object) -> Part:
    values = {"state": "open", "reach": "email", "language": "en", "answered_at": None, "apologised": False, **changes}
    return Part(number, number, **values)  # type: ignore[arg-type]


def test_whom_it_goes_to_and_what_is_said_of_the_rest() -> None:
    every = [
        part(1), part(2, answered_at=5, apologised=True), part(3, language="th"), part(4, reach="none"),
        part(5, state="closed", reach="none"), part(6, state="resolved"), part(7, state="waiting"),
    ]  # fmt: skip
    assert [one.number for one in words.audience(every)] == [1, 2, 3, 7]
    assert [one.number for one in words.audience(every, fresh=True)] == [1, 3, 7]
    assert [one.number for one in words.audience(every, language="th")] == [3]
    left = words.left_out(every)
    assert left == {"unreachable": [4], "closed": [5], "resolved": [6]}
    assert words.language_choices(words.audience(every)) == [("en", "English (3)"), ("th", "Thai (1)")]
    assert words.second_apologies([], []) == words.second_apologies([part(1)], [part(1)]) == ""
    assert words.named(list(range(1, 12))) == "cases 1, 2, 3, 4, 5, 6, 7, 8 and 3 more"
    assert words.stayed({}) == ""


def recent(number: int, page: str = "/book/pay", topics: tuple[str, ...] = ("payment",)) -> words.Recent:
    return words.Recent(number, 100 - number, page, topics)


def test_what_many_share_may_be_one_failure() -> None:
    assert words.suggestion([]) is None
    assert words.suggestion([recent(n) for n in range(4)]) is None
    both = words.suggestion([*(recent(n) for n in range(5)), recent(9, "/seat", ("seat_choice",))])
    assert both == words.Suggestion([0, 1, 2, 3, 4], "payment on /book/pay", 96)
    assert both.title == "Payment on /book/pay"
    assert words.suggestion([recent(n, f"/{n}") for n in range(9)]) is None
    topic = words.suggestion([recent(n, f"/{n}", ("seat_choice", "payment")) for n in range(10)])
    assert topic is not None
    assert topic.shared == "seat choice"
    page = words.suggestion([recent(n, topics=()) for n in range(6)])
    assert page is not None
    assert page.shared == "the page /book/pay"
    for odd in ("", "/a\u202eb", "/" + "x" * 100):
        assert words.suggestion([recent(n, odd, ()) for n in range(6)]) is None


def test_the_queue_asks_whether_they_are_one_failure(signed_in: SignedIn, numbers: list[int]) -> None:
    client = signed_in()
    page = client.get(f"{AT}/queue").text
    assert "6 cases since" in page
    assert "payment on /book/pay" in page
    assert "Gather them" not in client.get(f"{AT}/queue?view=closed").text
    assert "Gather them" not in signed_in("viewer").get(f"{AT}/queue").text
    found = re.search(r'href="([^"]+/incidents/new[^"]+)"', page)
    assert found
    form = client.get(found[1].replace("&amp;", "&")).text
    assert 'value="Payment on /book/pay"' in form
    assert all(f'value="{n}" checked' in form for n in numbers)
    gathered(client, numbers)
    assert "Gather them" not in client.get(f"{AT}/queue").text
