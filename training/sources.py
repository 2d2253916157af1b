"""What may be learned from: our own corpus, and the public sets in the folder that `--data` names.

Each row knows its source, because what counts is how a model does on sources that it hasn't seen. A tenth of each
public set, chosen by a hash of its text, is for measuring and never trained on; of our corpus as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

CORPUS = Path(__file__).with_name("corpus")
LABELS = ("negative", "neutral", "positive")
SIGNS = {"-": 0, "0": 1, "+": 2}
TESTED = 10
"""One of so many rows is held out."""

FAILING = frozenset(["Refund_not_showing_up", "balance_not_updated_after_bank_transfer", "balance_not_updated_after_cheque_or_cash_deposit", "beneficiary_not_allowed", "card_not_working", "card_payment_fee_charged", "card_payment_not_recognised", "card_payment_wrong_exchange_rate", "card_swallowed", "cash_withdrawal_charge", "cash_withdrawal_not_recognised", "contactless_not_working", "declined_card_payment", "declined_cash_withdrawal", "declined_transfer", "direct_debit_payment_not_recognised", "extra_charge_on_statement", "failed_transfer", "pin_blocked", "reverted_card_payment?", "top_up_failed", "top_up_reverted", "transaction_charged_twice", "transfer_fee_charged", "transfer_not_received_by_recipient", "unable_to_verify_identity", "virtual_card_not_working", "wrong_amount_of_cash_received", "wrong_exchange_rate_for_cash_withdrawal"])
"""banking77's intents that tell of friction, whatever the tone."""
MIXED = frozenset(["activate_my_card", "card_arrival", "card_acceptance", "compromised_card", "lost_or_stolen_card", "lost_or_stolen_phone", "passcode_forgotten", "pending_card_payment", "pending_cash_withdrawal", "pending_top_up", "pending_transfer", "request_refund", "transfer_timing", "top_up_by_card_charge", "edit_personal_details", "verify_top_up", "topping_up_by_card", "card_linking", "transfer_into_account", "card_delivery_estimate", "terminate_account", "cancel_transfer", "top_up_by_cash_or_cheque"])
"""Its intents that hold both kinds: neither label would be right."""


@dataclass(frozen=True)
class Example:
    text: str
    language: str
    source: str  # "vader-tweets", "own-site"
    sentiment: int | None  # place in LABELS
    friction: bool | None
    topics: tuple[str, ...] = ()

    @property
    def held_out(self) -> bool:
        return held_out(self.text)


def held_out(text: str) -> bool:
    """Whether a text belongs to the part that is measured on, wherever it is found."""
    return sha256(" ".join(text.split()).casefold().encode()).digest()[0] % TESTED == 0


def examples(language: str, data: Path | None) -> list[Example]:
    """All that is there for `language`, each text once."""
    seen: dict[str, Example] = {}
    for example in (*own(language), *(public(language, data) if data else ())):
        seen.setdefault(" ".join(example.text.split()).casefold(), example)
    return list(seen.values())


def own(language: str) -> Iterator[Example]:
    """Our corpus: sentiment, friction, topics and text, parted by tabs."""
    for path in sorted((CORPUS / language).glob("*.tsv")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            parts = line.split("\t")
            if len(parts) != 4 or parts[0] not in SIGNS or parts[1] not in ("f", "."):
                raise ValueError(f"{path.name} of {language}, line {number}: give sentiment, friction, topics and text")
            topics = tuple(filter(None, parts[2].replace(".", "").split(",")))
            yield Example(parts[3], language, f"own-{path.stem}", SIGNS[parts[0]], parts[1] == "f", topics)


def public(language: str, data: Path) -> Iterator[Example]:
    for path in sorted(data.glob("*.jsonl")):
        if path.stem.split("-")[0] == language:
            for line in path.read_text("utf-8").splitlines():
                if line.strip() and (example := _public(json.loads(line), language)):
                    yield example


def _public(row: dict[str, object], language: str) -> Example | None:
    source, text = str(row.get("source", "given")), str(row["text"])
    if row.get("label") in LABELS:
        return Example(text, language, source, LABELS.index(str(row["label"])), None)
    intents = row.get("intents")
    if not isinstance(intents, list):
        return None
    if source == "banking77":
        if intents[0] in MIXED:
            return None
        return Example(text, language, source, None, intents[0] in FAILING)
    return Example(text, language, source, None, "wrong_notworking_notshowing" in intents)
