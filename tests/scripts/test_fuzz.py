"""``scripts/fuzz``: what it feeds is fit to be fed, with no fuzzer at hand."""

import runpy
from collections.abc import Callable

import pytest
from support import ROOT

FUZZ = runpy.run_path(str(ROOT / "scripts" / "fuzz.py"))


@pytest.fixture(scope="module")
def fed() -> dict[str, Callable[[bytes], object]]:
    found: dict[str, Callable[[bytes], object]] = FUZZ["targets"]()
    return found


@pytest.mark.parametrize("name", FUZZ["TARGETS"])
def test_a_target_takes_what_it_begins_with(name: str, fed: dict[str, Callable[[bytes], object]]) -> None:
    assert len(FUZZ["seeds"](name)) > 5
    for data in (b"", b"\xff\x00", *FUZZ["seeds"](name)[:6]):
        fed[name](data)


def test_what_is_drawn_hangs_on_the_bytes_alone() -> None:
    def drawn(data: bytes) -> list[int]:
        random = FUZZ["Drawn"](data)
        return [random.randrange(10) for _ in range(8)]

    assert drawn(b"one input") == drawn(b"one input") != drawn(b"another one")
    assert drawn(b"") == [0] * 8
