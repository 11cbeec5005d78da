"""Which words stand beside the names and numbers of a text, and whose words its sentences give."""

import pytest

from briefing.evidence.neighbours import Beside, beside_names, beside_numbers
from briefing.evidence.speakers import find_words_by_speaker


def _shown(text: str, found: tuple[Beside, ...]) -> dict[str, str]:
    return {
        text[one.start : one.end]: " ".join(sorted(f"{near.side}{near.stem}" for near in one.neighbours))
        for one in found
    }


@pytest.mark.parametrize(
    ("text", "neighbours"),
    [
        ("Ayra sent grain to Beru.", {"Ayra": ">grain >sent", "Beru": "<grain <sent"}),
        ("The grain was sent to Beru by Ayra.", {"Beru": "<grain <sent", "Ayra": ""}),
        ("The grain was sent by Ayra.", {"Ayra": ">grain >sent"}),
        ("Ayra was sent grain.", {"Ayra": "<grain <sent"}),
        ("Ayra has sent grain ships abroad.", {"Ayra": ">grain >sent"}),
        ("Ayra was in port.", {"Ayra": ">port"}),
        ("Ayra fell, and storms came.", {"Ayra": ">fell"}),
        ("Old Ayra Bay froze.", {"Old Ayra Bay": ">froze"}),
        ("Ayra bought grain from Beru.", {"Ayra": ">bought >grain", "Beru": ">bought >grain"}),
        ("Ayra was paid.", {"Ayra": "<paid"}),
        ("Ayra never sent grain.", {"Ayra": ">grain >sent"}),
        ("Éric met Özkızılcık of Ayra.Net.", {"Éric": ">met", "Özkızılcık": "<met", "Ayra.Net": ""}),
    ],
)
def test_words_beside_a_name_show_who_acts(text: str, neighbours: dict[str, str]) -> None:
    assert _shown(text, beside_names(text)) == neighbours


@pytest.mark.parametrize(
    ("text", "neighbours"),
    [
        ("They sent 20 new ships and thirty boats.", {"20": "|new |sent |ship", "thirty": "|boat |new |ship"}),
        ("They sent 20 new ships home quickly.", {"20": "|home |new |sent |ship"}),
        ("The pact of 1921 has 4.8 billion words.", {"1921": "|pact", "4.8 billion": "|word"}),
        # The days of dates say nothing of the words beside them.
        ("On 12 March 1921 the quay fell.", {"1921": "|fell |quay"}),
        ("On March 12 the quay fell.", {}),
    ],
)
def test_words_beside_a_number_show_what_it_counts(text: str, neighbours: dict[str, str]) -> None:
    assert _shown(text, beside_numbers(text)) == neighbours


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ayra said that grain is short.", {"ayra": "grain short"}),
        ("The grain is short, said Ayra.", {"ayra": "grain short"}),
        ("According to Ayra, grain is short. It fell.", {"ayra": "grain short", "": "fell"}),
        ("Ayra argued for peace. He added that grain is short.", {"ayra": "argu peac add grain short"}),
        # A name long after the verb is that of something else.
        (
            "Ayra said that grain is short because of storms in the far hills behind the wide bay of Beru.",
            {"ayra": "grain short storm far hill behind wide bay"},
        ),
        # Another paragraph says who "he" is.
        ("He said that Ayra has grain. Beru denied that.", {"": "grain deni"}),
        ("He said that grain is short. Ayra says that it fell.", {"": "grain short", "ayra": "fell"}),
        ("The grain is short in Ayra.", {}),
    ],
)
def test_words_of_a_sentence_belong_to_its_possible_speakers(text: str, said: dict[str, str]) -> None:
    found: dict[str, set[str]] = {}
    for name, one in find_words_by_speaker(text):
        found.setdefault(name, set()).add(one)
    assert found == {name: set(stems.split()) for name, stems in said.items()}
