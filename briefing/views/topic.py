"""One topic, one page."""

from dataclasses import dataclass

from briefing.model import Briefing, Topic
from briefing.views.sentence import Sentence, sentences


@dataclass(frozen=True, slots=True)
class TopicPage:
    """A topic's sections, and the facts of other topics that stand here too."""

    title: str
    asks: str
    sections: tuple[tuple[str, tuple[Sentence, ...]], ...]
    elsewhere: tuple[Sentence, ...]


def topic_page(briefing: Briefing, topic: Topic) -> TopicPage:
    """What a topic's page needs."""
    return TopicPage(
        title=topic.title,
        asks=topic.asks,
        sections=tuple((section.title, sentences(briefing, section.facts)) for section in topic.sections),
        elsewhere=sentences(briefing, tuple(fact for fact in briefing.facts if topic.id in fact.also)),
    )
