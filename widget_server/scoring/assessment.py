"""The combination: does somebody need to be helped? A logistic over terms that each say why they count.

    needs_recovery = 1 / (1 + e^−(sum of all contributions)), flagged when ≥ 0.5

The shipped weights (`weights.py`) were set by hand from what must hold (data model, "Flagged"): a rating of 2 of 5 or
less flags whatever else is said; a strong cue flags despite 5 of 5; praise cancels nothing that a cue found; behaviour
alone is worth at most `SIGNALS_CAP`; without an analyser the rest carries more. Own weights are fitted inside of the
same bounds (`fit.py`). Pure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from widget_server.scoring.analysis import Analysis
from widget_server.scoring.friction import Friction, combined
from widget_server.scoring.language import Language
from widget_server.scoring.ratings import Rating
from widget_server.scoring.severity import Severity, severity_of
from widget_server.scoring.signals import Signals
from widget_server.scoring.weights import SHIPPED, Weights

THRESHOLD = 0.5
UNSURE = 0.4  # a chance of being negative up to which a text counts for nothing
TOLD = 0.5  # a chance of friction up to which the words count for nothing beside the cues
MOST_TOLD = 0.6  # what a sure reading counts for, beside cues of up to 0.9
QUESTION_DAMPS = 0.7  # of the negative text and of what is told beside cues, where all of it is plain questions

SIGNALS_CAP = 2.0
SIGNALS: tuple[tuple[str, float, float], ...] = (
    # name, weight for each, most that it may add
    ("left_without_goal", 0.5, 0.5),
    ("errors", 0.4, 1.2),
    ("form_errors", 0.3, 0.9),
    ("rage_clicks", 0.2, 1.2),
    ("back_and_forth", 0.2, 0.8),
    ("dead_clicks", 0.1, 0.5),
    ("dwell_minutes", 0.05, 0.25),
    ("exit", 0.1, 0.1),
)


@dataclass(frozen=True)
class Term:
    name: str
    value: float | None  # as it was read; None where it is missing
    weight: float
    contribution: float
    reason: str


@dataclass(frozen=True)
class Choice:
    """A chosen option to which the survey's author gave a kind of friction ("payment failed": strong)."""

    question: str
    label: str
    kind: str  # mild | friction | strong
    weight: float


@dataclass(frozen=True)
class Readings:
    """All that is known of a response, read but not yet weighed."""

    rating: Rating | None
    has_text: bool
    language: Language
    analysis: Analysis
    friction: Friction
    signals: Signals = field(default_factory=Signals)
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Assessment:
    needs_recovery: float  # 0…1
    flagged: bool
    friction: float  # 0…1, of cues and choices
    severity: Severity
    terms: tuple[Term, ...]
    reasons: tuple[str, ...]  # in plain words, strongest first
    threshold: float = THRESHOLD
    weights: str = SHIPPED.id
    likelihood: float | None = None  # how often such a score came true here; None without own labels


def assess(readings: Readings, weights: Weights = SHIPPED) -> Assessment:
    """Weigh the readings. The same readings and weights always give the same assessment."""
    terms = terms_of(readings, weights)
    total = sum(term.contribution for term in terms)
    needs = logistic(total)
    flagged = needs >= THRESHOLD
    return Assessment(
        needs_recovery=needs,
        flagged=flagged,
        friction=friction_score(readings),
        severity=severity_of(readings.rating, readings.friction, readings.signals, blocked_by=_blocking(readings)),
        terms=terms,
        reasons=_reasons(terms, readings, flagged),
        weights=weights.id,
        likelihood=round(weights.calibration.chance(total), 4) if weights.calibration else None,
    )


def terms_of(readings: Readings, weights: Weights) -> tuple[Term, ...]:
    """Everything that counts, with what it adds."""
    friction = friction_score(readings)
    return (
        _term("bias", 1.0, weights.bias, _STARTS[weights.bias < 0]),
        *_rating_terms(readings, friction, weights),
        *_text_terms(readings, friction, weights),
        *_signal_terms(readings.signals, weights.signals),
    )


def values_of(readings: Readings) -> dict[str, float]:
    """The values that weights are fitted to, by `weights.NAMES`: a term's contribution is its value times its weight."""
    values: dict[str, float] = {}
    for term in terms_of(readings, _UNIT):
        values[term.name] = term.contribution
    signals = sum(values.pop(name, 0.0) for name, _, _ in SIGNALS)
    text = values.pop("text", 0.0)  # negative words lie below 0, praise above
    return {**values, "negative_text": min(text, 0.0), "positive_text": max(text, 0.0), "signals": signals}


def friction_score(readings: Readings) -> float:
    """0…1: of cues of what wasn't put right, chosen options, and the words as a whole."""
    return combined(
        [(cue.text.casefold(), cue.weight) for cue in readings.friction.standing]
        + [(choice.label.casefold(), choice.weight) for choice in readings.choices]
        + [(READS_SO, told(readings.analysis))]
    )


_STARTS = {True: "most feedback needs no help", False: "where every response starts here"}
_UNIT = Weights("unit", *(1.0,) * 11)


def told(analysis: Analysis) -> float:
    """What the whole text adds to the cues, by its chance of telling of friction: 0…MOST_TOLD, 0 where it isn't clear."""
    sure = ((analysis.p_friction or 0.0) - TOLD) / (1 - TOLD)
    unasked = 1 - QUESTION_DAMPS * analysis.friction.questions
    return round(MOST_TOLD * max(0.0, sure) * unasked, 4)


def logistic(logit: float) -> float:
    """1 / (1 + e^−x), for any finite x."""
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else 1 - 1 / (1 + math.exp(logit))


def _term(name: str, value: float, weight: float, reason: str) -> Term:
    return Term(name, round(value, 4), round(weight, 4), round(value * weight, 4) + 0.0, reason)


def _missing(name: str, weight: float, reason: str) -> Term:
    return Term(name, None, round(weight, 4), round(weight, 4), reason)


READS_SO = "it reads as if something went wrong"
_TOGETHER = "trouble was told despite a good rating"


def _rating_terms(readings: Readings, friction: float, weights: Weights) -> list[Term]:
    """A rating speaks for itself, and a good one takes back nothing of the trouble that was told beside it."""
    rating = readings.rating
    told_of = [_term("friction", friction, weights.friction, _told_of(readings))] if friction else []
    if rating is None:
        return [_missing("no_rating", weights.no_rating, "no rating was given"), *told_of]
    centred = rating.value * 2 - 1
    terms = [_term("rating", centred, weights.rating, rating.reason), *told_of]
    if friction and centred > 0:
        terms.append(_term("rating_x_friction", centred * friction, weights.rating_x_friction, _TOGETHER))
    return terms


def _told_of(readings: Readings) -> str:
    return ", ".join(_quotes(readings)) or READS_SO


def _text_terms(readings: Readings, friction: float, weights: Weights) -> list[Term]:
    analysis = readings.analysis
    if not readings.has_text:
        return [_missing("no_text", weights.no_text, "nothing was written")]
    terms = []
    if analysis.label == "unsupported":
        terms.append(_missing("unsupported", weights.unsupported, _unsupported(readings)))
    unasked = 1 - QUESTION_DAMPS * readings.friction.questions
    rest = 1 - friction  # praise and good news don't cancel what a cue found
    negative, polarity = analysis.p_negative or 0.0, analysis.polarity or 0.0
    if negative > UNSURE:
        value = (UNSURE - negative) / (1 - UNSURE)
        terms.append(_term("text", value * unasked, weights.negative_text, _words(readings, "negative")))
    elif polarity > 0:
        terms.append(_term("text", polarity * rest, weights.positive_text, _words(readings, "positive")))
    if settled := (*readings.friction.resolved, *readings.friction.righted):
        terms.append(_term("resolved", rest, weights.resolved, f"'{settled[0].text}'"))
    return terms


def _signal_terms(signals: Signals, scale: float) -> list[Term]:
    """Each up to its own cap, in the order of the table, all of them up to SIGNALS_CAP; then times `scale`, 0…1."""
    minutes = signals.dwell_seconds / 60
    values = {**vars(signals), "dwell_minutes": minutes if minutes >= 2 else 0.0}
    terms, left = [], SIGNALS_CAP
    for name, weight, most in SIGNALS:
        value = float(bool(values[name])) if name in ("left_without_goal", "exit") else float(values[name])
        if value <= 0:
            continue
        contribution = round(min(value * weight, most, left), 4)
        left = round(left - contribution, 4)
        reason = _did(name, value, signals)
        terms.append(Term(name, round(value, 4), round(weight * scale, 4), round(contribution * scale, 4), reason))
    return terms


def _did(name: str, value: float, signals: Signals) -> str:
    number = int(value)
    plural = "" if number == 1 else "s"
    return {
        "left_without_goal": signals.left_reason,
        "errors": f"{number} error{plural} on the page",
        "form_errors": f"{number} time{plural} the form was refused",
        "rage_clicks": f"{number} burst{plural} of fast clicks",
        "back_and_forth": f"{number} time{plural} back and forth",
        "dead_clicks": f"{number} click{plural} that did nothing",
        "dwell_minutes": f"{number} min on the page",
        "exit": "moved to leave",
    }[name]


def _blocking(readings: Readings) -> tuple[str, ...]:
    return tuple(choice.label for choice in readings.choices if choice.kind == "strong")


def _unsupported(readings: Readings) -> str:
    if readings.language.code is None:
        return "language unknown, not scored: rating, cues and behaviour count"
    if readings.friction.languages:
        return "sentiment not scored: no analyser for the language; rating, cues and behaviour count"
    return "not scored: no analyser and no cues for the language; rating and behaviour count"


def _words(readings: Readings, kind: str) -> str:
    """The signs where there are no words, else in which way the words lean."""
    found = [span.text for span in readings.analysis.evidence if span.kind == kind]
    signs = [text for text in found if not any(letter.isalnum() for letter in text)]
    return " ".join(dict.fromkeys(signs[:3])) if signs and len(signs) == len(found) else f"{kind} words"


def _quotes(readings: Readings) -> list[str]:
    """The weightiest things said, in the customer's own words."""
    said = [(cue.weight, cue.text) for cue in readings.friction.standing]
    said += [(choice.weight, choice.label) for choice in readings.choices]
    ordered = sorted(said, key=lambda pair: -pair[0])
    return list(dict.fromkeys(f"'{' '.join(text.split())[:60]}'" for _, text in ordered))[:3]


def _reasons(terms: tuple[Term, ...], readings: Readings, flagged: bool) -> tuple[str, ...]:
    """Why it was flagged, or why it was not: the terms that pushed that way, strongest first."""
    sign = 1 if flagged else -1
    pushing = [t for t in terms if t.contribution * sign >= 0.05 and t.name not in ("bias", "rating_x_friction")]
    missing = ("no_rating", "no_text", "unsupported")
    pushing.sort(key=lambda term: (term.name in missing, -abs(term.contribution)))
    reasons: list[str] = []
    for term in pushing:
        if term.name == "friction":
            reasons += _quotes(readings) or [READS_SO]
        elif term.name not in missing:  # what was not there is shown among the terms
            reasons.append(term.reason)
    return tuple(dict.fromkeys(reasons)) or ("nothing pointed to a failure" if not flagged else "several small signs",)
