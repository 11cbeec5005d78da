"""Each invalid value is reported with its cause and, if its meaning is plain, with a fix that removes the problem."""

import re
from collections.abc import Sequence

import pytest
from briefing_folders import MISTAKES

from briefing.compile import Inputs, check
from briefing.problems import Problem
from briefing.project.reader import read_inputs

_URL = "https://port.example/report"
# What is added to the small briefing, so that each kind of field exists. All of it is valid.
_MORE = {
    "facts/sources.yml": ("  publisher: The Port\n", f"  publisher: The Port\n  url: {_URL}\n"),
    "facts/actors.yml": ("      cite: report:1\n", "      when: 1900\n      cite: [report:1, old-chart]\n"),
    "facts/topics/harbour.yml": ("        cite: report:1\n", "        credibility: 2\n        cite: report:1\n"),
    "facts/places.yml": ("  kind: harbour\n", "  kind: harbour\n  line: [[59.1, 18.2], [59.3, 18.9]]\n"),
}
_CHART = "- id: old-chart\n  title: Chart of the basin, 1900\n  publisher: The Port\n  reliability: B\n"


@pytest.fixture(scope="module")
def facts() -> dict[str, bytes]:
    files = dict(read_inputs(MISTAKES / "base").facts)
    for file, (old, new) in _MORE.items():
        files[file] = files[file].replace(old.encode(), new.encode(), 1)
    files["facts/sources.yml"] += _CHART.encode()
    assert _problems(files) == ()
    return files


def _problems(files: dict[str, bytes]) -> tuple[Problem, ...]:
    return check(Inputs(files, {})).problems


def _check(facts: dict[str, bytes], file: str, right: str, wrong: str) -> Problem:
    """Return the only problem of a file with another text in place of the right one. Its fix leaves no problem."""
    path = f"facts/{file}.yml"
    text = facts[path].decode()
    assert text.count(right) == 1
    text = text.replace(right, wrong)
    (problem,) = _problems({**facts, path: text.encode()})
    if not problem.fix:
        assert not problem.is_safe
        return problem
    place = problem.place
    assert place.file == path
    lines = text.split("\n")
    rest = lines[place.end_line - 1][place.end_column - 1 :]
    lines[place.line - 1 : place.end_line] = [lines[place.line - 1][: place.column - 1] + problem.fix + rest]
    assert _problems({**facts, path: "\n".join(lines).encode()}) == ()
    return problem


_IMPRECISE = "write for example 1971"


@pytest.mark.parametrize(
    ("written", "fix", "is_safe"),
    [
        ("18th century", "17XX", False),
        ("before 1799", "../1799", False),
        ("after 1799", "1799/..", False),
        ("44 BC", "-0043", True),
        ("summer 1799", "1799-22", False),
        ("179x", "179X", True),
        ("1799?~", "1799%", True),
        ("17990622", "1799-06-22", True),
        ("1799-06-22T10:00Z", "1799-06-22", False),
        ("Q2 1799", "1799-04/1799-06", False),
        ("1799/open", "1799/..", True),
        ("y17000", "Y17000", True),
        ("۱۷۹۹", "1799", False),
        ("1 May 1900", "1900-05-01", True),
        ("1900-02-30", "", False),
        ("a long time ago in 5", "", False),
    ],
)
def test_date(facts: dict[str, bytes], written: str, fix: str, is_safe: bool) -> None:
    problem = _check(facts, "actors", "when: 1900", f"when: {written}")
    assert problem.code == ("impossible-date" if written == "1900-02-30" else "bad-date")
    assert problem.message.endswith(f": '{written}'")
    assert (problem.fix, problem.is_safe) == (fix, is_safe)


def test_hint_of_a_date_has_every_form(facts: dict[str, bytes]) -> None:
    problem = _check(facts, "actors", "when: 1900", "when: 1900!")
    for form in ("18XX", "2024-22 (summer)", "../2015", "1971?", "1971~", "1971%", "-0043 (44 BC)"):
        assert form in problem.hint


@pytest.mark.parametrize("written", ["[1667,1668]", "{1667,1668}", '"[1667, 1668]"', "'{1667,1668}'"])
def test_set_of_dates(facts: dict[str, bytes], written: str) -> None:
    problem = _check(facts, "actors", "when: 1900", f"when: {written}")
    assert problem.code == "bad-date"
    assert problem.message.startswith("a date cannot be a set of dates")
    assert problem.hint == "EDTF sets are not supported: write 1667/1668, or two facts"
    assert problem.fix == ""


@pytest.mark.parametrize("written", ['"?"', "unknown", "n/a"])
def test_unknown_date(facts: dict[str, bytes], written: str) -> None:
    problem = _check(facts, "actors", "when: 1900", f"when: {written}")
    assert problem.hint.startswith("if the date is not known, delete the field")
    assert problem.fix == ""


def _hint(problem: Problem) -> str:
    """Return the hint that has the fix, or an empty text if there is none."""
    if not problem.fix:
        return ""
    return f"write {problem.fix}" if problem.is_safe else f"did you mean '{problem.fix}'?"


def test_required_date_cannot_be_deleted(facts: dict[str, bytes]) -> None:
    problem = _check(facts, "briefing", "cutoff: 2026-01-01", "cutoff: unknown")
    assert problem.hint.startswith(_IMPRECISE)


def test_fix_of_a_day_is_a_day(facts: dict[str, bytes]) -> None:
    """Where the field accepts no other date."""
    for written, fix in (("1 May 1900", "1900-05-01"), ("May 1900", "")):
        problem = _check(facts, "sources", f"url: {_URL}", f"url: {_URL}\n  accessed: {written}")
        assert (problem.code, problem.fix) == ("bad-date", fix)


def test_comment_without_a_space(facts: dict[str, bytes]) -> None:
    problem = _check(facts, "actors", "when: 1900", "when: 1900# the year")
    assert (problem.hint, problem.fix, problem.is_safe) == ("add a space before it", "1900 # the year", True)


def test_comment_would_hide_a_closing_brace(facts: dict[str, bytes]) -> None:
    assert "#" not in _check(facts, "places", "from: report}", "from: report# it}").fix


_ITEM = "\n          - "
_UNIT = "write source:paragraph, for example report:12 or treaty:3.3"
_EACH = "cite each paragraph by itself"
_COMMAS = "put a comma between the items of the list"
_AROUND = ", with brackets around the list"
_ADD = "write report:NUMBER, with the number of the paragraph (1 to 9)"
_TITLE = "that is the source 'report'"


@pytest.mark.parametrize(
    ("written", "hint", "fix", "is_safe"),
    [
        ("report:1-3", f"{_EACH}{_AROUND}", "[report:1, report:2, report:3]", False),
        ("report:1–3", f"{_EACH}{_AROUND}", "[report:1, report:2, report:3]", False),
        ("[report:1-3, report:5]", _EACH, "report:1, report:2, report:3", False),
        (
            "\n          - report:1-3\n          - report:5",
            _EACH,
            "report:1\n          - report:2\n          - report:3",
            False,
        ),
        ("report:1, 3", f"{_EACH}{_AROUND}", "[report:1, report:3]", False),
        ("report:1, report:3", f"{_COMMAS}{_AROUND}", "[report:1, report:3]", True),
        # The report has nine paragraphs.
        ("report:8-12", "the source 'report' has only 9 paragraphs", "", False),
        ("report:3-1", f"{_EACH}, as in [report:1, report:2]", "", False),
        ("report:p.4", f"the source 'report' is cited by paragraph, not by page: {_ADD}", "", False),
        ("report:¶4", "", "report:4", True),
        ("report para. 4", "", "report:4", True),
        ("report:~4", "", "report:4", False),
        ("report:§4", "", "report:4", False),
        ("report, 4", "", "report:4", True),
        ("report:۴", "", "report:4", True),
        ("rеport:4", "'е' is the Cyrillic small letter ie; type the Latin letter in its place", "report:4", True),
        (_URL, f"{_TITLE}: {_ADD}", "", False),
        (f"{_URL}/:4", _TITLE, "report:4", False),
        ("A report on the harbour", f"{_TITLE}: {_ADD}", "", False),
        ("A report on the harbour, ¶4", _TITLE, "report:4", False),
        ("chart of the basin, 1900", "that is the source 'old-chart'", "old-chart", False),
        ("old–chart", "", "old-chart", True),
        ("old_chart", "", "old-chart", True),
        ("[report:1, Old Chart]", "", "old-chart", False),
        ("nothing at all", "", "", False),
        ("zebra:1-3", "", "", False),
    ],
)
def test_citation(facts: dict[str, bytes], written: str, hint: str, fix: str, is_safe: bool) -> None:
    problem = _check(facts, "topics/harbour", "cite: report:1", f"cite: {written}")
    assert (problem.code, problem.hint) == ("bad-citation", hint or _hint(problem) or _UNIT)
    assert (problem.fix, problem.is_safe) == (fix, is_safe)


_LATIN = "type the Latin letter in its place"
_ID = "use a few lower-case words and numbers joined by hyphens, for example naval-base-1971"


@pytest.mark.parametrize(
    ("written", "hint", "fix", "is_safe"),
    [
        (
            "hаrbour-basin",
            "'а' is the Cyrillic small letter a; type the Latin letter in its place",
            "harbour-basin",
            True,
        ),
        ("harbour–basin", "", "harbour-basin", True),
        ("Harbour_Basin", "", "harbour-basin", True),
        ("Harbour basin", "", "harbour-basin", True),
        # Something would be lost.
        ("harbour-basin!", "", "harbour-basin", False),
        ("Harbor Basin", "", "harbour-basin", False),
        ("Somebody Else", "", "", False),
    ],
)
def test_reference(facts: dict[str, bytes], written: str, hint: str, fix: str, is_safe: bool) -> None:
    right = "[harbour-basin, quay, port-authority]"
    problem = _check(facts, "topics/harbour", right, f"[{written}, quay, port-authority]")
    assert (problem.code, problem.message) == ("bad-id", f"invalid id: '{written}'")
    assert (problem.hint, problem.fix, problem.is_safe) == (hint or _hint(problem) or _ID, fix, is_safe)


def test_digits_of_other_scripts_in_ids(facts: dict[str, bytes]) -> None:
    files = {file: data.replace(b"opening", b"opening-1900") for file, data in facts.items()}
    problem = _check(
        files, "briefing", "    rests_on: [opening-1900]\njudgments", "    rests_on: [opening-۱۹۰۰]\njudgments"
    )
    assert (problem.code, problem.fix, problem.is_safe) == ("bad-id", "opening-1900", True)


def test_list_of_ids_is_safe_if_each_of_them_is(facts: dict[str, bytes]) -> None:
    for written, is_safe in (
        ("[Harbour-Basin, Quay, port-authority]", True),
        ("[Harbor, Quay, port-authority]", False),
    ):
        problem = _check(facts, "topics/harbour", "[harbour-basin, quay, port-authority]", written)
        assert (problem.fix, problem.is_safe) == ("[harbour-basin, quay, port-authority]", is_safe)


@pytest.mark.parametrize(("written", "fix"), [("оpening", "opening"), ("Opening", "opening")])
def test_id_of_a_record(facts: dict[str, bytes], written: str, fix: str) -> None:
    """References to the right id are not reported."""
    problem = _check(facts, "topics/harbour", "id: opening", f"id: {written}")
    assert (problem.code, problem.fix, problem.is_safe) == ("bad-id", fix, False)


def test_item_that_has_a_dash_gets_no_second_one(facts: dict[str, bytes]) -> None:
    for before in ("[harbour-basin, -quay, port-authority]", f"{_ITEM}harbour-basin{_ITEM}-quay{_ITEM}port-authority"):
        problem = _check(facts, "topics/harbour", "[harbour-basin, quay, port-authority]", before)
        assert (problem.message, problem.fix) == ("missing space after '-'", "quay")


def test_id_has_no_brackets(facts: dict[str, bytes]) -> None:
    files = {file: data.replace(b"opening", b"wide-opening") for file, data in facts.items()}
    problem = _check(files, "topics/harbour", "id: wide-opening", "id: wide, opening")
    assert problem.fix == "wide-opening"


@pytest.mark.parametrize(
    ("written", "fix", "is_safe"),
    [
        ("5_9.1", "59.1", False),
        ("5.9e1", "", False),
        ("nan", "", False),
        ("۵۹", "59", True),
        ("59,1", "59.1", True),
        ("'59,1'", "59.1", True),
        ("59°06'N", "59.10", False),
        ("59° 6′ 36″ N", "59.1100", False),
        ("59°06'E", "", False),
        ("59.1°", "59.1", False),
        ("59.1 N", "59.1", False),
    ],
)
def test_coordinate(facts: dict[str, bytes], written: str, fix: str, is_safe: bool) -> None:
    problem = _check(facts, "places", "lat: 59.1", f"lat: {written}")
    assert problem.code == "wrong-type"
    assert (problem.fix, problem.is_safe) == (fix, is_safe)
    default = "write decimal degrees, for example 48.86; those of the south and the west are negative"
    assert problem.hint in (_hint(problem) or default, "write 59.1")


@pytest.mark.parametrize("written", ["59.10", "+59.1", "59", "59.", '" 59.1 "'])
def test_digits_and_a_point_are_a_number(facts: dict[str, bytes], written: str) -> None:
    path = "facts/places.yml"
    assert _problems({**facts, path: facts[path].replace(b"lat: 59.1", f"lat: {written}".encode())}) == ()


def test_south_and_west_are_negative(facts: dict[str, bytes]) -> None:
    problem = _check(facts, "places", "lon: 18.2", "lon: 18°30'W")
    assert problem.fix == "-18.50"


@pytest.mark.parametrize(
    ("written", "fix", "is_safe"),
    [("1_0", "10", False), ("1e1", "", False), ("٩", "9", True), ("nine", "9", True), ("9.0", "9", True)],
)
def test_whole_number(facts: dict[str, bytes], written: str, fix: str, is_safe: bool) -> None:
    problem = _check(facts, "sources", "count: 9", f"count: {written}")
    default = "write it in digits, for example 12"
    assert (problem.code, problem.hint) == ("wrong-type", _hint(problem) or default)
    assert (problem.fix, problem.is_safe) == (fix, is_safe)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("[suva, apia]", "a route is a list of points, not of places"),
        ("suva", "a route is a list of points, not of places: 'suva'"),
        ("[59.1, 18.2]", "a route is a list of points, not of places"),
        ("[[59.1, 18.2], [59.3]]", "a point needs a latitude and a longitude"),
        ("[[59.1, 18.2], apia]", "a point needs a latitude and a longitude: 'apia'"),
        ("[[59.1, 18.2]]", "a route needs at least two points"),
    ],
)
def test_route(facts: dict[str, bytes], written: str, message: str) -> None:
    problem = _check(facts, "places", "line: [[59.1, 18.2], [59.3, 18.9]]", f"line: {written}")
    assert (problem.code, problem.message, problem.fix) == ("wrong-type", message, "")
    assert problem.hint.endswith("for example [[59.1, 18.2], [59.3, 18.9]]")


@pytest.mark.parametrize(
    ("written", "fix", "is_safe"),
    [
        (f"“{_URL}”", _URL, True),
        (f"<{_URL}>", _URL, True),
        ("HTTPS://port.example/report", _URL, True),
        ("doi:10.1000/182", "https://doi.org/10.1000/182", True),
        ("10.1000/182", "https://doi.org/10.1000/182", False),
        ("www.port.example/report", "https://www.port.example/report", False),
        ("port.example", "https://port.example", False),
        (f'"[the report]({_URL})"', _URL, False),
        ("https://port.example.", "https://port.example", False),
        ("https://port.example./report", _URL, False),
        ("https://port.", "", False),
        ("https://port..example", "", False),
        (f"{_URL} and more", "", False),
        ("report", "", False),
    ],
)
def test_web_address(facts: dict[str, bytes], written: str, fix: str, is_safe: bool) -> None:
    problem = _check(facts, "sources", f"url: {_URL}", f"url: {written}")
    assert (problem.code, problem.fix, problem.is_safe) == ("bad-url", fix, is_safe)
    assert problem.hint


@pytest.mark.parametrize(
    ("right", "wrong", "fix", "is_safe"),
    [
        ("rests_on: [opening]\njudgments", "Rests-On: [opening]\njudgments", "rests_on", True),
        ("rests_on: [opening]\njudgments", "rest_on: [opening]\njudgments", "rests_on", False),
        ("cutoff:", "Cutoff:", "cutoff", True),
        ("cutoff:", "сutoff:", "cutoff", True),
        ("likelihood: likely", "likelihood: Likely", "likely", True),
        ("likelihood: likely", "likelihood: very_likely", "very likely", True),
        ("likelihood: likely", "likelihood: likely?", "likely", False),
        ("confidence: low", "confidence: lo", "low", False),
    ],
)
def test_name_or_word_of_ours(facts: dict[str, bytes], right: str, wrong: str, fix: str, is_safe: bool) -> None:
    file = "facts/briefing.yml"
    # Whether the sentence has the right word is another rule.
    text = facts[file].replace(b"is likely to stay", b"will stay")
    problem = _check({**facts, file: text}, "briefing", right, wrong)
    assert (problem.fix, problem.is_safe) == (fix, is_safe)


def test_field_name_is_only_suggested_if_its_value_is_invalid(facts: dict[str, bytes]) -> None:
    file = "facts/briefing.yml"
    data = facts[file].replace(b"cutoff: 2026-01-01", b"Cutoff: 1 January 2026")
    (problem,) = _problems({**facts, file: data})
    assert (problem.fix, problem.is_safe) == ("cutoff", False)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Harbour", "rename the file to 'harbour.yml'"),
        ("hаrbour", "rename the file to 'harbour.yml'"),
        ("Copy of harbour", "rename the file to 'harbour.yml'"),
        ("harbour (2)", "rename the file to 'harbour.yml'"),
        ("Copy of quay", "rename the file to 'copy-of-quay.yml'"),
        ("con", "rename the file: use a few lower-case words and numbers joined by hyphens"),
    ],
)
def test_wrong_file_name_has_no_fix(facts: dict[str, bytes], name: str, hint: str) -> None:
    files = dict(facts)
    right = "facts/topics/harbour.yml"
    files[f"facts/topics/{name}.yml"] = files.pop(right)
    problem = next(problem for problem in _problems(files) if problem.code == "bad-id")
    assert problem.message.endswith(f": '{name}', the name of the file")
    assert (problem.place.line, problem.place.column, problem.hint, problem.fix) == (1, 1, hint, "")
    # A topic whose file only has the wrong name is not missing.
    is_missing = [problem.code for problem in _problems(files)] != ["bad-id"]
    assert is_missing == ("harbour.yml'" not in hint or "copy" in hint)


def test_copy_of_a_file_is_not_renamed_to_an_existing_one(facts: dict[str, bytes]) -> None:
    files = {**facts, "facts/topics/Harbour.yml": facts["facts/topics/harbour.yml"]}
    (problem,) = _problems(files)
    assert problem.hint == "delete the file, or rename it; 'harbour.yml' exists already"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("krуpton", ("krypton", "'у' is the Cyrillic small letter u")),
        ("Cталин", ("Сталин", "'C' is the Latin capital letter c")),
        ("Αlpha", ("Alpha", "'Α' is the Greek capital letter alpha")),
        *((word, None) for word in ("Яndex", "µTorrent", "μTorrent", "kΩ", "μm", "ΔH", "γδT", "KoЯn", "HTML-код")),
        *((word, None) for word in ("SMSка", "CО2", "T-34", "Сталин", "naïve", "νe")),
    ],
)
def test_mixed_scripts(facts: dict[str, bytes], written: str, expected: tuple[str, str] | None) -> None:
    path = "facts/glossary.yml"
    for text in (f"A place for {written}.", f'"A place for {written}."', f">-\n    A place\n    for {written}."):
        wrong = facts[path].replace(b"A landing place.", text.encode())
        problems = _problems({**facts, path: wrong})
        if expected is None:
            assert problems == ()
            continue
        problem = _check(facts, "glossary", "A landing place.", text)
        meant, letter = expected
        assert (problem.code, problem.severity, problem.is_safe) == ("mixed-scripts", "warning", False)
        assert (problem.message, problem.fix) == (f"'{written}' mixes scripts: {letter}", meant)


def test_escaped_letter_of_another_script_has_no_fix(facts: dict[str, bytes]) -> None:
    problem = _check(facts, "glossary", "A landing place.", r'"A l\u0430nding place."')
    assert (problem.code, problem.fix) == ("mixed-scripts", "")


@pytest.mark.parametrize("written", ["[" + "a, " * 300 + "a b]", " x" * 5000, "report:" + "1-" * 5000])
def test_long_values_are_not_examined(facts: dict[str, bytes], written: str) -> None:
    path = "facts/topics/harbour.yml"
    data = re.sub(rb"cite: .*", f"cite: '{written}'".encode(), facts[path])
    codes: Sequence[str] = [problem.code for problem in _problems({**facts, path: data})]
    assert codes == ["bad-citation"]
