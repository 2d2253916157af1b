"""What a widget is told: the site's config, and one survey in one language, as the protocol spells them. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from widget_server.conditions import facts_named, operators_named
from widget_server.sites.help import Entry
from widget_server.sites.logo import logo_of
from widget_server.sites.placement import USUAL
from widget_server.sites.queries import PublicSite
from widget_server.sites.theme import compute
from widget_server.surveys.definition import Definition
from widget_server.surveys.path import Lead, Thanks
from widget_server.surveys.queries import KnownVersion, LiveSurvey
from widget_server.surveys.questions.question import Question, Variant
from widget_server.surveys.texts import MERGED, spoken

PROTOCOL = 1
READ_TEXTS = ("contains", "matches")
ANYWHERE = "*"  # a selector that every page meets


def as_bytes(body: Mapping[str, Any]) -> bytes:
    """The JSON as it is sent: compact, in UTF-8."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def config(site: PublicSite, surveys: Iterable[LiveSurvey]) -> dict[str, Any]:
    """GET /v1/sites/K/config: enough to draw the button and to decide; words come when a survey is armed."""
    # the rest is asked on the customer's page, or on a page of its own
    live = [one for one in surveys if one.definition.purpose == "listen" and not one.definition.hosted_only]
    logo = logo_of(site.theme)
    said = {
        "p": PROTOCOL,
        "site": without_defaults(
            {
                "key": site.key,
                "name": site.name,
                "language": site.language,
                "languages": list(site.languages),
                "zone": site.zone,
                "consent": site.consent_mode,
                "phone": site.phone,
            }
        ),
        "button": _button(site, live),
        "theme": compute(site.theme).as_json() | ({"logo": logo.as_told(site.key)} if logo else {}),
        "surveys": [_named(survey, site) for survey in live],
    }
    more = {"places": ANYWHERE if logo or site.help or _is_placed(site, live) else None, "help": bool(site.help)}
    return said | without_defaults(more)


def _is_placed(site: PublicSite, live: list[LiveSurvey]) -> bool:
    """Whether every page needs the chunk for what is no button in a lower corner with a panel beside it."""
    asks = any(one.definition.display == "modal" or one.definition.opened_by for one in live)
    return asks or bool(site.button_opener) or site.button_position not in USUAL


def help_list(language: str, entries: Iterable[Entry]) -> dict[str, Any]:
    """GET /v1/sites/K/help/<lang>: what may help while somebody writes; the language is that of the entries."""
    return {"p": PROTOCOL, "lang": language, "entries": [entry.told for entry in entries]}


def hosted_config(site: PublicSite, survey: LiveSurvey) -> dict[str, Any]:
    """The same for a page of ours that asks one survey, which may be one that no other page hears of."""
    return config(site, ()) | {"surveys": [_named(survey, site)]}


def _button(site: PublicSite, live: list[LiveSurvey]) -> dict[str, Any] | None:
    survey = next((one for one in live if one.key == site.button_survey), None)
    if survey is None:
        return None
    label = survey.definition.button_label or survey.definition.title
    written = [language for language in survey.definition.languages if language in label] or list(label)
    told = {language: label[language] for language in spoken_here(written, site)}
    said = {"survey": survey.key, "version": survey.version, "position": site.button_position, "label": told}
    return said | without_defaults({"hidden": site.button_position not in USUAL, "opened_by": site.button_opener or None})


def spoken_here(languages: Iterable[str], site: PublicSite) -> list[str]:
    """Those that the site speaks, else the first: a page pays for each that is named, and there is never none."""
    known = list(languages)
    speaks = {site.language, *site.languages}
    speaks |= {language.partition("-")[0] for language in speaks}
    speaks |= {MERGED[language] for language in speaks if language in MERGED}
    return [language for language in known if language in speaks] or known[:1]


def _named(survey: LiveSurvey, site: PublicSite) -> dict[str, Any]:
    definition = survey.definition
    return without_defaults(
        {
            "key": survey.key,
            "version": survey.version,
            "wave": survey.wave,
            "languages": spoken_here(definition.languages, site),
            "triggers": [dict(trigger) for trigger in definition.triggers],
            "targeting": definition.targeting,
            "frequency": without_defaults(asdict(definition.frequency)),
            "silenced_by": list(definition.silenced_by),
            "percent": definition.percent,
            "schedule": schedule_ms(definition.schedule, site.zone) if definition.schedule else None,
            "display": definition.display if definition.display != "panel" else None,
            "opened_by": definition.opened_by,
        }
    )


def schedule_ms(schedule: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """`from` and `until` as ms since the epoch, read in the site's zone; days and hours as they are written."""
    said = dict(schedule)
    for end in ("from", "until"):
        if end in said:
            said[end] = int(datetime.fromisoformat(said[end]).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)
    return said


def survey(known: KnownVersion, language: str) -> dict[str, Any]:
    """GET /v1/sites/K/surveys/<key>/<version>/<lang>; the language is one of the survey's."""
    definition = known.definition
    thanks = _thanks(Thanks(definition.thanks_title, definition.thanks_text), language)
    if definition.thanks_variants:
        varied = definition.thanks_variants
        thanks["variants"] = [{"if": one.condition, **_thanks(one.thanks, language)} for one in varied]
    return without_defaults(
        {
            "p": PROTOCOL,
            "key": known.key,
            "version": known.hash,
            "lang": language,
            "title": spoken(definition.title, language),
            "minutes": definition.minutes if definition.minutes != 1 else None,
            "consent": _consent(definition, language),
            "questions": [_question(question, language) for question in definition.questions],
            "thanks": thanks or None,
            "logic": needs_logic(definition),
        }
    )


def needs_logic(definition: Definition) -> bool:
    """Whether the widget must fetch its `logic` chunk: for what does more than ask, and for operators that read texts."""
    if definition.thanks_variants or any(question.leads_to or question.must for question in definition.questions):
        return True
    variants = [variant for question in definition.questions for variant in question.variants]
    if any(variant.hint for variant in variants):
        return True
    said = [question.text for question in definition.questions] + [variant.text for variant in variants]
    said += [definition.thanks_title, definition.thanks_text or {}]
    if any("{answers." in words for text in said for words in text.values()):
        return True
    conditions = [question.show_if for question in definition.questions]
    conditions += [variant.condition for variant in variants]
    facts = [fact for condition in conditions for fact in facts_named(condition)]
    if any(not fact.startswith("answers.") or fact.count(".") > 1 for fact in facts):
        return True  # the panel's own path knows no rows of an answer, and nothing of the moment
    return any(operator in READ_TEXTS for condition in conditions for operator in operators_named(condition))


def without_defaults(said: Mapping[str, Any]) -> dict[str, Any]:
    """What says something: null and false are what an absent field means, and each page pays for their bytes."""
    return {name: value for name, value in said.items() if value is not None and value is not False}


def _thanks(thanks: Thanks, language: str) -> dict[str, Any]:
    text = spoken(thanks.text, language) if thanks.text else None
    return without_defaults({"title": spoken(thanks.title, language) or None, "text": text})


def _lead(lead: Lead, language: str) -> dict[str, Any]:
    thanks = _thanks(lead.thanks, language) if lead.thanks else None
    return without_defaults({"if": lead.condition, "go": lead.go, "thanks": thanks})


def _consent(definition: Definition, language: str) -> dict[str, str] | None:
    if definition.consent is None:
        return None
    return {"version": definition.consent.version, "text": spoken(definition.consent.text, language)}


def _question(question: Question, language: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "key": question.key,
        "type": question.type,
        "required": question.required,
        "text": spoken(question.text, language),
        "hint": spoken(question.hint, language) if question.hint else None,
        "show_if": question.show_if,
        "in_place": question.in_place,
        "leads_to": [_lead(lead, language) for lead in question.leads_to] or None,
        "must": question.must,
        **question.kind.told(question, language),
    }
    if question.variants:
        said["variants"] = [_variant(one, language) for one in question.variants]
    return without_defaults(said)


def _variant(one: Variant, language: str) -> dict[str, Any]:
    hint = spoken(one.hint, language) if one.hint else None
    return without_defaults({"if": one.condition, "text": spoken(one.text, language), "hint": hint})
