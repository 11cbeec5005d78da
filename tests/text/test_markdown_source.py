"""Test that the parser of Markdown source agrees with Python-Markdown."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown
from mkdocs.config import load_config
from mkdocs.utils.meta import get_data
from support import ROOT, VASA, OutcomeOf

from briefing.model import routes
from briefing.text.markdown_html import EXTENSIONS, parse_markdown, plain_text
from briefing.text.markdown_source import (
    BLOCK_ELEMENTS,
    Piece,
    find_links,
    format_front_matter,
    scan,
    split_front_matter,
)


def _rendered_links(text: str) -> list[str]:
    page = parse_markdown(split_front_matter(text)[1])
    targets = [link.get("href") or link.get("src") for link in page.iter("a", "img")]
    return [target for target in targets if target]


def _marked(text: str) -> tuple[str, list[tuple[str, Piece]]]:
    """Replace every link target by a generated name. Return the new source, and each name with its piece."""
    marked = []
    for number, piece in enumerate(find_links(text)):
        marked.append((f"x://link-{number}", piece))
    for name, piece in sorted(marked, key=lambda pair: pair[1].target_start, reverse=True):
        text = f"{text[: piece.target_start]}{name}{text[piece.target_end :]}"
    return text, marked


def _differences(text: str) -> tuple[set[str], set[str]]:
    """Return the links that only Python-Markdown finds, and those that only our parser finds.

    Definitions without a reference are not compared: they must change when a page moves, but they are not rendered.
    """
    marked, names = _marked(text)
    rendered = set(_rendered_links(marked))
    definitions = {name for name, piece in names if piece.kind == "definition"}
    ours = {name: text[piece.start : piece.end] for name, piece in names}
    return rendered - ours.keys(), {ours[name] for name in ours.keys() - rendered - definitions}


TRICKY = [
    "[a](b) and ![c](d.png \"title\") and [e]( <f g> 'h' ) and [i](j(k)l)",
    "[a [b] c](d) [e](f [g](h) ![alt](i)",
    "[![alt](image.png)](page.md) text",
    r"\[a](b) [c\](d) [e\]](f) \![g](h) [i]\(j)",
    "`[a](b)` ``[c](d) ` e`` [`f](g)`h](i) \\`[j](k)` [l](m`n)",
    "``` [a](b) ```\n[c](d)",
    "```\n[a](b)\n```\n\n[c](d)\n\n~~~ yaml\n[e](f)\n~~~\n",
    "```\n[a](b)\n\nnever closed",
    "- item [a](b)\n\n    ```\n    [c](d)\n    ```\n\n    [e](f)\n",
    "text\n\n    [code](a)\n\ntext [b](c)\n",
    "text\n    [no code](a)\n",
    "- item\n\n    [text](a)\n\n        [code](b)\n\n[c](d)\n\n    [code](e)\n",
    "1. [a](b)\n    - [c](d)\n\n        [e](f)\n2. [g](h)\n",
    "- ` [a](b)\n- ` [c](d)\n",
    "text `\n- [a](b) ` not a list\n",
    "# [a](b) `\n[c](d) `\n    [e](f)\n",
    '!!! note "A [title](a)"\n    [b](c)\n\n    [d](e)\n\n        [code](f)\n\n[g](h)\n',
    "??? facts\n\n    - [a](b)\n\n        - [c](d)\n",
    "<div>\n[a](b) <a href='c'>d</a>\n\n[e](f)\n</div>\n\n[g](h)\n",
    "<div markdown>\n\n[a](b)\n\n<p>[c](d)</p>\n\n</div>\n[e](f)\n",
    "<div><div>[a](b)</div>\n\n[c](d)</div>\n\n[e](f)\n",
    '<span>[a](b)</span> <a class="x" href="c">d</a> <b title=\'>\'>[e](f)</b>\n',
    "<p>\n[a](b) is never closed\n\n[c](d)\n",
    "<!-- [a](b)\n\n[c](d) --> [e](f)\n",
    "<hr>\n[a](b)\n",
    "<https://a.example/b>\n",
    '[a][b] and [c] and ![d][]\n\n[b]: e.md\n[c]: <f.md> "title"\n   [d]: g.png\n',
    "[a][]\n\n[a]:\n  b.md\n  'title'\n",
    "[a]: [b](c)\n",
    "| a | b |\n|---|---|\n| [c](d) | `[e](f)` [g](h) |\n",
    "> [a](b)\n> [c](d)\n",
    '[a](b){ .ref title="c" } [d](e)*f*\n',
    "[a](<>) [b]() [c](#d) [e](?f)\n",
    '[a](b \'c\') [d](e "f" ) [g](h "i) [j](k)\n',
    '[a\nb](c\n"d")\n',
    "[a]\n(b) [c] (d)\n",
    "Title\n=====\n[a](b)\n\n***\n[c](d)\n",
    "---\ntitle: '[a](b)'\n---\n[c](d)\n",
    "* * *\n\n    [code](a)\n",
]


@pytest.mark.parametrize("text", TRICKY)
def test_tricky_links(text: str) -> None:
    assert _differences(text) == (set(), set())


_PARTS = st.sampled_from(
    [
        *(
            "[a](b.md)",
            "[c [d] e](<f g> 'h')",
            "[![i](j.png)](k)",
            "`[l](m)`",
            "``n ` [o](p)``",
            r"\[q](r)",
            "[s]",
            "t",
        ),
        *('<a href="v">w</a>', "<!-- [x](y) -->", "`", "]", "[", '<b title="]">', "</b>", "[z](a(b)c)", "*u*"),
    ]
)
_GAPS = st.sampled_from(
    [" ", "\n", "\n\n", "\n\n- ", "\n\n    ", "\n\n        ", "\n\n# ", "\n\n!!! note\n    ", "\n\n[s]: b\n\n"]
)
_BLOCKS = st.sampled_from(
    ["", "\n```\n[a](b)\n```\n", "\n\n<div>\n[a](b)\n\n[c](d)</div>\n\n", "\n\n<div markdown>\n\n[a](b)\n\n</div>\n\n"]
)


@pytest.mark.slow
@given(st.lists(st.tuples(_PARTS, _GAPS, _BLOCKS).map("".join), max_size=12).map("".join))
def test_links_in_any_text(text: str) -> None:
    assert _differences(text) == (set(), set())


@pytest.mark.parametrize("file", sorted((ROOT / "docs").glob("*.md")), ids=lambda file: file.name)
def test_links_in_our_documentation(file: Path) -> None:
    assert _differences(file.read_text(encoding="utf-8")) == (set(), set())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["treaty", "vasa"])
def test_links_in_compiled_pages(name: str, compiled: OutcomeOf) -> None:
    outcome = compiled(name)
    facts = [page for page in outcome.pages if routes.is_fact(page.path)]
    others = [page for page in outcome.pages if not routes.is_fact(page.path)]
    assert others
    for page in (*others, *facts[::20]):
        assert _differences(page.text) == (set(), set()), page.path


def test_pieces_have_correct_offsets() -> None:
    text = (
        "---\ntitle: A\n---\n1. `b` &amp; [c](<d e.md> 'f') <i>g</i>{ .h }\r\n\r\n"
        "[j]: <k.md> 'l'\r\n\r\nhttps://m.example/n"
    )
    assert [
        (piece.kind, text[piece.start : piece.end], text[piece.target_start : piece.target_end]) for piece in scan(text)
    ] == [
        ("front matter", "---\ntitle: A\n---\n", ""),
        ("number", "1.", ""),
        ("code", "`b`", ""),
        ("reference", "&amp;", ""),
        ("link", "[c](<d e.md> 'f')", "d e.md"),
        ("tag", "<i>", ""),
        ("tag", "</i>", ""),
        ("attributes", "{ .h }", ""),
        ("definition", "[j]: <k.md> 'l'\r", "k.md"),
        ("address", "https://m.example/n", ""),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "---\na: 1\nb: [c]\n---\n\n# D\n",
        "---\na: 1\n...\n# D\n",
        "# D\n\n---\na: 1\n---\n",
        "--- \n\n---\n",
        "---\na: 1\n",
    ],
)
def test_front_matter_is_split_as_in_mkdocs(text: str) -> None:
    head, body = split_front_matter(text)
    assert head + body == text
    if get_data(text)[1]:
        assert get_data(text)[0] == body.lstrip("\n")
        assert get_data(head)[1] == get_data(text)[1]
    else:
        assert not head.strip("-\n ")


def test_formatted_front_matter_is_parsed_unchanged() -> None:
    values = {"title": 'A "quoted": title', "cite": {"a": [1, None, True]}, "x": "ä\n---\n"}
    assert get_data(f"---\n{format_front_matter(values)}---\n\nText\n") == ("Text\n", values)


def test_block_elements_match_python_markdown() -> None:
    assert frozenset(Markdown().block_level_elements) == BLOCK_ELEMENTS


@pytest.mark.parametrize("folder", [ROOT, VASA, ROOT / "briefing" / "starter"])
def test_extensions_match_the_site(folder: Path) -> None:
    config = load_config(str(folder / "mkdocs.yml"), plugins=[], docs_dir=str(ROOT / "docs"))
    assert set(EXTENSIONS) == set(config.markdown_extensions)


def test_plain_text_has_no_markup() -> None:
    page = parse_markdown("# A *b*\n\n| c | d |\n|---|---|\n| [e](f) | `g` |\n\nh  \ni<!-- j --> &amp; k\n")
    assert plain_text(page) == "A b c d e g h i & k"
