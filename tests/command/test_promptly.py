"""How `kan-edu lab` carries a kernel's messages to the page: Jupyter's own classes, a handler of straw."""

import asyncio
from pathlib import Path
from unittest.mock import Mock

import pytest

pytest.importorskip("jupyter_server", reason="the extra `lab` is not installed")

from jupyter_client.session import Session
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection as Usual
from jupyter_server.services.kernels.kernelmanager import ServerKernelManager
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.websocket import WebSocketClosedError
from traitlets.utils.importstring import import_item

from kan_edu.command import lab, promptly

KERNEL = Session(key=b"")
MOVE, CELL = (KERNEL.msg_header(kind) for kind in ("comm_msg", "execute_request"))


def status(state, work):
    return KERNEL.serialize(KERNEL.msg("status", {"execution_state": state}, parent={"header": work}), b"address")


@pytest.fixture
def connection(monkeypatch):
    """One that would send to `arrived`, and holds "busy" back for some milliseconds."""
    monkeypatch.setattr(promptly, "SOON", 0.05)
    monkeypatch.setattr(Usual, "connect", lambda self: None)
    made = promptly.PromptConnection(parent=ServerKernelManager(), websocket_handler=Mock(KernelWebsocketHandler))
    arrived = []
    monkeypatch.setattr(Usual, "handle_outgoing_message", lambda self, stream, message: arrived.append(message))
    return made, arrived


def after(connection, *messages, seconds=0.15):
    """What has arrived when these messages came at once and some time has passed."""
    made, arrived = connection

    async def talk():
        made.connect()
        for message in messages:
            made.handle_outgoing_message("iopub", message)
        at_once = list(arrived)
        await asyncio.sleep(seconds)
        return at_once, arrived

    return asyncio.run(talk())


def test_pieces_of_messages_do_not_wait_for_each_other(connection):
    after(connection, seconds=0)
    connection[0].websocket_handler.set_nodelay.assert_called_once_with(True)


def test_of_a_move_that_is_soon_done_the_page_hears_only_that_it_is_done(connection):
    busy, idle = status("busy", MOVE), status("idle", MOVE)
    at_once, later = after(connection, busy, idle)
    assert at_once == later == [idle]


def test_work_that_takes_longer_is_announced(connection):
    busy = status("busy", MOVE)
    at_once, later = after(connection, busy)
    assert at_once == [] and later == [busy]


def test_what_is_said_twice_is_announced_once(connection):
    first, second = status("busy", MOVE), status("busy", MOVE)
    assert after(connection, first, second)[1] == [second]


def test_two_moves_at_a_time_are_told_apart(connection):
    other = KERNEL.msg_header("comm_msg")
    slow, quick, done = status("busy", MOVE), status("busy", other), status("idle", other)
    assert after(connection, slow, quick, done)[1] == [done, slow]


@pytest.mark.parametrize("message", [
    status("busy", CELL),
    status("idle", CELL),
    KERNEL.serialize(KERNEL.msg("status", {"execution_state": "starting"}), b"address"),
    [b"address", b"<IDS|MSG>", b"", *map(KERNEL.pack, [KERNEL.msg_header("status"), None, {}, {}])],
    KERNEL.serialize(KERNEL.msg("comm_msg", {"data": {}}, parent={"header": MOVE}), b"address"),
    KERNEL.serialize(KERNEL.msg("stream", {"name": "stdout", "text": "busy"}, parent={"header": CELL}), b"address"),
])  # fmt: skip
def test_all_else_arrives_at_once(connection, message):
    assert after(connection, message, seconds=0)[0] == [message]


def test_nothing_is_announced_to_a_page_that_has_gone(connection, monkeypatch):
    made, arrived = connection
    monkeypatch.setattr(Usual, "disconnect", lambda self: None)

    async def leave():
        made.connect()
        made.handle_outgoing_message("iopub", status("busy", MOVE))
        made.disconnect()
        await asyncio.sleep(0.15)

    asyncio.run(leave())
    assert arrived == []


def test_a_page_that_is_going_while_it_would_be_told_is_no_error(connection, monkeypatch):
    def closed(self, stream, message):
        raise WebSocketClosedError

    monkeypatch.setattr(Usual, "handle_outgoing_message", closed)
    made, _ = connection
    made.held["a"] = None
    made._announce("a", "iopub", [])
    assert made.held == {}


def test_a_page_that_goes_before_it_has_connected_ends_quietly(connection, monkeypatch):
    monkeypatch.setattr(Usual, "disconnect", lambda self: "gone")
    assert connection[0].disconnect() == "gone"


def test_the_option_names_the_class_and_docs_have_it():
    option, _, place = lab.PROMPT.partition("=")
    assert option.removeprefix("--ServerApp.") in ServerApp.class_trait_names(config=True)
    assert import_item(place) is promptly.PromptConnection
    assert lab.PROMPT in (Path(__file__).parents[2] / "docs" / "install.md").read_text(encoding="utf-8")
