"""The texts of the theme and of the browser scripts. Every engine gets them as data, because not all run Python."""

import json
from typing import Any

from briefing.text.edtf import parse_edtf
from briefing.text.language import N_, Language

# What ``briefing new`` writes into mkdocs.yml, where editors may put texts of their own.
_SETTINGS = frozenset(
    {
        *(N_("Brief"), N_("Topics"), N_("Reference"), N_("Timeline"), N_("Views"), N_("Disputed and unknown")),
        *(N_("Actors"), N_("Places"), N_("Glossary"), N_("All facts"), N_("Sources"), N_("Changes"), N_("Data")),
        *(N_("Scales and grades"), N_("Method"), N_("Switch to dark mode"), N_("Switch to light mode")),
    }
)


def translate_navigation(nav: Any, language: Language) -> Any:
    """Return ``nav`` as in mkdocs.yml with the titles that ``briefing new`` gives in this language."""
    if isinstance(nav, list):
        return [translate_navigation(item, language) for item in nav]
    if isinstance(nav, dict):
        return {_translate(title, language): translate_navigation(item, language) for title, item in nav.items()}
    return nav


def translate_palette(palette: Any, language: Language) -> Any:
    """Return the theme's ``palette`` as in mkdocs.yml with the names of its buttons in this language."""
    if isinstance(palette, list):
        return [translate_palette(scheme, language) for scheme in palette]
    if isinstance(palette, dict) and isinstance(palette.get("toggle"), dict):
        toggle = palette["toggle"]
        return {**palette, "toggle": {**toggle, "name": _translate(toggle.get("name"), language)}}
    return palette


def _translate(text: Any, language: Language) -> Any:
    return language.gettext(text) if text in _SETTINGS else text


def theme_texts(language: Language) -> dict[str, object]:
    """Return the texts by name, with only the types that JSON has.

    ``labels`` are for the theme's templates, and ``material`` has Material's own labels by its keys. ``scripts`` is
    JSON for the browser, safe in a script element: a message with a number has its forms there by CLDR category
    (``one``, ``other`` ...), and placeholders stay as they are (``%(num)s``).
    """
    return {
        "language": language.tag,
        "direction": language.direction,
        "labels": _labels(language),
        "material": _material(language),
        "scripts": _as_script(_scripts(language)),
    }


def _as_script(texts: dict[str, object]) -> str:
    # "</script>" in a text would end the element. Engines write JSON differently, so it is written here.
    return json.dumps(texts, ensure_ascii=False).replace("<", "\\u003c")


def format_as_of(language: Language, day: str) -> str:
    """Return the notice on a site that shows the briefing of an earlier day (ISO 8601)."""
    date = language.format_date(parse_edtf(day))
    return language.gettext("This is the briefing as of %(date)s.", date=date)


def _labels(language: Language) -> dict[str, str]:
    t = language.gettext
    return {
        "changes": t("Changes"),
        "menu_open": t("Open navigation"),
        "search": t("Search"),
        "search_in": t("Search facts, actors, places, terms and sources"),
        "search_example": t("A name, word, year or article"),
        "search_in_guides": t("Search the pages for contributors"),
        "search_in_guides_example": t("A word, command or field"),
        "search_close": t("Close search"),
        "results": t("Results"),
        "copy": t("Copy"),
        "download": t("Download the briefing:"),
        "one_file": t("one HTML file"),
        "not_found": t("Page not found"),
        "not_found_hint": t(
            "The address may be mistyped, or the page may have moved. Search for any word in a fact, or start from one"
            " of these pages:"
        ),
        "home": t("Overview"),
        "report": t("Report an error"),
        "contact": t("Contact"),
        "corrections": t("Corrections"),
        "accessibility": t("Accessibility"),
        "data": t("Data"),
        "to_briefing": t("Back to the briefing"),
        "timeline": t("Timeline"),
        "sources": t("Sources"),
        "version_meaning": t("what this means"),
    }


def _material(language: Language) -> dict[str, str]:
    t = language.gettext
    return {
        "language": language.tag,
        "direction": language.direction,
        "action.edit": t("Edit this page"),
        "action.skip": t("Skip to content"),
        "action.view": t("View the source of this page"),
        "announce.dismiss": t("Don’t show this again"),
        "clipboard.copy": t("Copy to clipboard"),
        "clipboard.copied": t("Copied to clipboard"),
        "footer": t("Footer"),
        "footer.next": t("Next"),
        "footer.previous": t("Previous"),
        "header": t("Header"),
        "meta.source": t("Source"),
        "nav": t("Navigation"),
        "search": t("Search"),
        "source": t("Go to repository"),
        "tabs": t("Tabs"),
        "toc": t("On this page"),
        "top": t("Back to top"),
    }


def _scripts(language: Language) -> dict[str, object]:
    t = language.gettext
    # Without values a message keeps its placeholders, which the scripts fill.
    ngettext = language.plural_forms
    return {
        "locale": str(language.locale).replace("_", "-"),
        "copy": t("Copy"),
        "copied": t("Copied"),
        "cardClose": t("Close"),
        "cardOpen": t("Open this fact"),
        "selected": t("Selected"),
        "nameCopied": t("%(name)s copied"),
        "nameSelected": t("%(name)s selected: copy it with the keyboard"),
        "allShown": ngettext("The only entry is shown", "All %(num)s entries shown"),
        "someShown": ngettext("%(shown)s of %(num)s entry shown", "%(shown)s of %(num)s entries shown"),
        "sinceVisit": ngettext(
            "%(num)s fact added or changed since your last visit on %(date)s",
            "%(num)s facts added or changed since your last visit on %(date)s",
        ),
        "alsoWritten": t("Also written: "),
        "results": ngettext("%(num)s result", "%(num)s results"),
        "best": ngettext("The first %(shown)s of %(num)s result", "The first %(shown)s of %(num)s results"),
        "partial": ngettext(
            "No result has all these words; %(num)s has some of them",
            "No result has all these words; %(num)s have some of them",
        ),
        "bestPartial": ngettext(
            "No result has all these words; the first %(shown)s of %(num)s with some of them",
            "No result has all these words; the first %(shown)s of %(num)s with some of them",
        ),
        "someWords": t("With some of these words"),
        "without": t("Without: %(words)s"),
        "similar": t("“%(word)s” was not found; similar: %(found)s"),
        "nothing": t("Nothing found for “%(words)s”."),
        "didYouMean": t("Did you mean:"),
        "startHere": t("Or start from one of these pages:"),
        "notLoaded": t("The search could not be loaded."),
    }
