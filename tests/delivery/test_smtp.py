"""What the SMTP transport sends, and what it makes of each answer; against a real server."""

from __future__ import annotations

import time
from collections.abc import Callable
from email.message import EmailMessage

import pytest

from tests.delivery.conftest import Mailbox, a_message, settings_for
from tests.postgres import free_port
from widget_server.config import Smtp
from widget_server.delivery.transports import smtp
from widget_server.delivery.transports.outcome import Arrived, Refused, Unreached

Box = tuple[Mailbox, Smtp]


def words(mail: EmailMessage) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")


def test_a_mail_arrives_with_its_words_and_a_stable_message_id(mailbox: Box) -> None:
    box, settings = mailbox
    assert smtp.send(settings, a_message(body="Kjære Mara, vi beklager. ขอโทษ\n")) == Arrived()
    assert smtp.send(settings, a_message()) == Arrived()
    first, second = box.mails
    assert first["To"] == "mara@customer.example"
    assert first["From"] == "Tern Air <care@tern.example>"
    assert words(first) == "Kjære Mara, vi beklager. ขอโทษ\n"
    assert first["Message-ID"] == second["Message-ID"] == "<0199-key@tern.example>"


@pytest.mark.parametrize(
    "subject",
    ["Hi\r\nBcc: spy@evil.example", "Hi\nX: y", "Hi\r\n\r\nbody", "Hi\x0bBcc: spy@evil.example", "Hi\u2028Bcc: a@b.c",
     "Hi\0x", "\ud800 lone"],
)  # fmt: skip
def test_a_subject_stays_one_line_whatever_is_in_it(mailbox: Box, subject: str) -> None:
    box, settings = mailbox
    assert smtp.send(settings, a_message(subject=subject)) == Arrived()
    assert box.recipients == ["mara@customer.example"]
    assert box.mails[0]["Bcc"] is None
    assert box.mails[0]["X"] is None


@pytest.mark.parametrize(
    "recipient",
    ["a@b.example\r\nRCPT TO:<spy@evil.example>", "a@b.example, spy@evil.example", "a@b.example spy@evil.example",
     "<a@b.example>", "Mara <a@b.example>", "a@b@c.example", "@b.example", "a@", "", "a\0@b.example", "a@b.example>"],
)  # fmt: skip
def test_what_is_not_one_plain_address_is_refused_for_good(mailbox: Box, recipient: str) -> None:
    box, settings = mailbox
    assert isinstance(smtp.send(settings, a_message(recipient=recipient)), Refused)
    assert box.mails == []


def test_lines_of_a_body_that_look_like_smtp_stay_words(mailbox: Box) -> None:
    box, settings = mailbox
    body = "before\n.\nMAIL FROM:<spy@evil.example>\n" + "long " * 400 + "\n"
    assert smtp.send(settings, a_message(body=body)) == Arrived()
    assert words(box.mails[0]) == body


def test_an_address_beyond_ascii_arrives_where_the_server_takes_it(mailbox: Box) -> None:
    box, settings = mailbox
    assert smtp.send(settings, a_message(recipient="søren@kunde.example")) == Arrived()
    assert box.recipients == ["søren@kunde.example"]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("451 busy", Unreached), ("452 full", Unreached), ("550 no", Refused), ("554 spam", Refused)],
)
def test_a_server_that_says_5xx_means_it_and_4xx_means_later(mailbox: Box, answer: str, outcome: type) -> None:
    box, settings = mailbox
    box.answer = answer
    assert type(smtp.send(settings, a_message())) is outcome
    box.answer, box.to_recipient = None, answer
    assert type(smtp.send(settings, a_message())) is outcome


def test_the_reason_names_no_address(mailbox: Box) -> None:
    box, settings = mailbox
    box.to_recipient = "550 <mara@customer.example> is unknown here"
    outcome = smtp.send(settings, a_message())
    assert isinstance(outcome, Refused)
    assert "mara" not in outcome.reason
    assert "550" in outcome.reason


def test_nobody_at_the_port_is_worth_another_try() -> None:
    assert isinstance(smtp.send(settings_for(free_port()), a_message()), Unreached)


def test_a_host_without_an_address_is_worth_another_try() -> None:
    assert isinstance(smtp.send(settings_for(25, host="no-such-host.invalid"), a_message()), Unreached)


def test_a_silent_server_is_left_after_a_step(rude_server: Callable[[bytes, float], Smtp]) -> None:
    began = time.monotonic()
    assert isinstance(smtp.send(rude_server(b"", 0), a_message(), step_seconds=0.3), Unreached)
    assert time.monotonic() - began < 10


def test_a_server_that_drips_is_left_after_the_whole(rude_server: Callable[[bytes, float], Smtp]) -> None:
    began = time.monotonic()
    settings = rude_server(b"220-" + b"x" * 1000, 0.05)
    assert isinstance(smtp.send(settings, a_message(), step_seconds=5, whole_seconds=0.5), Unreached)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("greeting", [b"554 go away\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"220\r\n500 what\r\n"])
def test_a_strange_greeting_is_worth_another_try(rude_server: Callable[[bytes, float], Smtp], greeting: bytes) -> None:
    assert isinstance(smtp.send(rude_server(greeting, 0), a_message(), step_seconds=0.3), Unreached)


def test_without_starttls_nothing_is_said_in_the_clear(mailbox: Box) -> None:
    box, settings = mailbox
    outcome = smtp.send(settings_for(settings.port, security="starttls"), a_message())
    assert isinstance(outcome, Unreached)
    assert box.mails == []
