"""What each survey asks, where and how often it was answered; what left the server."""

import re

from widget_server import worker
from widget_server.accounts.queries import user_by_email
from widget_server.database import writing
from widget_server.delivery.outbox import enqueue
from widget_server.sites.queries import site_by_key
from widget_server.surveys.queries import live_surveys


def test_the_list_says_where_and_when_each_survey_asks(staff):
    page = staff("product").open("/surveys")
    assert "When somebody moves to leave" in page
    assert "Behind the feedback button, always" in page


def test_answers_are_counted_and_too_few_make_no_share(send, staff):
    for mood in (1, 1, 5):
        send({"mood": mood})
    page = staff("product").open("/surveys/feedback")
    assert "3 answers" in page
    assert "Below 30 answers we show the counts, no shares." in page
    assert "%</td>" not in page
    assert ">Share</th>" not in page
    assert "95% interval" not in page


def test_a_question_is_headed_by_all_the_wordings_that_it_was_put_in(send, staff):
    send({"mood": 1, "comment": "The button"})
    page = staff("product").open("/surveys/feedback")
    assert "After other answers it was put as “That is not good. What got in your way?”" in page


def test_a_survey_that_the_widget_never_shows_has_no_displays_to_count(send, staff):
    page = staff("product").open("/surveys/recovered")
    assert "<dt>Answers</dt>" in page
    assert "Shown</dt>" not in page
    assert "of those shown" not in page
    listed = staff("product").open("/surveys")
    own = listed[listed.index("/surveys/recovered") :].partition("</li>")[0]
    assert "Shown</dt>" not in own
    assert "Shown</dt>" in listed


def test_from_thirty_answers_on_shares_carry_their_interval(send, staff):
    for number in range(30):
        send({"mood": 1 if number < 15 else 5})
    page = staff("product").open("/surveys/feedback")
    assert "50%" in page
    assert re.search(r"33 to 67", page)


def test_an_anonymous_survey_says_what_is_kept_and_shows_no_answer_before_the_fifth(send, staff):
    desk = staff("product")
    for number in range(4):
        send({"recommend": number, "first": f"Fewer early shifts {number}"}, survey="employee")
    page = desk.open("/surveys/employee")
    assert "Anonymous: kept are the answers, their language and when they came" in page
    assert "On its own page, by a link or a QR code." in page
    assert "On every page" not in page
    assert page.count("Fewer than 5 answers: none is shown") == 2
    assert "early shifts" not in page + desk.open("/responses") + desk.open("/responses?q=shifts&survey=employee")
    send({"recommend": 9, "first": "Fewer early shifts 5"}, survey="employee")
    assert "early shifts" in desk.open("/surveys/employee")
    found = desk.open("/responses?survey=employee")
    assert "early shifts" in found
    one = re.search(r"/responses/[0-9a-f-]{36}", found)
    whole = desk.open(one[0])
    assert "Not kept: this survey is anonymous." in whole
    assert "unverified" not in whole
    assert 'class="tag">Anonymous' in desk.open("/surveys")


def test_from_thirty_answers_on_a_recommendation_has_its_score(send, staff):
    for number in (*[10] * 15, *[3] * 10, *[8] * 5):
        send({"recommend": number}, survey="employee")
    page = staff("product").open("/surveys/employee")
    assert re.search(r"</abbr> \+17 ± 32<", page)


def test_pausing_takes_a_survey_out_of_the_config(app, staff):
    staff("product").send("/surveys/checkout-exit/status", status="paused")
    staff("product").open("/surveys/checkout-exit")
    with app.app_context():
        site = site_by_key("ternair")
        assert site
        assert "checkout-exit" not in [survey.key for survey in live_surveys(site.id)]


def test_a_survey_that_is_not_there_is_a_404(staff):
    staff("product").open("/surveys/nope", status=404)


def test_a_held_message_can_be_sent_again(app, send, staff):
    with app.app_context(), writing():
        site, user = site_by_key("ternair"), user_by_email("support@ternair.example")
        assert site
        assert user
        enqueue(
            unique_key="k",
            site_id=site.id,
            purpose="reply",
            subject="About <b>you</b>",
            body="Dear",
            user_id=user.id,
        )
    worker.run_once(app)
    browser = staff("admin")
    page = browser.open("/deliveries")
    assert "Would have been sent" in page
    assert "About &lt;b&gt;you&lt;/b&gt;" in page
    path = re.search(r'href="/console/ternair(/deliveries/[0-9a-f-]{36})"', page)
    assert path
    assert "Queued again" in browser.send(f"{path[1]}/again")
    staff("support").send(f"{path[1]}/again", expect=403)
