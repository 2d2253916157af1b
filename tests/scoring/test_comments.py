"""What a comment alone, without a rating, is taken for. All sentences were written for these tests.

They guard what was reached and prove nothing about other people's sentences. What we know to be wrong stands in
KNOWN_WRONG and is not asserted.
"""

from __future__ import annotations

import pytest

from tests.scoring.reading import assessed

FRICTION = {
    "en": [
        "I could not find the checkout button",
        "My card was charged twice",
        "Great, another 3 hour delay",
        "The seat map never loads on my phone",
        "Still waiting for my refund",
        "Nobody answers the phone",
        "The confirm button does nothing",
        "I had to enter my passport number three times and then start over",
        "my bag didnt arrive",
        "It keeps sending me back to the same page",
        "login code never arrived",
        "Paid twice for the same seat, and the chat sent me round in circles.",
        "why can't I pay with my card?",
        "Not good.",
        "waaaay too slowwww",
        "Love the seats, but I couldn't add a bag.",
        "😡😡😡",
    ],
    "nl": [
        "Ik kan de knop niet vinden",
        "De betaling is mislukt",
        "Derde keer dat ik mijn stoel niet kan kiezen. De knop is gewoon weg.",
        "De bagageregels staan op drie verschillende pagina’s en spreken elkaar tegen.",
        "Er is twee keer afgeschreven",
        "Mijn koffer is nog steeds niet aangekomen",
        "Niemand neemt de telefoon op",
        "Fijn hoor, weer twee uur vertraging",
        "De site blijft laden",
        "Inloggen lukt niet meer sinds gisteren",
    ],
    "no": [
        "Fant ikke knappen for å betale",
        "Fikk ikke lagt til barnevogn på bagasjesiden, og ingen svarer på telefonen.",
        "Betalingen feilet to ganger",
        "Bagasjen kom aldri frem",
        "Appen viste feil gate. Rakk det akkurat, men det var ikke gøy.",
        "Jeg er trukket to ganger for samme billett",
        "Siden er utrolig treg",
        "Får ikke logget inn med BankID",
        "Flott, nok en gang tre timer forsinket",
    ],
    "th": [
        "ชำระเงินไปสองครั้งแล้ว แต่ยังไม่ได้รับตั๋ว พรุ่งนี้เช้าต้องบินแล้ว ติดต่อใครไม่ได้เลย",
        "หน้าเลือกที่นั่งไม่มีปุ่มยืนยันบนมือถือ ต้องไปใช้คอมพิวเตอร์ของเพื่อน",
        "หาปุ่มจ่ายเงินไม่เจอ",
        "จ่ายเงินด้วยบัตรไม่ผ่าน",
        "รอนานมาก ไม่มีใครตอบ",
        "แอพเด้งตลอด",
        "กระเป๋ายังไม่มา",
        "พนักงานพูดจาไม่ดี",
    ],
}

NO_FRICTION = {
    "en": [
        "great, no problems at all",
        "Never a delay in ten years",
        "Everything worked first time, thank you",
        "Where can I find the baggage allowance?",
        "What happens if my payment fails?",
        "Can I change my seat after booking?",
        "Your agent fixed my problem in two minutes",
        "The issue with my order was resolved quickly",
        "No hidden fees, no surprises",
        "Could not be happier with the service",
        "I can't wait for my trip",
        "ok",
        "How long is the delay usually?",
        "Not bad at all",
        "We did not have any trouble with the booking",
        "How do I report a problem with my bag?",
        "",
    ],
    "nl": [
        "Geen problemen, alles ging soepel",
        "Super geholpen, dank je wel",
        "Nooit vertraging gehad",
        "Waar kan ik mijn ticket downloaden?",
        "Wat als mijn vlucht vertraging heeft?",
        "Mijn probleem is snel opgelost",
        "Kan ik mijn stoel nog wijzigen?",
        "Heel fijn en een stuk sneller dan vroeger",
    ],
    "no": [
        "Ingen problemer, alt gikk fint",
        "Aldri forsinket, topp!",
        "Hvor finner jeg reglene for håndbagasje?",
        "Kan jeg endre sete etter at jeg har betalt?",
        "Veldig hyggelig betjening",
        "Problemet ble løst på fem minutter",
        "Hva skjer hvis flyet er forsinket?",
        "Kunne ikke vært bedre",
    ],
    "th": [
        "ดีมาก ไม่มีปัญหาเลย",
        "พนักงานน่ารัก บริการดี",
        "ไม่เคยดีเลย์เลย ประทับใจ",
        "น้ำหนักกระเป๋าได้กี่กิโลคะ",
        "ถ้าเที่ยวบินล่าช้าต้องทำอย่างไรคะ",
        "แก้ปัญหาให้เร็วมาก ขอบคุณค่ะ",
        "จองง่าย ราคาไม่แพง",
        "เปลี่ยนที่นั่งได้ไหมคะ",
    ],
}

KNOWN_WRONG = {
    "sarcasm without a cue": "Oh lovely, I do so enjoy reading terms and conditions at midnight",
    "friction told as a story": "By the time the map had appeared, my train had gone",
    "praise of another": "Your competitor is so much better, I'll book there",
    "a real need put as a plain question": "Is there a person I could talk to?",
}


def rows(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in table.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), rows(FRICTION))
def test_friction_flags_without_a_rating(language: str, text: str) -> None:
    assert assessed(text, language).flagged


@pytest.mark.parametrize(("language", "text"), rows(NO_FRICTION))
def test_praise_questions_and_solved_problems_do_not_flag(language: str, text: str) -> None:
    assert not assessed(text, language).flagged


@pytest.mark.parametrize(("language", "text"), rows(NO_FRICTION))
def test_a_happy_smiley_beside_them_does_not_flag_either(language: str, text: str) -> None:
    assert not assessed(text, language, mood=5).flagged


def test_the_table_is_large_enough_to_guard() -> None:
    assert len(rows(FRICTION)) + len(rows(NO_FRICTION)) >= 80
