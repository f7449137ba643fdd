"""Break a build at each of its file operations in turn, and look at what is left.

Run as a program: `python broken_builds.py FOLDER` prints as JSON, for each kind of fault, how many
builds were broken and what was wrong afterwards. A child process builds; the parent looks.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook

from analysis_lib.errors import OutputError
from analysis_lib.publish import build, bundle
from analysis_lib.publish.build import build_report
from analysis_lib.publish.bundle import package_versions
from analysis_lib.publish.execute import ExecutedNotebook
from analysis_lib.publish.publish import sweep
from analysis_lib.publish.renderer import builtin_renderer
from analysis_lib.publish.request import BuildRequest, ReportInfo

OPERATIONS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.copyfile"}
# Ended at once; Ctrl-C once, and from then on at every operation; a disk with no room for another
# file, or for more of one; a folder that suddenly may not be written.
FAULTS = ("kill", "interrupt", "hammer", "full", "write", "closed")
AFTER_NEXT = ("kill", "hammer", "closed")  # what is left goes with the next build beside it
ERRORS = {"full": errno.ENOSPC, "closed": errno.EACCES}
UNEXPECTED = 2
PAGE = "x" * 20_000
CONFIG = "book: {title: t, author: a}\nbibliography: b.bib\nformat: {html: {}}\n"


def make_project(root: Path) -> Path:
    """The least that a build reads."""
    (root / "notebooks").mkdir(parents=True)
    (root / "_quarto.yml").write_text(CONFIG)
    (root / "index.qmd").write_text("# Index\n")
    (root / "b.bib").write_text("")
    nbformat.write(new_notebook(), root / "notebooks" / "01_a.ipynb")
    (root / "cohort.csv").write_text("P017\n")
    return root


def request_for(root: Path, out: Path) -> BuildRequest:
    return BuildRequest(
        project_root=root,
        notebooks=(root / "notebooks" / "01_a.ipynb",),
        parameters={},
        info=ReportInfo("t", "e", "c", "d"),
        out=out,
        renderer="builtin",
        inputs={"data/cohort.csv": root / "cohort.csv"},
        write_extras=lambda folder: {},
    )


def shorten_build() -> None:
    """No kernel, renderer or git: what they do to the files of a build, and nothing else."""
    notebook = new_notebook(cells=[new_markdown_cell(PAGE)])

    def execute(notebooks: tuple[Path, ...], **options: object) -> tuple[ExecutedNotebook, ...]:
        return tuple(ExecutedNotebook(path.stem, notebook, ()) for path in notebooks)

    def render(project: Path, *, formats: object, out: Path) -> None:
        (out / "index.html").write_text(PAGE)

    builtin_renderer()  # asks pandoc for its version once, not in every child
    package_versions()
    bundle.git_commit = lambda root: None
    build.execute_notebooks = execute  # type: ignore[assignment]
    build.render_builtin = render  # type: ignore[assignment]


def needs_space(event: str, arguments: tuple[object, ...]) -> bool:
    """Whether the operation can fail because the disk is full."""
    if event == "open":
        return bool(int(str(arguments[2])) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    return event not in ("os.remove", "os.rmdir")


def break_at(count: int, fault: str, beside: Path) -> Callable[[], bool]:
    """Let the operation of that number below a folder fail; the answer says whether it came."""
    seen = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event not in OPERATIONS or isinstance(arguments[0], int):
            return
        if fault == "full" and not needs_space(event, arguments):
            return
        path = str(arguments[0])
        if path.startswith("/") and not path.startswith(str(beside)):
            return  # a path without a root is one that shutil.rmtree visits
        seen += 1
        if fault in ERRORS and seen == count:
            raise OSError(ERRORS[fault], os.strerror(ERRORS[fault]), path)
        if fault == "kill" and seen == count:
            os.kill(os.getpid(), signal.SIGKILL)
        if (fault == "interrupt" and seen == count) or (fault == "hammer" and seen >= count):
            signal.raise_signal(signal.SIGINT)

    sys.addaudithook(watch)
    return lambda: seen >= count


def run_child(root: Path, out: Path, fault: str, count: int) -> int:
    """The exit status of one build: 0 if nothing broke it."""
    child = os.fork()
    if child == 0:
        if fault == "write":
            limit = count * 1000
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            is_broken = lambda: limit < len(PAGE)  # noqa: E731
        else:
            is_broken = break_at(count, fault, out.parent)
        status = UNEXPECTED
        try:
            build_report(request_for(root, out))
            status = 1 if is_broken() else 0
        except (OutputError, KeyboardInterrupt):
            status = 1
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def wrong(out: Path) -> Iterator[str]:
    """What a broken build must not leave."""
    page = out / "index.html"
    if not page.is_file():
        yield "the report is gone"
    elif page.read_text() not in ("first", PAGE):
        yield "the report is damaged"
    beside = sorted(path.name for path in out.parent.iterdir() if path != out)
    if beside:
        yield f"left behind: {beside}"


def break_builds(root: Path, out: Path, fault: str) -> dict[str, object]:
    """Break one build after the other, each one operation later, until one succeeds."""
    problems, count, status = [], 0, 1
    while status != 0 and count < 500:
        count += 1
        shutil.rmtree(out.parent, ignore_errors=True)
        out.mkdir(parents=True)
        (out / "index.html").write_text("first")
        (out / "manifest.json").write_text(
            '{"product": "cart-report", "files": {"index.html": "%s"}}'
        )
        status = run_child(root, out, fault, count)
        if fault in AFTER_NEXT:
            sweep(out.parent)
        if status == UNEXPECTED:
            problems.append(f"{count}: an error that says nothing to a user")
        problems += [f"{count}: {text}" for text in wrong(out)]
    return {"broken": count - 1, "status": status, "problems": problems}


if __name__ == "__main__":
    shorten_build()
    folder = Path(sys.argv[1])
    project = make_project(folder / "project")
    place = folder / "place" / "report"
    print(json.dumps({fault: break_builds(project, place, fault) for fault in FAULTS}))
