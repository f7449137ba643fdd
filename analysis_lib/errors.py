"""One error per layer; every message names the field, the rule, the value and the remedy."""

from __future__ import annotations


class CartReportError(Exception):
    """Base of all errors a person can mend; the command line prints it without a traceback."""

    exit_code = 2


class ParameterError(CartReportError):
    """A parameter is unknown, has the wrong type, or lies outside its range."""


class DictionaryError(CartReportError):
    """The variable dictionary is incomplete or contradicts itself."""


class SourceError(CartReportError):
    """The registry extract cannot be read or breaks the rules of the dictionary."""


class CohortError(CartReportError):
    """Eligibility, exposure or endpoints cannot be derived from the extract."""


class StatisticsError(CartReportError):
    """An estimator was called on data for which it is not defined."""


class ClaimsError(CartReportError):
    """A table of published claims is malformed."""


class OutputError(CartReportError):
    """The target of a build cannot be written or holds something that is not a report."""


class BuildError(CartReportError):
    """A notebook, a renderer or a file of the build failed for a reason inside the project."""

    exit_code = 3
