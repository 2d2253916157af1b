"""What is sent: complaints and praise of about twenty words with the widget's context; every third has a contact.

Each receiver gets the same words in its own shape.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from benchmarks.load import ID, SECRET, post
from tests.proofs.installation import ORIGIN

TEXTS = (
    "I could not find the payment button on my phone, the page jumped back twice and then my booking was gone.",
    "Lovely and easy, I found my seat in a minute and the confirmation came at once. Thank you all very much!",
    "Terrible. I paid twice for one ticket and nobody answers, neither the chat nor the phone. I want my money back.",
    "It works, but the calendar starts on Sunday and the prices show only after three clicks, which takes rather long.",
    "Checking in with a child was confusing because the form asked for her passport again after I had typed it in.",
    "Great service at the desk and on the site, friendly words, fair prices, and a refund that came after two days.",
)
"""None of them may be marked as spam or redacted: the work is the usual one."""

IN_LANGUAGES = {
    "en": "I could not find the payment button and then my booking was gone.",
    "nl": "De betaalknop was nergens te vinden en daarna was mijn boeking weg.",
    "no": "Jeg fant ikke betalingsknappen, og så var bestillingen min borte.",
    "th": "หาปุ่มชำระเงินไม่เจอ แล้วการจองของฉันก็หายไป",
    "de": "Den Knopf zum Bezahlen habe ich nicht gefunden, und dann war die Buchung weg.",
    "fr": "Je n'ai pas trouvé le bouton pour payer, puis ma réservation avait disparu.",
    "es": "No encontré el botón de pagar y después mi reserva había desaparecido.",
    "sv": "Jag hittade inte betalknappen och sedan var min bokning borta.",
    "da": "Jeg kunne ikke finde betalingsknappen, og så var min reservation væk.",
    "fi": "En löytänyt maksupainiketta, ja sitten varaukseni oli kadonnut.",
    "it": "Non ho trovato il pulsante per pagare e poi la prenotazione era sparita.",
    "pt": "Não encontrei o botão de pagar e depois a minha reserva tinha desaparecido.",
    "pl": "Nie znalazłem przycisku płatności, a potem moja rezerwacja zniknęła.",
}
"""In each language that is read, and in one that isn't: a worker that met them all has loaded all it ever loads."""

BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36",
    "Accept": "*/*",
    "Accept-Language": "en-GB,en;q=0.9",
    "Accept-Encoding": "gzip, deflate, br",
    "Origin": ORIGIN,
    "Referer": f"{ORIGIN}/",
}


def submission(number: int, version: str) -> dict[str, Any]:
    answers: dict[str, Any] = {"mood": number % 5 + 1, "comment": TEXTS[number % len(TEXTS)]}
    if number % 3 == 0:
        answers["contact"] = {"email": f"person{number}@mail.example", "name": "Kari", "consent": True}
    return {
        "p": 1, "id": ID.decode(), "secret": SECRET.decode(), "seq": 1, "finished": True, "survey": "feedback",
        "version": version, "lang": "en", "answers": answers, "at": {"started": 1790000000000, "sent": 1790000060000},
        "context": {
            "url": f"{ORIGIN}/booking/seats?step=2", "title": "Choose a seat", "referrer_host": "search.example",
            "tz": "Europe/Oslo", "locale": "en-GB", "device": "phone", "viewport": {"w": 390, "h": 844},
            "signals": {"rage_clicks": number % 3, "errors": number % 2, "dwell_seconds": 60, "trigger": "button"},
            "facts": {"route": "OSL-BGO", "cabin": "economy"},
            "trail": [{"at": 1000, "kind": "click", "what": "button.pay"}, {"at": 3000, "kind": "error", "what": "E42"}],
        },
    }  # fmt: skip


def requests(version: str, path: str = "/v1/sites/proof/responses", count: int = 30) -> list[str]:
    """As the widget sends them, and as the echo and the obvious version get them too."""
    headers = {**BROWSER, "Content-Type": "text/plain;charset=UTF-8"}
    return [post(path, json.dumps(submission(number, version)), headers) for number in range(count)]


def requests_in_languages(version: str, path: str = "/v1/sites/proof/responses") -> list[str]:
    """The same trouble once in each language, as the widget sends it from a page in that language."""
    headers = {**BROWSER, "Content-Type": "text/plain;charset=UTF-8"}
    made = []
    for number, (language, text) in enumerate(IN_LANGUAGES.items()):
        one = submission(number, version)
        made.append(post(path, json.dumps(one | {"lang": language, "answers": {"comment": text}}), headers))
    return made


def isso_requests(count: int = 30) -> list[str]:
    headers = {**BROWSER, "Content-Type": "application/json"}
    said = [
        {"title": "A page", "text": TEXTS[number % len(TEXTS)], "author": "Kari", "email": None, "parent": None}
        for number in range(count)
    ]
    return [post(f"/new?uri=%2Fpage-{number}", json.dumps(one), headers) for number, one in enumerate(said)]


def form_requests(path: str, fields: list[dict[str, str]], cookie: str) -> list[str]:
    headers = {**BROWSER, "Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    return [post(path, urlencode(one), headers) for one in fields]
