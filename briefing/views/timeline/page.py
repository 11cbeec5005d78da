"""The timeline page: every dated fact in order, filters, and the chart."""

from dataclasses import dataclass

from briefing.model.briefing import Briefing
from briefing.text.edtf import Edtf
from briefing.text.language import Language
from briefing.views.filters import Filter, options, topic_filter
from briefing.views.statement import KIND_WORDS
from briefing.views.timeline.chart import LONG_AGO, Drawing, anchor, draw, label, spans
from briefing.views.timeline.events import Moment, dated


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events by the period in which they begin: a row of the chart, or the whole decade for a date without a year. So
    a heading is never more precise than the dates under it.
    """

    periods: tuple[tuple[str, tuple[Moment, ...]], ...]
    ids: frozenset[str]
    count: int
    filters: tuple[Filter, ...]
    drawing: Drawing


def timeline(briefing: Briefing) -> Timeline:
    """Return the timeline, earliest first. Of two events that begin together, the shorter comes first."""
    found = dated(briefing, briefing.current_facts)
    rows = list(spans([anchor(one.when) for one in found]))
    periods: dict[str, list[Moment]] = {}
    for one in found:
        periods.setdefault(_period(one.when, rows, briefing.language), []).append(one.moment)
    return Timeline(
        tuple((name, tuple(moments)) for name, moments in periods.items()),
        frozenset(one.moment.sentence.id for one in found),
        len(found),
        _filters(briefing, [one.moment for one in found]),
        draw(found, rows, briefing.language),
    )


def _period(when: Edtf, rows: list[tuple[int, int]], language: Language) -> str:
    year = when.earliest[0]
    if year < LONG_AGO:
        return language.gettext("No start date")
    if year <= 0:
        return language.gettext("Years BC")
    # If the decade has several rows, 198X belongs to none of them in particular.
    if "X" in when.text.partition("/")[0]:
        start = year // 10 * 10
        return label(start, start + 10, language)
    return next(label(start, end, language) for start, end in rows if start <= year < end)


def _filters(briefing: Briefing, moments: list[Moment]) -> tuple[Filter, ...]:
    actors = sorted(((actor.id, actor.name) for actor in briefing.actors), key=lambda pair: pair[1].casefold())
    gettext = briefing.language.gettext
    kinds = [(kind, gettext(word)) for kind, word in KIND_WORDS.items()]
    voices = [("base", gettext("The source under analysis")), ("other", gettext("Other sources")), *kinds]
    topics = [(topic.id, topic.title) for topic in briefing.topics]
    return (
        topic_filter(briefing.language, topics, (topic_id for one in moments for topic_id in one.topics)),
        Filter(
            "actor",
            gettext("Actor"),
            gettext("All actors"),
            options(actors, (actor_id for one in moments for actor_id in one.actors)),
        ),
        Filter(
            "voice",
            gettext("Source and kind"),
            gettext("All sources and kinds"),
            options(voices, (voice for one in moments for voice in one.voices)),
        ),
    )
