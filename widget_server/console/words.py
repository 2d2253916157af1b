"""What the console calls things, pure: severities, steps, languages, initials, sums of money."""

from __future__ import annotations

from widget_server.desk.quotes import DELETED
from widget_server.recovery import amounts

SEVERITIES = {1: "Low", 2: "Medium", 3: "High", 4: "Severe"}
STEPS = ("Acknowledge", "Understand", "Resolve", "Follow up", "Document")
STATES = {"open": "Open", "waiting": "With the customer", "resolved": "Resolved", "closed": "Closed"}

LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "is": "Icelandic",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "ms": "Malay",
    "nb": "Norwegian", "nl": "Dutch", "nn": "Norwegian", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovene", "sr": "Serbian", "sv": "Swedish",
    "ta": "Tamil", "th": "Thai", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


def language_name(code: str | None) -> str:
    """'Thai' for th and th-TH; the code itself where we know no name."""
    if not code:
        return "Unknown language"
    return LANGUAGES.get(code.split("-")[0].lower(), code)


def severity_word(severity: int) -> str:
    return SEVERITIES.get(severity, "Low")


def initials(name: str) -> str:
    """'MS' for Maren Solli; one letter for one word; '?' for nobody."""
    parts = name.replace("@", " ").split()
    letters = [part[0] for part in (parts[:1] + parts[1:][-1:])]
    return "".join(letters).upper() or "?"


def first_name(name: str) -> str:
    return (name.split() or ["Somebody"])[0]


def money(amount: int, currency: str) -> str:
    """Minor units as people write them: 4500 EUR → '€45.00'."""
    return amounts.for_staff(amount, currency)


def unless_deleted(text: str) -> str:
    """What staff wrote down about a customer; in its place, whose wish it was that it went."""
    return "deleted by the customer" if text == DELETED else text


def upfirst(text: str) -> str:
    """A sentence's capital, nothing else changed."""
    return text[:1].upper() + text[1:]


def ordinal(n: int) -> str:
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def plural(n: int, one: str, many: str | None = None) -> str:
    """'1 case', '2 cases'."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def sentiment_word(polarity: float) -> str:
    """Five steps from −1 to 1."""
    for floor, word in ((0.6, "Very positive"), (0.2, "Positive"), (-0.2, "Neutral"), (-0.6, "Negative")):
        if polarity >= floor:
            return word
    return "Very negative"


def signed(number: float) -> str:
    """'−0.71' with a true minus."""
    return f"{number:+.2f}".replace("-", "−").replace("+0.00", "0.00")
