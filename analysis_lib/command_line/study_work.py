"""The study of a build, opened once: every number of its report, and what pages call it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from analysis_lib.article.comparison.published import compared_with_claims
from analysis_lib.article.comparison.scores import score_rows
from analysis_lib.certificate.statement import NOT_CERTIFIED
from analysis_lib.format import format_fixed, format_percent, take_notes, unplaced
from analysis_lib.labels import shortened
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.publish.appendix import EVERY_WORD, checklist_rows
from analysis_lib.publish.explain import explained
from analysis_lib.publish.request import Progress, ReportInfo
from analysis_lib.publish.warm import can_fork, in_a_copy
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Omitted, Results, Row
from analysis_lib.results.store import disclosure_summary, results_csv, results_header, results_json
from analysis_lib.simulation.performance import OnProgress, no_progress
from analysis_lib.study.content import FILES
from analysis_lib.study.eligibility import day
from analysis_lib.study.left_open import choices_left_open
from analysis_lib.study.study import Study, keep_open, make_study
from analysis_lib.topics import TOPICS, VOCABULARY
from analysis_lib.topics.whole import all_results, check_vocabulary, compute_long, repeated_results
from analysis_lib.writing import write_text

COLUMNS = "{:<66}{:<10}{:>8}  {:<18}{}"


def performance_lines(results: Results) -> list[str]:
    """A heading, then one line per estimator, endpoint and contrast."""
    heads = ("estimator", "endpoint", "cohorts", "bias (MC error)", "coverage (MC error)")
    return [COLUMNS.format(*heads), *_lines(results)]


def _lines(results: Results) -> Iterator[str]:
    for row in results:
        if row.key.statistic != "coverage":
            continue
        key = row.key

        def number(statistic: str, key: Key = key) -> float:
            return results.value(key._replace(statistic=statistic))

        time = f", month {key.time_months:.2f}" if key.time_months is not None else ""
        bias, of_bias = (format_fixed(number(x), 3) for x in ("bias", "bias_mc_error"))
        error = format_percent(number("coverage_mc_error"), 1)
        yield COLUMNS.format(
            f"{VOCABULARY.analyses[key.analysis]}{time}",
            key.outcome,
            int(number("replications_estimated")),
            f"{bias} ({of_bias})",
            f"{format_percent(row.value, 1)} ({error})",
        )


Beside = Callable[[Callable[[], object]], AbstractContextManager[object]]
"""Begins some work, and waits for it at the end; or does nothing of it."""


def beside_with(jobs: int) -> Beside:
    """A second process for some of the work, where so many are allowed and one can be forked."""
    return in_a_copy if jobs > 1 and can_fork() else nullcontext


def report_results(
    study: Study,
    *,
    repeated: bool = True,
    progress: OnProgress = no_progress,
    beside: Beside = nullcontext,
) -> Results:
    """The analyses of the study, its scores beside published numbers, and its checklist.

    Without `repeated` the simulations, the bootstrap and the specification curve are left out, and
    nothing else differs. What these come to is kept, as are other long computations, so that the
    one or the other may be done `beside`.
    """
    again = partial(repeated_results, study, progress=progress)
    with beside(again if repeated else partial(compute_long, study)):
        analysed = all_results(study, progress=progress)
    rows: list[Row] = [*analysed]
    if repeated:
        rows += again()
    published = compared_with_claims(study, analysed)
    if not isinstance(published, Omitted):
        rows += score_rows(published)
    rows += checklist_rows(study)
    results = study_results(study, rows)
    check_vocabulary(results, study.dictionary, EVERY_WORD)
    return results


@dataclass(frozen=True)
class Facts:
    """What a build has to know of its study.

    `notes` are what the intake has to say, `left_open` the choices that nobody made.
    """

    info: ReportInfo
    subject: str
    notes: tuple[str, ...]
    left_open: tuple[str, ...] = ()


class StudyWork:
    """Opens the study of parameters, whose files lie at a root, and computes it for the chapters.

    Raises
    ------
    CartReportError
        The parameters or the extract are refused.
    """

    def __init__(self, order: tuple[Parameters, Path], progress: Progress) -> None:
        parameters, root = order
        self.study = make_study(parameters, root=root)
        self._progress = progress
        self.results = Results((), "")

    def facts(self) -> Facts:
        study = self.study
        subject = f"{study.title}: {study.cohort_label}"
        left_open = choices_left_open(study)
        return Facts(report_info(study), subject, tuple(study.intake_notes), left_open)

    def compute(self, folder: Path, named: Mapping[str, Any], jobs: int = 1) -> None:
        """All results, kept for chapters that open the study there, its files by these names.

        With more than one job at a time, in two processes where they can be forked.
        """
        parameters = replace(self.study.parameters, **named)
        study = replace(self.study, parameters=parameters, root=folder)
        import_views()  # before there is a copy of this process, which needs most of it as well
        self.results = report_results(study, progress=self._progress, beside=beside_with(jobs))
        keep_open(study)
        take_notes()  # the first cell of a chapter would be thought to have written them

    def write(self, folder: Path) -> dict[str, object]:
        """The tables of results and the parameters as files; what the manifest says of them."""
        return write_results(self.study, self.results, folder)


def write_results(study: Study, results: Results, folder: Path) -> dict[str, object]:
    """Results and parameters as files of a folder; what its manifest says of them."""
    write_text(results_csv(results), folder / "results.csv")
    header = {**results_header(study), "words": explained(results)}
    write_text(results_json(results, header), folder / "results.json")
    write_text(parameters_text(study), folder / "parameters.yaml")
    return {"disclosure": disclosure_summary(results)} if results.small_cell else {}


def import_views() -> None:
    """Import what the chapters call, with the libraries that draw."""
    for package in (*(topic.package for topic in TOPICS), "analysis_lib.article"):
        face = importlib.import_module(package)
        for name in dir(face):
            getattr(face, name)
    for module in ("analysis_lib.publish.methods", "ipykernel.kernelapp"):
        importlib.import_module(module)


def parameters_text(study: Study) -> str:
    """Every parameter as a YAML file that makes this report again, given its inputs.

    The inputs are named when it is made again: only one that there is none of is in the file.
    """
    values = {
        name: unplaced(value)
        for name, value in asdict(study.parameters).items()
        if name not in FILES or not value
    }
    head = "# cart-report build -f parameters.yaml --cohort FILE\n"
    return head + yaml.safe_dump(values, sort_keys=False, allow_unicode=True)


def report_info(study: Study) -> ReportInfo:
    """What the text calls its subject: the values of `{{< var name >}}`."""
    groups = study.groups
    return ReportInfo(
        title=study.title,
        exposure=study.exposure.phrase,
        cohort_label=study.cohort_label,
        data_lock=day(study.data_lock) if study.has_calendar and study.parameters.data_lock else "",
        label=study.label,
        authors=study.parameters.authors,
        variables={
            "exposure_short": shortened(study.exposure.phrase),
            "groups": " and ".join(groups.labels),
            "reference_group": groups.labels[0],
            "treatment": study.parameters.treatment,
            "time_zero": study.time_zero_phrase,
            "infusion": study.dictionary.infusion,
            "relapse": study.dictionary.relapse,
            "model_outcome": study.dictionary[study.model_outcome].phrase,
            "all_infused": study.dictionary.own_words("all infused"),
            "question": study.question,
            "fixed_model": study.fixed_model.named,
            "certificate": NOT_CERTIFIED,
        },
    )
