"""An amount as a table: each language writes it its own way, and it never parts at the end of a line."""

from __future__ import annotations

import pytest

from widget_server.recovery.amounts import gesture_words, money


@pytest.mark.parametrize(
    ("language", "currency", "written"),
    [
        ("en", "EUR", "€4,500.00"),
        ("en", "NOK", "4,500.00\u00a0NOK"),
        ("th", "EUR", "€4,500.00"),
        ("th", "NOK", "4,500.00\u00a0NOK"),
        ("nl", "EUR", "€\u00a04.500,00"),
        ("nl", "NOK", "4.500,00\u00a0NOK"),
        ("no", "NOK", "4\u202f500,00\u00a0kr"),
        ("no", "EUR", "4\u202f500,00\u00a0€"),
        ("no", "SEK", "4\u202f500,00\u00a0SEK"),
        ("nl", "JPY", "450.000\u00a0JPY"),
        ("de", "EUR", "4.500,00\u00a0€"),
        ("fr", "EUR", "4\u202f500,00\u00a0€"),
        ("es", "EUR", "4.500,00\u00a0€"),
        ("it", "EUR", "4.500,00\u00a0€"),
        ("pt", "EUR", "4.500,00\u00a0€"),
        ("sv", "SEK", "4\u00a0500,00\u00a0kr"),
        ("da", "DKK", "4.500,00\u00a0kr."),
        ("fi", "EUR", "4\u00a0500,00\u00a0€"),
        ("pl", "PLN", "4\u00a0500,00\u00a0zł"),
        ("tr", "TRY", "₺4.500,00"),
        ("ar", "EUR", "4,500.00\u00a0€"),
        ("he", "ILS", "4,500.00\u00a0₪"),
        ("ja", "JPY", "¥450,000"),
        ("ja", "EUR", "€4,500.00"),
        ("zh", "CNY", "¥4,500.00"),
        ("zh", "JPY", "450,000\u00a0JPY"),
        ("th", "THB", "฿4,500.00"),
        ("en", "KWD", "450.000\u00a0KWD"),
        ("ar", "UGX", "450,000\u00a0UGX"),
    ],
)
def test_each_language_writes_an_amount_its_own_way(language: str, currency: str, written: str) -> None:
    assert money(450_000, currency, language) == written


@pytest.mark.parametrize(("amount", "written"), [(5, "€0.05"), (4500, "€45.00"), (123_456_789, "€1,234,567.89")])
def test_small_and_large_amounts(amount: int, written: str) -> None:
    assert money(amount, "EUR", "en") == written


def test_a_gesture_that_costs_nothing_names_no_amount() -> None:
    assert gesture_words("A seat by the window", 0, "EUR", "nl") == "A seat by the window"
    assert gesture_words("Voucher {unit}", 4500, "NOK", "no") == "Voucher {unit} (45,00\u00a0kr)"
