"""``briefing check --fix``: safe fixes without asking, the others only if confirmed."""

from pathlib import Path

import pytest
from support import VASA, copy_briefing, run_briefing

FILE = "facts/topics/afterlife.yml"
BLANKS = "\N{NO-BREAK SPACE}" * 8


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A briefing with two indentations of no-break spaces, a misspelt id and an unknown one."""
    copy = copy_briefing(VASA, tmp_path / "vasa")
    text = (copy / FILE).read_text()
    for old, new in (
        ("        when: 1956\n", f"{BLANKS}when: 1956\n"),
        ("        when: 1990\n", f"{BLANKS}when: 1990\n"),
        ("[anders-franzen, wreck-site]", "[anders-franzen, wreck-sight]"),
        ("about: [vasa-museum, stockholm, vasa]", "about: [vasa-museum, stokholm, vasa]"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    (copy / FILE).write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    return copy


def expected(*misspelt: tuple[str, str]) -> bytes:
    text = (VASA / FILE).read_text()
    for right, wrong in misspelt:
        text = text.replace(right, wrong, 1)
    return text.replace("\n", "\r\n").encode("utf-8-sig")


SIGHT, STOKHOLM = ("franzen, wreck-site", "franzen, wreck-sight"), ("museum, stockholm", "museum, stokholm")


def test_fix_applies_only_safe_fixes(broken: Path) -> None:
    done = run_briefing("check", "--fix", str(broken))
    assert done.returncode == 1
    assert (broken / FILE).read_bytes() == expected(SIGHT, STOKHOLM)
    assert [line.split()[:2] for line in done.stderr.splitlines()] == [
        ["fixed:", f"{FILE}:14:1:"],
        ["fixed:", f"{FILE}:26:1:"],
    ]
    assert "did you mean 'wreck-site'?" in done.stdout
    assert done.stdout.endswith(": 2 errors\n")


@pytest.mark.slow
def test_unsafe_asks_about_each_other_fix(broken: Path) -> None:
    done = run_briefing("check", "--fix", "--unsafe", str(broken), answers="n\ny\n")
    assert done.returncode == 1
    assert done.stderr.count("Apply this fix?") == 2
    assert (broken / FILE).read_bytes() == expected(SIGHT)
    done = run_briefing("check", "--fix", "--unsafe", str(broken), answers="y\n")
    assert done.returncode == 0
    assert (broken / FILE).read_bytes() == expected()


@pytest.mark.slow
def test_without_an_answer_nothing_is_applied(broken: Path) -> None:
    run_briefing("check", "--fix", str(broken))
    done = run_briefing("check", "--fix", "--unsafe", str(broken))
    assert done.returncode == 1
    assert (broken / FILE).read_bytes() == expected(SIGHT, STOKHOLM)


def test_report_says_how_many_fixes_are_safe(broken: Path) -> None:
    done = run_briefing("check", str(broken))
    assert done.stdout.endswith("'briefing check --fix' fixes 2 of them\n")


def test_options_that_do_not_go_together(broken: Path) -> None:
    for options in (["--unsafe"], ["--fix", "--watch"]):
        assert run_briefing("check", *options, str(broken)).returncode == 2
