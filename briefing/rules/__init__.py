"""What must hold between records. Each check is a function from a briefing to the problems it finds."""

from collections.abc import Callable, Iterator

from briefing.freshness import check_tense
from briefing.model import Briefing
from briefing.problems import Problem
from briefing.rules.evidence import check_coverage, check_evidence, check_fit, check_named, check_pins, check_rests
from briefing.rules.identity import check_ids, check_moved, check_page_paths
from briefing.rules.prose import check_bottom_line
from briefing.rules.references import (
    check_citations,
    check_doubles,
    check_entity_references,
    check_fact_references,
    check_grades,
    check_succession,
    check_tables,
    check_topic_references,
    check_unused,
    check_views,
)

Rule = Callable[[Briefing], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    check_ids,
    check_page_paths,
    check_moved,
    check_citations,
    check_entity_references,
    check_fact_references,
    check_succession,
    check_doubles,
    check_grades,
    check_topic_references,
    check_views,
    check_tables,
    check_unused,
    check_bottom_line,
    check_tense,
    check_pins,
    check_evidence,
    check_fit,
    check_named,
    check_rests,
    check_coverage,
)

# what must hold for pages to be made at all
STRUCTURE: tuple[Rule, ...] = (
    check_ids,
    check_page_paths,
    check_citations,
    check_entity_references,
    check_fact_references,
    check_topic_references,
    check_tables,
)
