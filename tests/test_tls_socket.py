import gc
import socket
import ssl
import struct
import warnings

import pytest

from tests.support.tls_socket import secure

RESET = struct.pack("ii", 1, 0)


def test_a_client_that_resets_the_connection_leaves_no_socket_open() -> None:
    with (
        warnings.catch_warnings(record=True) as seen,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        warnings.simplefilter("always", ResourceWarning)
        client = socket.create_connection(server.getsockname())
        connection, _ = server.accept()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        client.close()
        with connection, pytest.raises(ConnectionResetError):
            secure(connection, ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
        gc.collect()
    assert seen == []
