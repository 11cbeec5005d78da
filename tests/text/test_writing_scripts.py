"""Text in another script than the page's is found, with the spaces and digits between its letters."""

import pytest

from briefing.text.scripts import script_of_language, split_scripts


@pytest.mark.parametrize(
    ("text", "own", "pieces"),
    [
        ("Tartus", "Latn", [("", "Tartus")]),
        ("", "Latn", []),
        ("12 – 14", "Latn", [("", "12 – 14")]),
        ("Özkızılcık", "Latn", [("", "Özkızılcık")]),
        ("حزب الله", "Latn", [("Arab", "حزب الله")]),
        ("RBC, Иран и 2 других, said", "Latn", [("", "RBC, "), ("Cyrl", "Иран и 2 других"), ("", ", said")]),
        ("Шахед136 used", "Latn", [("Cyrl", "Шахед136"), ("", " used")]),
        ("خامنه‌ای", "Latn", [("Arab", "خامنه‌ای")]),
        ("بَشَّار", "Latn", [("Arab", "بَشَّار")]),
        ("Путин / پوتین", "Latn", [("Cyrl", "Путин"), ("", " / "), ("Arab", "پوتین")]),
        ("حزب الله (Hezbollah)", "Arab", [("", "حزب الله ("), ("Latn", "Hezbollah"), ("", ")")]),
    ],
)
def test_pieces_in_other_scripts(text: str, own: str, pieces: list[tuple[str, str]]) -> None:
    assert list(split_scripts(text, own)) == pieces
    assert "".join(piece for _, piece in pieces) == text


@pytest.mark.parametrize(
    ("tag", "script"),
    [("en", "Latn"), ("en-GB", "Latn"), ("ru", "Cyrl"), ("fa", "Arab"), ("ar-XB", "Arab"), ("xx", "")],
)
def test_script_of_a_language(tag: str, script: str) -> None:
    assert script_of_language(tag) == script
