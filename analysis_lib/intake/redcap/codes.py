"""Values of coded fields as codes, whatever the export or a spreadsheet made of them.

Branching logic compares codes, so labels and numbers such as 1.0 are turned back before it is
evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

import pandas as pd

from analysis_lib.intake.mapping.document import NUMBER, DaysRule, MappingFile, Problems
from analysis_lib.intake.redcap.codebook import RAW, Codebook, Field, plain_label

TICKS = {"1": ("Checked", "Yes", "True"), "0": ("Unchecked", "No", "False")}
_TRUTH = {"1": ("Yes", "True"), "0": ("No", "False")}
_STATUS = {"2": ("Complete",), "1": ("Unverified",), "0": ("Incomplete",)}
_WHOLE_ID = re.compile(r"(\d+)\.0+")


class Words:
    """The codes that a text may stand for: as written, in other letters, or as the same number."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._codes: dict[tuple[str, object], set[str]] = {}
        for text, code in pairs:
            for key in _keys(text):
                self._codes.setdefault(key, set()).add(code)

    def __getitem__(self, text: str) -> set[str]:
        """Empty where the text is none of the words, several where it is one of several."""
        return next((self._codes[key] for key in _keys(text) if key in self._codes), set())


def _keys(text: str) -> Iterator[tuple[str, object]]:
    yield "as written", text
    yield "any case", plain_label(text).casefold()
    if NUMBER.fullmatch(text):
        yield "number", Decimal(text)


@dataclass(frozen=True)
class _Column:
    """A column of codes; `texts` are what stands in it."""

    of_field: str
    name: str
    texts: tuple[str, ...]
    codes: Words = field(repr=False)
    labels: Words = field(repr=False)

    @cached_property
    def is_of(self) -> set[str]:
        """Whether it holds what can only be a code, and what can only be a label."""
        found = set()
        for text in self.texts:
            if bool(self.codes[text]) != bool(self.labels[text]):
                found.add("codes" if self.codes[text] else "labels")
        return found

    def meaning(self, text: str, kinds: set[str]) -> set[str]:
        """The codes of a text in an export that holds these kinds of texts."""
        codes, labels = self.codes[text], self.labels[text]
        if not codes or not labels or codes == labels:
            return codes or labels
        kinds = self.is_of if len(self.is_of) == 1 else kinds
        if len(kinds) > 1:
            return codes | labels
        return labels if "labels" in kinds else codes


def in_codes(
    table: pd.DataFrame,
    codebook: Codebook,
    mapping: MappingFile,
    wanted: Collection[str],
    problems: Problems,
) -> tuple[pd.DataFrame, MappingFile]:
    """The table with codes in every coded field, and the mapping's conditions on days in them.

    A text that is neither code nor label stays as it is. One that may stand for several codes is
    a problem in a field that is `wanted`.
    """
    columns = list(_columns(table, codebook))
    kinds = set().union(*(column.is_of for column in columns))
    changed = {}
    if codebook.record in table.columns:
        changed[codebook.record] = _whole_ids(table[codebook.record])
    for column in columns:
        meant = {text: column.meaning(text, kinds) for text in column.texts}
        if column.of_field in wanted:
            _refuse_unclear(column, meant, problems)
        sure = {text: next(iter(codes)) for text, codes in meant.items() if len(codes) == 1}
        if any(text != code for text, code in sure.items()):
            changed[column.name] = table[column.name].map(lambda x, sure=sure: sure.get(x, x))
    by_name = {column.name: column for column in columns}
    days = {name: _in_codes(rule, by_name, kinds) for name, rule in mapping.days.items()}
    return table.assign(**changed), replace(mapping, days=days)


def _refuse_unclear(column: _Column, meant: dict[str, set[str]], problems: Problems) -> None:
    for text, codes in meant.items():
        if len(codes) > 1:
            problems.add(
                "redcap",
                f"{column.name!r} holds {text!r}, which may stand for the codes "
                f"{', '.join(sorted(codes))}; {RAW}",
            )


def _in_codes(rule: DaysRule, columns: dict[str, _Column], kinds: set[str]) -> DaysRule:
    """The condition of a rule on days, which names texts of the extract, in codes as well."""

    def codes(name: str, texts: tuple[str, ...]) -> tuple[str, ...]:
        meant = [columns[name].meaning(x, kinds) or {x} if name in columns else {x} for x in texts]
        return tuple(dict.fromkeys(code for found in meant for code in sorted(found)))

    return replace(
        rule,
        where={name: codes(name, texts) for name, texts in rule.where.items()},
        otherwise={name: codes(name, texts) for name, texts in rule.otherwise.items()},
    )


def _columns(table: pd.DataFrame, codebook: Codebook) -> Iterator[_Column]:
    for one in codebook.fields:
        if one.type == "checkbox":
            for code, label in one.choices.items():
                ticks = {**TICKS, "1": (*TICKS["1"], label)}
                yield from _column(table, one.name, one.checkbox_column(code), TICKS, ticks)
            for name in one.other_boxes(table.columns):
                yield from _column(table, one.name, name, TICKS, TICKS)
        elif one.choices:
            labels: Pairs[str, tuple[str, ...]] = (
                _TRUTH if one.type in ("yesno", "truefalse") else _labels(one)
            )
            yield from _column(table, one.name, one.name, one.choices, labels)
    for form in codebook.forms:
        yield from _column(table, "", f"{form}_complete", _STATUS, _STATUS)


def _labels(one: Field) -> dict[str, tuple[str, ...]]:
    return {code: (label,) for code, label in one.choices.items()}


def _column(
    table: pd.DataFrame,
    of_field: str,
    name: str,
    codes: Iterable[str],
    labels: Pairs[str, tuple[str, ...]],
) -> Iterator[_Column]:
    if name not in table.columns:
        return
    texts = tuple(text for text in table[name].unique() if text)
    spoken = [(label, code) for code, words in labels.items() for label in words]
    yield _Column(of_field, name, texts, Words((code, code) for code in codes), Words(spoken))


def _whole_ids(ids: pd.Series) -> pd.Series:
    """Records numbered 1.0, 2.0, as a data frame writes whole numbers, are 1, 2."""
    given = ids[ids != ""]
    if given.empty or not given.map(lambda text: bool(_WHOLE_ID.fullmatch(text))).all():
        return ids
    return ids.map(lambda text: _WHOLE_ID.sub(r"\1", text))
