"""The server's side of TLS, for the servers that tests start."""

import socket
import ssl


class _SelfClosing(ssl.SSLSocket):
    """A socket that is closed when nobody has it any more.

    Where the client resets the connection before it is wrapped, Python 3.11 takes the socket over,
    raises, and gives nobody anything to close: it would end as a ``ResourceWarning`` in whichever
    test runs by then.
    """

    def __del__(self) -> None:
        self.close()


def secure(connection: socket.socket, context: ssl.SSLContext) -> ssl.SSLSocket:
    """Do the handshake with a client.

    Raises:
        OSError: there is none, or it failed; ``connection`` is closed.
    """
    context.sslsocket_class = _SelfClosing
    return context.wrap_socket(connection, server_side=True)
