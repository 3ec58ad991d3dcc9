"""`/metrics` and `/readyz`: what they say, and to whom."""

import re
from pathlib import Path

import httpx2
import pytest

from server.access.roles import GlobalRole
from server.observability.metrics import BOUNDS_S, Timing
from tests.rooms.hall import wait_until
from tests.services import postgres, redis
from tests.site import PASSWORD, Site, open_site

TOKEN = "scrape-secret-1"


def value_of(text: str, name: str) -> float:
    """The value of a sample, labels included in `name`."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found is not None, f"{name} is not among the metrics"
    return float(found[1])


async def scrape(client: httpx2.AsyncClient) -> str:
    answer = await client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return answer.text


async def test_metrics_are_for_the_token_the_allowed_address_and_the_administrator_only(tmp_path: Path) -> None:
    async with open_site(tmp_path, metrics_token=TOKEN, metrics_addresses="10.1.0.0/16") as site:
        stranger = await site.client()
        assert (await stranger.get("/metrics")).status_code == 404
        assert (await stranger.get("/metrics", headers={"authorization": "Bearer guess"})).status_code == 404
        assert (await stranger.get(f"/metrics?token={TOKEN}")).status_code == 404
        await scrape(stranger)
        assert (await (await site.client(peer="10.1.2.3")).get("/metrics")).status_code == 200
        assert (await (await site.client(peer="10.2.0.1")).get("/metrics")).status_code == 404
        drafter = await site.new_browser("drafter@mvs.gov.ua")
        assert (await drafter.get("/metrics")).status_code == 404
        operator = await site.new_browser("operator@skmu.gov.ua", role=GlobalRole.ADMIN)
        assert (await operator.get("/metrics")).status_code == 200


async def test_with_nothing_set_an_empty_token_lets_nobody_in(site: Site) -> None:
    client = await site.client()
    for headers in ({}, {"authorization": "Bearer "}, {"authorization": "Bearer"}):
        assert (await client.get("/metrics", headers=headers)).status_code == 404


async def test_an_operator_sees_rooms_commits_refusals_and_lag(tmp_path: Path) -> None:
    async with open_site(tmp_path, metrics_token=TOKEN) as site:
        client = await site.client()
        parts = site.parts
        parts.registry.counters.refuse("G3")
        parts.registry.counters.refuse("G3")
        parts.registry.counters.show_seconds.observe(0.002)
        text = await scrape(client)
        assert value_of(text, 'zlahoda_updates_refused_total{rule="G3"}') == 2
        assert value_of(text, "zlahoda_rooms") == 0
        assert value_of(text, "zlahoda_journal_lag_seconds") == 0
        assert value_of(text, "zlahoda_redis_configured") == 0
        assert value_of(text, 'zlahoda_fan_out_seconds_bucket{le="0.0025"}') == 1
        assert value_of(text, "zlahoda_fan_out_seconds_count") == 1
        assert PASSWORD not in text


def test_a_timing_puts_each_time_into_the_first_bucket_that_holds_it() -> None:
    timing = Timing()
    for seconds in (0.0, BOUNDS_S[0], BOUNDS_S[0] + 1e-9, BOUNDS_S[-1] + 1):
        timing.observe(seconds)
    assert timing.count == 4
    buckets = dict(timing.buckets())
    assert (buckets["0.0005"], buckets["0.001"], buckets["10.0"], buckets["+Inf"]) == (2, 3, 3, 4)


async def test_a_full_or_read_only_journal_is_not_ready(site: Site) -> None:
    """The database can still be read, so only a real write tells."""
    client = await site.client()
    assert (await client.get("/readyz")).json() == {"status": "ok"}
    await site.parts.database.write(lambda connection: connection.exec_driver_sql("PRAGMA query_only=ON"))
    site.parts.health._written_at = float("-inf")
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "database unavailable"})


async def test_an_older_schema_is_not_ready_and_a_newer_one_is_degraded(site: Site) -> None:
    client = await site.client()

    async def pretend(version: str) -> httpx2.Response:
        update = f"UPDATE alembic_version SET version_num = '{version}'"
        await site.parts.database.write(lambda connection: connection.exec_driver_sql(update))
        return await client.get("/readyz")

    older = await pretend("0001")
    assert (older.status_code, older.json()["status"]) == (503, "the database waits for a migration")
    newer = await pretend("9999")
    assert (newer.status_code, newer.json()["status"]) == (200, "degraded")


@pytest.mark.services
async def test_redis_that_is_away_is_degraded_and_not_unready(tmp_path: Path) -> None:
    with postgres() as database, redis() as wire:
        async with open_site(tmp_path, database_url=database.new_database(), redis_url=wire.url, metrics_token=TOKEN) as site:
            client = await site.client()
            await wait_until(lambda: site.parts.broker.state().is_up)
            assert (await client.get("/readyz")).json() == {"status": "ok"}
            wire.kill()
            await wait_until(lambda: not site.parts.broker.state().is_up)
            answer = await client.get("/readyz")
            assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
            assert value_of(await scrape(client), "zlahoda_redis_up") == 0
