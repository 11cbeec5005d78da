"""Every hook of PyYAML and text of libyaml that reading facts relies on and their documentation does not promise.

Nothing else in this package uses them. Each has a contract test in ``tests/text/test_yaml_compat.py``, so that a
release that changes one is noticed there and not by an editor.
"""

import yaml

_TAGS: dict[type[yaml.Node], str] = {
    yaml.ScalarNode: "tag:yaml.org,2002:str",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
    yaml.MappingNode: "tag:yaml.org,2002:map",
}
DEFAULT_TAGS = frozenset(_TAGS.values())

MOST_VALUES = 200_000  # of a file: records, fields and items of lists, keys included
DEEPEST = 50  # no fact needs a tenth of it


class LimitExceeded(Exception):
    """A file holds more than is read; ``mark`` is where the value begins that has too much in it."""

    def __init__(self, fault: str, mark: yaml.Mark) -> None:
        super().__init__(fault)
        self.mark = mark


class _Loader(yaml.CSafeLoader):
    """A loader that gives no scalar a type, and stops while it reads a file that is too deep or too long.

    libyaml's composer calls itself for each level of a file without a limit of its own, so the depth has to be counted
    before it descends. These methods of PyYAML's resolver are the only calls that it makes into Python on its way.
    """

    depth = values = 0

    def resolve(self, kind: type[yaml.Node], _value: object, _implicit: object) -> str:
        """Return the tag of a node that has none. PyYAML would take ``no`` for a truth value here."""
        return _TAGS[kind]

    def descend_resolver(self, parent: yaml.Node | None, _index: object) -> None:
        """Count a value before it is read."""
        self.depth += 1
        self.values += 1
        if parent and self.depth > DEEPEST:
            raise LimitExceeded("is nested too deep", parent.start_mark)
        if parent and self.values > MOST_VALUES:
            raise LimitExceeded(f"has more than {MOST_VALUES:,} values", parent.start_mark)

    def ascend_resolver(self) -> None:
        """Leave a value that has been read."""
        self.depth -= 1


def compose(text: str) -> yaml.Node | None:
    """Return the nodes of a text, every scalar of which is a string; None for a text that holds nothing.

    Raises yaml.MarkedYAMLError and LimitExceeded.
    """
    return yaml.compose(text, Loader=_Loader)


_ANCHOR = ("a value without quotes cannot begin with '&' or '*'", "put the value in quotes")
_TAG = ("a value without quotes cannot begin with '!'", "put the value in quotes")
_DIRECTIVE = ("a line cannot begin with '%'", "delete the line, or put the value in quotes")
_TAB = ("this line is indented with a tab", "indent with spaces")
_UNCLOSED = ("the quote that is opened here is not closed", "add the closing quote")

# What libyaml was reading when it failed, where that says more than what it found: message and hint. The fault is where
# the part that it was reading begins.
_BY_CONTEXT = {
    "while scanning an alias": _ANCHOR,
    "while scanning an anchor": _ANCHOR,
    "while scanning a tag": _TAG,
    "while parsing a tag": _TAG,
    "while parsing a node": _TAG,
    "while scanning a directive": _DIRECTIVE,
    "while scanning a %YAML directive": _DIRECTIVE,
    "while scanning a %TAG directive": _DIRECTIVE,
    "while scanning a tag directive": _DIRECTIVE,
    "while parsing a tag directive": _DIRECTIVE,
    "while parsing a %TAG directive": _DIRECTIVE,
    "while parsing a flow node": (
        "a value is missing within brackets or braces",
        "delete a comma that no value follows, and close every bracket and brace",
    ),
    "while parsing a block node": (
        "a value without quotes cannot begin with this character",
        "put the value in quotes",
    ),
}
# What libyaml found. Where the hint is empty, a colon in the line may be to blame.
_BY_PROBLEM = {
    "mapping values are not allowed in this context": ("no field can begin at this ':'", ""),
    "could not find expected ':'": ("': ' is missing after the name of a field", ""),
    "did not find expected key": ("no field begins here; check the indentation and the quotes", ""),
    "did not find expected '-' indicator": (
        "a '- ' was expected here, or a field that is indented as those before it",
        "",
    ),
    "did not find expected ',' or ']'": ("the list is not closed, or a comma is missing", ""),
    "did not find expected ',' or '}'": ("the braces are not closed, or a comma is missing", ""),
    "found unexpected ':'": (
        "unexpected ':' within brackets or braces",
        "put a space after the ':' of a field, or put the value in quotes",
    ),
    "found character that cannot start any token": (
        "a value without quotes cannot begin with this character",
        "put the value in quotes; indent with spaces, not with tabs",
    ),
    "mapping keys are not allowed in this context": (
        "a value without quotes cannot begin with '? '",
        "put the value in quotes",
    ),
    "block sequence entries are not allowed in this context": (
        "a list cannot begin on this line",
        "put the '- ' of each item on a line of its own, or put the value in quotes",
    ),
    "found undefined alias": _ANCHOR,
    "second occurrence": _ANCHOR,
    "found duplicate %TAG directive": _DIRECTIVE,
    "found duplicate %YAML directive": _DIRECTIVE,
    "found incompatible YAML document": _DIRECTIVE,
    "found a tab character that violates indentation": _TAB,
    "found a tab character where an indentation space is expected": _TAB,
    "found unexpected end of stream": _UNCLOSED,
    "found unexpected document indicator": _UNCLOSED,
    "found unknown escape character": (
        "no escape in double quotes begins like this",
        "write \\\\ for a backslash, or use single quotes",
    ),
    "did not find expected hexdecimal number": (
        "this escape needs more hexadecimal digits",
        "write two digits after \\x, four after \\u and eight after \\U",
    ),
    "found invalid Unicode character escape code": (
        "this escape stands for no character",
        "write the character itself",
    ),
    "did not find expected comment or line break": (
        "only a comment may follow '|' or '>' on its line",
        "begin the text on the next line, or put the value in quotes",
    ),
    "found an indentation indicator equal to 0": ("'|' and '>' cannot be followed by 0", "delete the 0"),
    "did not find expected <document start>": (
        "the file does not go on here as it begins; check its first lines",
        "",
    ),
    "but found another document": ("'---' divides the file in two", "delete this line"),
}


def explain(error: yaml.MarkedYAMLError) -> tuple[str, str]:
    """Return what an error means to an editor and what to do, empty where that depends on the line.

    A text that is in neither table, as one of a newer libyaml would be, is shown as it is.
    """
    context, problem = error.context or "", error.problem or ""
    known = _BY_CONTEXT.get(context) or _BY_PROBLEM.get(problem)
    return known or (", ".join(part for part in (context, problem) if part), "")


def fault_mark(error: yaml.MarkedYAMLError) -> yaml.Mark | None:
    """Return where an error is to be fixed: where a value begins, if it begins wrongly or its quote is never closed."""
    if error.context in _BY_CONTEXT or explain(error) is _UNCLOSED:
        return error.context_mark
    return error.problem_mark
