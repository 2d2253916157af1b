"""The base URL, as visitors reach it: https, ours, with the same secrets, and through as many proxies as we believe."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from widget_server import counting
from widget_server.checks.finding import Finding, well, wrong
from widget_server.checks.machine import MOST_APART
from widget_server.clock import SECOND, now_ms
from widget_server.config import Settings
from widget_server.health import DOCTOR, doctors_pass

PATIENCE_SECONDS = 5
ASKED = 4
"""How often: several web processes answer in turn."""
LOCAL = ("127.0.0.1", "localhost", "::1")


class Elsewhere(Exception):
    """Why the address could not be asked, in words."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def about_address(ours: Settings, served: bool) -> Iterator[Finding]:
    """`served`: whether a worker lives, so that a server is to be expected at a local address."""
    local = urlsplit(ours.base_url).hostname in LOCAL
    remedy = "" if ours.https or local else ": browsers on https pages refuse it; set WIDGET_BASE_URL to an https address"
    yield Finding("address", ours.https or local, f"{ours.base_url}{remedy}")
    if local and not served:
        yield well("reached", f"not asked: nothing is served at {ours.base_url} yet")
        return
    try:
        answers = [_ask(ours) for _ in range(ASKED)]
    except Elsewhere as why:
        yield wrong("reached", str(why))
        return
    yield well("reached", f"{ours.base_url}/healthz answers")
    yield from _judged(answers, ours)


def _ask(ours: Settings) -> dict[str, str]:
    """What the server there says of our request; empty where it does not know us."""
    url = f"{ours.base_url}/healthz"
    headers = {DOCTOR: doctors_pass(ours.secret_key, now_ms()), "Connection": "close"}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
    try:
        with opener.open(urllib.request.Request(url, headers=headers), timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 — http or https
            body, said, date = answer.read(10_000), answer.headers.get(DOCTOR), answer.headers.get("Date")
    except urllib.error.HTTPError as error:
        raise Elsewhere(f"{url} answers {error.code}: does the proxy lead to this server?") from error
    except urllib.error.URLError as error:
        raise Elsewhere(f"{url}: {_reason(error.reason)}") from error
    except (OSError, ValueError) as error:
        raise Elsewhere(f"{url} does not answer in {PATIENCE_SECONDS} s ({type(error).__name__})") from error
    if b'"process"' not in body:
        raise Elsewhere(f"{url} is answered by something else than widget-server")
    found = dict(part.split("=", 1) for part in (said or "").split() if "=" in part)
    return found | ({"date": date} if date else {})


def _reason(reason: object) -> str:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"its certificate is not believed ({reason.verify_message}): browsers will not believe it either"
    if isinstance(reason, ssl.SSLError):
        return f"TLS fails ({reason.reason}): is the proxy's certificate set up?"
    if isinstance(reason, ConnectionRefusedError):
        return "nobody listens there: start the server and its proxy"
    return f"it can't be reached from here ({reason}): look at its name in DNS, and at the firewall"


def _judged(answers: list[dict[str, str]], ours: Settings) -> Iterator[Finding]:
    if any("hops" not in answer for answer in answers):
        yield wrong("same secrets", "the server there has other secrets than this command: give every process the same "
                    "WIDGET_SECRET_KEY and WIDGET_ENCRYPTION_KEYS, or the same data folder")  # fmt: skip
        return
    yield well("same secrets", "the server there holds the same secret key")
    yield _hops(max(int(answer["hops"]) for answer in answers), ours.trusted_proxies)
    if ours.https and answers[0].get("scheme") != "https" and ours.trusted_proxies:
        yield wrong("proxy scheme", "the proxy does not say that visitors come by https: let it set X-Forwarded-Proto")
    yield from _processes({answer["process"] for answer in answers}, ours.limits_url)
    yield from _date(answers[0].get("date"))


def _hops(came: int, trusted: int) -> Finding:
    about = f"{came} addresses came in X-Forwarded-For, WIDGET_TRUSTED_PROXIES is {trusted}"
    if came == trusted:
        return well("proxy hops", about)
    if came > trusted:
        return wrong("proxy hops", f"{about}: every visitor counts as one address, the proxy's; set it to {came} if all of "
                     "them are yours")  # fmt: skip
    return wrong("proxy hops", f"{about}: a visitor can write any address, and so pass the limits; set it to {came}")


def _processes(seen: set[str], limits_url: str) -> Iterator[Finding]:
    if len(seen) > 1 and counting.in_memory(limits_url):
        yield wrong("limits", f"{len(seen)} web processes count each for itself (memory://): set WIDGET_LIMITS_URL to a "
                    "redis:// address")  # fmt: skip


def _date(said: str | None) -> Iterator[Finding]:
    try:
        at = int(parsedate_to_datetime(said or "").timestamp() * 1000)
    except ValueError:
        return
    if abs(at - now_ms()) > MOST_APART + 2 * SECOND:
        yield wrong("clock there", f"the server at {said} is {abs(at - now_ms()) / SECOND:.0f} s from this clock: use NTP")
