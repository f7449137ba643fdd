"""Links, anchors and names of files in the documentation lead somewhere."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\]\((?P<target>[^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_FILE = re.compile(
    r"`((?:analysis_lib|notebooks|tests|data|docs|tools)/[\w./-]+|[\w-]+\.(?:yml|toml|lock|qmd))`"
)
_ELSEWHERE = ("http://", "https://", "mailto:")
# Files that a guide has the reader write, or a renderer.
_YOURS = {"notebooks/scripts/16_followup.py", "ours.yaml"}


@pytest.fixture(scope="module")
def pages(root: Path) -> list[Path]:
    folders = ("docs", "data", "tests")
    return [root / "README.md", *(page for x in folders for page in (root / x).rglob("*.md"))]


def anchors(page: Path) -> set[str]:
    """The anchors that a forge gives to the headings of a page."""
    seen: Counter[str] = Counter()
    found = set()
    for heading in _HEADING.findall(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        plain = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower())
        slug = plain.strip().replace(" ", "-")
        found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return found


def links(page: Path) -> list[str]:
    text = _CODE.sub("", _FENCED.sub("", page.read_text(encoding="utf-8")))
    found = [match["target"] for match in _LINK.finditer(text)]
    return [target for target in found if not target.startswith(_ELSEWHERE)]


def test_every_link_and_anchor_leads_somewhere(root, pages):
    checked = 0
    for page in pages:
        for target in links(page):
            file, _, anchor = target.partition("#")
            other = (page.parent / file).resolve() if file else page
            where = f"{page.relative_to(root)}: {target}"
            assert other.exists() and other.is_relative_to(root), where
            if anchor:
                assert anchor in anchors(other), where
            checked += 1
    assert checked > 60


def test_the_index_links_every_page_and_the_readme_the_index(root):
    index = root / "docs" / "README.md"
    linked = {(index.parent / target.partition("#")[0]).resolve() for target in links(index)}
    assert linked == set((root / "docs").rglob("*.md")) - {index}
    assert "docs/README.md" in links(root / "README.md")


def test_files_that_pages_name_exist(root, pages):
    named = {
        (page.name, name)
        for page in pages
        if page.is_relative_to(root / "docs")
        for name in _FILE.findall(_FENCED.sub("", page.read_text(encoding="utf-8")))
    }
    assert len(named) > 25
    absent = sorted(x for x in named if x[1] not in _YOURS and not (root / x[1]).exists())
    assert absent == []
