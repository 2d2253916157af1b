"""Mail over SMTP: one connection a message, its whole conversation bounded in time.

The Message-ID is made from the delivery's key, so a mail that a crash sends twice is recognisably one.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from threading import Timer

from widget_server.config import Smtp
from widget_server.delivery.transports.outcome import Arrived, Message, Outcome, Refused, Unreached

STEP_SECONDS = 10.0
"""How long one answer of the server may take."""
WHOLE_SECONDS = 45.0
"""How long the whole conversation may take: a server that drips a byte at a time is left."""


class BadAddress(ValueError):
    """Not an address that mail can be sent to."""


def send(
    smtp: Smtp, message: Message, *, step_seconds: float = STEP_SECONDS, whole_seconds: float = WHOLE_SECONDS
) -> Outcome:
    """Hand one message to the server. Never raises for what the server or the network does."""
    try:
        mail = compose(smtp, message)
    except BadAddress:
        return Refused("the address is not one that mail can be sent to")
    try:
        with _conversation(smtp, step_seconds, whole_seconds) as server:
            server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        return _judged(code, words, "the recipient", message.recipient)
    except smtplib.SMTPNotSupportedError as error:
        if "SMTPUTF8" in str(error):
            return Refused("the server does not take addresses with letters beyond ASCII")
        return Unreached(f"the server lacks what the settings ask for: {error}")
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        subject = "the sender" if isinstance(error, smtplib.SMTPSenderRefused) else "the message"
        return _judged(error.smtp_code, error.smtp_error, subject, message.recipient)
    except smtplib.SMTPAuthenticationError as error:
        return Unreached(f"the server refused our user name or password ({error.smtp_code})")
    except smtplib.SMTPResponseException as error:
        return Unreached(f"the server answered {error.smtp_code}: {_plain(error.smtp_error, message.recipient)}")
    except TimeoutError:
        return Unreached("the server did not answer in time")
    except UnicodeError:
        return Refused("the words could not be written as mail")
    except (smtplib.SMTPException, OSError) as error:
        return Unreached(f"no conversation with the server ({type(error).__name__})")
    return Arrived()


def compose(smtp: Smtp, message: Message) -> EmailMessage:
    """The mail as it goes out. Headers are one line each, whatever the words were.

    Raises:
        BadAddress: when the recipient is no address.
    """
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"] = smtp.sender
    mail["To"] = _address(message.recipient)
    mail["Subject"] = _one_line(message.subject)
    mail["Date"] = format_datetime(datetime.fromtimestamp(message.at / 1000, UTC))
    mail["Message-ID"] = f"<{message.key}@{smtp.sender.rpartition('@')[2].rstrip('>').strip()}>"
    mail["Content-Language"] = _one_line(message.language)
    if message.automatic:
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    mail.set_content(message.body.encode("utf-8", "replace").decode().replace("\0", ""))
    return mail


def _address(text: str) -> Address:
    """Exactly one plain address; a domain beyond ASCII goes out in its ASCII form (IDNA)."""
    local, _, domain = text.partition("@")
    if not local or not domain or any(ord(letter) <= 32 or letter in '@,;:<>()[]\\"\x7f' for letter in local + domain):
        raise BadAddress
    try:
        return Address(username=local, domain=domain.encode("idna").decode())
    except (ValueError, IndexError, MessageError):
        raise BadAddress from None


def _one_line(text: str) -> str:
    words = text.encode("utf-8", "replace").decode().replace("\0", " ").split()
    return " ".join(words)


@contextmanager
def _conversation(smtp: Smtp, step_seconds: float, whole_seconds: float) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context()
    ours = socket.gethostname() or "localhost"
    server: smtplib.SMTP
    if smtp.security == "tls":
        server = smtplib.SMTP_SSL(timeout=step_seconds, local_hostname=ours, context=context)
    else:
        server = smtplib.SMTP(timeout=step_seconds, local_hostname=ours)
    server._host = smtp.host  # type: ignore[attr-defined]  # TLS checks this name; connect() alone does not set it
    late = Timer(whole_seconds, _hang_up, [server])
    late.daemon = True
    late.start()
    try:
        code, words = server.connect(smtp.host, smtp.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)
        if smtp.security == "starttls":
            server.starttls(context=context)
        if smtp.username and smtp.password:
            server.login(smtp.username, smtp.password)
        yield server
        _goodbye(server)
    finally:
        late.cancel()
        server.close()


def _goodbye(server: smtplib.SMTP) -> None:
    with suppress(smtplib.SMTPException, OSError):  # it has the message already
        server.quit()


def _hang_up(server: smtplib.SMTP) -> None:
    if server.sock is not None:
        with suppress(OSError):
            server.sock.shutdown(socket.SHUT_RDWR)


def _judged(code: int, words: bytes | str, subject: str, recipient: str) -> Outcome:
    reason = f"the server refused {subject} ({code}): {_plain(words, recipient)}"
    return Refused(reason) if 500 <= code < 600 else Unreached(reason)


def _plain(words: bytes | str, recipient: str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return _one_line(text).replace(recipient, "<recipient>")[:200]
