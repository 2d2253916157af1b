"""Sentences as people write them, with what must go marked: ⟦kind:…⟧. What is not marked must stay.

Made for these tests; numbers are test numbers, ranges reserved for fiction, or of the right form and nobody's.
"""

from __future__ import annotations

import re

MARK = re.compile(r"⟦(card|iban|email|phone):([^⟧]*)⟧")

# language → (regions as the site and the form say them, sentences)
EXAMPLES: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "en": (("GB",), [
        "I paid with ⟦card:4111 1111 1111 1111⟧ and it failed twice.",
        "Card ⟦card:5555-5555-5555-4444⟧, expiry 12/27, seat 12A on TA214.",
        "My Amex is ⟦card:3782 822463 10005⟧.",
        "amex ⟦card:378282246310005⟧ declined",
        "Charged on ⟦card:4000056655665556⟧ at 10:45 on 2026-11-21.",
        "Use ⟦card:6011 1111 1111 1117⟧ instead please",
        "it was ⟦card:4222222222222⟧ an old one",
        "number: ⟦card:4111.1111.1111.1111⟧",
        "spelled out ⟦card:4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1⟧",
        "Write to ⟦email:jane.doe+travel@example.co.uk⟧, thanks.",
        "My address is ⟦email:j_doe99@mail.example.com⟧.",
        "reach me: jane ⟦email:jane(at)example.com⟧",
        "Please refund to ⟦iban:GB82 WEST 1234 5698 7654 32⟧.",
        "iban ⟦iban:GB82WEST12345698765432⟧ thank you",
        "Call me on ⟦phone:+44 20 7946 0958⟧ after six.",
        "call ⟦phone:07400 123456⟧ any time",
        "My mobile is ⟦phone:07400123456⟧.",
        "My phone: ⟦phone:020 7946 0958⟧",
        "⟦phone:+1 (415) 555-0132⟧ is my number in the US",
        "Ring me: ⟦phone:0044 7400 123456⟧",
        "Order 41234567 never arrived, ref TA-7Q4K2.",
        "Booking 9876543210 was cancelled.",
        "Seat 12A on flight TA214 on 21.11.2026 cost £1,250.00.",
        "The total was 418000 and then 1,299,000 kr.",
        "I use version 3.14.159.2653 of the app on Android 14.",
        "It said error 50012345 at 2026-11-21 10:45:30.",
        "Tracking number 1234567890128 says delivered.",
        "My IP shows as 192.168.100.200 in the log.",
        "Between 10:00 and 12:30 nothing worked, 404 and 500 errors.",
        "In 2024, 2025 and 2026 I flew 14, 27 and 31 times.",
        "From 2026-11-21 2026-11-28 we stay in Bergen.",
        "Meet me at the gate at noon, @ternair is no help.",
    ]),
    "nl": (("NO", "NL"), [
        "Mijn kaart ⟦card:5105 1051 0510 5100⟧ werd geweigerd.",
        "betaald met ⟦card:4012888888881881⟧, twee keer afgeschreven",
        "Stort terug op ⟦iban:NL91 ABNA 0417 1643 00⟧ graag.",
        "rekening ⟦iban:NL91ABNA0417164300⟧",
        "iban ⟦iban:nl91 abna 0417 1643 00⟧ op naam van Jansen",
        "Mail naar ⟦email:piet.de.vries@voorbeeld.nl⟧.",
        "Mijn adres: ⟦email:p.jansen@example.org⟧",
        "Bel me op ⟦phone:06-12345678⟧.",
        "bel ⟦phone:06 12 34 56 78⟧ na vijf uur",
        "telefoon ⟦phone:020-6235678⟧",
        "⟦phone:+31 6 12345678⟧ is mijn nummer",
        "mobiel: ⟦phone:0612345678⟧",
        "Bestelling 41234567 is nooit aangekomen.",
        "Factuurnummer 2026123456, bedrag € 1.250,00.",
        "Vlucht TA214 op 21-11-2026, stoel 12A.",
        "Boekingsnummer 0612345: bagage 23 kg, kostte 12.500,- euro.",
        "Versie 10.2.33 van de app loopt vast om 10:45.",
        "Van 1-12-2026 tot 14-12-2026 was de site traag.",
    ]),
    "no": (("NO",), [
        "Kortet mitt ⟦card:4925 0000 0000 0004⟧ ble belastet to ganger.",
        "kort ⟦card:5425233430109903⟧ virker ikke",
        "Tilbakebetal til ⟦iban:NO93 8601 1117 947⟧, takk.",
        "iban: ⟦iban:NO9386011117947⟧",
        "Send svar til ⟦email:kari.nordmann@eksempel.no⟧.",
        "e-post ⟦email:ola_n@student.example.no⟧ takk",
        "e-post: ⟦email:åse.ødegård@example.no⟧",
        "Ring meg på ⟦phone:412 34 567⟧.",
        "Tlf ⟦phone:22 34 56 78⟧ mellom 9 og 10",
        "mobil ⟦phone:+47 412 34 567⟧",
        "jeg har ⟦phone:41234567⟧, bare ring",
        "Tlf. ⟦phone:0047 41 23 45 67⟧",
        "Ordre 41234567 kom aldri fram.",
        "Bestilling nr. 98765432, sete 12A, fly TA214.",
        "Det kostet kr 12 500 000 og så 1 299 kr.",
        "Datoen 21.11.2026 og 20261121 gikk ikke.",
        "Versjon 22.34.56.78 av appen krasjer.",
        "Prisen gikk fra 4 990 til 12 990 kroner på 10 minutter.",
        "Sak 40506070 er ikke løst.",
    ]),
    "th": (("NO", "TH"), [
        "บัตร ⟦card:4111111111111111⟧ ใช้ไม่ได้",
        "บัตรเครดิต ⟦card:๔๑๑๑ ๑๑๑๑ ๑๑๑๑ ๑๑๑๑⟧ ถูกปฏิเสธ",
        "เลขบัตร⟦card:5555555555554444⟧ครับ",
        "อีเมล ⟦email:somchai@example.co.th⟧ ครับ",
        "ติดต่อที่⟦email:malee.s@example.com⟧นะคะ",
        "โทร ⟦phone:081-234-5678⟧ ได้เลย",
        "เบอร์⟦phone:0812345678⟧ครับ",
        "มือถือ ⟦phone:๐๘๑ ๒๓๔ ๕๖๗๘⟧",
        "⟦phone:+66 81 234 5678⟧ โทรกลับด้วย",
        "โทรศัพท์ ⟦phone:02-123-4567⟧",
        "หมายเลขคำสั่งซื้อ 0812345678 ไม่มา",
        "เที่ยวบิน TA214 ที่นั่ง 12A วันที่ 21/11/2569",
        "ราคา 12,500 บาท แพงกว่า 9,990 บาท",
        "รอ 45 นาที ตั้งแต่ 10:00 ถึง 10:45",
        "รหัสการจอง 9876543210 หาไม่เจอ",
    ]),
    "de": (("DE",), [
        "Meine Karte ⟦card:4242 4242 4242 4242⟧ wurde abgelehnt.",
        "Bitte auf ⟦iban:DE89 3704 0044 0532 0130 00⟧ überweisen.",
        "IBAN ⟦iban:DE89370400440532013000⟧",
        "Schreiben Sie an ⟦email:max.mustermann@beispiel.de⟧.",
        "Rufen Sie mich an: ⟦phone:030 23125 000⟧",
        "Handy ⟦phone:0171 1234567⟧",
        "Tel. ⟦phone:+49 171 1234567⟧",
        "Rechnung 2026001234 über 1.250,00 € vom 21.11.2026.",
        "Bestellung 0171123456 fehlt, Sitz 12A, Flug TA214.",
        "Die App 5.12.0 stürzt seit 10:45 Uhr ab.",
    ]),
    "fr": (("FR",), [
        "Ma carte ⟦card:4970 1000 0000 0154⟧ est refusée.",
        "Remboursez sur ⟦iban:FR14 2004 1010 0505 0001 3M02 606⟧.",
        "Écrivez à ⟦email:hélène.dupont@exemple.fr⟧ svp.",
        "Appelez le ⟦phone:01 23 45 67 89⟧ demain",
        "Portable ⟦phone:+33 6 12 34 56 78⟧",
        "Commande 0123456789012 perdue, siège 12A, vol TA214.",
        "Payé 1 250,00 € le 21/11/2026.",
        "Version 7.4.1, ticket 0612345678 sans réponse.",
    ]),
    "ar": (("AE",), [
        "بطاقتي ⟦card:٤١١١١١١١١١١١١١١١⟧ لا تعمل",
        "راسلني على ⟦email:ali@example.ae⟧ شكرا",
        "اتصل بي ⟦phone:+971 50 123 4567⟧",
        "الرحلة TA214 المقعد ١٢A يوم ٢١/١١/٢٠٢٦",
    ]),
    "ja": (("JP",), [
        "カード番号は⟦card:４１１１－１１１１－１１１１－１１１１⟧です。",
        "メールは ⟦email:taro@example.co.jp⟧ です",
        "電話 ⟦phone:+81 90 1234 5678⟧ まで",
        "便名TA214、座席12A、2026年11月21日、料金は12,500円。",
    ]),
    "fi-sv": (("FI", "SE"), [
        "Korttini ⟦card:4711 1000 0000 0000⟧ ei toimi.",
        "Tili ⟦iban:FI21 1234 5600 0007 85⟧ kiitos",
        "Soita ⟦phone:+358 40 1234567⟧.",
        "Kontot ⟦iban:SE45 5000 0000 0583 9825 7466⟧ gäller.",
        "Ring mig på ⟦phone:070-174 06 58⟧",
        "Tilaus 20261121 maksoi 1 250,00 €, paikka 12A.",
    ]),
}  # fmt: skip


def plain(sentence: str) -> str:
    return MARK.sub(r"\2", sentence)


def marked(sentence: str) -> list[tuple[str, str]]:
    """(kind, words) of all that must go."""
    return MARK.findall(sentence)
