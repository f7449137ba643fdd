"""One combination of a sweep: its results or its report, in a folder of its own."""

from __future__ import annotations

from pathlib import Path

from analysis_lib.command_line.asked import Asked, Numbers, request_of, with_fixed_names
from analysis_lib.command_line.study_work import StudyWork, report_results, write_results
from analysis_lib.errors import CartReportError, OutputError, SourceError
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.publish.build import build_report
from analysis_lib.publish.bundle import build_manifest, built_report, sha256, write_manifest
from analysis_lib.publish.origin import ENTRY, computed_from
from analysis_lib.publish.publish import check_target, publish, staging_folder
from analysis_lib.publish.request import Progress, ignore_progress
from analysis_lib.publish.sweep_plan import Combination
from analysis_lib.publish.sweep_rows import primary_entry
from analysis_lib.publish.sweep_run import KEPT, MADE, REFUSED, Made, Order
from analysis_lib.publish.taken_over import keep_edited
from analysis_lib.publish.warm import worker
from analysis_lib.study.study import make_study

WORK = "analysis_lib.command_line.sweep_work:SweepWork"
REPORT = "analysis_lib.command_line.sweep_work:ReportOfSweep"


class SweepWork:
    """Makes folders; the extract stays read from one combination to the next."""

    def __init__(self, order: Order, progress: Progress) -> None:
        self._order = order

    def make(self, combination: Combination) -> Made:
        """The folder of a combination, unless what is there is what it would be.

        Raises
        ------
        OutputError
            It cannot be written.
        BuildError
            A notebook or a renderer failed.
        """
        target = self._order.out / combination.name
        if combination.parameters is None:
            return Made(combination.name, REFUSED, combination.reason)
        make = self._report if self._order.formats else self._results
        try:
            kept = make(combination.parameters, check_target(target, project_root=self._order.root))
        except SourceError:
            reason = "the extract is refused: cart-report validate says why"  # and whose values
            return Made(combination.name, REFUSED, reason)
        except CartReportError as error:
            if isinstance(error, OutputError) or error.exit_code != CartReportError.exit_code:
                raise
            return Made(combination.name, REFUSED, str(error))
        return Made(combination.name, KEPT if kept else MADE)

    def _results(self, parameters: Parameters, target: Path) -> bool:
        """Whether the results that are there were kept."""
        named, inputs = with_fixed_names(parameters, self._order.root)
        digests = {name: sha256(path) for name, path in inputs.items()}
        entry = {"computed": computed_from(named, digests, *self._order.library)}
        report = built_report(target)
        is_same = report is not None and report.manifest.get(ENTRY) == entry and not report.missing
        if is_same and not self._order.is_fresh:
            return True
        study = make_study(parameters, root=self._order.root)
        results = report_results(study, repeated=False)
        with staging_folder(target, what="the results") as staging:
            bundle = staging / "bundle"
            bundle.mkdir()
            entries = {**write_results(study, results, bundle), **primary_entry(study, results)}
            if report:
                keep_edited(report, bundle)
            manifest = build_manifest(
                project_root=self._order.root,
                parameters=named,
                inputs=inputs,
                label=study.label,
                data_lock=study.data_lock,
                renderer="none",
                extra={ENTRY: entry, "seed": parameters.seed, **entries},
            )
            write_manifest(bundle, manifest)
            publish(bundle, target)
        return False

    def _report(self, parameters: Parameters, target: Path) -> bool:
        """Whether the report that is there was kept."""
        order = self._order
        asked = Asked(parameters, order.root, order.formats, "a4", "auto")
        report = None if order.is_fresh else built_report(target)
        if report and asked.origin and asked.origin.is_of(report):
            return True
        with worker(REPORT, (parameters, order.root), ignore_progress) as work:
            numbers = Numbers(asked, work, report, ignore_progress)
            facts = work.ask("facts")
            build_report(request_of(numbers, facts, target, is_fresh=order.is_fresh))
        return False


class ReportOfSweep(StudyWork):
    """The study of a report that the comparison page reads."""

    def write(self, folder: Path) -> dict[str, object]:
        return {**super().write(folder), **primary_entry(self.study, self.results)}
