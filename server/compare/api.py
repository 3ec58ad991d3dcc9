"""Routes of comparisons."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from server.compare import redline, report, table, view
from server.compare.messages import CompareFile, CompareShown, CompareWanted
from server.compare.model import Comparison
from server.compare.service import CompareService
from server.compare.table import Preset
from server.http.routing import Access, Call, Endpoint
from server.ids import ActId

_JSON, _HTML = "application/json", "text/html; charset=utf-8"
_PRESETS = {2: Preset.TWO, 3: Preset.THREE, 4: Preset.FOUR}


class CompareApi:
    """The handlers; every rule is in the service."""

    def __init__(self, comparisons: CompareService, *, max_upload_bytes: int) -> None:
        self._comparisons = comparisons
        self._max_upload_bytes = max_upload_bytes

    async def compare(self, call: Call[CompareWanted]) -> Response:
        given = call.input
        found = await self._comparisons.compare(call.actor, _act(call), given.old, given.new, given.part)
        return await self._answer(found, given)

    async def compare_file(self, call: Call[CompareFile]) -> Response:
        given = call.input
        found = await self._comparisons.compare_file(call.actor, _act(call), given.old, call.upload, given.part)
        return await self._answer(found, given)

    async def _answer(self, comparison: Comparison, shown: CompareShown) -> Response:
        content, media_type = await self._comparisons.off_loop(lambda: write(comparison, shown))
        return Response(content, headers={"cache-control": "no-store"}, media_type=media_type)

    def endpoints(self) -> Sequence[Endpoint[Any]]:  # Any: each its own input
        path = "/api/v1/acts/{act_id}/compare"
        return [
            Endpoint(
                method="GET", path=path, name="compare", summary="What changed between two texts of the act",
                access=Access.SIGNED_IN, handler=self.compare, input=CompareWanted, produces=(_JSON, _HTML),
            ),
            Endpoint(
                method="POST", path=path, name="compare_file", summary="What changed between a text of the act and a file",
                access=Access.SIGNED_IN, handler=self.compare_file, input=CompareFile, produces=(_JSON, _HTML),
                upload_bytes=self._max_upload_bytes,
            ),
        ]  # fmt: skip


def write(comparison: Comparison, shown: CompareShown) -> tuple[bytes, str]:
    """A comparison in a format, and its media type."""
    preset = _PRESETS[shown.columns]
    match shown.format:
        case "html":
            return redline.write(comparison), _HTML
        case "table-html":
            return table.write(comparison, preset), _HTML
        case "table":
            return view.write_table(comparison, table.table(comparison, preset)), _JSON
        case "view":
            return view.write_view(comparison), _JSON
        case "json":
            return report.write(comparison), _JSON


def _act(call: Call[Any]) -> ActId:  # Any: of whichever endpoint
    return ActId(call.path("act_id"))
