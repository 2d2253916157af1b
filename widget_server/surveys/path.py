"""Which way answers take through a survey: which questions are asked, and with which thanks it ends. Pure.

The widget walks the same way (`widget_js/src/logic/path.ts`; `flow.ts` where nothing leads on); both are held to
tests/contract/paths.json and to random surveys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from widget_server.conditions import holds
from widget_server.surveys.texts import Translated

if TYPE_CHECKING:
    from widget_server.surveys.definition import Definition
    from widget_server.surveys.questions.question import Question

NEXT, END = "next", "end"
"""What a question may lead to, besides the key of one below it."""
SIGNALS = (
    "rage_clicks", "dead_clicks", "form_errors", "errors", "back_and_forth", "exit", "dwell_seconds", "left_without_goal",
)  # fmt: skip
PLACE_FACTS = ("opened_by", "device", "language", *(f"signals.{name}" for name in SIGNALS))
"""Facts about the moment at which a survey was opened; beside them stand `answers.…` and `attribute.…`."""


@dataclass(frozen=True)
class Thanks:
    title: Translated
    text: Translated | None = None


@dataclass(frozen=True)
class ThanksVariant:
    """Other thanks while a condition holds; the first that holds is shown."""

    condition: Mapping[str, Any]
    thanks: Thanks


@dataclass(frozen=True)
class Lead:
    """Where a question leads on to: `next`, `end`, or the key of a question below. No condition: always."""

    go: str
    condition: Mapping[str, Any] | None = None
    thanks: Thanks | None = None


@dataclass
class Path:
    asked: list[Question] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    thanks: Thanks | None = None
    """That of the rule which ended the survey, if it brought its own."""


def path_of(
    definition: Definition, answers: Mapping[str, Any], opening: Mapping[str, Any] | None = None
) -> Path:
    """The path that these answers took.

    A question is asked when its `show_if` holds of the answers before it that were asked for themselves; what was
    answered on a way that was left again counts for nothing. Where a question leads on is looked at after those that
    open in place below it.

    Args:
        opening: what was known when the survey was opened (`opening_facts`).
    """
    path = Path(
        facts={name: value for name, value in (opening or {}).items() if not name.startswith("answers.")}
    )
    to: str | None = None
    passed_over = False
    for question in definition.questions:
        if not question.in_place:
            passed_over = to is not None and to not in (NEXT, question.key)
            to = to if passed_over else None
        if passed_over or not (question.show_if is None or holds(question.show_if, path.facts)):
            continue
        path.asked.append(question)
        for name in question.names:
            if is_fact(answers.get(name)):
                path.facts[f"answers.{name}"] = answers[name]
        lead = first_that_holds(question.leads_to, path.facts)
        if lead is not None:
            to, path.thanks = lead.go, lead.thanks
    return path


def first_that_holds(leads: tuple[Lead, ...], facts: Mapping[str, Any]) -> Lead | None:
    return next((lead for lead in leads if lead.condition is None or holds(lead.condition, facts)), None)


def thanks_of(definition: Definition, path: Path) -> Thanks:
    """How the survey ends: as the rule that ended it says, else by the first variant that holds, else as ever."""
    if path.thanks is not None:
        return path.thanks
    for variant in definition.thanks_variants:
        if holds(variant.condition, path.facts):
            return variant.thanks
    return Thanks(definition.thanks_title, definition.thanks_text)


def is_fact(answer: Any) -> bool:
    """Whether conditions may look at this answer: an address and other objects are no facts, and nor is nothing."""
    return answer is not None and answer != "" and answer != [] and not isinstance(answer, Mapping)


def opening_facts(context: Mapping[str, Any], language: str | None) -> dict[str, Any]:
    """What was known when a survey was opened, of a response that came without saying it (`at_opening`)."""
    signals = context.get("signals") or {}
    facts = {f"signals.{name}": signals.get(name) for name in SIGNALS}
    facts |= {f"attribute.{name}": value for name, value in (context.get("facts") or {}).items()}
    facts |= {"opened_by": signals.get("trigger"), "device": context.get("device"), "language": language}
    return {name: value for name, value in facts.items() if value is not None}


def leads_from(leads: Sequence[Mapping[str, Any]] | None) -> tuple[Lead, ...]:
    """Read checked `leads_to`."""
    return tuple(Lead(one["go"], one.get("if"), thanks_from(one.get("thanks"))) for one in leads or ())


def variants_from(thanks: Mapping[str, Any]) -> tuple[ThanksVariant, ...]:
    """Read checked `thanks.variants`."""
    return tuple(
        ThanksVariant(one["if"], Thanks(one["title"], one.get("text")))
        for one in thanks.get("variants") or ()
    )


def thanks_from(thanks: Mapping[str, Any] | None) -> Thanks | None:
    return Thanks(thanks["title"], thanks.get("text")) if thanks else None
