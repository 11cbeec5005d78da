"""Cells of tables: a text alone, or with the facts that support it. Earlier versions had the facts of a whole row."""

import json
from dataclasses import replace

import pytest

from briefing.compile import Inputs, Outcome, check, compile
from briefing.model import routes
from briefing.model.records import Cell, Row

HEAD = "facts/briefing.yml"
CELLS = "- cells: [Ordered, {says: January 1625, rests_on: order}]"
UNKNOWN = "- cells: [Ordered, {says: Unknown."
MENTIONS = "none of the supporting facts mentions"


def _with_row(vasa: Inputs, row: str) -> Inputs:
    text = vasa.facts[HEAD].decode()
    assert CELLS in text
    return replace(vasa, facts={**vasa.facts, HEAD: text.replace(CELLS, row).encode()})


def _found(outcome: Outcome) -> list[tuple[str, str]]:
    return [(problem.code, problem.message) for problem in outcome.problems]


def _first_row(outcome: Outcome) -> Row:
    assert outcome.briefing.head
    assert outcome.briefing.head.profile
    return outcome.briefing.head.profile.rows[0]


def test_a_plain_text_is_a_cell_without_facts(vasa: Inputs) -> None:
    row = _first_row(check(vasa))
    assert [(cell.says, cell.rests_on) for cell in row.cells] == [("Ordered", ()), ("January 1625", ("order",))]
    assert row.fact_ids == ("order",)


@pytest.mark.parametrize(
    ("row", "code", "message"),
    [
        ("- cells: [Ordered, {says: January 1625}]", "no-facts", "a cell needs 'rests_on'"),
        ("- cells: [Ordered, {says: January 1625, rests_on: []}]", "no-facts", "no cell of this row names a fact"),
        ("- cells: [Ordered, {rests_on: order}]", "missing-field", "a cell needs 'says'"),
        ("- cells: [Ordered, '']", "empty-value", "the value is empty"),
        ("- cells: [Ordered, long ago]", "no-facts", "no cell of this row names a fact"),
        (f"{UNKNOWN}, rests_on: order}}]", "evidence-for-unknown", "the cell says 'Unknown.' but names facts"),
        ("- cells: [Ordered, {says: in 1626, rests_on: order}]", "unsupported", f"{MENTIONS} '1626'"),
    ],
)
def test_faults_of_a_cell(row: str, code: str, message: str, vasa: Inputs) -> None:
    assert (code, message) in _found(check(_with_row(vasa, row)))


def test_a_number_needs_a_fact_in_its_own_cell(vasa: Inputs) -> None:
    row = "- cells: [{says: Ordered, rests_on: order}, in 1625]"
    assert _found(check(_with_row(vasa, row))) == [("unsupported", f"{MENTIONS} '1625'")]


@pytest.mark.parametrize("text", ["Not known", "unknown", "not known."])
def test_nothing_known_needs_no_fact(text: str, vasa: Inputs) -> None:
    assert _found(check(_with_row(vasa, f"- cells: [Draught, {text}]"))) == []


def test_the_words_for_unknown_are_those_of_the_briefing(vasa: Inputs) -> None:
    inputs = _with_row(vasa, "- cells: [Draught, {says: No record, rests_on: order}]")
    text = inputs.facts[HEAD] + b"messages: {not known: No record}\n"
    found = _found(check(replace(inputs, facts={**inputs.facts, HEAD: text})))
    assert found == [("evidence-for-unknown", "the cell says 'No record' but names facts")]


def test_a_comma_in_a_cell_is_explained(vasa: Inputs) -> None:
    (problem,) = check(_with_row(vasa, "- cells: [Ordered, {says: January, 1625, rests_on: order}]")).problems
    assert (problem.code, problem.hint) == ("unknown-field", "put a text with a comma in quotes")


@pytest.mark.slow
def test_facts_of_a_row_are_read_only_in_the_past(vasa: Inputs) -> None:
    inputs = _with_row(vasa, "- cells: [Ordered, January 1625]\n      rests_on: order")
    (problem,) = check(inputs).problems
    assert problem.code == "unknown-field"
    assert problem.hint == "move it to the cell that the facts support, as {says: …, rests_on: […]}"
    past = compile(inputs, past=True)
    assert _found(past) == []
    assert _first_row(past) == Row.model_construct(
        cells=(
            Cell.model_construct(says="Ordered", rests_on=()),
            Cell.model_construct(says="January 1625", rests_on=("order",)),
        )
    ), "where readers saw them"


@pytest.mark.slow
def test_every_exported_cell_has_both_fields(vasa: Inputs) -> None:
    files = {file.path: file.data for file in compile(vasa).files}
    profile = json.loads(files[routes.FACTS_JSON])["records"]["briefing"]["profile"]
    assert profile["rows"][0] == {
        "cells": [{"says": "Ordered", "rests_on": []}, {"says": "January 1625", "rests_on": ["order"]}]
    }
