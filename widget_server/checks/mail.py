"""The mail server: reached, encrypted as set, and our login accepted. No message is sent."""

from __future__ import annotations

import smtplib
import socket
import ssl

from widget_server.checks.finding import Finding, well, wrong
from widget_server.config import Smtp

PATIENCE_SECONDS = 5


def about_mail(smtp: Smtp | None) -> Finding:
    if smtp is None:
        return well("mail", "none is set up: messages stand in the console as 'would have been sent'")
    place = f"{smtp.host}:{smtp.port}"
    try:
        server = _connected(smtp)
    except ssl.SSLError as error:
        return wrong("mail", f"{place}: {_distrust(error)}")
    except (OSError, smtplib.SMTPException) as error:
        return wrong("mail", f"{place} does not answer ({error}): look at WIDGET_SMTP_HOST and _PORT, and the firewall")
    with server:
        return _spoken(server, smtp, place)


def _connected(smtp: Smtp) -> smtplib.SMTP:
    if smtp.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=PATIENCE_SECONDS, context=context)
    return smtplib.SMTP(smtp.host, smtp.port, timeout=PATIENCE_SECONDS)


def _spoken(server: smtplib.SMTP, smtp: Smtp, place: str) -> Finding:
    try:
        server.ehlo(socket.gethostname() or "localhost")
        if smtp.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if smtp.username and smtp.password:
            if smtp.security == "none" and smtp.host not in ("127.0.0.1", "localhost", "::1"):
                return wrong("mail", f"{place} would get our password unencrypted: set WIDGET_SMTP_SECURITY")
            server.login(smtp.username, smtp.password)
        code, words = server.mail(smtp.sender.rpartition("<")[2].rstrip(">"))
        server.rset()
    except smtplib.SMTPAuthenticationError as error:
        return wrong("mail", f"{place} refuses our user name or password ({error.smtp_code}): WIDGET_SMTP_USERNAME")
    except smtplib.SMTPNotSupportedError as error:
        return wrong("mail", f"{place} lacks what the settings ask for ({error}): look at WIDGET_SMTP_SECURITY")
    except ssl.SSLError as error:
        return wrong("mail", f"{place}: {_distrust(error)}")
    except (OSError, smtplib.SMTPException) as error:
        return wrong("mail", f"{place} broke off ({error})")
    if code != 250:
        return wrong("mail", f"{place} refuses our sender {smtp.sender} ({code} {words.decode(errors='replace')[:100]})")
    how = {"none": "unencrypted", "starttls": "with STARTTLS", "tls": "with TLS"}[smtp.security]
    return well("mail", f"{place} answers {how}" + (", and knows us" if smtp.username else ""))


def _distrust(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not believed ({error.verify_message}): mail would not be sent"
    return f"TLS fails ({error.reason}): is WIDGET_SMTP_SECURITY right? tls is for port 465, starttls for 587"
