"""An act's tree to and from Markdown, HTML, text and JSON."""
