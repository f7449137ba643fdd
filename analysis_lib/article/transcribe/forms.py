"""The forms in which cells of tables are written."""

from __future__ import annotations

import re

_NUMBER = r"(?:\d+(?:[.]\d+)?|[.]\d+)"
_SIGN = r"(?P<sign>[<>~=]|<=|>=|\u2264|\u2265)?"
_BETWEEN = r"\s*(?:-|;|to|,)\s*"
FORMS = {
    "share": re.compile(
        r"(?:n\s*=\s*)?(?P<count>\d+)(?:\s*(?:/|of)\s*(?P<total>\d+))?"
        r"(?:\s*(?:patients|pts?\.?))?\s*[(\[]\s*(?P<under><)?"
        rf"\s*(?P<percent>{_NUMBER})\s*%?\s*[)\]]"
    ),
    "listed": re.compile(rf"(?P<count>\d+)\s*[,;]\s*(?P<percent>{_NUMBER})\s*%"),
    "without percent": re.compile(r"(?P<count>\d+)\s*[(\[]\s*-\s*[)\]]"),
    "percent first": re.compile(
        rf"(?P<percent>{_NUMBER})\s*%\s*[(\[]\s*(?:n\s*=\s*)?(?P<count>\d+)"
        r"(?:\s*/\s*(?P<total>\d+))?\s*[)\]]"
    ),
    "percent of": re.compile(
        rf"(?P<percent>{_NUMBER})\s*%?\s*[(\[]\s*(?P<count>\d+)\s*/\s*(?P<total>\d+)\s*[)\]]"
    ),
    "estimate": re.compile(rf"{_NUMBER}\s*%\s*[(\[].*"),
    "fraction": re.compile(r"(?P<count>\d+)\s*(?:/|of)\s*(?P<total>\d+)"),
    "percent": re.compile(rf"(?P<percent>{_NUMBER})\s*%"),
    "interval": re.compile(
        rf"(?P<value>-?{_NUMBER})\s*%?\s*[(\[]\s*(?:(?:95%\s*)?CI|IQR|range)?[,:;\s]*"
        rf"(?P<low>-?{_NUMBER}|NE|NR)\s*%?{_BETWEEN}(?P<high>-?{_NUMBER}|NE|NR|inf)\s*%?\s*[)\]]",
        re.IGNORECASE,
    ),
    "ends": re.compile(
        rf"[(\[]?\s*(?P<low>{_NUMBER}|NE|NR){_BETWEEN}(?P<high>{_NUMBER}|NE|NR)\s*[)\]]?",
        re.IGNORECASE,
    ),
    "mean": re.compile(rf"(?P<value>-?{_NUMBER})\s*(?:\u00b1|\+/-|\+-)\s*(?P<spread>{_NUMBER})"),
    "pair": re.compile(rf"(?P<value>-?{_NUMBER})\s*[(\[]\s*(?P<spread>{_NUMBER})\s*[)\]]"),
    "number": re.compile(rf"{_SIGN}\s*(?P<value>-?{_NUMBER})\s*%?"),
    "tiny": re.compile(
        r"(?P<sign><)?\s*(?P<digits>\d+(?:\.\d+)?)\s*(?:e|[x\u00d7]\s*10\s*\^?)\s*-\s*(?P<power>\d+)"
    ),
    "after a test": re.compile(r"\s*(?:[(\[][^)\]]*[)\]]|n\.?s\.?)$", re.IGNORECASE),
    "unit": re.compile(
        r"(?<=\d)\s*(?:years?|yrs?|y|months?|mo|days?|weeks?|wks?)\b\.?", re.IGNORECASE
    ),
}
