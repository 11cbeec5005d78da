"""Mistakes that people make in YAML files, each as one change to the briefing in ``tests/briefings/vasa``.

That briefing has no problems, so every problem after such a change comes from the mistake. Some of the mistakes are
harmless, and some are not noticed yet. Invisible and easily confused characters are written as escapes.
"""

from typing import NamedTuple

_LOSS = "facts/topics/loss.yml"
_AFTERLIFE = "facts/topics/afterlife.yml"
_ACTORS = "facts/actors.yml"
_PLACES = "facts/places.yml"
_GLOSSARY = "facts/glossary.yml"
_SOURCES = "facts/sources.yml"
_HEAD = "facts/briefing.yml"

# Parts of the files that several mistakes change.
_CITE = "cite: account:3"
_FOUND = "      - id: wreck-found\n        says: Anders Franzén found the wreck in 1956.\n"
_SAYS = "says: Anders Franzén found the wreck in 1956."
_SEVERAL = "about: [vasa-museum, stockholm, vasa]"
_URL = "url: https://museum.example/opening?lang=en&part=(1)"
_POSITION = "{lat: 59.33, lon: 18.07, precision: approximate}"


class Mistake(NamedTuple):
    """A text that occurs once in a file, and what someone wrote instead."""

    name: str
    file: str
    old: str
    new: str


class Encoded(NamedTuple):
    """A file saved in another encoding, by its name in Python."""

    name: str
    file: str
    encoding: str


class Renamed(NamedTuple):
    """A file saved under another name."""

    name: str
    file: str
    new: str


_DATES = {
    "day-first-with-dots": "24.04.1961",
    "day-first-with-slashes": "24/04/1961",
    "month-first": "04/24/1961",
    "slashes": "1961/04/24",
    "dots": "1961.04.24",
    "dashes-of-a-word-processor": "1961\N{EN DASH}04\N{EN DASH}24",
    "in-words": "24 April 1961",
    "in-words-with-ordinal": "24th of April, 1961",
    "in-american-words": "April 24, 1961",
    "abbreviated-month": "24 Apr 1961",
    "without-hyphens": "19610424",
    "without-zero": "1961-4-24",
    "with-time": "1961-04-24T10:00Z",
    "month-after-day": "1961-24-04",
    "impossible-day": "1961-04-31",
    "impossible-month": "1961-13-24",
    "eastern-arabic-digits": "\u0661\u0669\u0666\u0661-\u0660\u0664-\u0662\u0664",
    "persian-digits": "\u06f1\u06f9\u06f6\u06f1-\u06f0\u06f4-\u06f2\u06f4",
    "full-width-digits": "\uff11\uff19\uff16\uff11",
    "letter-o-for-zero": "1961-O4-24",
    "two-digit-year": "24.04.61",
    "quotes": '"1961-04-24"',
    "typographic-quotes": "\N{LEFT DOUBLE QUOTATION MARK}1961-04-24\N{RIGHT DOUBLE QUOTATION MARK}",
}
_PERIODS = {
    "century": "20th century",
    "decade": "1950s",
    "decade-in-lower-case": "195x",
    "quarter": "Q2 1956",
    "season": "summer 1956",
    "month-and-year": "Sept 1956",
    "before": "before 1956",
    "after": "after 1956",
    "circa": "c. 1956",
    "about": "about 1956",
    "era": "44 BC",
    "era-after": "1956 AD",
    "range-with-hyphen": "1956-1957",
    "range-with-en-dash": "1956\N{EN DASH}1957",
    "range-in-words": "1956 to 1957",
    "reversed-range": "1957/1956",
    "open-in-words": "1956/open",
    "set": "[1956, 1957]",
    "both-marks": "1956?~",
    "year-with-small-y": "y19560",
    "question-mark": "?",
    "unknown": "unknown",
    "yes": "yes",
    "null": "null",
    "empty": "",
    "comment-without-space": "1956# the year",
}
_CITATIONS = {
    "space-for-colon": "account 3",
    "space-after-colon": "account: 3",
    "space-before-colon": "account :3",
    "full-width-colon": "account\N{FULLWIDTH COLON}3",
    "dot-for-colon": "account.3",
    "number-sign": "account#3",
    "paragraph-sign": "account:\N{PILCROW SIGN}3",
    "page": "account:p.3",
    "leading-zero": "account:03",
    "two-paragraphs": "account:3, 4",
    "two-paragraphs-in-brackets": "account:[3, 4]",
    "range-with-hyphen": "account:3-4",
    "range-with-en-dash": "account:3\N{EN DASH}4",
    "trailing-full-stop": "account:3.",
    "trailing-comma": "account:3,",
    "no-break-space": "account:3\N{NO-BREAK SPACE}",
    "zero-width-space": "account:\N{ZERO WIDTH SPACE}3",
    "cyrillic-letter": "\N{CYRILLIC SMALL LETTER A}ccount:3",
    "capital": "Account:3",
    "misspelt": "acount:3",
    "missing-paragraph": "account:99",
    "without-paragraph": "account",
    "only-paragraph": "3",
    "title": "A short account of the Vasa",
    "address": "https://museum.example/opening?lang=en&part=(1)",
    "markdown": "[account](account:3)",
    "quotes-inside": '"account":3',
    "typographic-quotes": "\N{LEFT DOUBLE QUOTATION MARK}account:3\N{RIGHT DOUBLE QUOTATION MARK}",
    "nested-list": "[[account:3]]",
    "empty": "",
}
_LISTS = {
    "without-brackets": "about: vasa-museum, stockholm, vasa",
    "with-spaces": "about: vasa-museum stockholm vasa",
    "semicolons": "about: [vasa-museum; stockholm; vasa]",
    "spaces-in-brackets": "about: [vasa-museum stockholm vasa]",
    "round-brackets": "about: (vasa-museum, stockholm, vasa)",
    "braces": "about: {vasa-museum, stockholm, vasa}",
    "not-closed": "about: [vasa-museum, stockholm, vasa",
    "not-opened": "about: vasa-museum, stockholm, vasa]",
    "closed-twice": "about: [vasa-museum, stockholm, vasa]]",
    "closed-with-brace": "about: [vasa-museum, stockholm, vasa}",
    "closed-with-full-stop": "about: [vasa-museum, stockholm, vasa].",
    "two-commas": "about: [vasa-museum,, stockholm, vasa]",
    "trailing-comma": "about: [vasa-museum, stockholm, vasa,]",
    "text-behind-the-bracket": "about: [vasa-museum, stockholm] vasa",
    "words-behind-the-bracket": "about: [vasa-museum, stockholm, vasa] and others",
    "two-lists": "about: [vasa-museum, stockholm], [vasa]",
    "lines-from-the-field-on": "about: - vasa-museum\n          - stockholm\n          - vasa",
    "arabic-comma": "about: [vasa-museum\N{ARABIC COMMA} stockholm\N{ARABIC COMMA} vasa]",
    "full-width-comma": "about: [vasa-museum\N{FULLWIDTH COMMA}stockholm\N{FULLWIDTH COMMA}vasa]",
    "and": "about: [vasa-museum, stockholm and vasa]",
    "quotes-around-all": 'about: "[vasa-museum, stockholm, vasa]"',
    "typographic-quotes": (
        "about: [\N{LEFT DOUBLE QUOTATION MARK}vasa-museum\N{RIGHT DOUBLE QUOTATION MARK}, stockholm, vasa]"
    ),
    "wiki-links": "about: [[vasa-museum]], [[stockholm]], [[vasa]]",
    "colon-inside": "about: [vasa-museum, place: stockholm, vasa]",
    "comment-inside": "about: [vasa-museum, #stockholm, vasa]",
    "no-space-before-bracket": "about:[vasa-museum, stockholm, vasa]",
    "names": "about: [Vasa Museum, Stockholm, Vasa]",
    "capitals": "about: [Vasa-Museum, Stockholm, Vasa]",
    "underscores": "about: [vasa_museum, stockholm, vasa]",
    "dash-of-a-word-processor": "about: [vasa\N{EN DASH}museum, stockholm, vasa]",
    "cyrillic-letter": "about: [v\N{CYRILLIC SMALL LETTER A}sa-museum, stockholm, vasa]",
    "misspelt": "about: [vasa-museum, stokholm, vassa]",
    "twice": "about: [vasa-museum, stockholm, vasa, vasa]",
    "lines-without-space": "about:\n          -vasa-museum\n          -stockholm\n          -vasa",
    "lines-with-en-dash": "about:\n          \N{EN DASH} vasa-museum\n          - stockholm\n          - vasa",
    "lines-with-bullets": (
        "about:\n          \N{BULLET} vasa-museum\n          \N{BULLET} stockholm\n          \N{BULLET} vasa"
    ),
}
_SENTENCES = {
    "unclosed-quote": 'says: "Anders Franzén found the wreck in 1956.',
    "quote-only-at-the-end": 'says: Anders Franzén found the wreck in 1956."',
    "two-kinds-of-quotes": "says: \"Anders Franzén found the wreck in 1956.'",
    "quotes-within-quotes": 'says: "Anders Franzén found the "wreck" in 1956."',
    "apostrophe-within-quotes": "says: 'Anders Franzén found the ship's wreck in 1956.'",
    "text-behind-quotes": 'says: "Anders Franzén" found the wreck in 1956.',
    "typographic-quotes": (
        "says: \N{LEFT DOUBLE QUOTATION MARK}Anders Franzén found the wreck in 1956.\N{RIGHT DOUBLE QUOTATION MARK}"
    ),
    "backslash-within-quotes": 'says: "Anders Franzén found the wreck in C:\\Users 1956."',
    "colon": "says: Note: Anders Franzén found the wreck in 1956.",
    "colon-at-the-end": "says: Anders Franzén found the wreck in 1956:",
    "number-sign": "says: Anders Franzén found wreck no. # 6 in 1956.",
    "number-sign-at-the-end": "says: Anders Franzén found the wreck in 1956. # 6",
    "number-sign-at-the-start": "says: #1 Anders Franzén found the wreck in 1956.",
    "dash-at-the-start": "says: - Anders Franzén found the wreck in 1956.",
    "exclamation-mark-at-the-start": "says: !Anders Franzén found the wreck in 1956.",
    "percent-at-the-start": "says: %Anders Franzén found the wreck in 1956.",
    "at-sign-at-the-start": "says: @Anders Franzén found the wreck in 1956.",
    "backtick-at-the-start": "says: `Anders Franzén` found the wreck in 1956.",
    "asterisk-at-the-start": "says: *Anders Franzén* found the wreck in 1956.",
    "ampersand-at-the-start": "says: &Anders Franzén found the wreck in 1956.",
    "bracket-at-the-start": "says: [Anders Franzén] found the wreck in 1956.",
    "brace-at-the-start": "says: {{ name }} found the wreck in 1956.",
    "greater-than-at-the-start": "says: > Anders Franzén found the wreck in 1956.",
    "bar-at-the-start": "says: | Anders Franzén found the wreck in 1956.",
    "question-mark-at-the-start": "says: ? Anders Franzén found the wreck in 1956.",
    "tilde": "says: ~",
    "no": "says: no",
    "list": "says: [Anders Franzén found the wreck in 1956.]",
    "next-line-not-indented": "says: Anders Franzén found\nthe wreck in 1956.",
    "next-line-like-a-field": "says: Anders Franzén found\n        the wreck in 1956.",
    "zero-width-space": "says: Anders\N{ZERO WIDTH SPACE} Franzén found the wreck in 1956.",
    "soft-hyphen": "says: Anders Fran\N{SOFT HYPHEN}zén found the wreck in 1956.",
    "direction-mark": "says: \N{RIGHT-TO-LEFT OVERRIDE}Anders Franzén found the wreck in 1956.",
    "byte-order-mark": "says: \ufeffAnders Franzén found the wreck in 1956.",
    "control-character": "says: Anders Franzén\x07 found the wreck in 1956.",
    "null-character": "says: Anders Franzén\x00 found the wreck in 1956.",
    "cyrillic-letter": "says: Anders Franzén found the wr\N{CYRILLIC SMALL LETTER IE}ck in 1956.",
    "decoded-as-windows-1252": "says: Anders FranzÃ©n found the wreck in 1956.",
    "replacement-character": "says: Anders Franz\N{REPLACEMENT CHARACTER}n found the wreck in 1956.",
    "decomposed-letter": "says: Anders Franze\N{COMBINING ACUTE ACCENT}n found the wreck in 1956.",
    "no-break-space": "says: Anders\N{NO-BREAK SPACE}Franzén found the wreck in\N{NO-BREAK SPACE}1956.",
    "entity": "says: Anders Franz&eacute;n found the wreck in 1956.",
    "markup": "says: <b>Anders Franzén</b> found the wreck in 1956.",
    "empty": "says:",
    "too-long": "says: Anders Franzén found the wreck in 1956. " + 20_000 * "Again. ",
}
_FIELDS = {
    "capital": "When: 1956",
    "misspelt": "whn: 1956",
    "other-word": "date: 1956",
    "other-language": "wann: 1956",
    "cyrillic-letter": "wh\N{CYRILLIC SMALL LETTER IE}n: 1956",
    "zero-width-space": "when\N{ZERO WIDTH SPACE}: 1956",
    "typographic-quotes": "\N{LEFT DOUBLE QUOTATION MARK}when\N{RIGHT DOUBLE QUOTATION MARK}: 1956",
    "no-space": "when:1956",
    "space-before-colon": "when : 1956",
    "no-break-space": "when:\N{NO-BREAK SPACE}1956",
    "full-width-colon": "when\N{FULLWIDTH COLON}1956",
    "equals-sign": "when = 1956",
    "semicolon": "when; 1956",
    "no-colon": "when 1956",
    "two-colons": "when:: 1956",
    "tab-after-colon": "when:\t1956",
    "dash": "- when: 1956",
    "percent": "%when: 1956",
    "twice": "when: 1956\n        when: 1957",
    "space-in-name": "when exactly: 1956",
    "table-cell": "| when | 1956 |",
}
_INDENTATION = {
    "tab": "\twhen: 1956",
    "tab-and-spaces": "      \twhen: 1956",
    "no-break-spaces": 8 * "\N{NO-BREAK SPACE}" + "when: 1956",
    "one-no-break-space": 7 * " " + "\N{NO-BREAK SPACE}when: 1956",
    "ideographic-space": "\N{IDEOGRAPHIC SPACE}" + 7 * " " + "when: 1956",
    "one-space-less": "       when: 1956",
    "one-space-more": "         when: 1956",
    "two-spaces-less": "      when: 1956",
    "four-spaces-more": "            when: 1956",
    "none": "when: 1956",
}
_STARTS = {
    "no-dash": "        id: wreck-found\n",
    "no-space-after-dash": "      -id: wreck-found\n",
    "en-dash": "      \N{EN DASH} id: wreck-found\n",
    "em-dash": "      \N{EM DASH} id: wreck-found\n",
    "minus-sign": "      \N{MINUS SIGN} id: wreck-found\n",
    "bullet": "      \N{BULLET} id: wreck-found\n",
    "asterisk": "      * id: wreck-found\n",
    "two-dashes": "      - - id: wreck-found\n",
    "one-space-less": "     - id: wreck-found\n",
    "one-space-more": "       - id: wreck-found\n",
    "tab-for-dash": "\t- id: wreck-found\n",
    "number": "      1. id: wreck-found\n",
}
_IDS = {
    "space": "id: wreck found",
    "capitals": "id: Wreck-Found",
    "underscore": "id: wreck_found",
    "accent": "id: épave",
    "em-dash": "id: wreck\N{EM DASH}found",
    "full-stop": "id: wreck-found.",
    "no-break-space": "id: wreck-found\N{NO-BREAK SPACE}",
    "cyrillic-letter": "id: wr\N{CYRILLIC SMALL LETTER IE}ck-found",
    "typographic-quotes": "id: \N{LEFT DOUBLE QUOTATION MARK}wreck-found\N{RIGHT DOUBLE QUOTATION MARK}",
    "number-sign": "id: #wreck-found",
    "duplicate": "id: raised",
    "published-one-changed": "id: wreck-seen",
    "empty": "id:",
    "missing": "note: Its id is missing.",
}
_URLS = {
    "without-scheme": "url: www.museum.example/opening",
    "angle-brackets": "url: <https://museum.example/opening>",
    "markdown": "url: [The opening](https://museum.example/opening)",
    "capital-scheme": "url: HTTPS://museum.example/opening",
    "scheme-with-comma": "url: https//museum.example/opening",
    "space": "url: https://museum.example/the opening",
    "two": "url: https://museum.example/opening https://museum.example/closing",
    "trailing-full-stop": "url: https://museum.example/opening.",
    "typographic-quotes": (
        "url: \N{LEFT DOUBLE QUOTATION MARK}https://museum.example/opening\N{RIGHT DOUBLE QUOTATION MARK}"
    ),
    "doi": "url: doi:10.1000/182",
    "number-sign": "url: https://museum.example/ #opening",
    "zero-width-space": "url: https://museum.example/\N{ZERO WIDTH SPACE}opening",
    "script": "url: javascript:alert(1)",
}
_POSITIONS = {
    "decimal-comma": "{lat: 59,33, lon: 18,07, precision: approximate}",
    "decimal-comma-in-quotes": '{lat: "59,33", lon: 18.07, precision: approximate}',
    "degrees": "{lat: 59\N{DEGREE SIGN}20'N, lon: 18.07, precision: approximate}",
    "with-direction": "{lat: 59.33N, lon: 18.07E, precision: approximate}",
    "swapped": "{lat: 18.07, lon: 59.33, precision: approximate}",
    "underscore": "{lat: 5_9.33, lon: 18.07, precision: approximate}",
    "exponent": "{lat: 5.933e1, lon: 18.07, precision: approximate}",
    "in-words": "{lat: fifty-nine, lon: 18.07, precision: approximate}",
    "minus-sign": "{lat: 59.33, lon: \N{MINUS SIGN}18.07, precision: approximate}",
    "arabic-digits": "{lat: \u0665\u0669, lon: 18.07, precision: approximate}",
    "out-of-range": "{lat: 593.3, lon: 18.07, precision: approximate}",
    "pair": "[59.33, 18.07]",
    "text": "59.33, 18.07",
    "long-names": "{latitude: 59.33, longitude: 18.07, precision: approximate}",
    "no-space-after-colon": "{lat:59.33, lon:18.07, precision: approximate}",
    "not-closed": "{lat: 59.33, lon: 18.07, precision: approximate",
    "unknown-precision": "{lat: 59.33, lon: 18.07, precision: approx}",
}
_OTHERS = (
    Mistake("count-in-words", _SOURCES, "count: 10", "count: ten"),
    Mistake("count-with-decimal", _SOURCES, "count: 10", "count: 10.5"),
    Mistake("count-of-zero", _SOURCES, "count: 10", "count: 0"),
    Mistake("grade-in-lower-case", _SOURCES, "reliability: B", "reliability: b"),
    Mistake("grade-in-words", _SOURCES, "reliability: B", "reliability: good"),
    Mistake("likelihood-misspelt", _HEAD, "likelihood: very likely", "likelihood: verry likely"),
    Mistake("kind-misspelt", _AFTERLIFE, "kind: forecast", "kind: forcast"),
    Mistake("contact-without-at-sign", _HEAD, "contact: editors@vasa.example", "contact: editors"),
    Mistake("topics-not-listed", _HEAD, "topics: [loss, afterlife]", "topics: [loss, afterlive]"),
    Mistake("map-for-list", _ACTORS, "- id: sweden\n  name", "  id: sweden\n  name"),
    Mistake("list-for-map", _LOSS, "title: The loss\n", "- title: The loss\n"),
    Mistake("record-for-list", _AFTERLIFE, "also: [loss]", "also: {loss: yes}"),
    Mistake("list-for-text", _GLOSSARY, "explains: A deck on which guns stand.", "explains: [A deck, guns]"),
    Mistake("merge-key", _GLOSSARY, "- id: gunport\n", "- id: gunport\n  <<: *vasa\n"),
    Mistake("anchor", _GLOSSARY, "- id: gunport\n", "- &gunport\n  id: gunport\n"),
    Mistake("tag", _ACTORS, "name: Sweden", "name: !!str Sweden"),
    Mistake("quotes-in-a-name", _ACTORS, "name: Fred Hocker", 'name: Fred "Fritz" Hocker'),
    Mistake("quoted-name-first", _ACTORS, "name: Fred Hocker", 'name: "Fred" Hocker'),
    Mistake("see-misspelt", _GLOSSARY, "see: [gun-deck]", "see: [gundeck]"),
    Mistake("merge-conflict", _AFTERLIFE, _SAYS, f"<<<<<<< HEAD\n{_SAYS}\n=======\n{_SAYS}\n>>>>>>> branch"),
    Mistake("merge-conflict-half-resolved", _AFTERLIFE, _SAYS, f"{_SAYS}\n=======\n>>>>>>> branch"),
    Mistake("merge-conflict-of-records", _ACTORS, "- id: historians", "<<<<<<< HEAD\n=======\n- id: historians"),
    Mistake("two-documents", _AFTERLIFE, "  - title: Museum\n", "---\n  - title: Museum\n"),
    Mistake("document-marker-at-the-end", _AFTERLIFE, "[conservators, hull]\n", "[conservators, hull]\n---\n"),
    Mistake("document-marker-after-the-title", _LOSS, "title: The loss\n", "title: The loss\n---\n"),
    Mistake("end-marker-inside", _AFTERLIFE, "  - title: Museum\n", "...\n  - title: Museum\n"),
    Mistake("directive", _AFTERLIFE, "title: The afterlife\n", "%YAML 1.2\ntitle: The afterlife\n"),
    Mistake("code-fence", _AFTERLIFE, "title: The afterlife\n", "```yaml\ntitle: The afterlife\n"),
    Mistake("byte-order-mark-inside", _AFTERLIFE, "sections:\n", "\ufeffsections:\n"),
    Mistake("next-line-character", _AFTERLIFE, "sections:\n", "sections:\x85"),
    Mistake("line-separator", _AFTERLIFE, "sections:\n", "sections:\u2028"),
    Mistake("carriage-return", _AFTERLIFE, "sections:\n", "sections:\r"),
    Mistake("cut-in-a-key", _AFTERLIFE, "words: [conservators, hull]\n", "wor"),
    Mistake("cut-in-a-list", _AFTERLIFE, "words: [conservators, hull]\n", "words: [conservators, hu"),
    Mistake("cut-after-a-colon", _AFTERLIFE, "words: [conservators, hull]\n", "words:"),
    Mistake("cut-after-a-dash", _PLACES, "{how: historical, as_of: 1961, rests_on: raised}\n", "{how: historical,"),
    Mistake("cut-in-quotes", _SOURCES, '/opening", saved: 2026-02-01}\n', "/ope"),
    Mistake("cut-between-fields", _AFTERLIFE, "        words: [conservators, hull]\n", ""),
    Mistake("line-deleted", _AFTERLIFE, f"        {_SAYS}\n", ""),
    Mistake("line-twice", _AFTERLIFE, f"        {_SAYS}\n", 2 * f"        {_SAYS}\n"),
    Mistake("record-twice", _AFTERLIFE, _FOUND, 2 * f"{_FOUND}        cite: account:9\n"),
    Mistake("records-joined", _AFTERLIFE, "      - id: wreck-found\n", "      - id: wreck-found "),
    Mistake("fields-joined", _AFTERLIFE, f"{_SAYS}\n        about:", f"{_SAYS} about:"),
    Mistake("list-joined", _AFTERLIFE, f"{_SEVERAL}\n        ", f"{_SEVERAL} "),
    Mistake("two-files-joined", _AFTERLIFE, "  - title: Museum", "---\ntitle: M\nsections:\n  - title: Museum"),
)

MISTAKES = (
    *(Mistake(f"date-{name}", _AFTERLIFE, "when: 1961-04-24", f"when: {new}") for name, new in _DATES.items()),
    *(Mistake(f"date-{name}", _AFTERLIFE, "when: 1956", f"when: {new}".rstrip()) for name, new in _PERIODS.items()),
    *(Mistake(f"citation-{name}", _LOSS, _CITE, f"cite: {new}".rstrip(" ")) for name, new in _CITATIONS.items()),
    *(Mistake(f"list-{name}", _AFTERLIFE, _SEVERAL, new) for name, new in _LISTS.items()),
    *(Mistake(f"sentence-{name}", _AFTERLIFE, _SAYS, new) for name, new in _SENTENCES.items()),
    *(Mistake(f"field-{name}", _AFTERLIFE, "when: 1956", new) for name, new in _FIELDS.items()),
    *(Mistake(f"indentation-{name}", _AFTERLIFE, "        when: 1956", new) for name, new in _INDENTATION.items()),
    *(Mistake(f"record-{name}", _AFTERLIFE, "      - id: wreck-found\n", new) for name, new in _STARTS.items()),
    *(Mistake(f"id-{name}", _AFTERLIFE, "id: wreck-found", new) for name, new in _IDS.items()),
    *(Mistake(f"url-{name}", _SOURCES, _URL, new) for name, new in _URLS.items()),
    *(Mistake(f"position-{name}", _PLACES, _POSITION, new) for name, new in _POSITIONS.items()),
    *_OTHERS,
)

ENCODINGS = (
    Encoded("latin-1", _AFTERLIFE, "latin-1"),
    Encoded("windows-1252", _ACTORS, "cp1252"),
    Encoded("utf-16", _AFTERLIFE, "utf-16"),
    Encoded("utf-16-without-mark", _SOURCES, "utf-16-le"),
    Encoded("utf-32", _PLACES, "utf-32"),
    Encoded("utf-8-with-mark", _GLOSSARY, "utf-8-sig"),
)

FILE_NAMES = (
    Renamed("copy", _LOSS, "facts/topics/Copy of loss.yml"),
    Renamed("capital", _LOSS, "facts/topics/Loss.yml"),
    Renamed("space", _LOSS, "facts/topics/the loss.yml"),
    Renamed("yaml", _LOSS, "facts/topics/loss.yaml"),
    Renamed("capital-extension", _LOSS, "facts/topics/loss.YML"),
    Renamed("text-file", _LOSS, "facts/topics/loss.yml.txt"),
    Renamed("topic-beside-the-sources", _LOSS, "facts/loss.yml"),
    Renamed("topic-in-a-folder", _LOSS, "facts/topics/parts/loss.yml"),
    Renamed("singular", _ACTORS, "facts/actor.yml"),
    Renamed("capital-of-a-list", _SOURCES, "facts/Sources.yml"),
    Renamed("pin-of-another-source", "facts/pins/account.yml", "facts/pins/acount.yml"),
)
