"""What every question type is: one class a type, one file a type, with the same name as its file in the widget.

A type says which keys of the survey file it takes and what must fit in them, what the widget is told, what a valid
answer is and what becomes of it, and how it reads in the console and in exports. All of it is pure. What stands here
is the plainest type: one answer, kept and counted under the question's own key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from marshmallow import fields

from widget_server.surveys.findings import Finding, Where
from widget_server.surveys.questions.question import Closed, Kept, Question

Content = Mapping[str, Any]
"""A question as it stands in the survey file, its shape checked."""
Counted = Sequence[tuple[float | None, str | None, int]]
"""Number, key, and how many gave this answer."""
Cell = str | int | float | None


class Kind:
    name: str
    takes: ClassVar[Mapping[str, Callable[[], fields.Field[Any]]]] = {}
    """Keys of the survey file beyond those of every question → the field that reads each. One key has one shape for
    all the types that take it."""
    asks = True
    """Whether there is anything to answer."""
    must_not_be_required: str | None = None
    """Why nobody is made to answer it, in a sentence."""
    is_written = False
    """Whether the answer is somebody's own words: kept as a text, erasable."""
    has_page_words = False
    """Whether what is kept may hold words of the page, and is redacted as those are."""
    is_counted = True
    """Whether its answers are shown as counts."""
    ends: tuple[float, float] | None = None
    """The worst and the best number that can be answered, where that says how content somebody is."""

    # The survey file, and what the widget is told.

    def findings(self, content: Content, place: Where) -> Iterator[Finding]:
        """What does not fit, beyond keys that the type does not take."""
        yield from ()

    def texts(self, content: Content) -> Iterator[tuple[Where, Mapping[str, Any]]]:
        """What is said in each language beyond text and hint, with its place inside the question."""
        yield from ()

    def facts(self, content: Content) -> tuple[str, ...]:
        """What conditions may look at, as in `answers.<name>`."""
        return (content["key"],)

    def compared(self, content: Content, operator: str, value: Any) -> tuple[str, str] | None:
        """Why no answer, nor a row of it, is ever like what a condition compares it with, and what to write instead."""
        return None

    def further(self, content: Content) -> tuple[Content, ...]:
        """Questions that this one brings with it, right below it."""
        return ()

    def told(self, question: Question, language: str) -> dict[str, Any]:
        """What the widget is told beyond what it is told of every question."""
        return {}

    # An answer that comes in.

    def numbers(self, question: Question) -> tuple[int, ...]:
        """The numbers that it can be answered with, from the least."""
        return ()

    def fault(self, question: Question, value: Any) -> str | None:
        """What is wrong with an answer, in a sentence; a tab parts a deeper pointer from it."""
        raise NotImplementedError

    def kept(self, question: Question, value: Any) -> Kept:
        """What becomes of an answer without fault."""
        return Kept({question.key: value}, (self.closed(question, value),))

    def closed(self, question: Question, value: Any) -> Closed:
        """The row that is counted."""
        return Closed(question.key, self.name, key=value)

    def named(self, question: Question, value: Any) -> Mapping[str, Any]:
        """An answer as it came, by the names that conditions know it under."""
        return {question.key: value}

    # How it reads.

    def parts(self, question: Question) -> tuple[Question, ...]:
        """What is counted, read and exported for itself."""
        return (question,)

    def in_words(self, question: Question, value: Any, language: str) -> str:
        """For staff: 'Poor, 2 of 5', 'Payment', 'Yes'."""
        return str(value)

    def cell(self, question: Question, value: Any, language: str) -> Cell:
        """For a table. A text is looked for among the texts first; here it was erased."""
        return None if value is None else str(value)

    def bars(self, question: Question, counted: Counted, language: str) -> list[tuple[str, int]]:
        """Each answer that can be given, in the order in which it is read, and how many gave it."""
        return []

    def rated(self, value: object) -> float | None:
        """A kept answer as the number that stands between the ends."""
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    def reason(self, number: float, value: float) -> str:
        """A rating in words: 'two stars'. `value` is 0 for the worst, 1 for the best."""
        return f"{number:g}"
