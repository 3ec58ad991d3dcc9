"""Comment text as HTML that a page may show: a small Markdown, and what it makes sanitised once more. PURE."""

import re

import nh3
from markdown_it import MarkdownIt

_TAGS = {"p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr"}
_SCHEMES = {"http", "https", "mailto"}
_ADDRESS = re.compile(r"https?://|mailto:", re.IGNORECASE)
_MAX_NESTING = 20

_markdown = (
    MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False, "maxNesting": _MAX_NESTING})
    .enable("strikethrough")
    .disable(["image", "html_block", "html_inline", "heading", "lheading", "reference"])
)
_markdown.validateLink = lambda url: _ADDRESS.match(url) is not None  # type: ignore[method-assign]  # markdown-it's own way


def to_html(text: str) -> str:
    """Paragraphs, emphasis, lists, quotes, code and links with http, https or mailto; never an image, a script or a style."""
    return nh3.clean(
        _markdown.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
