"""The real server and an act to write in together."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.interop.node import Browsers
from tests.server_process import Client, ServerProcess

FAST = {"ZLAHODA_MAX_UPDATES_PER_SECOND": "100000", "ZLAHODA_LOG_LEVEL": "info"}


@dataclass
class Site:
    """A running server with demo accounts and one act whose lead is the first drafter."""

    server: ServerProcess
    lead: Client
    drafter: Client
    act: str

    def text(self, unit: int = 0) -> str:
        """The text of one unit as it is on disk."""
        return self.lead.text(self.act)[unit]["text"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("server"), environment=FAST) as running:
        yield running


@pytest.fixture
def site(server: ServerProcess) -> Site:
    return make_site(server)


def make_site(server: ServerProcess) -> Site:
    """A fresh act and its two drafters."""
    lead, drafter = server.sign_in("drafter-mvs"), server.sign_in("drafter2-mvs")
    act = lead.create_act("Про спільне редагування проєктів актів")
    lead.grant(act, drafter.me(), "drafter")
    return Site(server, lead, drafter, act)


@pytest.fixture
def browsers() -> Iterator[Browsers]:
    with Browsers() as running:
        yield running
