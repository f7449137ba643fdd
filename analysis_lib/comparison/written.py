"""How the numbers of a comparison are written: as the article prints them, and ours likewise."""

from __future__ import annotations

import math
from dataclasses import replace

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
from analysis_lib.printed import note

_MOST_DIGITS = 12
SIGNS = {"<=": "≤", ">=": "≥", "~": "about ", "=": ""}


def printed_text(claim: Claim) -> str:
    """The number as the article prints it: `83%`, `<0.0001`."""
    sign = SIGNS.get(claim.comparator, claim.comparator)
    return f"{sign}{_number(note(claim.printed, claim.value), claim)}"


def computed_text(compared: Compared) -> str:
    """The number computed, with the decimals of the printed one.

    Beside a printed bound it says the bound where it keeps it, else as many digits as show why not.
    """
    if math.isnan(compared.computed):
        return EN_DASH if compared.status == NOT_COMPUTABLE else NOT_ESTIMABLE
    if compared.status == REPRODUCED:
        return printed_text(replace(compared.claim, comparator=_kept_sign(compared.claim)))
    return _number(format_fixed(compared.computed, _digits(compared)), compared.claim)


def difference_text(compared: Compared) -> str:
    """Computed minus printed, both as written: `+0.38`; empty if reproduced."""
    if compared.status == REPRODUCED or math.isnan(compared.difference):
        return ""
    return _signed(format_fixed(written_difference(compared), _digits(compared)))


def written_difference(compared: Compared) -> float:
    """Computed minus printed, the computed number rounded as it is written."""
    return round_half_up(compared.computed, _digits(compared)) - compared.claim.value


def distance_text(compared: Compared) -> str:
    """Computed minus printed in units of the last printed digit: `+3`; empty if reproduced."""
    if compared.status == REPRODUCED or math.isnan(compared.difference):
        return ""
    return _signed(format_number(compared.last_digits))


def comparison_words(compared: Compared) -> str:
    """`printed 1.20, ours 1.58, +38`: both numbers and how far they are apart."""
    apart = distance_text(compared)
    ending = f", {apart}" if apart else ""
    return f"printed {printed_text(compared.claim)}, ours {computed_text(compared)}{ending}"


def _number(text: str, claim: Claim) -> str:
    return f"{text.replace('-', MINUS)}%" if claim.unit == "%" else text


def _kept_sign(claim: Claim) -> str:
    return "=" if claim.comparator in ROUNDED else claim.comparator


def _digits(compared: Compared) -> int:
    """The printed decimals; beside a bound that is broken, as many as show it."""
    claim, digits = compared.claim, compared.claim.decimals
    if claim.comparator in ROUNDED:
        return digits
    while digits < _MOST_DIGITS and prints(claim, round_half_up(compared.computed, digits)):
        digits += 1
    return digits


def _signed(text: str) -> str:
    return text if text.startswith(MINUS) else f"+{text}"
