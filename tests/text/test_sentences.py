"""A paragraph is split where a sentence ends, and not after abbreviations and initials."""

import pytest

from briefing.text.sentences import split_sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["One sentence."],
        ["It rose by 3.5 percent.", "Then it fell.", "Why?", "We do not know!"],
        ["He said: “It will hold.”", "She did not.", "(They agreed.)", "“We go.”"],
        ["Dr. M. Smith met Gen. Lee at No. 10 on Jan. 5.", "They talked."],
        ["The U.S. fleet left.", "In 1912 it came back."],
        ["Договор подписан.", "Он вступил в силу."],
        ["条約は署名された。", "発効した。"],
        ["No end mark at the end"],
    ],
)
def test_paragraph_is_split_into_its_sentences(sentences: list[str]) -> None:
    space = "" if "。" in sentences[0] else " "
    assert list(split_sentences(space.join(sentences))) == sentences


def test_empty_paragraph_has_no_sentence() -> None:
    assert list(split_sentences(" ")) == []
