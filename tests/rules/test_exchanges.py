"""Names, numbers and speakers of a fact must go with the same words as in its source."""

import re
from dataclasses import replace

import pytest
from pinned import PIN, pinned_fact, with_fact

from briefing.compile import Inputs, check
from briefing.problems import Severity

CODES = {"names-exchanged", "numbers-exchanged", "said-by-another"}
DEAL = "After long talks Sweden sold coal and iron to the Port Authority. The weather was fine."
COUNTS = "The yard built 12 ferries and 30 tugs. In 1921 a storm came. In 1934 the bridge fell."
SPEAKERS = (
    "The Port Authority said that the new channel needs a lighthouse. Sweden warned that the tunnel would flood the"
    " lower streets. It added that pumps cost more."
)


def _codes(inputs: Inputs) -> set[str]:
    found = [one for one in check(inputs).problems if one.subject == "added" and one.code in CODES]
    assert all(one.severity == Severity.WARNING for one in found)
    return {one.code for one in found}


@pytest.mark.parametrize(
    ("says", "is_reported"),
    [
        ("Sweden sold coal to the Port Authority.", False),
        ("Then the Port Authority sold coal to Sweden.", True),
        ("The Port Authority was sold coal by Sweden.", False),
        ("Later Sweden was sold coal and iron by the Port Authority.", True),
        ("Then the Port Authority bought coal and iron from Sweden.", False),
        ("Coal and iron were sold by Sweden to the Port Authority.", False),
        ("Then coal was sold by the Port Authority to Sweden.", True),
        ("Sweden and the Port Authority spoke of coal.", False),
        # Only one word is beside the other actor.
        ("Later the Port Authority sold timber to Sweden.", False),
        # A list has no order.
        ("They moved coal and iron to Sweden and the Port Authority.", False),
        # A longer name is not that of the actor.
        ("Later the Port Authority Club sold coal to Sweden.", False),
        ("In 1921 New Sweden was sold coal and iron by the Port Authority.", False),
        # Beside one name only.
        ("The Port Authority bought coal.", False),
        # Named twice, so that the words beside one of the two say nothing of the other.
        ("Then the Port Authority sold coal to Sweden, and Sweden had iron.", False),
    ],
)
def test_actors_must_do_what_they_do_in_the_source(says: str, is_reported: bool) -> None:
    assert _codes(pinned_fact(says, DEAL)) == ({"names-exchanged"} if is_reported else set())


def test_only_actors_do_something() -> None:
    """The harbour basin is a place."""
    paragraph = "Later Sweden put coal and iron into the Harbour Basin."
    assert _codes(pinned_fact("Later the Harbour Basin put coal and iron into Sweden.", paragraph)) == set()


@pytest.mark.parametrize(
    ("says", "is_reported"),
    [
        ("The yard built 12 ferries and 30 tugs.", False),
        ("The yard built 30 ferries and 12 tugs.", True),
        ("Thirty tugs and twelve ferries were built.", False),
        ("The yard built 30 ferries.", False),
        ("A storm came in 1921, the bridge fell in 1934.", False),
        ("In 1934 a storm came; in 1921 the bridge fell.", True),
        # A year is not compared with a count.
        ("In 1921 the yard built ferries after 12 storms.", False),
    ],
)
def test_numbers_must_count_what_they_count_in_the_source(says: str, is_reported: bool) -> None:
    assert _codes(pinned_fact(says, COUNTS)) == ({"numbers-exchanged"} if is_reported else set())


@pytest.mark.parametrize(
    ("says", "is_reported"),
    [
        ("The port handled 30 ships in 1934, up from 12 in 1921.", False),
        ("The port handled 12 ships in 1934, up from 30 in 1921.", True),
    ],
)
def test_counts_and_their_years_may_change_places_together(says: str, is_reported: bool) -> None:
    paragraph = "The port handled 12 ships in 1921 and 30 in 1934."
    assert _codes(pinned_fact(says, paragraph)) == ({"numbers-exchanged"} if is_reported else set())


@pytest.mark.parametrize(
    ("says", "by", "is_reported"),
    [
        ("The Port Authority says that the channel needs a lighthouse.", "port-authority", False),
        ("Sweden says that the channel needs a lighthouse.", "sweden", True),
        ("Sweden expects a tunnel to flood streets.", "sweden", False),
        ("The Port Authority expects a tunnel to flood streets.", "port-authority", True),
        ("Sweden has a channel with a lighthouse.", "sweden", True),
        # One word may be a coincidence.
        ("Sweden has a lighthouse.", "sweden", False),
    ],
)
def test_speakers_must_say_what_they_say_in_the_source(says: str, by: str, is_reported: bool) -> None:
    inputs = pinned_fact(says, SPEAKERS, f"by: {by}; kind: position")
    assert _codes(inputs) == ({"said-by-another"} if is_reported else set())


def test_a_speaker_whom_the_source_does_not_name_is_reported_once() -> None:
    (paragraph, *_) = SPEAKERS.split(" Sweden")
    inputs = pinned_fact("Sweden says that the channel needs a lighthouse.", paragraph, "by: sweden; kind: position")
    found = {one.code for one in check(inputs).problems if one.subject == "added"}
    assert "not-in-source" in found
    assert not found & CODES


def test_words_without_a_known_speaker_may_be_of_any() -> None:
    paragraph = "He explained that the tunnel would flood the lower streets. Sweden said that the weather was fine."
    paragraph += " The Port Authority agreed."
    for by, name in (("sweden", "Sweden"), ("port-authority", "The Port Authority")):
        says = f"{name} expects a tunnel to flood streets."
        assert _codes(pinned_fact(says, paragraph, f"by: {by}; kind: position")) == set()


def test_words_in_a_sentence_without_a_speaker_count_against_a_warning() -> None:
    paragraph = "The Port Authority said that a lighthouse needs oil. The bridge fell. Sweden agreed."
    says = "Sweden has a lighthouse, oil and a bridge."
    assert _codes(pinned_fact(says, paragraph, "by: sweden; kind: position")) == set()


@pytest.mark.parametrize(
    "said",
    [
        "The Port Authority met. Its head warned Sweden that the tunnel would flood the lower streets.",
        "The Port Authority met. The tunnel would flood the lower streets, its head warned Sweden.",
        "The Port Authority met. It warned Sweden that the tunnel would flood the lower streets.",
        "The tunnel would flood the lower streets, said they of Sweden. The Port Authority agreed.",
    ],
)
def test_a_pronoun_may_stand_for_the_speaker(said: str) -> None:
    says = "The Port Authority expects a tunnel to flood streets."
    assert _codes(pinned_fact(says, said, "by: port-authority; kind: position")) == set()


def test_a_quotation_is_compared_too() -> None:
    quote = "quote: Suecia vendió carbón, translation: Sweden sold coal to the Port Authority"
    quote = f"{{source: chart, {quote}, seen: {{date: 1930-01-10, form: printed}}}}"
    assert _codes(with_fact("Sweden sold coal to the Port Authority.", quote)) == set()
    assert _codes(with_fact("Then the Port Authority sold coal to Sweden.", quote)) == {"names-exchanged"}


def test_a_pin_of_an_earlier_version_knows_nothing_of_this() -> None:
    for says, paragraph, fields in (
        ("Then the Port Authority sold coal to Sweden.", DEAL, ""),
        ("The yard built 30 ferries and 12 tugs.", COUNTS, ""),
        ("Sweden says that the channel needs a lighthouse.", SPEAKERS, "by: sweden; kind: position"),
    ):
        inputs = pinned_fact(says, paragraph, fields)
        assert _codes(inputs)
        old = re.sub(r"    (?:beside|said): >-\n(?:      .*\n)+", "", inputs.facts[PIN].decode())
        assert _codes(replace(inputs, facts={**inputs.facts, PIN: old.encode()})) == set()
