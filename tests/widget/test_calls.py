"""What a page calls: every call and event that is promised, before and after the script, and what is said of wrong ones."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.widget.conftest import OnPage
from tests.widget.host_page import HostPage

pytestmark = pytest.mark.browser

WRONG = [
    ("open('nothing')", "open() finds no survey 'nothing'. This site asks feedback, exit, every_type"),
    ("on('opened', () => {})", "on() knows the events ready, open, started, answer, submit, close, error, not 'opened'."),
    ("on('open', 'print')", "on() takes a function to call, not 'print'."),
    ("identify('C-1042')", "identify() takes an object such as {reference: 'C-1042'}, not 'C-1042'."),
    ("identify({reference: 1042})", "identify() takes 'reference' as a text of 1 to 200 characters, not number."),
    ("identify({id: 'C-1042'})", "identify() knows reference, email, name, sig, not 'id'."),
    ("set([1])", "set() takes an object such as {plan: 'team'}, not object."),
    ("set({'the plan': 'team'})", "set() takes names of 1 to 60 letters, digits, '_', '.' or '-', not 'the plan'."),
    ("set({cart: {n: 1}})", "set() takes a text, a number, true or false for 'cart', not object."),
    ("set({note: 'x'.repeat(501)})", "set() takes texts of at most 500 characters: 'note' is longer."),
    ("goal()", "goal() takes a name of 1 to 60 characters, not undefined."),
    ("track({})", "track() takes a name of 1 to 60 characters, not object."),
    ("consent('yes')", "consent() takes true or false, not 'yes': anything but true is a no."),
    ("push(['opne'])", "opne() is no call. There are open, close, on, off, identify, set, facts, track, goal, consent,"),
]
EVENTS = ("ready", "open", "started", "answer", "submit", "close", "error")
HEARS = f"""window.heard = [];
window.FeedbackWidget ||= [];
for (const event of {list(EVENTS)}) FeedbackWidget.push(['on', event, () => heard.push(event)]);
FeedbackWidget.push(['set', {{plan: 'team', note: null}}], ['identify', {{reference: 'C-1042'}}], ['open']);"""


def test_calls_before_the_script_wait_for_it_and_every_event_is_heard(on_page: OnPage, host: HostPage) -> None:
    host.inside = f"<script>{HEARS}</script>"
    page = on_page.page
    page.goto(host.origin + "/pay")
    page.locator("label.opt", has_text="Poor").click()
    page.locator("[data-question=comment] textarea").fill("Words")
    for part in ("send", "send", "skip"):
        on_page.part(part).click()
    expect(on_page.part("thanks")).to_be_visible()
    sent = host.finished()[0]
    assert sent["context"]["facts"] == {"plan": "team"}
    assert sent["visitor"] == {"reference": "C-1042"}
    page.evaluate("FeedbackWidget.close()")
    expect(on_page.part("panel")).to_have_count(0)
    once = list(dict.fromkeys(page.evaluate("heard")))
    assert once == ["ready", "open", "started", "answer", "submit", "close"]
    page.evaluate("""() => {
      window.more = 0; const count = () => more++;
      FeedbackWidget.on('open', count); FeedbackWidget.off('open', count); FeedbackWidget.on('close', count)();
      FeedbackWidget.open();
    }""")
    expect(on_page.part("panel")).to_be_visible()
    page.evaluate("FeedbackWidget.close()")
    assert page.evaluate("more") == 0
    surveys = page.evaluate("FeedbackWidget.explain()")
    assert [one["survey"] for one in surveys][:2] == ["feedback", "exit"]
    page.evaluate("FeedbackWidget.remove()")
    assert page.evaluate("'FeedbackWidget' in window") is False
    assert on_page.errors == []


def test_a_wrong_call_warns_and_costs_no_answer(on_page: OnPage, host: HostPage) -> None:
    warned: list[str] = []
    on_page.page.on("console", lambda said: warned.append(said.text) if said.type == "warning" else None)
    on_page.goes_to()
    page = on_page.page
    page.evaluate("FeedbackWidget.set({plan: 'team'}); FeedbackWidget.identify({reference: 'C-1042'})")
    for wrong, _ in WRONG:
        page.evaluate(f"() => {{ FeedbackWidget.{wrong}; }}")
    page.evaluate("FeedbackWidget.explain()")
    found = [(wrong, said) for (wrong, said), heard in zip(WRONG, warned, strict=True) if f"[feedback] {said}" not in heard]
    assert found == [], warned
    on_page.sends()
    expect(on_page.part("thanks")).to_be_visible()
    sent = host.finished()[0]
    assert (sent["context"]["facts"], sent["visitor"]) == ({"plan": "team"}, {"reference": "C-1042"}), "what held before"
    assert on_page.errors == []
