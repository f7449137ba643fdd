"""Claims files that are not this article's: parts of one, unknown words, wild numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from made_designs import make_design

from analysis_lib.article.audit.finding import IMPOSSIBLE, VERDICTS
from analysis_lib.article.audit.run import audit_claims
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.topics import VOCABULARY

Change = Callable[[Claim, np.random.Generator], Claim]


def renamed(claim: Claim, rng: np.random.Generator) -> Claim:
    """The words of another study, which the dictionary does not know."""
    key = claim.key
    words = (("ino", "drug"), ("sex", "gender"), ("marrow", "organ"), ("prior", "former"))
    parts = [key.variable, key.population]
    for old, new in words:
        parts = [part.replace(old, new) for part in parts]
    return replace(claim, key=key._replace(variable=parts[0], population=parts[1]))


def wild(claim: Claim, rng: np.random.Generator) -> Claim:
    """Now and then a number that cannot be."""
    if claim.unit == "date" or rng.random() < 0.8:
        return claim
    text = f"{rng.choice([0, 1, 100, 101, 1000, 2 * claim.value]):.{claim.decimals}f}"
    return replace(claim, printed=text, value=float(text))


def kept(claim: Claim, rng: np.random.Generator) -> Claim:
    return claim


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("change", [kept, renamed, wild])
def test_any_claims_can_be_audited(
    claims: tuple[Claim, ...], dictionary: Dictionary, change: Change, seed: int
) -> None:
    rng = np.random.default_rng([seed, len(change.__name__)])
    some = [change(claim, rng) for claim in rng.permutation(np.array(claims, dtype=object))]
    some = some[: int(len(some) * rng.choice([0.3, 0.7, 1.0]))]
    known = dictionary if seed % 2 else Dictionary(())
    audit = audit_claims(some, known)
    names = {claim.claim_id for claim in some}
    assert audit.findings
    for finding in audit.findings:
        assert finding.verdict in VERDICTS
        assert finding.claims and set(finding.claims) <= names
        words = set(finding.explanation.split())
        assert finding.explanation.endswith(".") and not words & {*names, "nan", "inf", "None"}
    if change is wild and len(some) == len(claims):
        assert audit.of_verdict(IMPOSSIBLE)


def blanked(claim: Claim, rng: np.random.Generator) -> Claim:
    """A key of which a part is not told."""
    key = claim.key
    part = str(rng.choice(["population", "variable", "outcome", "contrast", "level"]))
    return replace(claim, key=key._replace(**{part: ""}))


def tiny(claim: Claim, rng: np.random.Generator) -> Claim:
    """Counts of nobody, of one or of two."""
    if claim.unit not in ("patients", ""):
        return claim
    text = str(rng.integers(3))
    return replace(claim, printed=text, value=float(text), decimals=0, denominator=1)


UNSAID = re.compile(
    r"^\W*$|^\s*[,:;.]|\s{2,}|\(\s*\)|\[\s*\]|\bvs\s*(?:[,.:;)]|$)|^vs\b|,,|, ,|\.\.|''|: :"
    r"|\b1 (?:patients|numbers|events|levels|percents|groups|columns|counts|estimates|rows)\b"
    r"|[a-z]_[a-z]|\b(?:nan|inf|None)\b"
)


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("change", [kept, renamed, wild, blanked, tiny])
def test_every_finding_names_its_subject(
    dictionary: Dictionary, change: Change, number: int
) -> None:
    """No empty subject, bracket or number of several, whatever parts of a key are not told."""
    rng = np.random.default_rng([number, len(change.__name__)])
    made = [change(claim, rng) for claim in make_design(5, number) if rng.random() < 0.9]
    for finding in audit_claims(made, dictionary).findings:
        for text in (finding.subject, finding.explanation, finding.consequence):
            assert not UNSAID.search(text or "none"), text


def test_no_rule_knows_a_name_of_this_article(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    """Other ids, variables and levels under the same labels give the same sentences."""
    here = audit_claims(claims, dictionary).findings
    there = audit_claims([_disguised(claim) for claim in claims], _disguised_words(dictionary))
    assert len(here) > 200
    assert [(f.rule, f.verdict, f.explanation, f.consequence) for f in here] == [
        (f.rule, f.verdict, f.explanation, f.consequence) for f in there.findings
    ]


def _disguised(claim: Claim) -> Claim:
    key = claim.key
    parts = re.fullmatch(r"(\w*)(?:\[(\w+)=(.+)\])?", key.population)
    assert parts is not None
    group = f"[{_name(parts[2])}={_level(parts[3])}]" if parts[2] else ""
    contrast = "_vs_".join(_level(one) for one in key.contrast.split("_vs_"))
    known = key._replace(
        variable=key.variable if key.variable in VOCABULARY.variables else _name(key.variable),
        outcome=key.outcome if key.outcome in VOCABULARY.outcomes else _name(key.outcome),
        level=_level(key.level),
        population=f"{parts[1]}{group}",
        contrast=contrast if key.contrast else "",
    )
    return replace(claim, claim_id=f"other_{claim.claim_id}", key=known)


def _disguised_words(dictionary: Dictionary) -> Dictionary:
    return Dictionary(
        tuple(
            replace(
                variable,
                name=_name(variable.name),
                levels=tuple(_level(level) for level in variable.levels),
                reference=_level(variable.reference),
            )
            for variable in dictionary.variables
        )
    )


def _name(name: str) -> str:
    """Endpoints have names that the whole field shares."""
    return name if name in ("", "pfs", "os", "followup") else f"x{name}"


def _level(level: str) -> str:
    """Ranges of numbers and the words of the vocabulary say what they are; names do not."""
    known = level in ("", "yes", "no", *VOCABULARY.levels)
    return level if known or re.search(r"\d", level) else f"x{level}"


def test_an_empty_article_has_no_findings(dictionary: Dictionary) -> None:
    assert audit_claims([], dictionary).findings == ()
