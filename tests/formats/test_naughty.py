"""Hostile and odd text: no crash, nothing that could run, no lost letters, and a stable result (issue A part 6)."""

import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from server.errors import UnsupportedType
from server.formats import formats
from server.formats.source import text_of
from server.text.numbering import load_scheme
from tests.conftest import SHARED
from tests.formats.readers import active_content, letters, of_html, of_markdown, of_tree

DATA = SHARED / "data"
SCHEME = load_scheme("law")


@cache
def payloads(name: str) -> tuple[bytes, ...]:
    file: Path = DATA / name
    if file.suffix == ".json":
        items = json.loads(file.read_bytes())
        texts = [item if isinstance(item, str) else item.get("markdown") or item.get("payload") or "" for item in items]
        return tuple(text.encode() for text in texts)
    return (*file.read_bytes().split(b"\n"), file.read_bytes())


SOURCES = [
    "markdown/commonmark-spec.json",
    "naughty/blns.json",
    "naughty/blns.txt",
    "naughty/xss-payloads.part1.txt",
    "naughty/dompurify-expect.part1.json",
]
SOURCES += sorted(
    str(file.relative_to(DATA)) for file in (DATA / "naughty").glob("**/*") if file.is_file() and str(file.relative_to(DATA)) not in SOURCES
)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.usefixtures("shared")
def test_F40_no_naughty_text_survives_as_anything_active_and_none_loses_letters(source: str) -> None:
    refused = 0
    for payload in _texts(source):
        for ending in ("md", "txt"):
            try:
                tree = formats.read(f"naughty.{ending}", payload).tree
            except UnsupportedType:
                refused += 1
                continue
            found = of_tree(tree)
            page = formats.write("html", tree, SCHEME).content
            assert active_content(page) == [], payload
            assert of_html(page) == found, payload
            written = formats.write("md", tree, SCHEME).content
            again = formats.read("again.md", written).tree
            assert of_tree(again) == found, payload
            assert formats.write("md", again, SCHEME).content == written, payload
            assert letters(formats.write("txt", tree, SCHEME).content.decode()) == found, payload
            if ending == "txt":
                assert found == letters(text_of(payload)[0]), payload
    assert refused <= 4


def _texts(source: str) -> tuple[bytes, ...]:
    if source.endswith(".json") and "html5lib" in source:
        return ((DATA / source).read_bytes(),)
    return payloads(source)


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.usefixtures("shared")
def test_F41_every_commonmark_example_keeps_the_text_that_its_reference_rendering_shows() -> None:
    examples = json.loads((DATA / "markdown/commonmark-spec.json").read_bytes())
    assert len(examples) == 655
    for example in examples:
        page = _Texts()
        page.feed(example["html"])
        page.close()
        shown = letters(re.sub(r"</?\w+>", "", "".join(page.texts)))
        found = iter(of_tree(formats.read("example.md", example["markdown"].encode()).tree))
        assert all(letter in found for letter in shown), example["example"]


@pytest.mark.parametrize(
    "markdown",
    [
        "[натисни](javascript:alert(1))",
        "[натисни](JaVaScRiPt:alert`1`)",
        "[натисни](&#x6A;avascript:alert(1))",
        "[натисни](<java\tscript:alert(1)>)",
        "[натисни](vbscript:x) [два](data:text/html;base64,PHNjcmlwdD4=)",
        "<javascript:alert(1)>",
        "![знімок](javascript:alert(1))",
        "[натисни][1]\n\n[1]: javascript:alert(1)",
        "[натисни](//evil.example/x)",
        "<a href='javascript:alert(1)'>натисни</a>",
        "<svg/onload=alert(1)>Київ</svg>",
        "<script>\nalert('Київ')\n</script>",
        "<div onmouseover=alert(1)>Київ</div>",
        "<div>\n<![x <svg onload=alert(1)> Київ",
        "<div>\n<a<a<a<!-- alert(1) Київ",
    ],
)
def test_F42_an_address_or_a_tag_that_could_run_is_inactive_and_shown_or_reported(markdown: str) -> None:
    imported = formats.read("x.md", markdown.encode())
    assert active_content(formats.write("html", imported.tree, SCHEME).content) == []
    links = [run.marks["link"]["href"] for unit in imported.tree.units() for run in unit.runs if "link" in run.marks]
    assert links == []
    shown = "".join(unit.text for unit in imported.tree.units())
    assert re.search("alert|evil|base64", shown) or {"html", "unsafe-link", "image"} & {warning.code for warning in imported.warnings}


def test_F43_what_is_written_as_markdown_cannot_become_markup_in_another_reader() -> None:
    text = "<script>alert('Київ')</script> *не курсив* [не посилання] # не заголовок | не | таблиця"
    tree = formats.read("x.txt", text.encode()).tree
    written = formats.write("md", tree, SCHEME).content.decode()
    assert of_markdown(written) == letters(text)
    assert "<script" not in re.sub(r"\\<", "", written)
