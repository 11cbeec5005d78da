"""Extended Date/Time Format (EDTF, ISO 8601-2:2019), levels 0 and 1, without times of day.

A date is never made more precise than it was written: ``1971`` has bounds and words, but no day.
"""

import calendar
import re
from dataclasses import dataclass
from functools import total_ordering

# Year, month and day. Years are astronomical: 0 is 1 BC.
Day = tuple[int, int, int]
# An open interval needs bounds that sort before and after every date that can be written.
_FIRST: Day = (-(10**12), 1, 1)
_LAST: Day = (10**12, 12, 31)

_DATE = re.compile(
    r"(?P<year>Y-?[1-9]\d{4,11}|-?\d{4}|-?\d{3}X|-?\d{2}XX)"
    r"(?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX))?)?"
    r"(?P<qualifier>[?~%])?"
)
_PLAIN_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
# EDTF does not say of which hemisphere its seasons are, so these are the northern ones. A winter may mean either end
# of its year, so it has the whole of it.
_SEASON_MONTHS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (1, 12)}
_QUALIFIED = {"?": "{} (uncertain)", "~": "about {}", "%": "about {} (uncertain)", "": "{}"}


class DateFault(ValueError):
    """A text that is no date. ``unreal`` tells a day that no calendar has from a wrong form."""

    def __init__(self, message: str, *, unreal: bool) -> None:
        super().__init__(message)
        self.unreal = unreal


@total_ordering
@dataclass(frozen=True, slots=True)
class Edtf:
    """A date as written, with the first and last day that it may mean and the same in English words.

    Ordered by the first day; of two that start together the shorter comes first.
    """

    text: str
    earliest: Day
    latest: Day
    words: str

    @property
    def is_day(self) -> bool:
        """Precise to one day."""
        return self.earliest == self.latest

    @property
    def is_plain_day(self) -> bool:
        """One day of the years 1 to 9999, neither uncertain nor approximate: a date in any other standard."""
        return bool(_PLAIN_DAY.fullmatch(self.text)) and not self.text.startswith("0000")

    @property
    def is_interval(self) -> bool:
        """Written with a start and an end, either of which may be open."""
        return "/" in self.text

    def __lt__(self, other: "Edtf") -> bool:
        return (self.earliest, self.latest, self.text) < (other.earliest, other.latest, other.text)

    def __str__(self) -> str:
        return self.text


def parse_edtf(text: str) -> Edtf:
    """Read one EDTF text. Raises DateFault."""
    if "/" not in text:
        return _parse_date(text)
    start_text, _, end_text = text.partition("/")
    open_ended = ("", "..")
    if start_text in open_ended and end_text in open_ended:
        raise DateFault("an interval needs a start or an end", unreal=False)
    # In EDTF two dots mean that an interval goes on, and nothing at all that its bound is not known.
    if start_text in open_ended:
        end = _parse_date(end_text)
        words = f"until {end.words}"
        if not start_text:
            words += ", start not known"
        return Edtf(text, _FIRST, end.latest, words)
    start = _parse_date(start_text)
    if end_text == "..":
        return Edtf(text, start.earliest, _LAST, f"since {start.words}")
    if not end_text:
        return Edtf(text, start.earliest, _LAST, f"from {start.words}, end not known")
    end = _parse_date(end_text)
    if end.latest < start.earliest:
        raise DateFault("the interval ends before it starts", unreal=True)
    return Edtf(text, start.earliest, end.latest, f"{start.words} to {end.words}")


_MONTHS = {
    name.lower(): number for names in (calendar.month_name, calendar.month_abbr) for number, name in enumerate(names)
}
# Ways in which people write dates, and the same in EDTF. 1/2/1971 is missing: whether its day or its month comes first
# cannot be known.
_HABITS = (
    (r"(?P<d>\d{1,2})(?:st|nd|rd|th)?\.? (?P<month>[a-z]+)\.?,? (?P<y>\d{4})", "{y}-{m:02}-{d:02}"),
    (r"(?P<month>[a-z]+)\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})", "{y}-{m:02}-{d:02}"),
    (r"(?P<month>[a-z]+)\.?,? (?P<y>\d{4})", "{y}-{m:02}"),
    (r"(?P<y>\d{4})[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})", "{y}-{m:02}-{d:02}"),
    (r"(?P<y>\d{4})-(?P<d>1[3-9]|2\d|3[01])-(?P<m>\d{2})", "{y}-{m:02}-{d:02}"),
    # With dots the day comes first everywhere. With hyphens and slashes only a number above 12 is surely the day.
    (r"(?P<d>\d{1,2})\. ?(?P<m>\d{1,2})\. ?(?P<y>\d{4})", "{y}-{m:02}-{d:02}"),
    (r"(?P<d>1[3-9]|2\d|3[01])[-/](?P<m>\d{1,2})[-/](?P<y>\d{4})", "{y}-{m:02}-{d:02}"),
    (r"(?P<m>\d{1,2})[-/](?P<d>1[3-9]|2\d|3[01])[-/](?P<y>\d{4})", "{y}-{m:02}-{d:02}"),
    (r"(?P<y>\d{4})[-./](?P<m>\d{1,2})", "{y}-{m:02}"),
    (r"(?:the )?(?P<decade>\d{3})0s", "{decade}X"),
    (r"(?:about|around|circa|ca?\.?) ?(?P<y>\d{4})", "{y}~"),
    (r"(?P<y>\d{4}) ?[-–—] ?(?P<end>\d{4})", "{y}/{end}"),
    (r"(?:since|from) (?P<y>\d{4})", "{y}/.."),
)


def meant_edtf(text: str) -> str:
    """The EDTF of a date that is written as people write dates (1 May 1971, May 1971, the 1970s); empty if unsure."""
    for pattern, form in _HABITS:
        match = re.fullmatch(pattern, text.strip().lower(), re.ASCII)
        if not match:
            continue
        parts = match.groupdict()
        numbers = {name: int(value) for name, value in parts.items() if name in "md"}
        if "month" in parts:
            # A word that is not a month becomes month 0, which parse_edtf refuses.
            numbers["m"] = _MONTHS.get(parts["month"], 0)
        meant = form.format(**{**parts, **numbers})
        try:
            return parse_edtf(meant).text
        except DateFault:
            continue
    return ""


def printed_parts(date: Edtf) -> list[tuple[str, ...]]:
    """What a text that prints this date must hold: each part in any of its spellings, in English."""
    parts: list[tuple[str, ...]] = []
    for end in date.text.split("/"):
        match = _DATE.fullmatch(end)
        if not match:
            continue
        year, month, day = match["year"].removeprefix("Y"), match["month"], match["day"]
        if "X" not in year:
            # A text prints a year before Christ without its sign, and year 0 as 1 BC.
            number = int(year)
            parts.append((str(number if number > 0 else 1 - number),))
        elif year.isalnum() and not year.endswith("XX"):
            # A century has no one spelling: 18XX may be "the 1800s" or "the nineteenth century".
            parts.append((year.lstrip("0").replace("X", "0s"),))
        if month and month.isdigit():
            parts.append(_month_spellings(int(month)))
        if day and day.isdigit():
            parts.append((str(int(day)), f"{int(day)}th", f"{int(day)}st", f"{int(day)}nd", f"{int(day)}rd"))
    return parts


def _month_spellings(month: int) -> tuple[str, ...]:
    if month in _SEASONS:
        return (_SEASONS[month],)
    return (calendar.month_name[month], calendar.month_abbr[month])


def _parse_date(text: str) -> Edtf:
    match = _DATE.fullmatch(text)
    # `\d` matches the digits of every script, EDTF has only those of ASCII.
    if not match or not text.isascii() or match["year"].startswith("-0000"):
        raise DateFault("not an EDTF date", unreal=False)
    year, month, day = match["year"], match["month"], match["day"]
    if "X" in year and month:
        raise DateFault("a decade or century has no month", unreal=False)
    if month == "XX" and day not in (None, "XX"):
        raise DateFault("a day needs its month", unreal=False)
    first_year, last_year, words = _describe_year(year)
    if month is None:
        first, last = (first_year, 1, 1), (last_year, 12, 31)
    elif month == "XX":
        first, last = (first_year, 1, 1), (last_year, 12, 31)
        unit = "day" if day else "month"
        words = f"a {unit} in {words}"
    else:
        first, last, words = _describe_month(first_year, int(month), day, words)
    return Edtf(text, first, last, _QUALIFIED[match["qualifier"] or ""].format(words))


def _describe_year(text: str) -> tuple[int, int, str]:
    digits = text.removeprefix("Y")
    # Before year 0 the higher number is the earlier year.
    first, last = sorted((int(digits.replace("X", "0")), int(digits.replace("X", "9"))))
    if "X" not in digits:
        return first, last, _format_year(first)
    if re.fullmatch(r"\d{3}X", digits):
        return first, last, f"the {first}s"
    return first, last, f"some time from {_format_year(first)} to {_format_year(last)}"


def _format_year(year: int) -> str:
    return str(year) if year > 0 else f"{1 - year} BC"


def _describe_month(year: int, month: int, day: str | None, words: str) -> tuple[Day, Day, str]:
    if month in _SEASONS:
        if day:
            raise DateFault("a season has no day", unreal=False)
        begin, end = _SEASON_MONTHS[month]
        return (year, begin, 1), (year, end, _days(year, end)), f"{_SEASONS[month]} {words}"
    if not 1 <= month <= 12:
        raise DateFault(f"there is no month {month:02}", unreal=True)
    words = f"{calendar.month_name[month]} {words}"
    last = _days(year, month)
    if day is None:
        return (year, month, 1), (year, month, last), words
    if day == "XX":
        return (year, month, 1), (year, month, last), f"a day in {words}"
    if not 1 <= int(day) <= last:
        raise DateFault(f"{words} has no day {int(day)}, only {last} days", unreal=True)
    return (year, month, int(day)), (year, month, int(day)), f"{int(day)} {words}"


def plain_day(day: Day) -> Edtf:
    """A day of the years 1 to 9999 as a date."""
    return parse_edtf(f"{day[0]:04}-{day[1]:02}-{day[2]:02}")


def later(day: Day, months: int) -> Day:
    """The same day so many months on, or the last of that month."""
    years, month = divmod(day[1] - 1 + months, 12)
    year = day[0] + years
    return year, month + 1, min(day[2], _days(year, month + 1))


def _days(year: int, month: int) -> int:
    # `calendar` knows only the years 1 to 9999. The Gregorian calendar, which EDTF extends to all years, repeats every
    # 400 years.
    return calendar.monthrange(year % 400 + 400, month)[1]
