"""Numbers as an article prints them, and claims made of them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from analysis_lib.article.claims.claim import Claim
from analysis_lib.results.rows import Key

GROUPS = ("naive", "exposed")
CONTRAST = "exposed_vs_naive"


def half_up(value: float, decimals: int) -> str:
    exact = Decimal(repr(float(value)))
    return str(exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


def percent(count: int, total: int, decimals: int = 0) -> str:
    """Half up in whole numbers, so that no binary fraction decides."""
    scale = 10**decimals
    units = (200 * count * scale + total) // (2 * total)
    return half_up(units / scale, decimals)


def p_text(p: float) -> tuple[str, str]:
    """Comparator and digits of a P value: two decimals from .10 on, three below, then `<`."""
    if p < 0.001:
        return "<", "0.001"
    return "=", half_up(p, 2 if p >= 0.1 else 3)


class Writer:
    """Collects claims with unique names in the order in which they are printed."""

    def __init__(self) -> None:
        self.claims: list[Claim] = []

    def add(
        self,
        key: Key,
        printed: str,
        unit: str = "",
        *,
        comparator: str = "=",
        base: str = "infused",
        denominator: int | None = None,
        source: str = "Table",
    ) -> None:
        self.claims.append(
            Claim(
                claim_id=f"c{len(self.claims)}",
                section="made",
                key=key,
                printed=printed,
                value=float(printed),
                comparator=comparator,
                decimals=len(printed.partition(".")[2]),
                unit=unit,
                base=base,
                denominator=denominator,
                denominator_source="printed" if denominator else "",
                p_scope="as printed" if key.statistic == "p_value" else "",
                source=source,
                note="",
            )
        )

    def add_share(self, key: Key, count: int, total: int, **options: Any) -> None:
        """A count and its percent."""
        decimals = options.pop("decimals", 0)
        options["denominator"] = total
        self.add(key._replace(statistic="count"), str(count), "patients", **options)
        text = percent(count, total, decimals)
        self.add(key._replace(statistic="proportion"), text, "%", **options)

    def add_p(self, key: Key, p: float, **options: Any) -> None:
        comparator, text = p_text(p)
        self.add(key._replace(statistic="p_value"), text, comparator=comparator, **options)
