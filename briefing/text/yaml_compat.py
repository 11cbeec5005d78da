"""Isolate the undocumented hooks of PyYAML and error messages of libyaml that reading facts relies on.

No other module uses them. Each has a contract test in ``tests/text/test_yaml_compat.py``, so that the tests notice a
change in a new release before an editor does.
"""

import yaml

_TAGS: dict[type[yaml.Node], str] = {
    yaml.ScalarNode: "tag:yaml.org,2002:str",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
    yaml.MappingNode: "tag:yaml.org,2002:map",
}
DEFAULT_TAGS = frozenset(_TAGS.values())

MOST_VALUES = 200_000  # in a file: records, fields, list items and keys
DEEPEST = 50  # levels of nesting, far more than facts need


class LimitExceeded(Exception):
    """A file exceeds a limit; ``mark`` is the start of the value that contains too much."""

    def __init__(self, fault: str, mark: yaml.Mark) -> None:
        super().__init__(fault)
        self.mark = mark


class _Loader(yaml.CSafeLoader):
    """A loader that leaves every scalar a string and stops if a file is nested too deeply or has too many values.

    libyaml's composer recurses without a limit, so the depth must be checked before each step down. The only Python
    code that it calls on the way are these methods of PyYAML's resolver.
    """

    depth = values = 0

    def resolve(self, kind: type[yaml.Node], _value: object, _implicit: object) -> str:
        """Return the tag for an untagged node. PyYAML's own method would turn ``no`` into a boolean."""
        return _TAGS[kind]

    def descend_resolver(self, parent: yaml.Node | None, _index: object) -> None:
        """Count a value before it is parsed."""
        self.depth += 1
        self.values += 1
        if parent and self.depth > DEEPEST:
            raise LimitExceeded("is nested too deeply", parent.start_mark)
        if parent and self.values > MOST_VALUES:
            raise LimitExceeded(f"has more than {MOST_VALUES:,} values", parent.start_mark)

    def ascend_resolver(self) -> None:
        """Leave a value that has been parsed."""
        self.depth -= 1


def compose(text: str) -> yaml.Node | None:
    """Return the root node of a text, in which every scalar is a string, or None if the text is empty.

    Raises yaml.MarkedYAMLError and LimitExceeded.
    """
    return yaml.compose(text, Loader=_Loader)


def lines_of_text(text: str) -> set[int]:
    """Return the lines, counted from 0, of block texts and of texts in quotes, without their first lines."""
    found: set[int] = set()
    try:
        for token in yaml.scan(text, Loader=yaml.CSafeLoader):
            if isinstance(token, yaml.ScalarToken) and token.style:
                found.update(range(token.start_mark.line + 1, token.end_mark.line + (token.end_mark.column > 0)))
    except yaml.MarkedYAMLError:
        pass  # The lines after the fault count as structure.
    return found


_ANCHOR = ("an unquoted value cannot begin with '&' or '*'", "put the value in quotes")
_TAG = ("an unquoted value cannot begin with '!'", "put the value in quotes")
_DIRECTIVE = ("a line cannot begin with '%'", "delete the line, or put the value in quotes")
_TAB = ("this line is indented with a tab", "indent with spaces")
_UNCLOSED = ("this quote is never closed", "add the closing quote")

# Message and hint by libyaml's context, which is what it was parsing when it failed. These errors are reported at the
# start of the context. The table has only contexts that are more helpful than the problem.
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
        "a value is missing inside brackets or braces",
        "delete the extra comma, or close every bracket and brace",
    ),
    "while parsing a block node": (
        "an unquoted value cannot begin with this character",
        "put the value in quotes",
    ),
}
# Message and hint by libyaml's problem, which is what it found. If the hint is empty, a colon may be the cause.
_BY_PROBLEM = {
    "mapping values are not allowed in this context": ("a field cannot begin at this ':'", ""),
    "could not find expected ':'": ("': ' is missing after a field name", ""),
    "did not find expected key": ("expected a field here; check the indentation and the quotes", ""),
    "did not find expected '-' indicator": (
        "expected '- ' here, or a field indented like those above it",
        "",
    ),
    "did not find expected ',' or ']'": ("the list is not closed, or a comma is missing", ""),
    "did not find expected ',' or '}'": ("the braces are not closed, or a comma is missing", ""),
    "found unexpected ':'": (
        "unexpected ':' inside brackets or braces",
        "put a space after the ':' of a field, or put the value in quotes",
    ),
    "found character that cannot start any token": (
        "an unquoted value cannot begin with this character",
        "put the value in quotes, and indent with spaces instead of tabs",
    ),
    "mapping keys are not allowed in this context": (
        "an unquoted value cannot begin with '? '",
        "put the value in quotes",
    ),
    "block sequence entries are not allowed in this context": (
        "a list cannot begin on this line",
        "start each '- ' on a new line, or put the value in quotes",
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
        "unknown escape in double quotes",
        "write \\\\ for a backslash, or use single quotes",
    ),
    "did not find expected hexdecimal number": (
        "this escape needs more hexadecimal digits",
        "write two digits after \\x, four after \\u and eight after \\U",
    ),
    "found invalid Unicode character escape code": (
        "this escape is not a valid character",
        "write the character itself",
    ),
    "did not find expected comment or line break": (
        "only a comment may follow '|' or '>' on the same line",
        "start the text on the next line, or put the value in quotes",
    ),
    "found an indentation indicator equal to 0": ("'|' and '>' cannot be followed by 0", "delete the 0"),
    "did not find expected <document start>": (
        "this line does not fit the start of the file; check the first lines",
        "",
    ),
    "but found another document": ("'---' begins a second document in the file", "delete this line"),
}


def explain(error: yaml.MarkedYAMLError) -> tuple[str, str]:
    """Return the message and hint for an error. The hint is empty if it depends on the line.

    If neither table knows the error, for example after an update of libyaml, the message is libyaml's own.
    """
    context, problem = error.context or "", error.problem or ""
    known = _BY_CONTEXT.get(context) or _BY_PROBLEM.get(problem)
    return known or (", ".join(part for part in (context, problem) if part), "")


def fault_mark(error: yaml.MarkedYAMLError) -> yaml.Mark | None:
    """Return the position to report: the start of the value if it begins wrongly or its quote is never closed."""
    if error.context in _BY_CONTEXT or explain(error) is _UNCLOSED:
        return error.context_mark
    return error.problem_mark
