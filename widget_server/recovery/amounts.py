"""Amounts of money in mails and on the customer's page, written as their language writes them. Pure.

No sign parts from its figure at the end of a line: the spaces inside an amount are unbreakable.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

NARROW, SPACE = "\u202f", "\u00a0"
SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}
WITHOUT_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
DECIMALS = dict.fromkeys(WITHOUT_DECIMALS.split(), 0) | dict.fromkeys(THREE_DECIMALS.split(), 3) | {"CLF": 4, "UYW": 4}
"""How many figures the minor unit has, where it isn't two: ISO 4217."""


@dataclass(frozen=True)
class Style:
    """How a language writes an amount; `signed` and `named` say where a sign and a name of three letters go."""

    thousands: str
    decimals: str
    signed: str
    named: str = f"{{figure}}{SPACE}{{unit}}"
    own: tuple[tuple[str, str], ...] = ()  # signs that only its own readers know


AFTER = f"{{figure}}{SPACE}{{unit}}"
PLAIN = Style(",", ".", "{unit}{figure}")
DOTS = Style(".", ",", AFTER)
SPACES = Style(SPACE, ",", AFTER)
STYLES = {
    "nl": Style(".", ",", f"{{unit}}{SPACE}{{figure}}"),
    "no": Style(NARROW, ",", AFTER, own=(("NOK", "kr"),)),
    "de": DOTS,
    "fr": Style(NARROW, ",", AFTER),
    "es": DOTS,
    "it": DOTS,
    "pt": DOTS,
    "sv": replace(SPACES, own=(("SEK", "kr"),)),
    "da": replace(DOTS, own=(("DKK", "kr."),)),
    "fi": SPACES,
    "pl": replace(SPACES, own=(("PLN", "zł"),)),
    "tr": Style(".", ",", "{unit}{figure}", own=(("TRY", "₺"),)),
    "ar": Style(",", ".", AFTER),
    "he": Style(",", ".", AFTER, own=(("ILS", "₪"),)),
    "ja": replace(PLAIN, own=(("JPY", "¥"),)),
    "zh": replace(PLAIN, own=(("CNY", "¥"),)),
    "th": replace(PLAIN, own=(("THB", "฿"),)),
}


def money(amount: int, currency: str, language: str) -> str:
    """An amount in minor units: 450000 EUR is €4,500.00 in English and € 4.500,00 in Dutch."""
    style = STYLES.get(language, PLAIN)
    sign = {**SIGNS, **dict(style.own)}.get(currency)
    template = style.signed if sign else style.named
    return template.format(figure=_figure(amount, currency, style), unit=sign or currency)


def for_staff(amount: int, currency: str) -> str:
    """The same for those who work here: in English, with plain spaces. 4500 EUR → '€45.00'."""
    return money(amount, currency, "en").replace(SPACE, " ")


def gesture_words(description: str, amount: int, currency: str, language: str) -> str:
    return f"{description} ({money(amount, currency, language)})" if amount else description


def decimals(currency: str) -> int:
    """How many figures stand behind the point: 2 for EUR, whose minor unit is the cent."""
    return DECIMALS.get(currency, 2)


def _figure(amount: int, currency: str, style: Style) -> str:
    places = decimals(currency)
    whole, part = divmod(amount, 10**places)
    grouped = f"{whole:,}".replace(",", style.thousands)
    return f"{grouped}{style.decimals}{part:0{places}d}" if places else grouped
