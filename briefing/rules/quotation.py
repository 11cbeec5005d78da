"""Check quotations: they are short, complete, exact and from the place that is cited, and nothing else is copied."""

from collections.abc import Iterator

from briefing.evidence.cited_texts import CitedTexts, Part, cited_texts, evidence_of, known_text, language_of
from briefing.evidence.languages import is_foreign
from briefing.evidence.lookup import holds, is_comparable
from briefing.evidence.matching import month_tokens, number_tokens, quoted_phrases
from briefing.evidence.pins import quotable_forms, split_parts, text_digest
from briefing.model.briefing import Briefing
from briefing.model.fields import UNIT_SIGNS, EvidenceLevel
from briefing.model.records import Citation, Fact, Identified, Record, Source
from briefing.problems import Problem, Severity, Span
from briefing.rules.evidence import misplaced
from briefing.rules.references import citations
from briefing.text.edtf import Edtf
from briefing.text.language import primary_tag
from briefing.text.nodes import Path
from briefing.text.normalize import rejoined, words

# This many words in a row count as copied. Fewer may be a coincidence or a name.
RUN = 8
# Short quotations serve as evidence. More of a source would be a copy of it.
MOST_WORDS = 25
MOST_WORDS_OF_SOURCE = 300
MOST_OF_PINNED_TEXT = 0.1
# Fewer different words may be in another source by coincidence.
_LEAST_WORDS_ELSEWHERE = 8


def check_quotations(briefing: Briefing) -> Iterator[Problem]:
    """Report quotations that are too long, incomplete, inexact, or from another place than the citation says.

    ``long-quotation``: A quotation has more than twenty-five words.

    Short quotations are evidence; long ones may infringe the author's rights. Quote the words that matter.

    ``too-much-quoted``: The quotations from one source have more than three hundred words, or more than a tenth of its
    pinned text.

    Together they would be a copy of the source.

    ``misattributed-quotation``: The paragraph that the citation names lacks words of its quotation, and another pinned
    paragraph has them all. It is a warning if the cited source has no pin, but a pinned paragraph has all the words.

    Readers who check the source would not find the words there. Cite the place that the message names.

    ``translation-differs``: The translation has a number or a month that the quotation does not have.

    Readers who cannot read the quotation rely on its translation.

        facts/topics/harbour.yml
        -       cite: {source: plan, quote: 12 Kräne, translation: 20 cranes, seen: {date: 1930-01-10, form: printed}}
        +       cite: {source: plan, quote: 12 Kräne, translation: 12 cranes, seen: {date: 1930-01-10, form: printed}}

    ``title-as-quotation`` (warning): The quotation is the title of its source.

    A title is often not by the author, and it may say more than the text. Quote the text.

        facts/topics/harbour.yml
        -       cite: {source: chart, quote: A chart of the harbour basin, seen: {date: 1930-01-10, form: printed}}
        +       cite: {source: chart, quote: the basin as we drew it, seen: {date: 1930-01-10, form: printed}}

    ``read-too-early``: A source was read, opened or archived before it was published.

    One of the dates is wrong.

        facts/sources.yml
        -   accessed: 1899-01-10
        +   accessed: 1930-01-10
    """
    known = cited_texts(briefing)
    wrong = misplaced(briefing)
    quoted: dict[str, dict[str, int]] = {}
    for record, path, cited in citations(briefing):
        source = briefing.source_by_id.get(cited.source)
        record_id = record.id if isinstance(record, Identified) else ""
        if source is None or briefing.failed & {source.id, record_id}:
            continue
        yield from _incomplete(briefing, record, path, cited, source)
        if not cited.quote:
            continue
        span = record.at(*path, "quote")
        count = len(cited.quote.split())
        quoted.setdefault(source.id, {})[cited.quote] = count
        if count > MOST_WORDS:
            message = f"the quotation has {count} words; at most {MOST_WORDS} are allowed"
            yield Problem(span, "long-quotation", message, "quote only the words that matter")
        if _sequence(cited.quote) == _sequence(source.title):
            message = "the quotation is the title of its source"
            yield Problem(span, "title-as-quotation", message, "quote the text itself", Severity.WARNING)
        yield from _differing_translation(briefing, record.at(*path, "translation"), cited, source)
        if cited.seen:
            yield from _read_too_early(record.at(*path, "seen", "date"), source, cited.seen.date)
        if not _sequence(cited.quote):
            yield Problem(span, "empty-value", "the quotation has no words", "quote the words that matter")
        # A fact that cites the wrong paragraph is one mistake.
        elif record_id not in wrong:
            yield from _misattributed(briefing, known, span, cited)
    for source_id, counts in quoted.items():
        yield from _too_much(briefing, briefing.source_by_id[source_id], sum(counts.values()))
    for source in briefing.sources:
        if source.accessed:
            yield from _read_too_early(source.at("accessed"), source, source.accessed)
        if source.archived:
            yield from _read_too_early(source.at("archived", "saved"), source, source.archived.saved)


def _incomplete(briefing: Briefing, record: Record, path: Path, cited: Citation, source: Source) -> Iterator[Problem]:
    span = record.at(*path)
    if not cited.quote:
        given = [name for name in ("prefix", "suffix", "translation", "seen") if getattr(cited, name)]
        if given:
            yield Problem(span, "missing-field", f"a citation with '{given[0]}' needs 'quote'", "add 'quote: …'")
        return
    if not cited.seen:
        message = "a quotation needs 'seen'"
        hint = "add 'seen: {date: …, form: …}': the day on which someone read it, and in which form"
        yield Problem(span, "missing-field", message, hint)
    if language_of(source) not in ("", primary_tag(briefing.language.tag)) and not cited.translation:
        message = f"a quotation in '{source.language}' needs 'translation'"
        yield Problem(span, "missing-field", message, "add 'translation: …' in the language of the site")


def _differing_translation(briefing: Briefing, span: Span, cited: Citation, source: Source) -> Iterator[Problem]:
    language = language_of(source)
    if not cited.quote or not cited.translation or not is_foreign(language):
        return
    original = known_text(source.id, [cited.quote], language)
    for token in (*number_tokens(cited.translation), *month_tokens(cited.translation)):
        is_vague = token.quantity is not None and token.quantity.is_unchecked
        if not is_vague and is_comparable(original, token) and not holds(original, 1, token):
            message = f"the quotation does not contain the {token.what} '{token.text}' of its translation"
            place = briefing.find(span, token.text)
            yield Problem(place, "translation-differs", message, "correct the translation")


def _read_too_early(span: Span, source: Source, day: Edtf) -> Iterator[Problem]:
    if source.date and day.latest < source.date.earliest:
        message = f"{day.text} is before the source was published ({source.date.text})"
        yield Problem(span, "read-too-early", message, "correct one of the dates")


def _misattributed(briefing: Briefing, known: CitedTexts, span: Span, cited: Citation) -> Iterator[Problem]:
    assert cited.quote
    wanted = quotable_forms(cited.quote)
    part = known.part(cited)
    if part is None or known.is_quoted(part):
        if (
            cited.source not in briefing.pin_of
            and len(wanted) >= _LEAST_WORDS_ELSEWHERE
            and (place := _place_with(known, wanted, cited))
        ):
            message = f"all words of this quotation from '{cited.source}' are in {_name(briefing, place)}"
            hint = "cite the source in which the words were read"
            yield Problem(span, "misattributed-quotation", message, hint, Severity.WARNING)
        return
    text = known.texts[cited.source]
    missing = sorted(form for form in wanted if not text.has(cited.number, (form,)))
    if not missing:
        return
    place = _place_with(known, wanted, cited)
    if place:
        message = f"{_name(briefing, part)} lacks words of the quotation, and {_name(briefing, place)} has them all"
        yield Problem(span, "misattributed-quotation", message, f"cite {place[0]}:{place[1]}")
    else:
        listed = ", ".join(f"'{form}'" for form in missing)
        message = f"{_name(briefing, part)} does not contain {listed}"
        yield Problem(span, "misquoted", message, "quote it exactly")


def _place_with(known: CitedTexts, wanted: set[str], cited: Citation) -> Part | None:
    """Return the pinned part that has all of these words: of the cited source if possible."""
    pinned = sorted({*known.texts} - {*known.titles}, key=lambda source: (source != cited.source, source))
    places = ((source, number) for source in pinned for number in known.texts[source].having([tuple(wanted)]))
    return next(places, None)


def _name(briefing: Briefing, part: Part) -> str:
    source, number = part
    return f"{UNIT_SIGNS[briefing.source_by_id[source].unit or 'paragraph']}{number} of '{source}'"


def _too_much(briefing: Briefing, source: Source, count: int) -> Iterator[Problem]:
    most = MOST_WORDS_OF_SOURCE
    pin = briefing.pin_of.get(source.id)
    if pin:
        # A pin does not say how long a paragraph is, so count its different words.
        most = min(most, int(MOST_OF_PINNED_TEXT * sum(len(part.words.split()) for part in pin.parts)))
    if count > most:
        message = f"the quotations from '{source.id}' have {count} words; at most {most} are allowed"
        yield Problem(source.at("id"), "too-much-quoted", message, "shorten or delete some quotations")


def check_quoted_phrases(briefing: Briefing) -> Iterator[Problem]:
    """Report words in quotation marks that the cited texts are not known to have in this order.

    ``unconfirmed-quotation`` (note): A sentence quotes words that neither a quotation nor a pin confirms in this order.

    A pin confirms what the facts quoted when it was made, and what the source has in quotation marks. Quote exactly,
    then pin the source again: ``briefing pin SOURCE FILE``.

        facts/topics/trade.yml
        -       says: The Port Authority calls the basin “a door to the”.
        +       says: The Port Authority calls the basin “a door to the sea”.
    """
    known = cited_texts(briefing)
    for fact in briefing.current_facts:
        parts = [known.part(cited) for cited in fact.cite]
        # The words may come from a source whose text is not known.
        if fact.id in briefing.failed or not all(parts):
            continue
        for phrase in quoted_phrases(fact.says):
            # Another rule reports quotation marks around a whole value.
            if len(words(phrase)) < 2 or len(phrase) + 2 >= len(fact.says) or _is_confirmed(known, fact, phrase):
                continue
            place = briefing.find(fact.at("says"), phrase)
            if _is_reordered(known, fact, phrase):
                yield _misquoted(place, phrase)
            else:
                message = f'the cited texts are not known to contain the words "{phrase}" in this order'
                hint = "quote exactly, then pin the source again: briefing pin SOURCE FILE"
                yield Problem(place, "unconfirmed-quotation", message, hint, Severity.NOTE)


def _is_confirmed(known: CitedTexts, fact: Fact, phrase: str) -> bool:
    """Return whether a cited text has the words in this order, or comes from a pin that does not say."""
    wanted = _plain_and_rejoined(phrase)
    for cited in fact.cite:
        part = known.part(cited)
        assert part
        texts = [text for text in (cited.quote, cited.translation) if text]
        if any(_has_one_of(_plain_and_rejoined(text), wanted) for text in texts):
            return True
        if not known.is_quoted(part) and known.texts[cited.source].quotes(cited.number, phrase) is not False:
            return True
    return False


def _is_reordered(known: CitedTexts, fact: Fact, phrase: str) -> bool:
    """Return whether a cited text has all words of the phrase, but is known not to have them in this order."""
    wanted = quotable_forms(phrase)
    for cited in fact.cite:
        if any(wanted <= quotable_forms(text) for text in (cited.quote, cited.translation) if text):
            return True
        if cited.source in known.texts and known.texts[cited.source].reorders(cited.number, phrase):
            return True
    return False


def check_required_evidence(briefing: Briefing) -> Iterator[Problem]:
    """Report facts without the evidence that the briefing requires.

    ``insufficient-evidence``: ``evidence`` in facts/briefing.yml requires a quotation or a pinned source for facts of
    this kind, and the fact has none.

    Readers could not see on which words of the source the fact is based.

        facts/briefing.yml
        - evidence: pin
        + evidence: none
    """
    # A source or pin that could not be read may be the evidence.
    if briefing.head is None or not briefing.head.evidence or briefing.unread:
        return
    known = cited_texts(briefing)
    for fact in briefing.current_facts:
        required: EvidenceLevel = getattr(briefing.head.evidence, fact.kind)
        if fact.id in briefing.failed or required == "none":
            continue
        found = evidence_of(known, fact)
        if "pinned" in found:
            continue
        if required == "pin":
            hint = "cite a pinned source, or pin the source: briefing pin SOURCE FILE"
            yield Problem(fact.at("cite"), "insufficient-evidence", "the fact cites no pinned source", hint)
        elif "quoted" not in found:
            hint = "quote the source: {source: …, quote: …, seen: …}"
            yield Problem(fact.at("cite"), "insufficient-evidence", "the fact has no quotation", hint)


def check_wording(briefing: Briefing, source: Source, text: str) -> Iterator[Problem]:
    """Report copied passages and inexact quotations, given the text of a source.

    ``text-mismatch``: The text given with ``--text`` differs from the pinned text.

    The facts would be compared with another version of the source. Pin the new text, or use the old one.

        facts/pins/report.yml
        - digest: 7b0e54c9d6aa1f0e4c3b5d2f8a916e07c4d3b2a190f8e7d6c5b4a3928170f6e5
        + digest: 589b78b89eeae6f384331fcaacef7313f6ccf0373378d8dd32b78ed7db2f81f6

    ``copied``: A piece of text copies eight or more consecutive words from the source.

    Copying may infringe the author's rights. Rewrite the passage in your own words.

        facts/topics/harbour.yml
        -       says: In 1912 the quay was made longer by 40 metres.
        +       says: The quay grew by 40 metres in 1912.

    ``misquoted``: None of the cited paragraphs contains the quoted words in this order, or the cited
    paragraph of a pinned source lacks one of them.

    Readers take words in quotation marks to be the exact words of the source.

        facts/topics/trade.yml
        -       says: The Port Authority calls the basin “a sea to the door”.
        +       says: The Port Authority calls the basin “a door to the sea”.
    """
    pin = briefing.pin_of.get(source.id)
    if pin and pin.digest != text_digest(text):
        message = f"the given text does not match the pin of '{source.id}'"
        hint = f"use the pinned text, or pin this text: briefing pin {source.id} FILE"
        yield Problem(pin.at("digest"), "text-mismatch", message, hint, subject=source.id)
    # Looking up each run of words in a set is much faster than searching the text for it.
    sequence = _sequence(text)
    runs = {sequence[index : index + RUN] for index in range(len(sequence) - RUN + 1)}
    for record in briefing.everything():
        for path, prose in record.texts():
            yield from _copied(briefing, source, record.at(*path), prose, runs)
    parts = [_plain_and_rejoined(part) for part in split_parts(text)]
    for record, path, cited in citations(briefing):
        if cited.quote and cited.source == source.id:
            wanted = _plain_and_rejoined(cited.quote)
            near = parts[cited.number - 1 : cited.number] if cited.number else parts
            if not any(_has_one_of(part, wanted) for part in near):
                message = f"'{cited}' does not contain the quotation in this order"
                yield Problem(record.at(*path, "quote"), "misquoted", message, "quote it exactly")
    for fact in briefing.facts:
        numbers = [cited.number for cited in fact.cite if cited.source == source.id]
        # The quotation may come from another cited source, whose text is not given.
        if any(cited.source != source.id for cited in fact.cite) or not numbers:
            continue
        for phrase in quoted_phrases(fact.says):
            wanted = _plain_and_rejoined(phrase)
            if not any(_has_one_of(parts[number - 1], wanted) for number in numbers if number <= len(parts)):
                place = briefing.find(fact.at("says"), phrase)
                yield _misquoted(place, phrase)


def _misquoted(place: Span, phrase: str) -> Problem:
    message = f'no cited text contains the words "{phrase}" in this order'
    return Problem(place, "misquoted", message, "quote it exactly, or paraphrase it")


def _copied(
    briefing: Briefing, source: Source, span: Span, prose: str, runs: set[tuple[str, ...]]
) -> Iterator[Problem]:
    prose_words = words(prose)
    forms = tuple(word.forms[0] for word in prose_words)
    for index in range(len(forms) - RUN + 1):
        if forms[index : index + RUN] in runs:
            first = prose_words[index]
            last = prose_words[index + RUN - 1]
            run = prose[first.start : last.start + len(last.text)]
            message = f"{RUN} or more words in a row are copied from '{source.id}': \"{run} …\""
            yield Problem(briefing.find(span, first.text), "copied", message, "say it in your own words")
            # A longer run contains several runs of this length, but is one mistake.
            return


def _plain_and_rejoined(text: str) -> tuple[str, str]:
    """Return the words of a text, as they are and with broken words rejoined.

    The spaces around them make sure that only whole words match.
    """
    plain, whole = _sequence(text), _sequence(rejoined(text))
    return f" {' '.join(plain)} ", f" {' '.join(whole)} "


def _has_one_of(texts: tuple[str, str], wanted: tuple[str, str]) -> bool:
    return any(one in text for one, text in zip(wanted, texts, strict=True))


def _sequence(text: str) -> tuple[str, ...]:
    return tuple(word.forms[0] for word in words(text))
