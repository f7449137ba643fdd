"""The text of a built PDF, page by page, without the lines that every page repeats."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2

from analysis_lib.verification.match import PAGE_END

_PAGE_NUMBER = re.compile(r"\b\d+( of \d+)?\s*$")
_LEADER = re.compile(r"(\. ?){6,}")  # a line of the contents
_SHARE = 0.5  # a line that so many pages have at the same end is furniture


def pdf_text(path: Path) -> str:
    """The text of all pages, one after another."""
    document = pypdfium2.PdfDocument(path)
    try:
        pages = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    lines = [[x.strip() for x in page.splitlines() if x.strip()] for page in pages]
    for end in (0, -1):
        while furniture := _repeated(lines, end):
            for page in lines:
                if page and _without_number(page[end]) == furniture:
                    page.pop(end)
    kept = ([x for x in page if not _LEADER.search(x)] for page in lines)
    return PAGE_END.join("\n".join(page) for page in kept)


def _repeated(pages: list[list[str]], end: int) -> str | None:
    """The line at that end of more than half of the pages, its page number aside."""
    ends = [_without_number(page[end]) for page in pages if page]
    for line in set(ends):
        if ends.count(line) > _SHARE * len(pages) and len(pages) > 2:
            return line
    return None


def _without_number(line: str) -> str:
    return _PAGE_NUMBER.sub("", line).strip()
