"""Staff find what was said, read it whole, and decide what becomes of it."""

import re

import pytest
from sqlalchemy import select

from widget_server.accounts.models import AuditEntry
from widget_server.console import response_reading, responses
from widget_server.database import db

LOST = "I could not find the checkout button and gave up"
THAI = "ชำระเงินไปสองครั้งแล้ว แต่ยังไม่ได้รับตั๋ว"


def link_of(page: str) -> str:
    found = re.search(r'href="/console/ternair(/responses/[0-9a-f-]{36})"', page)
    assert found
    return found[1]


def test_a_search_finds_words_in_any_script_and_says_how_many(send, staff):
    send({"mood": 1, "comment": LOST})
    send({"mood": 2, "comment": THAI}, lang="th")
    page = staff("viewer").open("/responses?q=ชำระเงิน")
    assert THAI in page
    assert LOST not in page
    assert "1 response" in page


@pytest.mark.parametrize("words", ["%", "_", "100%", "\\", "'; drop table texts"])
def test_a_search_takes_signs_literally(send, staff, words):
    send({"mood": 5, "comment": "All fine"})
    assert "Nothing matches" in staff("support").open(
        "/responses?q=" + words.replace("%", "%25").replace("\\", "%5C")
    )


def test_a_search_without_a_find_offers_the_nearest_that_has_one(send, staff):
    send({"mood": 2, "comment": THAI}, lang="th")
    page = staff("support").open("/responses?q=ตั๋ว&language=en")
    assert "Show 1 in every language" in page


def receipt_of(client_id: str) -> str:
    return f"{client_id[:4]} {client_id[4:8]}".upper()


@pytest.mark.parametrize("typed", [str, str.lower, lambda number: number.replace(" ", "")])
def test_a_caller_is_found_by_the_number_on_their_receipt(send, staff, typed):
    send({"mood": 5, "comment": "Somebody else"})
    number = receipt_of(send({"mood": 1, "comment": LOST}))
    browser = staff("viewer")
    page = browser.open(f"/responses?q={typed(number)}")
    assert LOST in page
    assert "Somebody else" not in page
    for path in (link_of(page), "/cases/1001"):
        assert re.search(rf"<dt>Receipt</dt><dd>{number}</dd>", browser.open(path))


def test_a_receipt_is_found_whatever_became_of_its_response(send, staff):
    number = receipt_of(send({"mood": 5, "comment": "buy pills"}))
    browser = staff("support")
    browser.send(f"{link_of(browser.open('/responses'))}/state", state="spam")
    page = browser.open(f"/responses?q={number}")
    assert "buy pills" in page
    assert ">Spam</span>" in page


def from_eleanor(send):
    contact = {"email": "eleanor@customer.example", "consent": True}
    send({"mood": 1, "comment": LOST, "contact": contact})
    send({"mood": 5, "comment": "Somebody else"})


def test_a_caller_is_found_by_the_address_that_they_gave_and_that_is_written_down(app, send, staff):
    from_eleanor(send)
    page = staff("support").open("/responses?q=Eleanor@Customer.example")
    assert LOST in page
    assert "Somebody else" not in page
    assert "Nobody left this address" in staff("support").open("/responses?q=eleanor@customer.exam.ple")
    with app.app_context():
        looked = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "person.looked_up")).all()
    assert [len(entry.detail["responses"]) for entry in looked] == [1, 0]
    assert "eleanor" not in str([(entry.subject, entry.detail) for entry in looked])


def test_who_may_not_see_persons_finds_nobody_by_address(app, send, staff):
    from_eleanor(send)
    assert "Nothing matches" in staff("viewer").open("/responses?q=eleanor@customer.example")
    with app.app_context():
        assert not db.session.scalars(select(AuditEntry).where(AuditEntry.action == "person.looked_up")).all()


def test_a_search_without_filters_speaks_of_none(send, staff):
    send({"mood": 5, "comment": "All fine"})
    page = staff("support").open("/responses?q=nowhere")
    assert "No response with “nowhere”." in page
    assert "Nothing matches “nowhere”." in page
    assert "Clear the filters" not in page
    assert "Clear the filters" in staff("support").open("/responses?q=nowhere&language=en")


def test_a_case_number_in_the_search_goes_to_the_case(send, staff):
    send({"mood": 1, "comment": LOST})
    assert LOST in staff("support").open("/responses?q=TA 1001")


def test_a_response_tells_its_answers_and_terms_that_add_up(send, staff):
    send({"mood": 1, "comment": LOST})
    browser = staff("support")
    page = browser.open(link_of(browser.open("/responses?look=flagged")))
    assert "Awful, 1 of 5" in page
    assert "Why it was flagged" in page
    terms = [
        float(figure.replace("−", "-"))
        for figure in re.findall(r'<td class="n">([+−][\d.]+|0\.00)</td>', page)
    ]
    assert terms[-1] == pytest.approx(sum(terms[:-1]), abs=0.03)


def test_markup_in_an_answer_stays_text(send, staff):
    send({"mood": 1, "comment": "<script>alert(1)</script>{{ 7*7 }}"})
    browser = staff("support")
    page = browser.open(link_of(browser.open("/responses")))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page


def test_spam_counts_nowhere_and_can_be_taken_back(send, staff):
    send({"mood": 5, "comment": "buy pills"})
    browser = staff("support")
    path = link_of(browser.open("/responses"))
    browser.send(f"{path}/state", state="spam")
    assert "buy pills" not in browser.open("/responses")
    assert "buy pills" in browser.open("/responses?state=spam")
    browser.send(f"{path}/state", state="kept")
    assert "buy pills" in browser.open("/responses")


def test_staff_open_a_case_where_the_rules_saw_none(send, staff):
    send({"mood": 5, "comment": "Nice seats. My aunt says hello to the crew"})
    browser = staff("support")
    path = link_of(browser.open("/responses?look=unflagged"))
    assert "Case opened" in browser.send(f"{path}/case", reason="A voucher was promised", severity="3")
    assert "A voucher was promised" in browser.open("/cases/1001")


def test_opening_a_case_without_a_reason_is_refused_with_a_sentence(send, staff):
    send({"mood": 5, "comment": "Lovely"})
    browser = staff("support")
    path = link_of(browser.open("/responses"))
    assert "Say why" in browser.send(f"{path}/case", expect=422, reason=" ")


def test_a_viewer_changes_nothing(send, staff):
    send({"mood": 5, "comment": "Lovely"})
    path = link_of(staff("viewer").open("/responses"))
    staff("viewer").send(f"{path}/state", expect=403, state="spam")


@pytest.mark.parametrize(
    "odd", ["before=x", "before=99999999999999999999.1", "state=nope&look=nope", "q=%00&survey=%00"]
)
def test_an_odd_address_is_no_error(staff, odd):
    staff("support").open(f"/responses?{odd}")


def test_older_responses_follow_by_cursor_without_a_gap(send, staff):
    for number in range(45):
        send({"mood": 4, "comment": f"word{number:03}"})
    browser = staff("support")
    first = browser.open("/responses")
    older = re.search(r'href="/console/ternair(/responses\?before=[\d.]+)"', first)
    assert older
    second = browser.open(older[1])
    seen = set(re.findall(r"word\d{3}", first)) | set(re.findall(r"word\d{3}", second))
    assert len(seen) == 45


def test_many_are_counted_no_further_than_tells_anybody_something(send, staff, monkeypatch):
    for module in (response_reading, responses):
        monkeypatch.setattr(module, "MOST_COUNTED", 3)
        monkeypatch.setattr(module, "PAGE", 2)
    for number in range(5):
        send({"mood": 1, "comment": f"Lost {number}"})
    desk = staff("support")
    assert "More than 3 responses" in desk.open("/responses")
    assert "Show more than 3 in every language" in desk.open("/responses?language=th")


def test_a_language_that_is_asked_for_stays_chosen_though_no_new_response_is_in_it(send, staff):
    send({"mood": 1, "comment": LOST})
    assert '<option value="fi" selected' in staff("support").open("/responses?language=fi")
