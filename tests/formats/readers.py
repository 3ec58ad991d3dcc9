"""Independent readers of each format: only letters and digits, no code shared with the importer."""

import html
import json
import re
from html.parser import HTMLParser
from typing import Any

from server.text.tree import Tree, Unit

_FRONT = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)
_MARKUP = (
    (re.compile(r"\[\]\{#[\w-]+\}"), ""),
    (re.compile(r"^ {0,3}\[[^\]\n]+\]:\s*\S+.*$", re.MULTILINE), ""),
    (re.compile(r"\]\[[^\]\n]+\]"), "]"),
    (re.compile(r"^:{3,}.*$", re.MULTILINE), ""),
    (re.compile(r"\]\(<[^>\n]*>\)"), "]"),
    (re.compile(r"\]\((?:[^()\s\\]|\\.|\([^()\s]*\))*(?:\s+\"[^\"\n]*\")?\)"), "]"),
    (re.compile(r"(?<!\\)</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>\n]*)?/?>"), ""),
)


def letters(text: str) -> str:
    """The letters and digits of a text in order; marks that combine belong to their letter and count too."""
    return "".join(character for character in text if character.isalnum())


def of_markdown(source: str) -> str:
    """The letters of a Markdown file: link addresses, anchors, fences and tags are markup, everything else is text."""
    for pattern, replacement in _MARKUP:
        source = pattern.sub(replacement, source)
    return letters(html.unescape(source))


def of_tree(tree: Tree) -> str:
    """The letters of a tree's labels and texts."""
    parts: list[str] = []
    for block in tree.blocks:
        if isinstance(block, Unit):
            parts += [block.label, block.text]
        else:
            parts += [cell.text for row in block.rows for cell in row.cells]
    return letters("".join(parts))


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.in_main = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.in_main = self.in_main or tag == "main"

    def handle_endtag(self, tag: str) -> None:
        self.in_main = self.in_main and tag != "main"

    def handle_data(self, data: str) -> None:
        if self.in_main:
            self.texts.append(data)


def of_html(page: bytes) -> str:
    """The letters inside `<main>` of a page, as a browser's parser would show them."""
    return letters("".join(parse(page).texts))


def parse(page: bytes) -> _Page:
    """The page through the standard library's parser."""
    parser = _Page()
    parser.feed(page.decode())
    parser.close()
    return parser


def of_json(content: bytes) -> str:
    """The letters of the JSON export: final numbers and texts."""
    parts: list[str] = []
    for block in json.loads(content)["blocks"]:
        parts += [block.get("number", ""), *_texts(block)]
    return letters("".join(parts))


def _texts(node: dict[str, Any]) -> list[str]:
    own = [run["text"] for run in node.get("runs", [])]
    inner = [text for part in (*node.get("rows", []), *node.get("cells", [])) for text in _texts(part)]
    return own + inner


def active_content(page: bytes) -> list[str]:
    """Everything in a page that could run: tags, handlers, addresses. Must be empty."""
    found = []
    for tag, attributes in parse(page).tags:
        if tag in {"script", "iframe", "object", "embed", "svg", "math", "form", "base", "link", "img"}:
            found.append(tag)
        for name, value in attributes.items():
            if name.startswith("on") or name in {"style", "srcdoc", "formaction"}:
                found.append(f"{tag} {name}")
            if name in {"href", "src"} and re.match(r"[\s\x00-\x20]*(?:javascript|vbscript|data|file):", value or "", re.IGNORECASE):
                found.append(f"{tag} {name}={value}")
    return found
