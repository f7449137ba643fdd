"""How the numbers of a comparison are written: as the article prints them, and ours likewise."""

from __future__ import annotations

import math

from analysis_lib.claims import Claim
from analysis_lib.comparison.compare import prints
from analysis_lib.comparison.compared import NOT_COMPUTABLE, REPRODUCED, ROUNDED, Compared
from analysis_lib.format import (
    EN_DASH,
    MINUS,
    NOT_ESTIMABLE,
    format_fixed,
    format_number,
    round_half_up,
)

_MOST_DIGITS = 12
SIGNS = {"<=": "≤", ">=": "≥", "~": "about ", "=": ""}


def printed_text(claim: Claim) -> str:
    """The number as the article prints it: `83%`, `<0.0001`."""
    sign = SIGNS.get(claim.comparator, claim.comparator)
    return f"{sign}{_number(claim.printed, claim)}"


def computed_text(compared: Compared) -> str:
    """The number computed, with the decimals of the printed one.

    Beside a printed bound it says the bound where it keeps it, else as many digits as show why not.
    """
    claim, value = compared.claim, compared.computed
    if math.isnan(value):
        return EN_DASH if compared.status == NOT_COMPUTABLE else NOT_ESTIMABLE
    if claim.comparator in ROUNDED:
        return _number(format_fixed(value, claim.decimals), claim)
    if compared.status == REPRODUCED:
        return printed_text(claim)
    digits = claim.decimals
    while digits < _MOST_DIGITS and prints(claim, round_half_up(value, digits)):
        digits += 1
    return _number(format_fixed(value, digits), claim)


def distance_text(compared: Compared) -> str:
    """Computed minus printed in units of the last printed digit: `+3`; empty if reproduced."""
    if compared.status == REPRODUCED or math.isnan(compared.difference):
        return ""
    text = format_number(compared.last_digits)
    return text if text.startswith(MINUS) else f"+{text}"


def comparison_words(compared: Compared) -> str:
    """`printed 1.20, ours 1.58, +38`: both numbers and how far they are apart."""
    apart = distance_text(compared)
    ending = f", {apart}" if apart else ""
    return f"printed {printed_text(compared.claim)}, ours {computed_text(compared)}{ending}"


def _number(text: str, claim: Claim) -> str:
    return f"{text.replace('-', MINUS)}%" if claim.unit == "%" else text
