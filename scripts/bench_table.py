"""Format benchmark results and targets as the tables in ``docs/speed.md``."""

import statistics
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "speed.md"
BEGIN, END = "<!-- scripts/bench: begin -->", "<!-- scripts/bench: end -->"


@dataclass
class Series:
    """The results of one contender."""

    measure: str
    facts: int
    contender: str
    seconds: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)  # CPU time on all cores, which a busy machine does not increase
    megabytes: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def __str__(self) -> str:
        text = f"{self.contender:34} {self.median:8.2f} s ({min(self.seconds):.2f}–{max(self.seconds):.2f})"
        text += f"  {statistics.median(self.work):8.2f} s of work" if self.work else ""
        return text + (f"  {max(self.megabytes):6.0f} MB" if self.megabytes else "")


@dataclass(frozen=True)
class Row:
    """A target: the measure, the number of facts, and the limit for our median, relative to another's or absolute."""

    says: str
    ours: tuple[str, int, str]
    theirs: tuple[str, int, str] | None
    target: float
    unit: str = "×"  # or the unit of an absolute limit
    less: tuple[str, str] | None = None  # contenders whose medians are subtracted from ours and theirs
    aim: bool = True


_CHECK, _SAME = "briefing check, cold", "briefing check, unchanged"
_WRITTEN = "MkDocs, Markdown already written"


def targets() -> list[Row]:
    """Return the targets, in the order of the page."""
    compose, cold, same = (("check", 10_000, name) for name in ("yaml.compose", _CHECK, _SAME))
    whole, changed = ("build", 1_000, "briefing"), ("change", 1_000, "briefing, one fact changed")
    macros, generated = ("build", 1_000, "MkDocs with macros"), ("build", 1_000, "MkDocs with gen-files")
    hugo, zensical = ("change", 1_000, "Hugo, everything"), ("change", 1_000, "Zensical, one page changed")
    large, edited = ("build", 10_000, "briefing"), ("serve", 0, "briefing serve")
    bare = {"less": ("briefing --version", "import yaml"), "aim": False}
    return [
        Row("Check, `10,000` facts, cold, against merely composing the same YAML", cold, compose, 2.0),
        Row("… without the start of both programs", cold, compose, 2.0, **bare),
        Row("Check, `10,000` facts, nothing changed since the last run, against the same", same, compose, 0.3),
        Row(
            "Whole build, `1,000` facts, against MkDocs on Markdown already written",
            whole,
            ("build", 1_000, _WRITTEN),
            0.8,
        ),
        Row("… against MkDocs with macros", whole, macros, 0.5),
        Row("… against MkDocs with gen-files", whole, generated, 0.5, aim=False),
        Row("Build after one changed fact, `1,000` facts, against a whole build by Hugo", changed, hugo, 1.0),
        Row("… against Zensical after one changed page", changed, zensical, 0.5),
        Row("Whole build, `10,000` facts against `1,000`", large, whole, 11),
        Row("Peak memory of a build, `10,000` facts", large, None, 600, "MB"),
        Row("`briefing serve`, one edit until the browser shows it", edited, None, 0.5, "s"),
    ]


BUSY = "**The machine was busy with other work, so these results do not show whether the targets are met.**"
HEADER = ["| What | Result | Target | Met | Briefing | The other |", "|---|--:|--:|---|--:|--:|"]


def line(row: Row, series: dict[tuple[str, int, str], Series]) -> tuple[str, bool | None]:
    """Return a line of the table, and whether its target is met: None if there is no target or no result."""
    target = f"`≤ {row.target:g} {row.unit}`" if row.aim else ""
    if row.ours not in series or (row.theirs and row.theirs not in series):
        return f"| {row.says} | not measured | {target} | | | |", None
    ours, other = series[row.ours], ""
    if row.theirs:
        ours_off, theirs_off = (series[(*row.ours[:2], name)].median for name in row.less) if row.less else (0.0, 0.0)
        theirs = series[row.theirs]
        value = (ours.median - ours_off) / (theirs.median - theirs_off)
        shown, other, result = _spread(ours, ours_off), _spread(theirs, theirs_off), f"`{value:.2f} ×`"
    elif row.unit == "MB":
        value = max(ours.megabytes)
        shown = result = f"`{value:.0f} MB`"
    else:
        value = ours.median
        shown, result = _spread(ours), f"`{value:.2f} {row.unit}`"
    met = round(value, 2) <= row.target if row.aim else None
    word = {True: "yes", False: "**no**", None: ""}[met]
    return f"| {row.says} | {result} | {target} | {word} | {shown} | {other} |", met


def table(measured: dict[str, Any]) -> str:
    """Return the results as Markdown: date and machine, the targets, and every full build."""
    series = {(s["measure"], s["facts"], s["contender"]): Series(**s) for s in measured["series"]}
    loads = measured["loads"].values()
    busy = max(loads) > measured["cores"]
    lines, met = zip(*(line(row, series) for row in targets()), strict=True)
    text = [
        f"Measured on `{measured['date']}` on `{measured['machine']}`, with "
        + "; ".join(f"`{found}`" for found in measured["versions"])
        + ".",
        f"Before each measure `{min(loads):.1f}` to `{max(loads):.1f}` processes were waiting for a core or had one.",
        *([BUSY] if busy else []),
        "",
        f"Targets met: `{met.count(True)}`; not met: `{met.count(False)}`.",
        "",
        *HEADER,
        *lines,
        "",
        "Every whole build:",
        "",
        "| Facts | Program | Time | Against Briefing | Work of all cores | Memory |",
        "|--:|---|--:|--:|--:|--:|",
    ]
    for (measure, facts, contender), one in sorted(series.items(), key=lambda item: item[0][1]):
        if measure == "build":
            base = series.get(("build", facts, "briefing"))
            ratio = f"`{one.median / base.median:.2f} ×`" if base else ""
            name = "**Briefing**" if contender == "briefing" else contender
            work = f"`{statistics.median(one.work):.2f} s`" if one.work else ""
            text.append(f"| `{facts:,}` | {name} | {_spread(one)} | {ratio} | {work} | `{max(one.megabytes):.0f} MB` |")
    return "\n".join(text)


def _spread(one: Series, less: float = 0.0) -> str:
    low, high = min(one.seconds) - less, max(one.seconds) - less
    return f"`{one.median - less:.2f} s ({low:.2f}–{high:.2f})`"


def write(measured: dict[str, Any]) -> None:
    """Write the tables between the markers in ``docs/speed.md``."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table(measured)}\n{END}{after}", encoding="utf-8")
