"""Every label of a template is in the catalogue: a template shows no words of its own outside a call for a message."""

import re
from collections.abc import Iterator
from io import BytesIO

import jinja2
import pytest
from babel.messages.pofile import read_po
from jinja2 import nodes
from support import ROOT, MessagesOf

TEMPLATES = {file.name: file.read_text(encoding="utf-8") for file in sorted((ROOT / "templates").glob("*.md.j2"))}
# Names of formats, which are the same in every language.
FORMATS = {"JSON"}
_MESSAGES = {"_", "gettext", "ngettext", "pgettext"}
# What a reader does not see as words: code, addresses, tags with their attributes, references to characters, the
# attributes of a Markdown element, and the class of an admonition.
_MARKUP = re.compile(
    r"```.*?```|`[^`\n]*`|\]\([^)\n]*\)|<[^>]*>|&#?\w+;|\{ [^{}]* \}|^ *(?:!!!|\?\?\?) \w*", re.DOTALL | re.MULTILINE
)
# Attributes that a reader sees or hears.
_SHOWN = re.compile(r'\b(?:title|alt|aria-label|data-column|placeholder)="([^"]*)"')
_WORD = re.compile(r"[^\W\d_]+")
# An argument such as the names of classes.
_NAME = re.compile(r"[a-z -]+")
# Stands for the value of an expression. It is no letter, and keeps the texts on both sides apart.
_VALUE = "\x00"


def words_outside_messages(template: str) -> list[str]:
    """Return the words that a template shows to readers without looking them up in the catalogue."""
    text = "".join(_pieces(jinja2.Environment().parse(template)))
    shown = [*_SHOWN.findall(text), _MARKUP.sub(_VALUE, text)]
    return [word for part in shown for word in _WORD.findall(part) if word not in FORMATS]


def _pieces(template: nodes.Template) -> Iterator[str]:
    """Yield the texts of a template in their order, among them the constants that its expressions may show."""
    for node in template.find_all((nodes.Output, nodes.Assign, nodes.For)):
        parts: list[nodes.Node] = []
        match node:
            case nodes.Output():
                parts += node.nodes
            case nodes.Assign():
                parts = [node.node]
            case nodes.For():
                parts = [node.iter]
        for part in parts:
            if isinstance(part, nodes.TemplateData):
                yield part.data
            else:
                yield _VALUE
                yield from (f"{text}{_VALUE}" for text in _constants(part))


def _constants(node: nodes.Node) -> Iterator[str]:
    """Yield the texts that an expression may evaluate to, without those that it only compares with or looks up."""
    match node:
        case nodes.Const(value=str() as text):
            yield text
        case nodes.Call(node=nodes.Name(name=name)) if name in _MESSAGES:
            return
        case nodes.Call():
            arguments = [*node.args, *(keyword.value for keyword in node.kwargs)]
            yield from (text for one in arguments for text in _constants(one) if not _NAME.fullmatch(text))
        case nodes.Compare() | nodes.Test():
            return
        case nodes.Pair():
            yield from _constants(node.value)
        case nodes.CondExpr():
            yield from (text for one in (node.expr1, node.expr2) if one for text in _constants(one))
        case nodes.Getitem():
            yield from _constants(node.node)
        case nodes.Filter():
            if node.node:
                yield from _constants(node.node)
        case _:
            yield from (text for one in node.iter_child_nodes() for text in _constants(one))


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_label_is_in_the_catalogue(name: str) -> None:
    assert words_outside_messages(TEMPLATES[name]) == []


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("# Sources\n", ["Sources"]),
        ('# {{ _("Sources") }}\n', []),
        ('| Kind | {{ _("Kind") }} |\n', ["Kind"]),
        ('<p class="question">{% if page %}Undated{% endif %}</p>', ["Undated"]),
        ('<a href="x" title="open {{ name }}">{{ name }}</a>', ["open"]),
        ('[open]({{ link(path) }}){ .ref title="Open it" }', ["Open", "it", "open"]),
        ('**{{ part }}**{ data-aside="" } {{ name }}', []),
        ('??? facts "Terms {{ number(1) }}"\n', ["Terms"]),
        ('??? facts "{{ title }}"\n', []),
        ("{# A comment. #}{{ name }} &nbsp; [JSON]({{ link(path) }}) `id`\n```sh\njq .\n```\n", []),
        ("{{ 'Now' if loop.first else 'And' }}: {{ text }}", ["Now", "And"]),
        ("{{ {'refined': 'Clarified'}[how] }}", ["Clarified"]),
        ("{% set said = {'refined': 'Clarified'} %}", ["Clarified"]),
        ("{{ {'refined': _('Clarified')}[how] }}", []),
        ("{% for heading, rows in [('Reports', reports)] %}{{ heading }}{% endfor %}", ["Reports"]),
        ("{{ details('Based on ' ~ count) }}", ["Based", "on"]),
        ("{{ table(rows, 'wide') }}{% if how == 'refined' %}{{ names | join(' · ') }}{% endif %}", []),
        ("<p class=\"{{ 'sign' if marker else 'line' }}\">{{ name }}</p>", []),
    ],
)
def test_a_label_that_is_not_marked_is_found(template: str, words: list[str]) -> None:
    assert words_outside_messages(template) == words


@pytest.mark.slow
@pytest.mark.parametrize("name", ["treaty", "vasa"])
def test_every_message_that_is_shown_is_in_the_catalogue(name: str, messages: MessagesOf) -> None:
    """A message is only extracted where the code has it as a literal, in a call by one of the known names."""
    catalogue = read_po(BytesIO((ROOT / "briefing" / "locale" / "messages.pot").read_bytes()))
    known: set[str] = set()
    for message in catalogue:
        known.update([message.id] if isinstance(message.id, str) else message.id)
    shown = messages(name)
    assert shown - known == set()
    assert len(shown) > 100
