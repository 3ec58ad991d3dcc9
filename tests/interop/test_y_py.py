"""y-py, an independent reading of the same bytes, edits one act together with a stock provider."""

import importlib.util
import sys
from typing import Any

import pytest
from websockets.sync.client import connect

from server.crdt import ywebsocket
from server.crdt.messages import SyncStep1, SyncStep2, Update
from tests.interop.conftest import Site
from tests.interop.node import Browsers
from tests.server_process import wait_for


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="left out: y-py has no wheels for Python 3.13 and newer")
def test_y_py_and_a_stock_provider_converge(site: Site, browsers: Browsers) -> None:
    assert importlib.util.find_spec("y_py"), "y-py is missing: it is part of the development dependencies"
    import y_py  # noqa: PLC0415 - absent on newer Pythons

    browsers.open("Олена", "hocuspocus", site.server.sync_url, site.act, site.lead.token)
    doc: Any = y_py.YDoc(4711)  # 32 bits: y-py cuts larger client ids
    with connect(f"{site.server.sync_url}/{site.act}?token={site.drafter.token}", max_size=None, compression=None) as socket:
        socket.send(ywebsocket.encode(SyncStep1(bytes(y_py.encode_state_vector(doc)))))
        while _take(doc, socket.recv()) is not SyncStep2:
            pass
        before = y_py.encode_state_vector(doc)
        with doc.begin_transaction() as transaction:
            doc.get_xml_element("default").first_child.first_child.insert(transaction, 0, "з y-py: ї ")
        socket.send(ywebsocket.encode(Update(bytes(y_py.encode_state_as_update(doc, before)))))
        wait_for("the provider to see it", lambda: browsers.text("Олена").startswith("з y-py: ї "))
        browsers.ask("insert", name="Олена", at=0, text="з браузера: є ")

        def has_come() -> bool:
            _take(doc, socket.recv(timeout=30))
            return "з браузера: є " in str(doc.get_xml_element("default").first_child.first_child)

        wait_for("y-py to see it", has_come)
    assert site.text().startswith("з браузера: є з y-py: ї ")


def _take(doc: Any, frame: str | bytes) -> type[object]:
    assert isinstance(frame, bytes)
    message = ywebsocket.decode(frame)
    if isinstance(message, SyncStep2 | Update):
        import y_py  # noqa: PLC0415 - absent on newer Pythons

        y_py.apply_update(doc, message.update)
    return type(message)
