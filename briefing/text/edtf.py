"""Extended Date/Time Format (EDTF, ISO 8601-2:2019), levels 0 and 1, without times of day.

Parsing never adds precision: ``1971`` has a first and a last possible day, but is not itself a day.
"""

import calendar
import re
from dataclasses import dataclass
from functools import total_ordering

from briefing.text.normalize import ascii_digits

# Year, month and day. Years are astronomical: 0 is 1 BC.
Day = tuple[int, int, int]
# The bounds of open intervals. They sort before and after every date that EDTF can express.
_FIRST: Day = (-(10**12), 1, 1)
_LAST: Day = (10**12, 12, 31)

_DATE = re.compile(
    r"(?P<year>Y-?[1-9]\d{4,11}|-?\d{4}|-?\d{3}X|-?\d{2}XX)"
    r"(?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX))?)?"
    r"(?P<qualifier>[?~%])?"
)
_PLAIN_DAY = re.compile(r"\d{4}-\d\d-\d\d")
SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
# EDTF does not specify the hemisphere of a season. These months are for the northern one. A winter may fall at either
# end of a year, so it spans the whole year.
_SEASON_MONTHS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (1, 12)}


class DateFault(ValueError):
    """The text is not a valid date. ``unreal`` is true if the form is right but the date cannot exist."""

    def __init__(self, message: str, *, unreal: bool) -> None:
        super().__init__(message)
        self.unreal = unreal


@total_ordering
@dataclass(frozen=True, slots=True)
class Edtf:
    """A date as written, with the first and last day that it may mean.

    Dates sort by their first day. If two start on the same day, the shorter one comes first.
    """

    text: str
    earliest: Day
    latest: Day

    @property
    def is_day(self) -> bool:
        """Whether the date is precise to one day."""
        return self.earliest == self.latest

    @property
    def is_plain_day(self) -> bool:
        """Whether this is a certain, exact day in the years 1 to 9999, so that other standards can express it."""
        return bool(_PLAIN_DAY.fullmatch(self.text)) and not self.text.startswith("0000")

    @property
    def is_interval(self) -> bool:
        """Whether the date is written with a start and an end, either of which may be open."""
        return "/" in self.text

    def __lt__(self, other: "Edtf") -> bool:
        return (self.earliest, self.latest, self.text) < (other.earliest, other.latest, other.text)

    def __str__(self) -> str:
        return self.text


def parse_edtf(text: str) -> Edtf:
    """Parse an EDTF text. Raises DateFault."""
    if "/" not in text:
        return _parse_date(text)
    start_text, _, end_text = text.partition("/")
    open_ended = ("", "..")
    if start_text in open_ended and end_text in open_ended:
        raise DateFault("an interval needs a start or an end", unreal=False)
    if start_text in open_ended:
        return Edtf(text, _FIRST, _parse_date(end_text).latest)
    start = _parse_date(start_text)
    if end_text in open_ended:
        return Edtf(text, start.earliest, _LAST)
    end = _parse_date(end_text)
    if end.latest < start.earliest:
        raise DateFault("the interval ends before it starts", unreal=True)
    return Edtf(text, start.earliest, end.latest)


_MONTHS = {
    name.lower(): number for names in (calendar.month_name, calendar.month_abbr) for number, name in enumerate(names)
}
_MONTHS["sept"] = 9
_SEASON_NUMBERS = {name: number for number, name in SEASONS.items()} | {"fall": 23}
# Other notations for what EDTF can express, each with its EDTF form. "open" and "unknown" are from the draft of 2012.
_NOTATIONS = (
    (re.compile(r" *([-/]) *"), r"\1"),
    (re.compile(r"\?~|~\?"), "%"),
    (re.compile(r"/open$"), "/.."),
    (re.compile(r"/unknown$"), "/"),
    (re.compile(r"^unknown/"), "/"),
)
_BEFORE_CHRIST = r"(?:bce?|b\.c\.(?:e\.)?)"
_ERA = re.compile(
    rf"\b(?P<before>\d{{1,4}}) ?{_BEFORE_CHRIST}(?!\w)"
    r"|\b(?:ad|a\.d\.) ?(?P<year>\d{1,4})\b|\b(?P<after>\d{1,4}) ?(?:ad|a\.d\.|ce|c\.e\.)(?!\w)",
    re.ASCII,
)
_LONGEST = 100
_YEAR = r"(?P<y>-?\d{4})"
# The usual ways to write a date, each with its EDTF form and whether nothing else can be meant. 1/2/1971 is left out
# because its first number may be the day or the month.
_HABITS = (
    (rf"{_YEAR}(?P<m>\d\d)(?P<d>\d\d)", "{y}-{m:02}-{d:02}", True),
    (rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\.? (?:of )?(?P<month>[a-z]+)\.?,? {_YEAR}", "{y}-{m:02}-{d:02}", True),
    (rf"(?P<month>[a-z]+)\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}", "{y}-{m:02}-{d:02}", True),
    (rf"(?P<month>[a-z]+)\.?,? {_YEAR}", "{y}-{m:02}", True),
    # Few sources give a season, and then the year alone is meant.
    (rf"(?P<season>spring|summer|autumn|fall|winter),? (?:of )?{_YEAR}", "{y}-{s}", False),
    (rf"{_YEAR}[-–—./](?P<m>\d{{1,2}})[-–—./](?P<d>\d{{1,2}})", "{y}-{m:02}-{d:02}", False),
    (rf"{_YEAR}-(?P<d>1[3-9]|2\d|3[01])-(?P<m>\d{{2}})", "{y}-{m:02}-{d:02}", False),
    # Without its time, the day is still right.
    (rf"{_YEAR}-(?P<m>\d\d)-(?P<d>\d\d)[t ]\d\d:?\d\d.*", "{y}-{m:02}-{d:02}", False),
    # With dots the day always comes first. With hyphens and slashes only a number above 12 is certainly the day.
    (rf"(?P<d>1[3-9]|2\d|3[01])[-./] ?(?P<m>\d{{1,2}})[-./] ?{_YEAR}", "{y}-{m:02}-{d:02}", True),
    (rf"(?P<d>\d{{1,2}})\. ?(?P<m>\d{{1,2}})\. ?{_YEAR}", "{y}-{m:02}-{d:02}", False),
    (rf"(?P<m>\d{{1,2}})[-/](?P<d>1[3-9]|2\d|3[01])[-/]{_YEAR}", "{y}-{m:02}-{d:02}", True),
    (rf"{_YEAR}[-./](?P<m>\d{{1,2}})", "{y}-{m:02}", False),
    # EDTF has quarters only from level 2 on. In some countries and companies, they do not begin in January.
    (rf"q(?P<quarter>[1-4])[ /-]?{_YEAR}", "{y}-{first:02}/{y}-{last:02}", False),
    (rf"{_YEAR}[ /-]?q(?P<quarter>[1-4])", "{y}-{first:02}/{y}-{last:02}", False),
    (r"(?:the )?(?P<decade>\d{2}[1-9])0s", "{decade}X", True),
    # This may also be a century.
    (r"(?:the )?(?P<decade>\d{3})0s", "{decade}X", False),
    # The 18th century began in 1701, but 17XX begins in 1700.
    (r"(?:the )?(?P<century>\d{1,2})(?:st|nd|rd|th) century", "{c:02}XX", False),
    (rf"(?:the )?(?P<century>\d{{1,2}})(?:st|nd|rd|th) century {_BEFORE_CHRIST}", "-{c:02}XX", False),
    (rf"(?:about|around|circa|ca?\.?) ?{_YEAR}", "{y}~", True),
    (rf"(?P<qualifier>[?~%]){_YEAR}", "{y}{qualifier}", True),
    (rf"{_YEAR}[-–/](?P<short>\d\d)", "{y}/{end}", False),
    (rf"(?:from )?{_YEAR} ?(?:[-–—]|to|until) ?(?P<end>-?\d{{4}})", "{y}/{end}", False),
    # The year itself may be meant or not.
    (rf"(?:since|from|after) {_YEAR}", "{y}/..", False),
    (rf"(?:until|before) {_YEAR}", "../{y}", False),
)


def meant_edtf(text: str) -> tuple[str, bool]:
    """Return the EDTF of a date in another form (1 May 1971, the 1970s, 44 BC), and whether nothing else can be meant.

    The EDTF is empty if the text is not a date, or is ambiguous.
    """
    # Some patterns are slow on long texts, which are not dates.
    if len(text) > _LONGEST:
        return "", False
    written = text.strip(" \"'“”„‘’«»").lower()
    spelling = ascii_digits(written)
    # A year in other digits may be one of another calendar.
    has_ascii_digits = spelling == written
    for notation, sign in _NOTATIONS:
        spelling = notation.sub(sign, spelling)
    spelling = _ERA.sub(_astronomical, spelling)
    if _is_edtf(spelling.upper()):
        return spelling.upper(), has_ascii_digits
    for pattern, form, is_safe in _HABITS:
        match = re.fullmatch(pattern, spelling, re.ASCII)
        meant = form.format(**_numbers(match.groupdict())) if match else ""
        if _is_edtf(meant):
            return meant, is_safe and has_ascii_digits
    return "", False


def _is_edtf(text: str) -> bool:
    try:
        parse_edtf(text)
    except DateFault:
        return False
    return True


def _astronomical(era: re.Match[str]) -> str:
    """Return a year of the Christian era as EDTF numbers it: 1 BC is the year 0."""
    if not era["before"]:
        return f"{int(era['year'] or era['after']):04}"
    year = 1 - int(era["before"])
    return f"-{-year:04}" if year else "0000"


def _numbers(parts: dict[str, str]) -> dict[str, str | int]:
    """Return the parts of a date with its day, month, season, quarter and century as numbers."""
    found: dict[str, str | int] = {**parts, **{name: int(value) for name, value in parts.items() if name in "md"}}
    if "month" in parts:
        # A word that is not a month becomes month 0, which parse_edtf rejects.
        found["m"] = _MONTHS.get(parts["month"], 0)
    if "season" in parts:
        found["s"] = _SEASON_NUMBERS[parts["season"]]
    if "quarter" in parts:
        found["last"] = 3 * int(parts["quarter"])
        found["first"] = 3 * int(parts["quarter"]) - 2
    if "short" in parts:
        years = int(parts["short"]) - int(parts["y"][-2:])
        # A longer range is more likely to be a wrong month.
        found["end"] = parts["y"][:-2] + parts["short"] if 0 < years < 10 else "none"
    if "century" in parts:
        found["c"] = int(parts["century"]) - 1
    return found


def printed_parts(date: Edtf) -> list[tuple[str, ...]]:
    """Return the parts that an English text with this date must contain, each with its possible spellings."""
    parts: list[tuple[str, ...]] = []
    for end in date.text.split("/"):
        match = _DATE.fullmatch(end)
        if not match:
            continue
        year, month, day = match["year"].removeprefix("Y"), match["month"], match["day"]
        if "X" not in year:
            # Texts print a year BC without the sign, and year 0 as 1 BC.
            number = int(year)
            parts.append((str(number if number > 0 else 1 - number),))
        elif year.isalnum() and not year.endswith("XX"):
            # A century is left out because its spelling varies: "the 1800s" or "the nineteenth century".
            parts.append((year.lstrip("0").replace("X", "0s"),))
        if month and month.isdigit():
            parts.append(month_spellings(int(month)))
        if day and day.isdigit():
            parts.append((str(int(day)), f"{int(day)}th", f"{int(day)}st", f"{int(day)}nd", f"{int(day)}rd"))
    return parts


def month_spellings(month: int) -> tuple[str, ...]:
    """Return the ways to write a month, or a season (21 to 24), in English."""
    if month in SEASONS:
        return (SEASONS[month],)
    return (calendar.month_name[month], calendar.month_abbr[month])


@dataclass(frozen=True, slots=True)
class DateParts:
    """The parts of a date that is not an interval.

    ``month`` may be a season (21 to 24). ``month`` and ``day`` are None if absent or unspecified.
    """

    first_year: int
    last_year: int
    month: int | None
    day: int | None
    has_unknown_month: bool
    has_unknown_day: bool
    qualifier: str

    @property
    def is_approximate(self) -> bool:
        """Whether the date is qualified with ``~`` or ``%``."""
        return self.qualifier in ("~", "%")

    @property
    def is_uncertain(self) -> bool:
        """Whether the date is qualified with ``?`` or ``%``."""
        return self.qualifier in ("?", "%")


def parse_date_parts(text: str) -> DateParts:
    """Return the parts of a date, which must be valid for ``parse_edtf`` and must not be an interval."""
    match = _DATE.fullmatch(text)
    assert match
    month, day = match["month"], match["day"]
    first_year, last_year = _year_bounds(match["year"])
    return DateParts(
        first_year,
        last_year,
        int(month) if month and month.isdigit() else None,
        int(day) if day and day.isdigit() else None,
        month == "XX",
        day == "XX",
        match["qualifier"] or "",
    )


def _parse_date(text: str) -> Edtf:
    match = _DATE.fullmatch(text)
    # `\d` matches the digits of every script, but EDTF allows only ASCII digits.
    if not match or not text.isascii() or match["year"].startswith("-0000"):
        raise DateFault("invalid date", unreal=False)
    year, month, day = match["year"], match["month"], match["day"]
    if "X" in year and month:
        raise DateFault("a decade or century cannot have a month", unreal=False)
    if month == "XX" and day not in (None, "XX"):
        raise DateFault("a day needs a month", unreal=False)
    first_year, last_year = _year_bounds(year)
    if month in (None, "XX"):
        return Edtf(text, (first_year, 1, 1), (last_year, 12, 31))
    return Edtf(text, *_month_bounds(first_year, int(month), day))


def _year_bounds(text: str) -> tuple[int, int]:
    digits = text.removeprefix("Y")
    # Before year 0 the larger number is the earlier year.
    first, last = sorted((int(digits.replace("X", "0")), int(digits.replace("X", "9"))))
    return first, last


def _month_bounds(year: int, month: int, day: str | None) -> tuple[Day, Day]:
    if month in SEASONS:
        if day:
            raise DateFault("a season cannot have a day", unreal=False)
        begin, end = _SEASON_MONTHS[month]
        return (year, begin, 1), (year, end, _days(year, end))
    if not 1 <= month <= 12:
        raise DateFault(f"there is no month {month:02}", unreal=True)
    last = _days(year, month)
    if day in (None, "XX"):
        return (year, month, 1), (year, month, last)
    if not 1 <= int(day) <= last:
        written = str(year) if year > 0 else f"{1 - year} BC"
        message = f"there is no day {int(day)} in {calendar.month_name[month]} {written}, which has {last} days"
        raise DateFault(message, unreal=True)
    return (year, month, int(day)), (year, month, int(day))


def plain_day(day: Day) -> Edtf:
    """Return a day in the years 1 to 9999 as a date."""
    return parse_edtf(f"{day[0]:04}-{day[1]:02}-{day[2]:02}")


def later(day: Day, months: int) -> Day:
    """Return the day that is ``months`` months later, or the last day of that month if it is shorter."""
    years, month = divmod(day[1] - 1 + months, 12)
    year = day[0] + years
    return year, month + 1, min(day[2], _days(year, month + 1))


def _days(year: int, month: int) -> int:
    # `calendar` supports only the years 1 to 9999. EDTF extends the Gregorian calendar to all years, and that calendar
    # repeats every 400 years.
    return calendar.monthrange(year % 400 + 400, month)[1]
