"""Markdown (CommonMark, tables, pandoc's and turndown's habits) to paragraphs and tables. No HTML survives as HTML."""

import re
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from itertools import pairwise
from typing import Any

from markdown_it.token import Token

from server.crdt.content import MarkValue, Run
from server.formats.blocks import BREAK, Grid, GridCell, Paragraph, RawBlock, joined, lines, safe_href, strip
from server.formats.markdown_rules import grid_cells, parser, simple_cells
from server.formats.source import Notices, Warning  # noqa: A004
from server.text.convert import merge_runs

_ANCHOR = re.compile(r"\[\]\{#([\w-]+)[^}]*\}")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_SPECIAL = re.compile(r"[`*_~\[\]<>&\\]")
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[\s/][^<>]*)?)>")
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)\s*/?>")
_CELL_TAG = re.compile(r"^\s*</?(?:table|thead|tbody|tr|td|th)\b", re.MULTILINE)
_DIV_FENCE = re.compile(r"^:{3,}\s*(?:\{[^}\n]*\})?\s*$", re.MULTILINE)
_MARK_TAGS = {
    **dict.fromkeys(("b", "strong"), "strong"),
    **dict.fromkeys(("i", "em"), "em"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strike"),
    **{name: name for name in ("sup", "sub")},
}
_BLOCK_TAGS = {
    "div",
    "p",
    "span",
    "center",
    "article",
    "section",
    "blockquote",
    "ul",
    "ol",
    "li",
    "table",
    "tbody",
    "thead",
    "tr",
    "td",
    "th",
    "hr",
}
_TOKEN_MARKS = {"strong": "strong", "em": "em", "s": "strike"}


def read_blocks(text: str, notices: Notices) -> list[RawBlock]:
    """The paragraphs and tables of a Markdown text in order; what could not be kept as it was is noted."""
    return list(_Reader(notices).blocks(text))


class _Reader:
    def __init__(self, notices: Notices) -> None:
        self.notices = notices
        self.env: dict[str, Any] = {}  # Any: markdown-it's own
        self.anchor = ""
        self.markers: list[str] = []
        self.depth = 0
        self.line = 0

    def blocks(self, text: str) -> Iterator[RawBlock]:
        tokens = parser().parse(text, self.env)
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.map:
                self.line = token.map[0] + 1
            if token.type == "table_open":
                end = _matching(tokens, index, "table_close")
                yield self._with_anchor_grid(self._pipe_table(tokens[index:end]))
                index = end
            else:
                yield from self._block(token, tokens, index)
            index += 1

    def _block(self, token: Token, tokens: Sequence[Token], index: int) -> Iterator[RawBlock]:
        match token.type:
            case "inline":
                opener = tokens[index - 1]
                yield from self._paragraph(self.inline(token.content), int(opener.tag[1]) if opener.type == "heading_open" else 0)
            case "list_item_open":
                self.depth += 1
                self.markers.append(f"{token.info}{token.markup}" if token.info else "-" if token.markup == "-" else "–")
            case "list_item_close":
                self.depth -= 1
                if self.markers:
                    yield from self._paragraph((), 0)
            case "anchor":
                self.anchor = token.content
            case "grid_table" | "simple_table":
                cells = grid_cells(token.content) if token.type == "grid_table" else simple_cells(token.content)
                rows = tuple(tuple(GridCell(strip(self.inline(cell))) for cell in row) for row in cells)
                yield self._with_anchor_grid(Grid(rows, self.line))
            case _:
                yield from self._verbatim(token)

    def _verbatim(self, token: Token) -> Iterator[Paragraph]:
        match token.type:
            case "code_block" if _CELL_TAG.search(token.content):
                for runs in self._html_block(token.content):
                    yield from self._paragraph(runs, 0)
            case "code_block" | "fence":
                if token.info.strip():
                    yield from self._paragraph((Run(token.info.strip()),), 0)
                for part in re.split(r"\n\s*\n", token.content):
                    yield from self._paragraph(_text_lines(part), 0)
            case "html_block":
                for runs in self._html_block(token.content):
                    yield from self._paragraph(runs, 0)
            case "front_matter":
                if runs := _text_lines(token.content):
                    yield Paragraph(runs, self.line, front=True)

    def _with_anchor_grid(self, grid: Grid) -> Grid:
        anchor, self.anchor = self.anchor, ""
        return Grid(grid.rows, grid.line, anchor)

    def _paragraph(self, runs: tuple[Run, ...], heading: int) -> Iterator[Paragraph]:
        runs = strip(runs)
        *outer, marker = self.markers or [""]
        self.markers = []
        for lonely in outer:
            yield Paragraph((), self.line, marker=lonely, depth=self.depth)
        if runs or marker:
            anchor, self.anchor = self.anchor, ""
            yield Paragraph(runs, self.line, heading, marker, self.depth, anchor)

    def _pipe_table(self, tokens: Sequence[Token]) -> Grid:
        rows: list[list[GridCell]] = []
        for before, token in pairwise(tokens):
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(GridCell(strip(self.inline(token.content)), before.type == "th_open"))
        if rows and not any(cell.runs for cell in rows[0]):
            rows = rows[1:]
        return Grid(tuple(tuple(row) for row in rows), self.line)

    def inline(self, content: str) -> tuple[Run, ...]:
        """The runs of inline Markdown. Text without anything special (most of an act) does not go through the parser."""
        found = _ANCHOR.search(content)
        if found:
            self.anchor = self.anchor or found[1]
            content = _ANCHOR.sub("", content)
        if content.strip() == "\\":
            return ()
        if not _SPECIAL.search(_ESCAPE.sub("", content.replace("\\\n", "\n"))):
            return joined((Run(_ESCAPE.sub(r"\1", part)),) for part in _hard_lines(content))
        tokens: list[Token] = []
        markdown = parser()
        markdown.inline.parse(content.strip(), markdown, self.env, tokens)
        return merge_runs(self._runs(tokens))

    def _runs(self, tokens: Sequence[Token]) -> Iterator[Run]:
        marks: list[tuple[str, MarkValue]] = []
        for token in tokens:
            name, _, edge = token.type.rpartition("_")
            match token.type:
                case "text" | "code_inline" | "text_special":
                    yield Run(token.content, _active(marks))
                case "softbreak":
                    yield Run(" ", _active(marks))
                case "hardbreak":
                    yield BREAK
                case "image":
                    yield from self._image(token, _active(marks))
                case "html_inline":
                    yield from self._html_inline(token.content, marks)
                case "link_open":
                    marks.append(("link", self._link(token)))
                case _ if edge == "open" and name in _TOKEN_MARKS:
                    marks.append((_TOKEN_MARKS[name], {}))
                case _ if edge == "close":
                    _drop(marks, _TOKEN_MARKS.get(name, name))

    def _link(self, token: Token) -> MarkValue:
        href = str(token.attrs.get("href", ""))
        if token.attrs.get("title"):
            self._warn(
                "link-title",
                f"підказку посилання не збережено: {token.attrs['title']}",
                f"title of a link not kept: {token.attrs['title']}",
            )
        safe = safe_href(href)
        if href and not safe:
            self._warn("unsafe-link", f"адресу посилання вилучено: {href[:200]}", f"address of a link removed: {href[:200]}")
        return {"href": safe}

    def _image(self, token: Token, marks: dict[str, MarkValue]) -> Iterator[Run]:
        source = safe_href(str(token.attrs.get("src", "")))
        self._warn("image", f"замість зображення лишено підпис: {token.content}", f"an image became its caption: {token.content}")
        caption = "".join(run.text for run in self._runs(token.children or ())) or str(token.attrs.get("src", ""))
        yield Run(caption, {**marks, "link": {"href": source}} if source else marks)

    def _html_inline(self, content: str, marks: list[tuple[str, MarkValue]]) -> Iterator[Run]:
        found = _TAG.fullmatch(content)
        tag = found[1].lower() if found else ""
        if tag == "br":
            yield BREAK
        elif tag in _MARK_TAGS:
            if content.startswith("</"):
                _drop(marks, _MARK_TAGS[tag])
            else:
                marks.append((_MARK_TAGS[tag], {}))
        elif tag not in _BLOCK_TAGS:
            self._warn("html", f"HTML показано як текст: {content[:100]}", f"HTML is shown as text: {content[:100]}")
            yield Run(content, _active(marks))

    def _html_block(self, content: str) -> Iterator[tuple[Run, ...]]:
        for part in _Html(self.html_as_text).read(_DIV_FENCE.sub("", content)):
            yield from lines(part)

    def _warn(self, code: str, uk: str, en: str) -> None:
        self.notices.add(Warning(code, uk, en, self.line))

    def html_as_text(self, content: str) -> None:
        """Reports a piece of HTML that is kept as visible text."""
        self._warn("html", f"HTML показано як текст: {content[:100]}", f"HTML is shown as text: {content[:100]}")


class _Html:
    """An HTML block to runs, in one linear pass: known tags are structure and marks, everything else stays as the text it is."""

    def __init__(self, report: Callable[[str], None]) -> None:
        self.report = report
        self.parts: list[list[Run]] = [[]]
        self.marks: list[tuple[str, MarkValue]] = []

    def read(self, content: str) -> list[tuple[Run, ...]]:
        """The paragraphs of the block."""
        place = 0
        for found in _ANY_TAG.finditer(content):
            self._text(unescape(content[place : found.start()]))
            place = found.end()
            self._tag(found[0], found[2].lower(), closes=bool(found[1]), attributes=found[3].strip(" /"))
        self._text(unescape(content[place:]))
        return [merge_runs(part) for part in self.parts]

    def _tag(self, content: str, tag: str, *, closes: bool, attributes: str) -> None:
        if tag not in _MARK_TAGS and tag not in _BLOCK_TAGS and tag != "br":
            self.report(content)
            self._text(content)
            return
        if attributes:
            self.report(content)
        if tag not in _MARK_TAGS:
            self.parts.append([])
        elif closes:
            _drop(self.marks, _MARK_TAGS[tag])
        else:
            self.marks.append((_MARK_TAGS[tag], {}))

    def _text(self, text: str) -> None:
        if text:
            self.parts[-1].append(Run(text.replace("\n", " "), _active(self.marks)))


def _hard_lines(content: str) -> Iterator[str]:
    """The text between hard line breaks (a backslash or two spaces before the line's end); soft ones become spaces."""
    gathered: list[str] = []
    for line in content.split("\n"):
        hard = line.endswith(("\\", "  "))
        gathered.append(line.removesuffix("\\").strip(" ") if hard else line.strip(" "))
        if hard:
            yield " ".join(gathered)
            gathered = []
    yield " ".join(gathered)


def _text_lines(content: str) -> tuple[Run, ...]:
    return joined((Run(line.strip()),) for line in content.split("\n") if line.strip())


def _matching(tokens: Sequence[Token], start: int, kind: str) -> int:
    return next(index for index in range(start, len(tokens)) if tokens[index].type == kind and tokens[index].level == tokens[start].level)


def _active(marks: list[tuple[str, MarkValue]]) -> dict[str, MarkValue]:
    return {name: value for name, value in marks if name != "link" or value.get("href")}


def _drop(marks: list[tuple[str, MarkValue]], name: str) -> None:
    for index in range(len(marks) - 1, -1, -1):
        if marks[index][0] == name:
            del marks[index]
            return
