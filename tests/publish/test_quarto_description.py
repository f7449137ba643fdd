"""What `_quarto.yml` brings along for Quarto does what it is there for; Quarto is not needed."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import lxml.html
import nbformat
import pypdfium2
import pytest
import typst
import yaml

from analysis_lib.labels import as_markdown
from analysis_lib.publish.compose import LABEL_MARK
from analysis_lib.publish.config import read_config
from analysis_lib.publish.pandoc import pandoc_path

ROOT = Path(__file__).resolve().parents[2]
# As Quarto writes them into the head of a page with a table.
LIBRARIES = """<script src="https://cdn.net/jquery.min.js" integrity="sha384-Z" \
crossorigin="anonymous"></script><script src="../site_libs/quarto-nav/quarto-nav.js"></script>
<script src="https://cdn.net/require.min.js" crossorigin="anonymous"></script>
<script type="application/javascript">define('jquery', [],function() {return window.jQuery;})\
</script>
"""
PAGE = "<head>\n{0}<script>search()</script></head><p>β https://cdn.net</p>\n"
MODULES = """<script src="../site_libs/quarto-html/quarto.js" type="module"></script>
<script src="../site_libs/quarto-html/tabsets/tabsets.js" type="module"></script>
<script src="../site_libs/quarto-html/popper.min.js"></script>
"""
SCRIPT = """<script src="../site_libs/quarto-html/quarto.js" defer></script>
<script src="../site_libs/quarto-html/popper.min.js"></script>
"""
# A table in a book of Quarto's, as its filters and its writer of floats leave it.
TABLE = """
= Chapter
#lorem({words})

#figure([
{table}
], caption: figure.caption(position: top, [Caption of the table.]),
  kind: "quarto-float-tbl", supplement: "Table")
"""


# The filters of the PDF as Quarto runs them: a global says that it does.
RUNNER = """
quarto = {{}}
local function filter(path)
  local functions = setmetatable({{}}, {{ __index = _G }})
  assert(loadfile(path, "t", functions))()
  local named = {{}}
  for name, one in pairs(functions) do named[name] = one end
  return named
end
return {{ {filters} }}
"""


def typst_options() -> dict[str, Any]:
    options: dict[str, Any] = read_config(ROOT)["format"]["typst"]
    return options


def typst_header() -> str:
    """What Quarto puts before the book, without the label."""
    items = typst_options()["include-in-header"]
    texts = [
        (ROOT / item["file"]).read_text(encoding="utf-8") if "file" in item else item["text"]
        for item in items
    ]
    return "\n".join(text for text in texts if LABEL_MARK not in text)


def as_typst(folder: Path, markdown: str) -> str:
    """Text as the filters leave it for Quarto's PDF."""
    paths = [ROOT / item["path"] for item in typst_options()["filters"]]
    runner = folder / "runner.lua"
    calls = ", ".join(f'filter("{path.as_posix()}")' for path in paths)
    runner.write_text(RUNNER.format(filters=calls), encoding="utf-8")
    command = [str(pandoc_path()), "--from=markdown", "--to=typst", f"--lua-filter={runner}"]
    done = subprocess.run(
        command, input=markdown, capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout


def raw_html(html: str) -> str:
    return f"```{{=html}}\n<div id='t'>\n{html}\n</div>\n```\n"


def compiled(folder: Path, body: str) -> pypdfium2.PdfDocument:
    """A book of Quarto's with this text."""
    source = folder / "book.typ"
    head = '#set page(paper: "a4", margin: 3cm)\n#set par(justify: true)\n#set text(lang: "en")\n'
    source.write_text(head + typst_header() + body, encoding="utf-8")
    return pypdfium2.PdfDocument(typst.compile(str(source), ignore_system_fonts=True))


def book_of_a_table(folder: Path, html: str, *, words: int = 10) -> list[str]:
    """The pages of a book with one table."""
    table = as_typst(folder, raw_html(html))
    return texts(compiled(folder, TABLE.format(table=table, words=words)))


def texts(document: pypdfium2.PdfDocument) -> list[str]:
    return [page.get_textpage().get_text_range() for page in document]


def test_a_long_table_is_printed_whole_with_its_notes_once_after_rows(
    book: SimpleNamespace, tmp_path: Path
) -> None:
    pages = book_of_a_table(tmp_path, book.html_table(rows=150))
    assert len(pages) > 2
    text = "".join(pages)
    assert all(f"{row} (1{row}%)" in text for row in range(150))
    assert all("Characteristic" in page for page in pages), "the head on every page"
    note = "Percentages are of evaluable patients."
    assert [page.count(note) for page in pages] == [0] * (len(pages) - 1) + [1]
    assert "Level 149" in pages[-1].partition(note)[0]


@pytest.mark.parametrize("words", range(485, 625, 20))
def test_a_caption_stays_with_rows_of_its_table(
    book: SimpleNamespace, words: int, tmp_path: Path
) -> None:
    pages = book_of_a_table(tmp_path, book.html_table(rows=60), words=words)
    captioned = [page for page in pages if "Caption of the table." in page]
    assert len(captioned) == 1 and "Level 4" in captioned[0]


def test_a_long_name_keeps_to_its_column(tmp_path: Path) -> None:
    name = "response_not_evaluable_reason_of_the_patient"
    table = f"#table(columns: (20%, 30%, 50%), [`{name}`], [0 of all], [meaning])"
    page = compiled(tmp_path, TABLE.format(table=table, words=10))[0].get_textpage()
    text = page.get_text_range()
    first, last = (page.get_charbox(text.index(word)) for word in ("response", "patient"))
    neighbour = page.get_charbox(text.index("0 of all"))
    assert first[1] > last[3], "on a line of its own"
    assert last[0] < neighbour[0]


@pytest.mark.parametrize("columns", range(4, 9))
def test_an_interval_is_not_broken_at_its_dash(
    book: SimpleNamespace, columns: int, tmp_path: Path
) -> None:
    html = book.html_table(columns=columns).replace("0 (10%)", "1.20 (0.71–2.03)")
    (page,) = book_of_a_table(tmp_path, html)
    assert page.count("1.20 (0.71–2.03)") == columns


def test_the_contents_stand_after_the_summary_and_list_no_limits(tmp_path: Path) -> None:
    chapters = "# About {.unnumbered}\n\n# Summary\n\nThe answer.\n\n# Cohort\n\n## Limits\n\nFew."
    body = "#outline()\n" + as_typst(tmp_path, chapters)
    text = "".join(texts(compiled(tmp_path, body)))
    assert text.count("Contents") == 1
    answer, _, rest = text.partition("The answer.")
    assert "Cohort" not in answer and rest.lstrip().startswith("Contents")
    assert rest.count("Cohort") == 2 and rest.count("Limits") == 1


def test_no_column_of_the_contents_ends_with_a_chapter_alone(tmp_path: Path) -> None:
    for filled in range(49, 52):
        sections = "".join(f"\n\n## First {number}" for number in range(filled))
        chapters = f"# Summary\n\n# Cohort\n\n# Filled{sections}\n\n# Second\n\n## Inner"
        page = compiled(tmp_path, as_typst(tmp_path, chapters))[1].get_textpage()
        text = page.get_text_range()
        chapter, section = (page.get_charbox(text.index(word)) for word in ("Second", "Inner"))
        assert chapter[1] > section[3], filled


def test_limits_stand_apart_from_the_text_before_them(tmp_path: Path) -> None:
    page = compiled(tmp_path, as_typst(tmp_path, "Before.\n\n## Limits\n\n- Few."))[0]
    text = page.get_textpage()
    before, limits, few = (
        text.get_charbox(text.get_text_range().index(word)) for word in ("Before", "Limits", "Few")
    )
    assert before[1] - limits[3] > 20 > limits[1] - few[3], "nearer to what it is the heading of"


def test_a_table_of_markdown_is_set_as_others_with_its_references(tmp_path: Path) -> None:
    rows = "".join(
        f"| {row} | {'long words ' * 9}, @sec-summary, @sec-here |\n" for row in range(60)
    )
    table = as_typst(tmp_path, f"| Item | Where |\n|---|---|\n{rows}")
    numbered = '#set heading(numbering: "1.1.")\n= Summary <sec-summary>\n== Here <sec-here>\n'
    pages = texts(compiled(tmp_path, numbered + TABLE.format(table=table, words=350)))
    assert "Section\u00a01, Section\u00a01.1" in re.sub(r"\s*\r\n", " ", pages[1])
    assert all("Item" in page for page in pages[1:]), "the head on every page"
    assert all(page.count("long") % 9 == 0 for page in pages), "rows are whole"
    assert pages[-1].count("long") >= 36, "no last row alone"


def test_a_table_that_cites_works_is_left_to_quarto(tmp_path: Path) -> None:
    written = as_typst(tmp_path, "| Item | Where |\n|---|---|\n| 1a | @cox1972 |\n")
    assert "cart-table" not in written and "cox1972" in written


def test_a_chapter_leaves_less_room_below_its_title(tmp_path: Path) -> None:
    """Quarto's theme ends a title with this space, and the summary's figures need a page."""
    page = compiled(tmp_path, "Title\n#v(1.5cm, weak: true)\nAnswer")[0].get_textpage()
    text = page.get_text_range()
    title, answer = (page.get_charbox(text.index(word)) for word in ("Title", "Answer"))
    assert 15 < title[1] - answer[3] < 25


def test_authors_are_named_as_they_write_themselves(tmp_path: Path) -> None:
    """As Quarto's template puts them between quotation marks."""
    names = ['Anna "Li" <a@b.org>', "Doe, J. & Sons #1", "C_D *E* \\ $x$"]
    template, source = tmp_path / "template.typ", tmp_path / "authors.typ"
    template.write_text(
        '#set document(author: "$for(by-author)$$it.name.literal$$sep$; $endfor$")\n$body$'
    )
    authors = [{"name": {"literal": as_markdown(name)}} for name in names]
    header = yaml.safe_dump({"by-author": authors}, allow_unicode=True)
    command = [str(pandoc_path()), "--to=typst", f"--template={template}", f"--output={source}"]
    command.append(f"--lua-filter={ROOT / 'tools' / 'authors.lua'}")
    subprocess.run(command, input=f"---\n{header}---\nText", encoding="utf-8", check=True)
    document = pypdfium2.PdfDocument(typst.compile(str(source)))
    shown = document.get_metadata_dict()["Author"]
    assert shown.replace("“", '"').replace("”", '"') == "; ".join(names)


def test_the_works_cited_have_no_number_of_a_chapter_at_their_head(tmp_path: Path) -> None:
    head = "#set page(header: context if counter(heading).get().first() > 0 [Running])\n"
    chapter = '#set heading(numbering: "1.")\n= Appendix\n#pagebreak()\n'
    works = "#heading(level: 1, numbering: none)[References]\n#block[\n#lorem(900)\n] <refs>"
    _, first, *rest = texts(compiled(tmp_path, head + chapter + works))
    assert "Running" in first and rest and not any("Running" in page for page in rest)


def test_every_committed_table_reaches_the_pdf_with_all_its_text(tmp_path: Path) -> None:
    pages = [
        output["data"]["text/html"]
        for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
        for cell in nbformat.read(path, as_version=4).cells
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    ]
    assert len(pages) > 30
    tables = as_typst(tmp_path, "\n".join(map(raw_html, pages)))
    assert tables.count("#cart-table(") == len(pages)
    printed = plain("".join(texts(compiled(tmp_path, tables))))
    trees = [lxml.html.fromstring(page) for page in pages]
    rows = [row for tree in trees for row in tree.xpath(".//tbody/tr | .//tfoot/tr")]
    words = {word for tree in trees for word in tree.find(".//thead").text_content().split()}
    assert len(rows) > 700
    expected = {plain(text) for text in (*words, *(row.text_content() for row in rows))}
    assert [text for text in expected if text not in printed] == []


def plain(text: str) -> str:
    """Text without what Typst and the lines of a page make of it."""
    for other, sign in (("\u2212", "-"), ("\u2019", "'"), ("\u2018", "'"), ("\ufffe", "-")):
        text = text.replace(other, sign)
    return re.sub(r"\s", "", text)


def after_render(book: Path, files: Sequence[Path]) -> None:
    """Run what Quarto runs after a render, with its environment."""
    script = ROOT / read_config(ROOT)["project"]["post-render"]
    command = [str(pandoc_path()), "--from=markdown", "--to=plain", f"--lua-filter={script}"]
    environment = {
        **os.environ,
        "QUARTO_PROJECT_OUTPUT_DIR": str(book),
        "QUARTO_PROJECT_OUTPUT_FILES": "\n".join(map(str, files)),
    }
    subprocess.run(command, env=environment, input="", text=True, check=True)


def test_a_rendered_page_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    pages = [tmp_path / "index.html", tmp_path / "chapter of two words.html"]
    for page in pages:
        page.write_text(PAGE.format(LIBRARIES), encoding="utf-8")
    (tmp_path / "report.pdf").write_bytes(b"\x00<script src=")
    link = '<a href="a.html" class="quarto-xref"><span>{}</span></a>'
    with pages[0].open("a", encoding="utf-8") as file:  # it has no number
        file.write(link.format("1&nbsp; Summary"))
    after_render(tmp_path, (pages[0], tmp_path / "report.pdf", pages[1]))
    kept = PAGE.format('<script src="../site_libs/quarto-nav/quarto-nav.js"></script>\n')
    expected = [kept + link.format("Chapter 1"), kept]
    assert [page.read_text(encoding="utf-8") for page in pages] == expected
    assert (tmp_path / "report.pdf").read_bytes() == b"\x00<script src="


def test_the_menus_of_a_page_have_names(tmp_path: Path) -> None:
    """As Quarto writes them; a second render finds them named."""
    page = tmp_path / "page.html"
    page.write_text("""<nav class="quarto-secondary-nav"><nav id="quarto-sidebar" class="sidebar">
<nav id="TOC" role="doc-toc"><nav class="page-navigation">""")
    for _ in range(2):
        after_render(tmp_path, [page])
        names = [nav.get("aria-label") for nav in lxml.html.parse(str(page)).iter("nav")]
        assert names == ["Page", "Chapters", None, "Next and previous chapter"]
        assert page.read_text().count("aria-label") == 3


FLOAT = """<figure class="quarto-float quarto-float-{0} figure">
<figcaption id="{0}-a-caption-1">Caption</figcaption><div aria-describedby="{0}-a-caption-1">
<div class="cell-output"></div></div></figure>"""


def test_what_scrolls_is_reached_by_keyboard_and_named_as_its_caption(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    other = '<p aria-describedby="x">Text</p><div aria-describedby="note-1">A note</div>'
    page.write_text(FLOAT.format("fig") + FLOAT.format("tbl") + other)
    for _ in range(2):
        after_render(tmp_path, [page])
        tree = lxml.html.parse(str(page))
        regions = tree.xpath("//figure/div[@role='region' and @tabindex='0']")
        names = [x.get("aria-labelledby") for x in regions]
        assert names == ["fig-a-caption-1", "tbl-a-caption-1"]
        assert len(tree.xpath("//@tabindex")) == 2
    items = read_config(ROOT)["format"]["html"]["include-in-header"]
    styles = "".join(x["text"] for x in items)
    assert ".figure > [role=region] { overflow-x: auto; }" in styles
    assert ".cell-output-display.cell-output-markdown { overflow: visible; }" in styles


def test_a_look_that_wants_a_font_from_the_web_goes_without_it(tmp_path: Path) -> None:
    fonts = (
        '@import"https://fonts.net/css2?family=A:wght@300;400&display=swap";',
        "@import url('https://fonts.net/b.css') screen;",
    )
    styles = tmp_path / "site_libs" / "look.min.css"
    styles.parent.mkdir()
    styles.write_text(f'{fonts[0]}@import "own.css";{fonts[1]}body {{ color: red; }}')
    (tmp_path / "notebooks").mkdir()
    pages = [tmp_path / "index.html", tmp_path / "notebooks" / "page.html"]
    for page, up in zip(pages, ("", "../"), strict=True):
        page.write_text(
            f'<link href="{up}site_libs/look.min.css" rel="stylesheet">\n'
            '<link href="https://fonts.net/c.css" rel="stylesheet">\n<p>Text</p>'
        )
    after_render(tmp_path, pages)
    assert styles.read_text() == '@import "own.css";body { color: red; }'
    assert [page.read_text().count("<link") for page in pages] == [1, 1]


def test_a_rendered_page_needs_no_server(tmp_path: Path) -> None:
    """A page from a disk may load no module; a second render finds the script as it left it."""
    library = tmp_path / "site_libs" / "quarto-html"
    (library / "tabsets").mkdir(parents=True)
    main, part = library / "quarto.js", library / "tabsets" / "tabsets.js"
    main.write_text(
        'import * as tabsets from "./tabsets/tabsets.js";\nlet tabs = 1;\ntabsets.init();\n'
    )
    part.write_text("export function init() {}\n")
    page = tmp_path / "page.html"
    for _ in range(2):
        page.write_text(MODULES, encoding="utf-8")
        after_render(tmp_path, [page])
        assert page.read_text(encoding="utf-8") == SCRIPT
        script = main.read_text()
        assert script.startswith("(() => {") and script.count("return { init };") == 1
        assert re.search(r"^(import|export)", script, re.M) is None
        assert script.endswith("let tabs = 1;\ntabsets.init();\n\n})();\n")


def test_a_module_that_imports_something_else_is_left_alone(tmp_path: Path) -> None:
    library = tmp_path / "site_libs" / "quarto-html"
    library.mkdir(parents=True)
    (library / "quarto.js").write_text('import { other } from "./other.js";\n')
    page = tmp_path / "page.html"
    page.write_text(MODULES, encoding="utf-8")
    after_render(tmp_path, [page])
    assert page.read_text(encoding="utf-8") == MODULES
    assert (library / "quarto.js").read_text() == 'import { other } from "./other.js";\n'


def test_the_band_covers_neither_menu_nor_headings() -> None:
    items = read_config(ROOT)["format"]["html"]["include-in-header"]
    (band,) = (item["text"] for item in items if LABEL_MARK in item["text"])
    assert "z-index: 1020" in band  # Quarto's bar has 1030
    assert "scroll-padding-top" in band
    assert "inset: auto 0 0" in band.partition("@media (max-width: 991.98px)")[2]


def test_the_dark_look_needs_no_font_from_the_web() -> None:
    options = read_config(ROOT)["format"]["html"]
    theme = options["theme"]
    assert options["respect-user-color-scheme"] is True
    assert theme["light"] == "default" and theme["dark"] == ["default", "tools/dark.scss"]
    field = "background: transparent; color: inherit"
    assert field in str(options["include-after-body"]), "above a long table"
    style = (ROOT / "tools" / "dark.scss").read_text(encoding="utf-8")
    assert "http" not in style and "@import" not in style and "font-family" not in style


def test_the_first_page_leads_to_the_answer_and_numbers_stay_whole() -> None:
    """What the index is written in, and the classes of the tables, are what the styles name."""
    items = read_config(ROOT)["format"]["html"]["include-in-header"]
    styles = "".join(item["text"] for item in items)
    index = (ROOT / "index.qmd").read_text(encoding="utf-8")
    assert re.search(r"\[@sec-summary [^\]]+\]\{\.cart-start\}", index)
    assert ".cart-start a::after" in styles
    assert ".gt_table tbody :is(.gt_right, .gt_center) { white-space: nowrap; }" in styles
    notebook = (ROOT / "notebooks" / "06_effect.ipynb").read_text(encoding="utf-8")
    assert "gt_table" in notebook and "gt_row gt_right" in notebook
    assert ".gt_stub { min-width: " in styles and "gt_row gt_left gt_stub" in notebook
