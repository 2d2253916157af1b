"""A real SMTP server on a free loopback port, that can be told to behave badly; and a message to send."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.postgres import free_port
from widget_server.config import Smtp
from widget_server.delivery.transports.outcome import Message


class Mailbox:
    """What aiosmtpd asks. `answer` is what it says to DATA, `to_recipient` to RCPT; None: all is well."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answer: str | None = None
        self.to_recipient: str | None = None
        self.delay = 0.0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.to_recipient:
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer:
            return self.answer
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        self.recipients += envelope.rcpt_tos
        return "250 taken"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, Smtp]]:
    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    yield box, settings_for(port)
    controller.stop()


def settings_for(port: int, **changes: Any) -> Smtp:
    values: dict[str, Any] = {
        "host": "127.0.0.1", "sender": "Tern Air <care@tern.example>", "username": None, "password": None,
        "security": "none",
    }  # fmt: skip
    return Smtp(port=port, **(values | changes))


@pytest.fixture
def rude_server() -> Iterator[Callable[[bytes, float], Smtp]]:
    """`rude_server(words, pause)`: says `words` a byte at a time with a pause after each, then stays silent."""
    open_: list[socket.socket] = []

    def start(words: bytes, pause: float) -> Smtp:
        listener = socket.create_server(("127.0.0.1", 0))
        open_.append(listener)

        def talk() -> None:
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                open_.append(connection)
                for byte in words:
                    connection.sendall(bytes([byte]))
                    time.sleep(pause)

        threading.Thread(target=talk, daemon=True).start()
        return settings_for(listener.getsockname()[1])

    yield start
    for one in open_:
        one.close()


def a_message(**changes: Any) -> Message:
    values: dict[str, Any] = {
        "key": "0199-key", "recipient": "mara@customer.example", "subject": "Your payment",
        "body": "Dear Mara,\nwe are sorry.\n", "language": "en",
        "at": 1_795_000_000_000, "automatic": False,
    }  # fmt: skip
    return Message(**(values | changes))
