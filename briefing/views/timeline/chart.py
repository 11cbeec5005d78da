"""The timeline's chart: rows with a scale each, and marks in lanes above and below an axis."""

import calendar
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from briefing.text.edtf import Day, Edtf
from briefing.views.timeline.events import Dated

# Where the drawing gets a new row. A decade with more facts than it holds is split into years.
_DECADE_HOLDS = 40
_YEAR_FILLS = 12
# Pixels. The drawing is as wide as the page; marks are kept apart for the narrowest one.
_NARROWEST = 290.0
_LANE = 24
_HOLDS_TEXT = 16
_TICKS = 16
_BETWEEN = 12
_REMARK = 26
LONG_AGO = -(10**11)
_FAR_AHEAD = 10**11


@dataclass(frozen=True, slots=True)
class Mark:
    """Facts of one date and voice in a row of the drawing.

    ``left``, ``width`` and ``middle`` are per cent of the row; ``y`` is the middle in pixels. ``look`` holds words for
    the style sheet; ``starts`` and ``ends`` are among them where the date begins and is over within the row. ``opens``
    names the ends that are open (``before``, ``after``) or not known (``before-unknown``, ``after-unknown``). A
    ``sequel`` goes on from an earlier row, where the mark that leads to the fact stands.
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
        """Where the mark ends, in per cent of the row."""
        return round(self.left + self.width, 3)


@dataclass(frozen=True, slots=True)
class Tick:
    """A year or month of a row's scale: where it begins, its middle, its label."""

    left: float
    middle: float
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """A stretch of time with a scale of its own; what the source under analysis says is above the ``axis``.

    ``remark`` tells what the eye would miss: a gap before the row, a change of scale. It is empty where there is none.
    """

    label: str
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


def draw(dated: list[Dated], spans: list[tuple[int, int]]) -> Drawing:
    """A row a span, each with a scale of its own.

    Facts of the same date, voice and standing (told or foretold) share a mark.
    """
    groups = [
        list(group)
        for _, group in groupby(
            sorted(dated, key=lambda one: (one.when, _standing(one))), lambda one: (one.when.text, _standing(one))
        )
    ]
    rows: list[Row] = []
    top = 0
    for before, (start, end) in zip([None, *spans], spans, strict=False):
        remark = _remark(before, start, end)
        marks = [mark for group in groups if (mark := _mark(group, start, end))]
        above = _lanes([mark for mark in marks if "base" in mark.look])
        below = _lanes([mark for mark in marks if "base" not in mark.look])
        room = top + (_REMARK if remark else 0)
        axis = room + (max(above.values()) + 1 if above else 0) * _LANE + 4
        foot = axis + (max(below.values()) + 1 if below else 0) * _LANE + 4
        rows.append(
            Row(
                label=label(start, end),
                scale=_years(end - start),
                count=sum(start <= anchor(one.when) < end for one in dated),
                remark=remark,
                remark_y=top + 8,
                top=room,
                axis=axis,
                bottom=max(foot, room + 32),
                ticks=tuple(_ticks(start, end)),
                marks=tuple(_placed(mark, axis, above.get(mark), below.get(mark)) for mark in marks),
            )
        )
        top = rows[-1].bottom + _TICKS + _BETWEEN
    return Drawing(max(top - _BETWEEN, 0), tuple(rows))


def _standing(one: Dated) -> tuple[str, bool]:
    return one.moment.sentence.voice, "forecast" in one.moment.voices


def anchor(when: Edtf) -> int:
    """The year that decides in which row a date stands."""
    return when.latest[0] if when.earliest[0] < LONG_AGO else when.earliest[0]


def spans(years: list[int]) -> Iterator[tuple[int, int]]:
    """First year and the year after the last, row by row: decades, or parts of them."""
    for decade, group in groupby(sorted(years), lambda year: year // 10 * 10):
        count = Counter(group)
        if count.total() <= _DECADE_HOLDS:
            yield decade, decade + 10
            continue
        start = decade
        for year in range(decade, decade + 11):
            full = count[year] >= _YEAR_FILLS
            if full or year == decade + 10:
                if any(count[quiet] for quiet in range(start, year)):
                    yield start, year
                start = year + 1
            if full:
                yield year, year + 1


def _remark(before: tuple[int, int] | None, start: int, end: int) -> str:
    if before is None:
        return ""
    said = []
    if before[1] < start:
        gap = _year(before[1]) if start - before[1] == 1 else f"{_year(before[1])} to {_year(start - 1)}"
        said.append(f"{gap}: no dated fact begins")
    if before[1] - before[0] != end - start:
        said.append(f"new scale: {_years(end - start)} a row")
    return " · ".join(said)


def _year(year: int) -> str:
    return str(year) if year > 0 else f"{1 - year} BC"


def _years(number: int) -> str:
    return "1 year" if number == 1 else f"{number} years"


def label(start: int, end: int) -> str:
    """A row by its years: ``1970s``, ``2024``, ``2011–14``."""
    if end - start == 1:
        return _year(start)
    if end - start == 10 and start > 0:
        return f"{start}s"
    last = str(end - 1)[-2:] if start > 999 else _year(end - 1)
    return f"{start if start > 0 else 1 - start}–{last}"


def _ticks(start: int, end: int) -> Iterator[Tick]:
    if end - start == 1:
        labels = list(calendar.month_abbr)[1:]
    elif end - start > 5:
        labels = [_year(year).removesuffix(" BC")[-2:] for year in range(start, end)]
    else:
        labels = [_year(year) for year in range(start, end)]
    step = 100 / len(labels)
    for index, label in enumerate(labels):
        yield Tick(round(index * step, 3), round((index + 0.5) * step, 3), label)


def _instant(day: Day, *, over: bool = False) -> float:
    """A day as a year and a part of it; all months are equally wide. ``over``: the day's end."""
    year, month, number = day
    length = calendar.monthrange(year % 400 + 400, month)[1]
    return year + (month - 1 + (number - (not over)) / length) / 12


def _mark(group: list[Dated], start: int, end: int) -> Mark | None:
    """The mark of a group in the row from ``start`` to ``end``, not yet placed; None where it does not reach there."""
    when, moment = group[0].when, group[0].moment
    begins, ends = _instant(when.earliest), _instant(when.latest, over=True)
    here = start <= anchor(when) < end
    opens = tuple(_open_ends(when))
    if not here and (opens or ends <= start or begins >= end):
        return None
    left, right = (round((max(start, min(at, end)) - start) / (end - start) * 100, 3) for at in (begins, ends))
    approximate = any(part[-1:] in ("~", "?", "%") for part in when.text.split("/"))
    forecast = "forecast" in moment.voices
    look = [moment.shape, moment.sentence.voice]
    look += ["approximate"] * approximate + ["forecast"] * forecast
    look += ["starts"] * (begins >= start) + ["ends"] * (ends <= end)
    look += ["narrow"] * (moment.shape != "day" and (right - left) / 100 * _NARROWEST < _HOLDS_TEXT)
    number = str(len(group)) if len(group) > 1 else ""
    says = f"{when.words}{' (forecast)' if forecast else ''}: {moment.sentence.says}"
    if len(group) > 1:
        says += f" And {len(group) - 1} more of this date."
    return Mark(
        left=left,
        width=round(right - left, 3),
        middle=round((left + right) / 2, 3),
        y=0,
        look=" ".join([*look, *(["many"] if number else [])]),
        text=f"{'≈' if approximate else ''}{number}" if here else "",
        says=says,
        opens=opens,
        ids=tuple(one.moment.sentence.id for one in group),
        sequel=not here,
    )


def _open_ends(when: Edtf) -> Iterator[str]:
    if not when.is_interval:
        return
    before, _, after = when.text.partition("/")
    if when.earliest[0] < LONG_AGO:
        yield "before" if before == ".." else "before-unknown"
    if when.latest[0] > _FAR_AHEAD:
        yield "after" if after == ".." else "after-unknown"


def _lanes(marks: list[Mark]) -> dict[Mark, int]:
    """The lane of each mark: wide ones next to the axis, and no two in each other's way on the narrowest page."""
    lanes: list[list[tuple[float, float]]] = []
    chosen = {}
    for mark in sorted(marks, key=lambda mark: (-max(mark.width, _LANE / _NARROWEST * 100), mark.left)):
        half = max(mark.width / 100 * _NARROWEST, _LANE) / 2
        middle = mark.middle / 100 * _NARROWEST
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


def _placed(mark: Mark, axis: int, above: int | None, below: int | None) -> Mark:
    y = axis - 2 - _LANE // 2 - above * _LANE if above is not None else axis + 2 + _LANE // 2 + (below or 0) * _LANE
    return replace(mark, y=y)
