"""Pictures that arrive at once: how the JupyterLab of `kan-edu lab` carries a kernel's messages to the page.

Two things in between took longer than to draw a picture while something in it was dragged:

- TCP keeps the last piece of a message back until the piece before it is confirmed, and a browser that has nothing to
  answer confirms after 40 ms (RFC 896 and RFC 1122, section 4.2.3.2). Servers of short messages switch that off.
- Of each move a kernel says that it is busy, and then idle. JupyterLab draws its signs of both anew: toolbar, status
  line, tab. Work that is done before anybody could read "busy" is not announced: a message about it is held back for
  `SOON` seconds, and dropped if the work ends within them.

`PROMPT` in `lab.py` names the class. It is for kernels of this server; a gateway's go another way.
"""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.ioloop import IOLoop

SOON = 0.2  # seconds; a cell's work is announced at once, as ever
HEADER, PARENT, CONTENT = 1, 2, 4  # of the parts that a message has behind its addresses; 0 is its signature


class PromptConnection(ZMQChannelsWebsocketConnection):
    """A page's connection to a kernel, as Jupyter's server has it, without waiting and with fewer words."""

    def connect(self):
        self.held = {}  # the id of a widget's message: (what takes back the timer, a function that sends its "busy")
        self.websocket_handler.set_nodelay(True)
        return super().connect()

    def handle_outgoing_message(self, stream, outgoing_msg):
        state, work = self._state(outgoing_msg)
        if state == "busy":
            self.held[work] = IOLoop.current().call_later(SOON, self._announce, work, stream, outgoing_msg)
            return
        if work in self.held:
            IOLoop.current().remove_timeout(self.held.pop(work))
        super().handle_outgoing_message(stream, outgoing_msg)

    def _state(self, message):
        """("busy" or "idle", the id of what a widget has sent) if it tells that; else (None, None)."""
        _, parts = self.session.feed_identities(message)
        header, parent = (self.session.unpack(parts[place]) for place in (HEADER, PARENT))
        if header["msg_type"] != "status" or parent.get("msg_type") != "comm_msg":
            return None, None
        return self.session.unpack(parts[CONTENT])["execution_state"], parent["msg_id"]

    def _announce(self, work, stream, message):
        del self.held[work]
        super().handle_outgoing_message(stream, message)

    def disconnect(self):
        for timer in self.__dict__.get("held", {}).values():
            IOLoop.current().remove_timeout(timer)
        self.held = {}
        return super().disconnect()
