"""The timeline's chart: rows with a scale each, and marks in lanes above and below an axis."""

import calendar
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from briefing.text.edtf import Day, Edtf
from briefing.text.language import Language
from briefing.views.timeline.events import Dated

# A decade with more facts than this is split into years, each with its own row.
_DECADE_HOLDS = 40
_YEAR_FILLS = 12
# In pixels. The chart is as wide as the page, and marks are spaced for the narrowest page.
_NARROWEST = 290.0
# Targets are at least 24 by 24 pixels (WCAG 2.2, 2.5.8).
_LANE = 24
_HOLDS_TEXT = 16
_TICKS = 16
_BETWEEN = 12
_REMARK = 26
LONG_AGO = -(10**11)
_FAR_AHEAD = 10**11


@dataclass(frozen=True, slots=True)
class Mark:
    """Facts with the same date and voice in a row of the chart.

    ``left``, ``width`` and ``middle`` are percentages of the row; ``y`` is the middle in pixels. ``look`` holds class
    names for the style sheet, including ``starts`` and ``ends`` if the date begins or ends within the row. ``opens``
    names the ends that are open (``before``, ``after``) or unknown (``before-unknown``, ``after-unknown``). A
    ``sequel`` continues a mark from an earlier row, which has the link to the fact.
    """

    left: float
    width: float
    middle: float
    y: int
    look: str
    text: str
    says: str
    opens: tuple[str, ...]
    ids: tuple[str, ...]
    sequel: bool

    @property
    def right(self) -> float:
        """The right end of the mark, as a percentage of the row."""
        return round(self.left + self.width, 3)


@dataclass(frozen=True, slots=True)
class Tick:
    """A year or month on a row's scale: its start, its middle and its label."""

    left: float
    middle: float
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """A period with its own scale. Facts from the source under analysis are above the ``axis``.

    ``title`` is the label with the number of facts. ``remark`` points out a gap before the row or a change of scale,
    and is empty if there is neither.
    """

    label: str
    title: str
    scale: str
    count: int
    remark: str
    remark_y: int
    top: int
    axis: int
    bottom: int
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """All rows and the height of the whole, in pixels."""

    height: int
    rows: tuple[Row, ...]


def draw(dated: list[Dated], spans: list[tuple[int, int]], language: Language) -> Drawing:
    """Draw a row for each period, each with its own scale.

    Facts with the same date and voice share a mark, but a forecast never shares one with a past event.
    """
    groups = _groups(dated)
    rows: list[Row] = []
    top = 0
    for before, (start, end) in zip([None, *spans], spans, strict=False):
        count = sum(start <= anchor(one.when) < end for one in dated)
        row = _row(groups, start, end, count, _remark(before, start, end, language), top, language)
        rows.append(row)
        top = row.bottom + _TICKS + _BETWEEN
    return Drawing(max(top - _BETWEEN, 0), tuple(rows))


def _groups(dated: list[Dated]) -> list[list[Dated]]:
    # Grouped by the text of the date: 1971 and 1971~ cover the same days, but one of them is approximate.
    ordered = sorted(dated, key=lambda one: (one.when, _voice_and_mood(one)))
    grouped = groupby(ordered, lambda one: (one.when.text, _voice_and_mood(one)))
    return [list(group) for _, group in grouped]


def _voice_and_mood(one: Dated) -> tuple[str, bool]:
    return one.moment.sentence.voice, "forecast" in one.moment.voices


def _row(groups: list[list[Dated]], start: int, end: int, count: int, remark: str, top: int, language: Language) -> Row:
    found = [_mark(group, start, end, language) for group in groups]
    marks = [mark for mark in found if mark]
    above = _lanes([mark for mark in marks if "base" in mark.look])
    below = _lanes([mark for mark in marks if "base" not in mark.look])
    marks_top = top
    if remark:
        marks_top = top + _REMARK
    axis = marks_top + _lane_count(above) * _LANE + 4
    bottom = axis + _lane_count(below) * _LANE + 4
    return Row(
        label=label(start, end, language),
        title=language.ngettext(
            "%(period)s: %(num)s fact", "%(period)s: %(num)s facts", count, period=label(start, end, language)
        ),
        scale=language.ngettext("%(num)s year", "%(num)s years", end - start),
        count=count,
        remark=remark,
        remark_y=top + 8,
        top=marks_top,
        axis=axis,
        # The row's label and its scale are next to it, one above the other.
        bottom=max(bottom, marks_top + 32),
        ticks=tuple(_ticks(start, end, language)),
        marks=tuple(_placed(mark, axis, above, below) for mark in marks),
    )


def _lane_count(lanes: dict[Mark, int]) -> int:
    return max(lanes.values(), default=-1) + 1


def anchor(when: Edtf) -> int:
    """Return the year that determines the row of a date."""
    # An interval with an open beginning is placed by its end.
    if when.earliest[0] < LONG_AGO:
        return when.latest[0]
    return when.earliest[0]


def spans(years: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the first year of each row and the year after its last. Rows are decades or parts of decades."""
    for decade, group in groupby(sorted(years), lambda year: year // 10 * 10):
        count = Counter(group)
        if count.total() <= _DECADE_HOLDS:
            yield decade, decade + 10
            continue
        # A year with many facts gets its own row, and so does each run of other years before, between and after.
        start = decade
        for year in range(decade, decade + 10):
            if count[year] < _YEAR_FILLS:
                continue
            if any(count[quiet] for quiet in range(start, year)):
                yield start, year
            yield year, year + 1
            start = year + 1
        if any(count[quiet] for quiet in range(start, decade + 10)):
            yield start, decade + 10


def _remark(before: tuple[int, int] | None, start: int, end: int, language: Language) -> str:
    if before is None:
        return ""
    before_start, before_end = before
    remarks = []
    if before_end < start:
        gap = _format_year(before_end, language)
        if start - before_end > 1:
            gap = language.gettext("%(start)s to %(end)s", start=gap, end=_format_year(start - 1, language))
        remarks.append(language.gettext("%(period)s: no dated facts", period=gap))
    if before_end - before_start != end - start:
        remarks.append(
            language.ngettext("new scale: %(num)s year per row", "new scale: %(num)s years per row", end - start)
        )
    return " · ".join(remarks)


def _format_year(year: int, language: Language) -> str:
    # EDTF counts astronomically, as ISO 8601 does: the year 0 is 1 BC.
    if year > 0:
        return str(year)
    return language.gettext("%(year)s BC", year=str(1 - year))


def _year_number(year: int) -> str:
    return str(year if year > 0 else 1 - year)


def label(start: int, end: int, language: Language) -> str:
    """Return a row's label: ``1970s``, ``2024``, ``2011–14``, ``20–11 BC``."""
    if end - start == 1:
        return _format_year(start, language)
    if end - start == 10 and start > 0:
        # Translators: a decade by its first year, as in "1970s", on its own.
        return language.gettext("%(year)ss", year=str(start))
    if start > 999:
        return f"{start}–{str(end - 1)[-2:]}"
    if end <= 1:
        return language.gettext("%(start)s–%(end)s BC", start=str(1 - start), end=str(2 - end))
    return f"{_format_year(start, language)}–{_format_year(end - 1, language)}"


def _ticks(start: int, end: int, language: Language) -> Iterator[Tick]:
    if end - start == 1:
        labels = language.month_names()
    elif end - start > 5:
        labels = [_year_number(year)[-2:] for year in range(start, end)]
    else:
        labels = [_format_year(year, language) for year in range(start, end)]
    step = 100 / len(labels)
    for index, label in enumerate(labels):
        yield Tick(round(index * step, 3), round((index + 0.5) * step, 3), label)


def _instant(day: Day, *, over: bool = False) -> float:
    """Return a day's beginning, or with ``over`` its end, as a year and a fraction. All months have equal length."""
    year, month, number = day
    # The calendar repeats every 400 years, and dates in Python begin with the year 1.
    length = calendar.monthrange(year % 400 + 400, month)[1]
    days = number
    if not over:
        days = number - 1
    return year + (month - 1 + days / length) / 12


def _mark(group: list[Dated], start: int, end: int, language: Language) -> Mark | None:
    """Return the mark of a group in the row from ``start`` to ``end``, not yet placed, or None if it lies outside the
    row.
    """
    when = group[0].when
    begins, ends = _instant(when.earliest), _instant(when.latest, over=True)
    is_sequel = not start <= anchor(when) < end
    opens = tuple(_open_ends(when))
    # An open interval would continue through all rows, so it is drawn only in its first one.
    if is_sequel and (opens or ends <= start or begins >= end):
        return None
    left = _percentage(begins, start, end)
    right = _percentage(ends, start, end)
    text = ""
    # The number is on the mark that links to the facts, not on its sequels.
    if not is_sequel:
        text = _mark_text(group, language)
    return Mark(
        left=left,
        width=round(right - left, 3),
        middle=round((left + right) / 2, 3),
        y=0,
        look=" ".join(_look(group, right - left, starts=begins >= start, ends=ends <= end)),
        text=text,
        says=_mark_title(group, language),
        opens=opens,
        ids=tuple(one.moment.sentence.id for one in group),
        sequel=is_sequel,
    )


def _percentage(instant: float, start: int, end: int) -> float:
    within_row = max(start, min(instant, end))
    return round((within_row - start) / (end - start) * 100, 3)


def _is_approximate(when: Edtf) -> bool:
    # EDTF qualifies each end of an interval separately.
    return any(part[-1:] in ("~", "?", "%") for part in when.text.split("/"))


def _look(group: list[Dated], width: float, *, starts: bool, ends: bool) -> Iterator[str]:
    """Yield class names for the style sheet. ``width`` is a percentage of the row."""
    moment = group[0].moment
    yield moment.shape
    yield moment.sentence.voice
    if _is_approximate(group[0].when):
        yield "approximate"
    if "forecast" in moment.voices:
        yield "forecast"
    if starts:
        yield "starts"
    if ends:
        yield "ends"
    if moment.shape != "day" and width / 100 * _NARROWEST < _HOLDS_TEXT:
        yield "narrow"
    if len(group) > 1:
        yield "many"


def _mark_text(group: list[Dated], language: Language) -> str:
    text = ""
    if _is_approximate(group[0].when):
        text = "≈"
    if len(group) > 1:
        text = f"{text}{language.format_number(len(group))}"
    return text


def _mark_title(group: list[Dated], language: Language) -> str:
    date, fact = language.format_date(group[0].when), group[0].moment.sentence.says
    if "forecast" in group[0].moment.voices:
        title = language.gettext("%(date)s (forecast): %(fact)s", date=date, fact=fact)
    else:
        title = language.gettext("%(date)s: %(fact)s", date=date, fact=fact)
    if len(group) > 1:
        others = language.ngettext("%(num)s more with this date.", "%(num)s more with this date.", len(group) - 1)
        title = f"{title} {others}"
    return title


def _open_ends(when: Edtf) -> Iterator[str]:
    if not when.is_interval:
        return
    before, _, after = when.text.partition("/")
    if when.earliest[0] < LONG_AGO:
        yield _open_end("before", before)
    if when.latest[0] > _FAR_AHEAD:
        yield _open_end("after", after)


def _open_end(side: str, text: str) -> str:
    # In EDTF, two dots mean an open end, and an empty string means an unknown one.
    if text == "..":
        return side
    return f"{side}-unknown"


def _lanes(marks: list[Mark]) -> dict[Mark, int]:
    """Return the lane of each mark. Wide marks are next to the axis, and none overlap on the narrowest page."""
    lanes: list[list[tuple[float, float]]] = []
    chosen = {}
    for mark in sorted(marks, key=lambda mark: (-max(mark.width, _LANE / _NARROWEST * 100), mark.left)):
        half = max(mark.width / 100 * _NARROWEST, _LANE) / 2
        middle = mark.middle / 100 * _NARROWEST
        # Allow half a pixel on each side, because marks of consecutive days may touch.
        ends = (middle - half + 0.5, middle + half - 0.5)
        free = (
            lane
            for lane, taken in enumerate(lanes)
            if all(ends[1] <= left or right <= ends[0] for left, right in taken)
        )
        lane = next(free, len(lanes))
        if lane == len(lanes):
            lanes.append([])
        lanes[lane].append(ends)
        chosen[mark] = lane
    return chosen


def _placed(mark: Mark, axis: int, above: dict[Mark, int], below: dict[Mark, int]) -> Mark:
    if mark in above:
        return replace(mark, y=axis - 2 - _LANE // 2 - above[mark] * _LANE)
    return replace(mark, y=axis + 2 + _LANE // 2 + below[mark] * _LANE)
