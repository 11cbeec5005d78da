"""The home page: status, bottom line, key judgments, open questions, topics and details of the briefing."""

from dataclasses import dataclass
from itertools import zip_longest

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.records import BriefingHead, Source
from briefing.views.disputed import worst_errors
from briefing.views.judgments import Judged, judgments
from briefing.views.statement import Answer, Link, Note, Numbering, Sentence, answers, named_sentences
from briefing.views.status_bar import StatusStrip, next_review, status_strip
from briefing.views.table import TableView, table_view
from briefing.views.timeline.events import Moment, milestones

# The home page shows the start of longer lists, and folds or links to the rest.
_MILESTONES = 5
_SHOWN_QUESTIONS = 3
_SHOWN_JUDGMENTS = 3
_SHOWN_ON_A_SIDE = 2


@dataclass(frozen=True, slots=True)
class Unknown:
    """An open question, what is known about it, and where we looked."""

    id: str
    asks: str
    known: str
    looked_for: str
    evidence: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """The content of the home page. ``base`` lists each source under analysis with its description and reliability.
    ``errors`` are the claims under analysis whose errors matter most. ``particulars`` are labels and values. The first
    ``shown_questions``, ``shown_judgments`` and ``shown_on_a_side`` are visible at once.
    """

    head: BriefingHead
    status: StatusStrip
    base: tuple[tuple[Link, str, str], ...]
    bottom_line: tuple[Answer, ...]
    judgments: tuple[Judged, ...]
    errors: tuple[Sentence, ...]
    questions: tuple[Unknown, ...]
    profile: TableView | None
    contrast: str
    sides: tuple[tuple[str, tuple[Sentence, ...]], ...]
    milestones: tuple[Moment, ...]
    notes: tuple[Note, ...]
    particulars: tuple[tuple[str, str], ...]
    shown_questions: int = _SHOWN_QUESTIONS
    shown_judgments: int = _SHOWN_JUDGMENTS
    shown_on_a_side: int = _SHOWN_ON_A_SIDE


def _milestones(briefing: Briefing, head: BriefingHead) -> tuple[Moment, ...]:
    """Return the main events, in order of date: reported facts with a date, not what was said about them.

    The bottom line's come before the profile's, and each sentence gives its first one before another gives its second.
    """

    def events(fact_ids: tuple[str, ...]) -> list[str]:
        facts = (briefing.fact_by_id[fact_id] for fact_id in fact_ids)
        return [fact.id for fact in facts if fact.when and fact.kind == "report"]

    rows = head.profile.rows if head.profile else ()
    ids: dict[str, None] = {}
    for parts in ([answer.rests_on for answer in head.bottom_line], [row.fact_ids for row in rows]):
        for turn in zip_longest(*map(events, parts)):
            ids |= dict.fromkeys(fact_id for fact_id in turn if fact_id)
    return milestones(briefing, tuple(ids)[:_MILESTONES])


def _particulars(briefing: Briefing, head: BriefingHead) -> tuple[tuple[str, str], ...]:
    t = briefing.language
    particulars = (
        (t.gettext("Information as of"), t.format_date(head.cutoff)),
        (t.gettext("Last reviewed"), t.format_date(head.reviewed)),
        (t.gettext("Next review"), next_review(briefing)),
        (t.gettext("Facts"), t.format_number(len(briefing.current_facts))),
    )
    return tuple((label, value) for label, value in particulars if value)


def brief(briefing: Briefing) -> Brief:
    """Return the content of the home page of a briefing without errors."""
    head = briefing.head
    assert head
    # Readers see the bottom line first, so its facts have the first numbers.
    numbering = Numbering(briefing)
    bottom_line = answers(head.bottom_line, numbering)
    profile = None
    if head.profile:
        profile = table_view(head.profile, numbering)
    contrast = ""
    sides: list[tuple[str, tuple[Sentence, ...]]] = []
    if head.contrast:
        contrast = head.contrast.title
        sides = [(side.title, named_sentences(briefing, side.facts)) for side in head.contrast.sides]
    return Brief(
        head=head,
        status=status_strip(briefing),
        base=tuple(_base(briefing, briefing.source_by_id[source_id]) for source_id in head.based_on),
        bottom_line=bottom_line,
        # The home page shows no evidence for them, so none gets a number there.
        judgments=judgments(briefing, Numbering(briefing)),
        errors=worst_errors(briefing),
        questions=questions(briefing),
        profile=profile,
        contrast=contrast,
        sides=tuple(sides),
        milestones=_milestones(briefing, head),
        notes=numbering.notes(),
        particulars=_particulars(briefing, head),
    )


def _base(briefing: Briefing, source: Source) -> tuple[Link, str, str]:
    label = f"{source.publisher}, {source.title}"
    if source.date:
        label = briefing.language.gettext(
            "%(source)s (%(date)s)", source=label, date=briefing.language.format_date(source.date)
        )
    return Link(label, routes.source(source.id)), source.note or "", source.reliability or ""


def questions(briefing: Briefing) -> tuple[Unknown, ...]:
    """Return the open questions in the order of the file, which is their order of importance."""
    assert briefing.head
    return tuple(
        Unknown(
            question.id,
            question.asks,
            question.known,
            question.looked_for,
            named_sentences(briefing, question.rests_on),
        )
        for question in briefing.head.open_questions
    )
