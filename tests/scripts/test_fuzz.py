"""The targets and seeds of ``scripts/fuzz``, tested without a fuzzer."""

import runpy
from collections.abc import Callable

import pytest
from support import ROOT

FUZZ = runpy.run_path(str(ROOT / "scripts" / "fuzz.py"))


@pytest.fixture(scope="module")
def fed() -> dict[str, Callable[[bytes], object]]:
    found: dict[str, Callable[[bytes], object]] = FUZZ["targets"]()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", FUZZ["TARGETS"])
def test_targets_accept_their_seeds(name: str, fed: dict[str, Callable[[bytes], object]]) -> None:
    assert len(FUZZ["seeds"](name)) > 5
    for data in (b"", b"\xff\x00", *FUZZ["seeds"](name)[:6]):
        fed[name](data)


def test_drawn_values_depend_only_on_the_bytes() -> None:
    def drawn(data: bytes) -> list[int]:
        random = FUZZ["Drawn"](data)
        return [random.randrange(10) for _ in range(8)]

    assert drawn(b"one input") == drawn(b"one input") != drawn(b"another one")
    assert drawn(b"") == [0] * 8
