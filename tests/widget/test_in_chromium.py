"""The built widget in a real Chromium, on a host page and beside a server that both may misbehave."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.axe import faults
from tests.widget.conftest import OnPage
from tests.widget.host_page import HostPage

pytestmark = pytest.mark.browser

BLOCKED = """for (const area of ['localStorage', 'sessionStorage'])
  Object.defineProperty(window, area, { get() { throw new DOMException('blocked', 'SecurityError'); } });"""
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
FROZEN = "for (const kind of [Object, Array, Function, Promise, Map]) Object.freeze(kind.prototype);"
GPC = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true });"
NO_LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined });"
ENDLESS_CSS = "addEventListener('DOMContentLoaded', () => { document.documentElement.style.cssText = 'font-size: 3px'; });"


@pytest.mark.parametrize("script", [BLOCKED, FULL, FROZEN, GPC, NO_LOCKS, ENDLESS_CSS])
def test_an_answer_arrives_whatever_the_page_or_the_browser_forbids(on_page: OnPage, host: HostPage, script: str) -> None:
    on_page.page.add_init_script(script)
    on_page.goes_to()
    on_page.sends("words")
    expect(on_page.part("thanks")).to_be_visible()
    assert [answer["answers"] for answer in host.finished()] == [{"mood": 2, "comment": "words"}]
    assert on_page.errors == []


def test_a_strict_policy_with_trusted_types_hears_of_nothing(on_page: OnPage) -> None:
    on_page.goes_to("/strict")
    on_page.sends()
    expect(on_page.part("thanks")).to_be_visible()
    assert on_page.errors == []


def test_snapshots_go_as_answers_are_given_under_one_id(on_page: OnPage, host: HostPage) -> None:
    on_page.goes_to()
    on_page.rates()
    for _ in range(50):  # a busy machine takes its time
        on_page.page.wait_for_timeout(200)
        if host.answers:
            break
    assert [(answer["seq"], answer["finished"]) for answer in host.answers] == [(1, False)]
    on_page.page.locator("[data-question=comment] textarea").fill("more")
    for _ in range(2):
        on_page.part("send").click()
    on_page.part("skip").click()
    expect(on_page.part("thanks")).to_be_visible()
    assert len({(answer["id"], answer["secret"]) for answer in host.answers}) == 1
    assert [answer["seq"] for answer in host.answers] == sorted({answer["seq"] for answer in host.answers})


def test_an_address_is_sent_but_never_lies_where_all_tabs_can_read(on_page: OnPage, host: HostPage) -> None:
    on_page.goes_to()
    on_page.writes("offline words")
    on_page.page.context.set_offline(True)
    on_page.page.locator("[type=email]").fill("maren@tern.example")
    on_page.page.locator("[data-question=contact] [type=checkbox]").check()
    on_page.part("send").click()
    expect(on_page.part("offline")).to_be_visible()
    expect(on_page.part("offline")).to_contain_text("You are offline.")
    assert "offline words" in on_page.kept()
    assert "maren" not in on_page.kept()
    on_page.page.context.set_offline(False)
    expect(on_page.part("thanks")).to_be_visible()
    assert host.finished()[-1]["answers"]["contact"] == {"email": "maren@tern.example", "consent": True}
    assert "queue" not in json.loads(on_page.kept())
    assert "maren" not in on_page.kept("sessionStorage")


def test_an_address_without_its_box_is_asked_about_and_skipping_drops_it(on_page: OnPage, host: HostPage) -> None:
    on_page.goes_to()
    on_page.writes("words")
    on_page.page.locator("[type=email]").fill("maren@tern.example")
    on_page.part("send").click()
    expect(on_page.part("problem")).to_contain_text("Tick the box")
    on_page.part("skip").click()
    expect(on_page.part("thanks")).to_be_visible()
    assert "maren" not in json.dumps(host.answers)


def test_what_the_server_refuses_is_told_and_not_tried_again(on_page: OnPage, host: HostPage) -> None:
    on_page.goes_to()
    on_page.writes("words")
    on_page.page.evaluate("() => { window.heard = []; FeedbackWidget.on('error', (what) => heard.push(what.reason)); }")
    host.status = 422
    on_page.part("skip").click()
    expect(on_page.part("trouble").locator("textarea")).to_have_value("words")
    expect(on_page.part("again")).to_have_count(0)
    assert "refused:422" in on_page.page.evaluate("heard")
    assert "queue" not in on_page.kept()


def test_what_the_server_refuses_can_be_put_right_and_sent(on_page: OnPage, host: HostPage) -> None:
    on_page.goes_to()
    on_page.writes("kept in the form")
    page = on_page.page
    page.locator("[type=email]").fill("maren@tern.example")
    box = page.locator("[data-question=contact] [type=checkbox]")
    box.check()
    host.status = 422
    on_page.part("send").click()
    on_page.part("trouble").locator("textarea").fill("kept in the form, and mended")
    on_page.part("amend").click()
    expect(box).to_be_focused()
    expect(page.locator("[type=email]")).to_have_value("maren@tern.example")
    page.locator("[type=email]").fill("maren@tern-air.example")
    host.status = 202
    on_page.part("send").click()
    expect(on_page.part("thanks")).to_be_visible()
    (answer,) = host.finished()
    assert answer["answers"]["comment"] == "kept in the form, and mended"
    assert answer["answers"]["contact"] == {"email": "maren@tern-air.example", "consent": True}


def test_with_the_whole_server_away_the_words_are_kept_and_go_out_when_it_is_back(on_page: OnPage, host: HostPage) -> None:
    on_page.page.clock.install()
    on_page.goes_to()
    on_page.writes("nobody answers")
    on_page.page.route("**/*", lambda route: route.abort())
    on_page.part("skip").click()
    for _ in range(10):
        on_page.page.clock.run_for(3_000)
    expect(on_page.part("offline")).to_be_visible()
    expect(on_page.part("offline")).to_contain_text("Your message is kept on this device")
    assert "nobody answers" in on_page.kept()
    on_page.page.unroute("**/*")
    for _ in range(30):
        on_page.page.clock.run_for(3_000)
        on_page.page.locator("[data-part=panel]").inner_text()  # a moment in which the answer may arrive
    expect(on_page.part("thanks")).to_be_visible()
    assert {answer["answers"]["comment"] for answer in host.finished()} == {"nobody answers"}
    assert len({answer["id"] for answer in host.answers}) == 1
    assert on_page.errors == []


def test_what_an_earlier_page_could_not_send_goes_out_later(on_page: OnPage, host: HostPage) -> None:
    on_page.goes_to()
    on_page.writes("left behind")
    on_page.page.context.set_offline(True)
    on_page.part("skip").click()
    on_page.part("done").click()
    on_page.page.evaluate("localStorage['fw:K:queue'] = localStorage['fw:K:queue'].replace(/\"due\":\\d+/, '\"due\":0')")
    on_page.page.context.set_offline(False)
    on_page.goes_to("/another")
    on_page.page.wait_for_timeout(1500)
    assert host.finished()[-1]["answers"]["comment"] == "left behind"


def test_in_ask_mode_nothing_is_kept_or_sent_before_send(on_page: OnPage, host: HostPage) -> None:
    host.config["site"]["consent"] = "ask"
    on_page.goes_to()
    on_page.leaves()
    on_page.rates()
    on_page.page.wait_for_timeout(900)
    assert (on_page.kept(), on_page.kept("sessionStorage"), host.answers) == ("{}", "{}", [])
    on_page.part("send").click()
    on_page.part("send").click()
    on_page.part("skip").click()
    expect(on_page.part("thanks")).to_be_visible()
    assert (on_page.kept(), on_page.kept("sessionStorage")) == ("{}", "{}")


def test_leaving_asks_once_and_moves_no_focus(on_page: OnPage, host: HostPage) -> None:
    on_page.goes_to()
    on_page.leaves()
    expect(on_page.part("panel")).to_be_visible()
    assert on_page.page.evaluate("document.activeElement === document.body")
    on_page.page.keyboard.press("F6")
    on_page.page.keyboard.press("Space")
    on_page.part("send").click()
    expect(on_page.part("thanks")).to_be_visible()
    signals = host.finished()[-1]["context"]["signals"]
    assert (signals["trigger"], signals["exit"], signals["left_without_goal"]) == ("exit_intent", True, "purchase")
    on_page.page.keyboard.press("Escape")
    on_page.leaves()
    expect(on_page.part("panel")).to_have_count(0)


@pytest.mark.parametrize("script", ["FeedbackWidget.goal('purchase')", "document.querySelector('[name=card]').focus()"])
def test_leaving_is_silent_after_the_goal_and_while_typing(on_page: OnPage, script: str) -> None:
    on_page.goes_to()
    on_page.page.wait_for_timeout(300)
    on_page.page.evaluate(script)
    on_page.page.keyboard.type("4")
    on_page.leaves()
    on_page.page.wait_for_timeout(400)
    expect(on_page.part("panel")).to_have_count(0)


def test_after_a_payment_was_tried_leaving_asks_again(on_page: OnPage) -> None:
    on_page.goes_to()
    on_page.page.locator("[name=card]").fill("4")
    on_page.page.get_by_role("button", name="Pay").click()
    on_page.leaves()
    expect(on_page.part("panel")).to_be_visible()


def test_while_a_case_is_open_nothing_comes_up_by_itself_and_an_answer_puts_a_dot_on_the_button(
    on_page: OnPage, host: HostPage
) -> None:
    on_page.goes_to("/plain")
    on_page.sends()
    expect(on_page.part("thanks")).to_be_visible()
    host.case = {"open": True, "answered": True}
    on_page.goes_to("/pay")
    expect(on_page.page.locator(".launch.dot")).to_be_visible()
    on_page.leaves()
    on_page.page.wait_for_timeout(400)
    expect(on_page.part("panel")).to_have_count(0)
    assert "has a case open" in on_page.page.evaluate("FeedbackWidget.explain().then(JSON.stringify)")


def test_the_host_page_stays_usable_around_the_widget(on_page: OnPage) -> None:
    """What lies under each point of the page is the same with the widget as without, apart from the button itself."""
    grid = """() => { const seen = []; for (let x = 5; x < 1280; x += 25) for (let y = 5; y < 800; y += 25)
        seen.push(document.elementFromPoint(x, y)?.tagName); return seen; }"""
    on_page.goes_to()
    under = on_page.page.evaluate(grid)
    on_page.page.evaluate("FeedbackWidget.remove()")
    covered = [have for have, had in zip(under, on_page.page.evaluate(grid), strict=True) if have != had]
    assert set(covered) == {"FEEDBACK-WIDGET"}
    assert len(covered) <= 16


def test_escape_gives_focus_back_and_keeps_the_words_for_the_visit(on_page: OnPage) -> None:
    on_page.goes_to()
    on_page.rates()
    on_page.page.locator("[data-question=comment] textarea").fill("half a thought")
    on_page.page.keyboard.press("Escape")
    expect(on_page.part("launcher")).to_be_focused()
    on_page.page.reload()
    on_page.part("launcher").click()
    expect(on_page.page.locator("[data-question=comment] textarea")).to_have_value("half a thought")


def test_loaded_twice_is_once_and_removed_is_gone(on_page: OnPage, host: HostPage) -> None:
    on_page.goes_to()
    on_page.page.evaluate("""(src) => new Promise((loaded) => {
      const tag = Object.assign(document.createElement('script'), { src, onload: loaded });
      tag.dataset.site = 'K';
      document.head.append(tag);
    })""", f"{host.origin}/widget.js")  # fmt: skip
    expect(on_page.page.locator("feedback-widget")).to_have_count(1)
    on_page.rates()
    on_page.page.evaluate("FeedbackWidget.remove()")
    expect(on_page.page.locator("feedback-widget")).to_have_count(0)
    assert on_page.page.evaluate("window.FeedbackWidget === undefined")
    on_page.leaves()
    assert on_page.errors == []


READ = [
    ("nps", "radio", range(11)), ("stars", "radio", [f"{n} of 5" for n in range(1, 6)]), ("csat", "radio", range(1, 6)),
    ("ces", "radio", range(1, 8)), ("smiley", "radio", range(1, 6)),
    ("choices", "checkbox", ["Seat map", "Ekstraordinærbagasjeforsikringsavtalen"]), ("yes_no", "radio", ["Yes", "No"]),
]  # fmt: skip
"""What readers are told of each."""


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_every_question_type_asks_answers_and_pleases_axe(on_page: OnPage, host: HostPage, width: int) -> None:
    on_page.page.set_viewport_size({"width": width, "height": 800})
    on_page.page.emulate_media(reduced_motion="reduce")
    on_page.goes_to("/plain")
    on_page.page.evaluate("FeedbackWidget.open('every_type')")
    for kind, role, names in READ:
        options = "".join(f'\n    - {role} "{name}"' for name in names)
        expect(on_page.part("step")).to_match_aria_snapshot(f'- group "A {kind} question?":{options}\n- button "Next"')
        on_page.part("send").click()
        expect(on_page.part("problem")).to_have_text("Choose one to go on.")
        on_page.page.locator("label.opt").nth(1).click()
        assert faults(on_page.page, "feedback-widget") == []
        assert on_page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        on_page.part("send").click()
    on_page.page.locator("textarea").fill("ก" * 60)
    on_page.part("send").click()
    expect(on_page.part("problem")).to_contain_text("10 letters too many")
    on_page.page.locator("textarea").fill("ไม่กล้ากดซ้ำ")
    on_page.part("send").click()
    expect(on_page.part("thanks")).to_be_visible()
    assert host.finished()[-1]["answers"] == {
        "nps": 1, "stars": 2, "csat": 2, "ces": 2, "smiley": 2, "choices": ["other"], "yes_no": False, "text": "ไม่กล้ากดซ้ำ",
    }  # fmt: skip
