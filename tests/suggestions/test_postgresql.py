"""The same on PostgreSQL: claims under row locks, decisions in the journal's transaction, histories that cannot change."""

import asyncio
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from server.crdt.messages import Update
from tests.services import Postgres
from tests.site import open_site
from tests.suggestions.cast import gather


@pytest.mark.services
async def test_R21_on_postgresql_one_of_many_gets_the_claim_and_text_and_record_change_together(
    postgres_server: Postgres, tmp_path: Path
) -> None:
    async with open_site(tmp_path, database_url=postgres_server.new_database()) as site:
        cast = await gather(site)
        made = await cast.propose(released=True)
        path = f"/suggestions/{made['id']}"
        answers = await asyncio.gather(*(cast.call(who, "POST", f"{path}/accept", {"version": 1}) for who in ("drafter", "second") * 5))
        winners = {answer.json()["claim"]["by"] for answer in answers if answer.status_code == 200}
        assert len(winners) == 1
        assert {answer.status_code for answer in answers} == {200, 409}
        async with cast.desk("drafter") as first, cast.desk("second") as second:
            saved = {}
            for desk in (first, second):
                desk.say(Update(desk.decide(made["id"], 1, "accept", "двічі ")))
                saved[cast[desk.who].id] = await desk.saved()
        assert {user for user, was in saved.items() if was} == winners
        assert (await cast.get("lead", "/text"))["units"][0]["text"].count("двічі") == 1
        assert (await cast.get("lead", "/suggestions"))["items"][0]["decided"]["who"] in winners

        other = await cast.propose()
        remark = await cast.post("signatory", f"/suggestions/{other['id']}/remark", {"text": "Ні"})
        await cast.post("lead", f"/remarks/{remark['id']}/answer", {"result": "partly", "reason": "Частково"})
        thread = await cast.post("reviewer", "/comments", {"document": cast.act, "anchor": {"kind": "act"}, "text": "Їжак"})
        await cast.post("colleague", f"/comments/{thread['id']}/reactions", {"kind": "thanks"})
        assert len((await cast.get("reviewer", "/comments"))["items"]) == 1
        for change in ("DELETE FROM remarks", "UPDATE suggestion_decisions SET reason = ''", "TRUNCATE comments CASCADE"):
            with pytest.raises(DBAPIError, match=r"never change|never deleted"):
                await site.parts.database.write(partial(run, change))


def run(statement: str, connection: Connection) -> None:
    connection.execute(text(statement))
