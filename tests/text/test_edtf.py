"""Test EDTF dates: their bounds, words and order."""

import contextlib
import datetime
import re
import warnings

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from briefing.text.edtf import DateFault, Day, later, meant_edtf, parse_edtf, plain_day, printed_parts
from briefing.text.language import ENGLISH

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the reference library raises warnings of its own
    import edtf

years = st.integers(1, 9999).map(lambda year: f"{year:04}")
days = st.dates().map(datetime.date.isoformat)
months = st.dates().map(lambda date: f"{date:%Y-%m}" if date.year > 999 else f"{date.year:04}-{date.month:02}")
decades = st.integers(1, 999).map(lambda decade: f"{decade:03}X")
plain_dates = st.one_of(years, months, days, decades)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1971", "1971"),
        ("0001", "1"),
        ("0000", "1 BC"),
        ("198X", "the 1980s"),
        ("19XX", "sometime between 1900 and 1999"),
        ("2024-12", "December 2024"),
        ("2025-01-17", "17 January 2025"),
        ("2025-01-XX", "a day in January 2025"),
        ("2025-XX", "a month in 2025"),
        ("2025-XX-XX", "a day in 2025"),
        ("2010/2016", "2010 to 2016"),
        ("2015/..", "since 2015"),
        ("2015/", "from 2015, end not known"),
        ("../2015", "until 2015"),
        ("/2015", "until 2015, start not known"),
        ("1971~", "about 1971"),
        ("1971?", "1971 (uncertain)"),
        ("2001-21", "spring 2001"),
        ("-0043-03-15", "15 March 44 BC"),
        ("Y12000", "12000"),
    ],
)
def test_date_in_words(text: str, words: str) -> None:
    assert ENGLISH.format_date(parse_edtf(text)) == words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yes",
        "71",
        "1971-1",
        "17 January 2025",
        "2025-01-17T10:00",
        "198X-05",
        "../..",
        "/",
        "-0000",
        "2024-XX-05",
        "1971/2000/2010",
        "２０２５",
        "2025-02-30",
        "2025-13",
        "2016/2010",
        "1971~~",
    ],
)
def test_invalid_date_is_rejected(text: str) -> None:
    with pytest.raises(DateFault):
        parse_edtf(text)


@pytest.mark.parametrize(
    ("written", "meant", "is_safe"),
    [
        ("1 January 1900", "1900-01-01", True),
        ("May 3rd, 1971", "1971-05-03", True),
        ("Sept 1971", "1971-09", True),
        ("24th of April, 1971", "1971-04-24", True),
        ("“1971-04-24”", "1971-04-24", True),
        ("1971–04–24", "1971-04-24", False),
        ("1971 to 1973", "1971/1973", False),
        ("Sep. 1971", "1971-09", True),
        ("1971-5-3", "1971-05-03", False),
        ("1971/5", "1971-05", False),
        ("the 1980s", "198X", True),
        ("the 1900s", "190X", False),
        ("c. 1971", "1971~", True),
        ("~1971", "1971~", True),
        ("2010-2016", "2010/2016", False),
        ("2010 / 2016", "2010/2016", True),
        ("since 2015", "2015/..", False),
        ("after 2015", "2015/..", False),
        ("until 2015", "../2015", False),
        ("31 February 1971", "", False),
        # March or April?
        ("03/04/1971", "", False),
        ("22.06.1799", "1799-06-22", True),
        ("4. 3. 1971", "1971-03-04", False),
        ("22/06/1799", "1799-06-22", True),
        ("06/22/1799", "1799-06-22", True),
        ("1799-22-06", "1799-06-22", False),
        ("31.06.1799", "", False),
        ("17990622", "1799-06-22", True),
        ("17993006", "", False),
        ("1799-06-22 10:00", "1799-06-22", False),
        ("44 BC", "-0043", True),
        ("44 B.C.E.", "-0043", True),
        ("1 BC", "0000", True),
        ("0 BC", "", False),
        ("15 March 44 BC", "-0043-03-15", True),
        ("100 BC/44 BC", "-0099/-0043", True),
        ("c. 44 BC", "-0043~", True),
        ("AD 79", "0079", True),
        ("79 CE", "0079", True),
        ("the 18th century", "17XX", False),
        ("2nd century BC", "-01XX", False),
        ("autumn of 1799", "1799-23", False),
        ("fall 1799", "1799-23", False),
        ("winter 44 BC", "-0043-24", False),
        ("1799-Q4", "1799-10/1799-12", False),
        ("1799~?", "1799%", True),
        ("unknown/1799", "/1799", True),
        ("1799/unknown", "1799/", True),
        ("17xx", "17XX", True),
        # This year may be one of the Solar Hijri calendar.
        ("۱۴۰۳-۱۲-۰۱", "1403-12-01", False),
        ("06-07", "", False),
        ("yesterday", "", False),
        (" " * 100_000, "", False),
    ],
)
def test_dates_in_other_notations(written: str, meant: str, is_safe: bool) -> None:
    assert meant_edtf(written) == (meant, is_safe)


@pytest.mark.parametrize("text", ["2025-02-30", "2025-00-10", "1900-02-29", "2016/2010", "2025-06-31"])
def test_impossible_date_is_unreal(text: str) -> None:
    with pytest.raises(DateFault) as caught:
        parse_edtf(text)
    assert caught.value.unreal


def test_message_gives_length_of_month() -> None:
    with pytest.raises(DateFault, match="there is no day 31 in June 1799, which has 30 days"):
        parse_edtf("1799-06-31")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("-0043", [("44",)]),
        ("0000/0987", [("1",), ("987",)]),
        ("0001", [("1",)]),
        ("Y12000", [("12000",)]),
        ("198X", [("1980s",)]),
        ("098X", [("980s",)]),
        ("-004X", []),
        ("19XX", []),
        ("../2015", [("2015",)]),
        ("2001-21", [("2001",), ("spring",)]),
        ("2024-12", [("2024",), ("December", "Dec")]),
        ("2025-XX-XX", [("2025",)]),
        ("2025-01-02?", [("2025",), ("January", "Jan"), ("2", "2th", "2st", "2nd", "2rd")]),
        ("2024-05/2025", [("2024",), ("May", "May"), ("2025",)]),
    ],
)
def test_parts_that_a_text_must_contain(text: str, parts: list[tuple[str, ...]]) -> None:
    assert printed_parts(parse_edtf(text)) == parts


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "words"),
    [
        ("1971", (1971, 1, 1), (1971, 12, 31), "1971"),
        ("1971-XX", (1971, 1, 1), (1971, 12, 31), "a month in 1971"),
        ("2001-21", (2001, 3, 1), (2001, 5, 31), "spring 2001"),
        ("2001-22", (2001, 6, 1), (2001, 8, 31), "summer 2001"),
        ("2001-23", (2001, 9, 1), (2001, 11, 30), "autumn 2001"),
        ("2001-24", (2001, 1, 1), (2001, 12, 31), "winter 2001"),
    ],
)
def test_bounds_of_years_and_seasons(text: str, earliest: Day, latest: Day, words: str) -> None:
    read = parse_edtf(text)
    assert (read.earliest, read.latest, ENGLISH.format_date(read)) == (earliest, latest, words)


def test_add_months() -> None:
    assert later((2025, 1, 31), 1) == (2025, 2, 28)
    assert later((2025, 12, 5), 13) == (2027, 1, 5)
    assert later((2025, 6, 5), 6) == (2025, 12, 5)
    assert plain_day((987, 2, 3)).text == "0987-02-03"


@pytest.mark.slow
@given(days)
def test_day_has_equal_bounds(text: str) -> None:
    date = datetime.date.fromisoformat(text)
    read = parse_edtf(text)
    assert read.earliest == read.latest == (date.year, date.month, date.day)
    assert read.is_day


@pytest.mark.slow
@given(plain_dates, plain_dates)
def test_dates_sort_by_first_day(one: str, other: str) -> None:
    first, second = parse_edtf(one), parse_edtf(other)
    if first.earliest < second.earliest:
        assert first < second
    assert (first < second) + (second < first) + (first == second) == 1


@pytest.mark.slow
@given(plain_dates, plain_dates)
def test_interval_spans_both_ends(one: str, other: str) -> None:
    start, end = sorted((parse_edtf(one), parse_edtf(other)))
    if end.latest < start.earliest:
        return
    interval = parse_edtf(f"{start.text}/{end.text}")
    assert (interval.earliest, interval.latest) == (start.earliest, end.latest)


@st.composite
def level_1_dates(draw: st.DrawFn) -> str:
    """Draw a date of level 0 or 1, possible or not, that the reference library supports.

    The library does not support qualified seasons, months or qualifiers after a year with a letter, or decades BC. From
    level 2 it accepts months of decades, and seasons from 25 on. It reduces a winter to December, and swaps the
    bounds of an unspecified month BC. In intervals it supports no unspecified parts, long years or seasons.
    """
    kind = draw(st.sampled_from(["year", "negative", "decade", "long", "season", "month", "day", "unspecified"]))
    year = draw(years)
    if kind == "negative":
        return f"-{year}" + draw(st.sampled_from(["", "-05", "-13", "-02-30", "-12-31"]))
    if kind == "long":
        return f"Y{draw(st.integers(10_000, 999_999))}"
    if kind == "season":
        return f"{year}-{draw(st.sampled_from([21, 22, 23]))}"
    if kind == "decade":
        year = draw(st.sampled_from([f"{year[:3]}X", f"{year[:2]}XX"]))
    tail = ""
    if kind in ("month", "day"):
        tail = f"-{draw(st.integers(0, 13)):02}"
    if kind == "day":
        tail += draw(st.sampled_from([f"-{draw(st.integers(0, 32)):02}", "-XX"]))
    if kind == "unspecified":
        tail = draw(st.sampled_from(["-XX", "-XX-XX"]))
    return year + tail + draw(st.sampled_from(["", "?", "~", "%"]))


ends = level_1_dates().filter(lambda text: not re.search(r"[XY]|^\d{4}-2\d$", text))


# the reference library is slow
@pytest.mark.slow
@settings(max_examples=80, phases=[Phase.explicit, Phase.generate])
@given(st.one_of(level_1_dates(), st.tuples(ends, ends).map("/".join)))
def test_reference_library_agrees_on_dates_and_bounds(text: str) -> None:
    with contextlib.redirect_stdout(None):  # the library prints
        try:
            theirs = edtf.parse_edtf(text)
            bounds = tuple(theirs.lower_strict()[:3]), tuple(theirs.upper_strict()[:3])
        except (edtf.EDTFParseException, ValueError):
            bounds = None
    try:
        ours = parse_edtf(text)
    except DateFault:
        assert bounds is None or bounds[1] < bounds[0], "the library accepts an interval that ends before it starts"
    else:
        assert bounds == (ours.earliest, ours.latest)


signs = "0123456789X-/.?~%Y "


@st.composite
def almost_dates(draw: st.DrawFn) -> str:
    """Draw a date or an interval in which one character may be missing, wrong or new."""
    text = draw(st.one_of(level_1_dates(), st.tuples(ends, ends).map("/".join), decades.map("-{}".format)))
    start = draw(st.integers(0, len(text)))
    return text[:start] + draw(st.text(alphabet=signs, max_size=1)) + text[start + draw(st.integers(0, 1)) :]


@pytest.mark.slow
@given(st.text(alphabet=signs, max_size=24) | almost_dates())
def test_any_text_is_parsed_or_raises_date_fault(text: str) -> None:
    try:
        read = parse_edtf(text)
    except DateFault:
        return
    assert read.earliest <= read.latest
    assert read.text == text
