"""Who may open a document over a WebSocket, through the whole app. Rules: docs/spec/sync.md."""

from pathlib import Path

import pytest

from server.crdt.messages import Authenticated, PermissionDenied
from tests.rooms.wire import Closed, Wire
from tests.site import CSRF, Site, open_site


async def demo_token(site: Site, key: str = "drafter-mvs") -> str:
    """The secret of a demo account's session, as the console of a demo gives it to a script."""
    answer = await (await site.client()).post("/api/v1/session", json={"demo": key, "token": True})
    token: str = answer.json()["token"]
    return token


async def new_act(site: Site, token: str) -> str:
    client = await site.client(headers={**CSRF, "authorization": f"Bearer {token}"})
    act: str = (await client.post("/api/v1/acts", json={"title": "Про відкриті дані", "kind": "zakonoproiekt"})).json()["id"]
    return act


@pytest.mark.parametrize("headers", [{"x-forwarded-for": "10.1.2.3"}, {"host": "zlahoda.example"}, {"forwarded": "for=10.1.2.3"}])
async def test_D16_a_demo_token_inside_a_message_opens_nothing_from_elsewhere(tmp_path: Path, headers: dict[str, str]) -> None:
    async with open_site(tmp_path, demo=True) as site:
        token = await demo_token(site)
        act = await new_act(site, token)
        async with Wire(site.app) as here:
            assert await here.sign_in(act, token) == Authenticated("read-write")
        async with Wire(site.app, headers=headers) as elsewhere:
            assert await elsewhere.sign_in(act, token) == PermissionDenied("not-signed-in")
        async with Wire(site.app, f"/sync/{act}", token=token, headers=headers) as stock:
            stock.send(b"\x00\x00\x01\x00")
            assert await stock.message() == PermissionDenied("not-signed-in")
            with pytest.raises(Closed, match="4401 not-signed-in"):
                await stock.frame()
