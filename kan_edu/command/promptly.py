"""Pictures that arrive at once: how the JupyterLab of `kan-edu lab` carries a kernel's messages to the page.

While something in a picture is dragged, two things took longer than to draw it:

- TCP keeps a short piece of a message back until the piece before is confirmed (RFC 896), and a system that has nothing
  to answer confirms late (RFC 1122, section 4.2.3.2; Linux after 40 ms). Servers of short messages switch that off.
- Of each move a kernel says that it is busy, and then idle. JupyterLab draws its signs of both anew: toolbar, status
  line, tab. Work that is done before anybody could read "busy" is not announced: the message is held back for `SOON`
  seconds, and dropped if the work ends within them. Else it comes late, after what the work has said so far.

JupyterLab can be told to take no notice of widgets' work at all (`MappingKernelManager.untracked_message_types`); then
long work shows no sign either. `PROMPT` in `lab.py` names the class below. It is for kernels of this server; those of
a gateway go another way.
"""

import contextlib

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.ioloop import IOLoop
from tornado.websocket import WebSocketClosedError

SOON = 0.2  # seconds; a cell's work is announced at once, as ever
HEADER, PARENT, CONTENT = 1, 2, 4  # of the parts that a message has behind its addresses; 0 is its signature


class PromptConnection(ZMQChannelsWebsocketConnection):
    """A page's connection to a kernel, as Jupyter's server has it, without waiting and with fewer words."""

    def __init__(self, **options):
        super().__init__(**options)
        self.held = {}  # {the id of what a widget sent: the timer that will tell that the kernel is busy with it}

    def connect(self):
        """Begin to carry messages; as the base class, once no piece of them waits any more."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()

    def handle_outgoing_message(self, stream, outgoing_msg):
        """Pass a message on, or hold it back. outgoing_msg: a list of bytes, addresses first, from the ZMQStream."""
        state, work = self._state(outgoing_msg)
        self._forget(work)
        if state == "busy":
            self.held[work] = IOLoop.current().call_later(SOON, self._announce, work, stream, outgoing_msg)
        else:
            super().handle_outgoing_message(stream, outgoing_msg)

    def disconnect(self):
        """As the base class; nothing is told any more to a page that has gone."""
        self._forget(*list(self.held))
        return super().disconnect()

    def _state(self, message):
        """("busy" or "idle", the id of what a widget has sent) if it tells that; else (None, None)."""
        _, parts = self.session.feed_identities(message)
        if self.session.unpack(parts[HEADER])["msg_type"] != "status":
            return None, None
        parent = self.session.unpack(parts[PARENT]) or {}
        if parent.get("msg_type") != "comm_msg":
            return None, None
        return self.session.unpack(parts[CONTENT])["execution_state"], parent["msg_id"]

    def _forget(self, *works):
        for work in works:
            if work in self.held:
                IOLoop.current().remove_timeout(self.held.pop(work))

    def _announce(self, work, stream, message):
        del self.held[work]
        with contextlib.suppress(WebSocketClosedError):  # the page goes, and the server is about to hear of it
            super().handle_outgoing_message(stream, message)
