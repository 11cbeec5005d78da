"""Test sites in other languages: messages from one file; dates, numbers and lists from the CLDR."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT

from briefing.text import language as module
from briefing.text.edtf import parse_edtf
from briefing.text.language import (
    ENGLISH,
    PSEUDO_TAG,
    available_languages,
    load_language,
    pseudo_translate,
    split_placeholders,
)

POLISH = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

msgid "since %(date)s"
msgstr "od %(date)s"

msgid "%(num)s fact"
msgid_plural "%(num)s facts"
msgstr[0] "%(num)s fakt"
msgstr[1] "%(num)s fakty"
msgstr[2] "%(num)s faktów"
"""


@pytest.fixture
def polish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a catalogue in Polish."""
    (tmp_path / "locale").mkdir()
    (tmp_path / "locale" / "pl.po").write_text(POLISH, encoding="utf-8")
    monkeypatch.setattr(module, "files", lambda _: tmp_path)


@pytest.mark.usefixtures("polish")
def test_one_file_adds_a_language() -> None:
    assert available_languages() == ("en", "pl")
    polish = load_language("pl-PL")
    assert polish.format_date(parse_edtf("2025-01-17/..")) == "od 17 stycznia 2025"
    assert [polish.ngettext("%(num)s fact", "%(num)s facts", number) for number in (1, 2, 5, 12_345)] == [
        "1 fakt",
        "2 fakty",
        "5 faktów",
        "12\xa0345 faktów",
    ]
    assert polish.plural_forms("%(num)s fact", "%(num)s facts") == {
        "one": "%(num)s fakt",
        "few": "%(num)s fakty",
        "many": "%(num)s faktów",
    }
    assert polish.format_list(["a", "b", "c"]) == "a, b i c"
    assert polish.gettext("Not translated yet") == "Not translated yet"


@pytest.mark.parametrize("tag", ["xx", "de", "english", "en_GB", "", "../en"])
def test_language_without_messages_is_rejected(tag: str) -> None:
    with pytest.raises(LookupError):
        load_language(tag)


def test_briefing_can_replace_single_messages() -> None:
    own = load_language("en", {"Timeline": "Chronology", "%(num)s facts": "%(num)s findings"})
    assert own.gettext("Timeline") == "Chronology"
    assert own.gettext("Glossary") == "Glossary"
    assert own.ngettext("%(num)s fact", "%(num)s facts", 2) == "2 findings"


@pytest.mark.parametrize("country", ["en", "en-GB", "en-US"])
def test_english_dates_follow_the_country(country: str) -> None:
    wanted = "January 17, 2025" if country == "en-US" else "17 January 2025"
    assert load_language(country).format_date(parse_edtf("2025-01-17")) == wanted


def test_pseudo_language_is_long_accented_and_right_to_left() -> None:
    pseudo = load_language(PSEUDO_TAG)
    assert pseudo.direction == "rtl"
    assert pseudo.gettext("Cite this fact: %(id)s", id="x").startswith("Çíţé ţĥíš ƒáçţ: x")
    assert len(pseudo.gettext("Information as of")) >= 1.3 * len("Information as of")
    assert pseudo.format_date(parse_edtf("2025-01")) == "يناير 2025"


@pytest.mark.slow
@given(st.text(alphabet="ab %()s", max_size=20), st.from_regex(r"[a-z]{1,5}", fullmatch=True))
def test_pseudo_language_preserves_placeholders(text: str, name: str) -> None:
    message = f"{text} %({name})s"
    assert split_placeholders(pseudo_translate(message))[1::2] == split_placeholders(message)[1::2]


def test_file_sizes_and_names_of_countries_follow_the_cldr() -> None:
    english, pseudo = load_language("en"), load_language(PSEUDO_TAG)
    assert [english.format_size(size) for size in (1, 12_345, 1_000_000)] == ["1 kB", "12 kB", "1.0 MB"]
    assert pseudo.format_size(12_345) == "12 كيلوبايت"
    assert (english.country_name("France"), pseudo.country_name("France")) == ("France", "فرنسا")
    assert pseudo.country_name("Atlantis") == "Atlantis"


@pytest.mark.process
def test_catalogue_has_every_message() -> None:
    script = ROOT / "scripts" / "messages.py"
    done = subprocess.run([sys.executable, script, "check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_years_outside_the_range_of_python() -> None:
    assert [ENGLISH.format_date(parse_edtf(text)) for text in ("Y12025-02", "-0043-03-15", "0000")] == [
        "February 12025",
        "15 March 44 BC",
        "1 BC",
    ]
