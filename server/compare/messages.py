"""What requests about comparisons are made of."""

from typing import Annotated, Literal

from pydantic import Field

from server.acts.messages import Name
from server.http.routing import Model

Format = Literal["json", "html", "table-html", "view", "table"]


class CompareShown(Model):
    """`format`: `json` (the contract), `html`, `table-html`; `view` and `table` are JSON for pages. `columns` are those of the table."""

    part: Name = ""
    format: Format = "json"
    columns: Annotated[int, Field(ge=2, le=4)] = 2


class CompareWanted(CompareShown):
    """`from` and `to`: a revision's number, `live`, `base`, or `point:SEQ` for the text after that update of the journal."""

    old: Annotated[str, Field(alias="from", max_length=64)]
    new: Annotated[str, Field(alias="to", max_length=64)] = "live"


class CompareFile(CompareShown):
    """The other side is the file of the request."""

    old: Annotated[str, Field(alias="from", max_length=64)] = "live"
