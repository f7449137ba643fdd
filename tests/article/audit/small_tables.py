"""Small tables of two groups for the tests of single rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from writing_articles import CONTRAST, GROUPS, Writer

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.finding import Finding
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import read_dictionary
from analysis_lib.results.rows import Key

Rule = Callable[[Article], list[Finding]]
DICTIONARY = read_dictionary(Path(__file__).parents[3] / "data" / "dictionary.csv")


class SmallTable:
    """Claims in the order they are written; groups of 50 and 60 patients unless told."""

    def __init__(self, sizes: tuple[int, int] = (50, 60)) -> None:
        self.writer = Writer()
        self.sizes = sizes
        for name, size in zip(GROUPS, sizes, strict=True):
            key = Key("baseline_by_exposure", "", f"infused[ino={name}]", statistic="n")
            self.writer.add(key, str(size), "patients")

    def factor(self, variable: str, rows: dict[str, tuple[int, int]]) -> SmallTable:
        """Counts and percents of the levels in the naive and the exposed."""
        for level, counts in rows.items():
            for name, count, size in zip(GROUPS, counts, self.sizes, strict=True):
                key = Key("baseline_by_exposure", "", f"infused[ino={name}]", variable, level)
                self.writer.add_share(key, count, size)
        return self

    def outcome(
        self, name: str, counts: tuple[int, int], totals: tuple[int, int], base: str = "infused"
    ) -> SmallTable:
        for group, count, total in zip(GROUPS, counts, totals, strict=True):
            key = Key("toxicity", name, f"{base}[ino={group}]")
            self.writer.add_share(key, count, total, base=base)
        return self

    def p(
        self, printed: str, *, variable: str = "", outcome: str = "", base: str = "infused",
        comparator: str = "=", scope: str = "as printed",
    ) -> SmallTable:  # fmt: skip
        analysis = "toxicity" if outcome else "baseline_by_exposure"
        key = Key(analysis, outcome, base, variable, contrast=CONTRAST, statistic="p_value")
        self.writer.add(key, printed, comparator=comparator, base=base)
        self.change(-1, p_scope=scope)
        return self

    def percents_only(self, source: str) -> SmallTable:
        """Drop counts, so that percents stand alone with denominators from `source`."""
        self.writer.claims = [
            replace(claim, denominator_source=source if claim.denominator else "")
            for claim in self.writer.claims
            if claim.key.statistic != "count"
        ]
        return self

    def denominators(self, source: str) -> SmallTable:
        """Let every denominator be from `source` instead of printed."""
        self.writer.claims = [
            replace(claim, denominator_source=source if claim.denominator else "")
            for claim in self.writer.claims
        ]
        return self

    def change(self, index: int, **parts: object) -> SmallTable:
        """Change parts of one claim; a new printing brings its value and decimals."""
        if "printed" in parts:
            text = str(parts["printed"])
            parts |= {"value": float(text), "decimals": len(text.partition(".")[2])}
        self.writer.claims[index] = replace(self.writer.claims[index], **parts)  # type: ignore[arg-type]
        return self

    def index(self, statistic: str, level: str = "", group: str = "naive") -> int:
        """Where the claim of a level (or of an outcome) in a group stands."""
        return next(
            place
            for place, claim in enumerate(self.writer.claims)
            if (claim.key.statistic, claim.key.level) == (statistic, level)
            and claim.key.population.endswith(f"[ino={group}]")
        )

    @property
    def claims(self) -> list[Claim]:
        return self.writer.claims

    def findings(self, rule: Rule) -> list[Finding]:
        return rule(Article(DICTIONARY, self.claims))


def of_subject(findings: Sequence[Finding], *words: str) -> Finding:
    """The one finding whose subject has all the words."""
    (found,) = [one for one in findings if all(word in one.subject for word in words)]
    return found
