"""Resolve `{{< var name >}}`, the only shortcode of Quarto the report uses."""

from __future__ import annotations

import re
from collections.abc import Mapping

from analysis_lib.errors import BuildError

_SHORTCODE = re.compile(r"\{\{<\s*(.*?)\s*>\}\}", re.S)


def resolve_shortcodes(text: str, variables: Mapping[str, str], *, where: str) -> str:
    """The text with variables filled in.

    Raises
    ------
    BuildError
        Another shortcode, or a variable that `_variables.yml` does not have.
    """

    def fill(match: re.Match[str]) -> str:
        name, _, argument = match.group(1).partition(" ")
        if name != "var":
            raise BuildError(
                f"{where}: the built-in renderer resolves the shortcode var, "
                f"but found {match.group(0)!r}: write computed text instead"
            )
        if argument.strip() not in variables:
            raise BuildError(
                f"{where}: variable {argument.strip()!r} is not in _variables.yml; "
                f"known are {', '.join(sorted(variables))}"
            )
        return variables[argument.strip()]

    return _SHORTCODE.sub(fill, text)
