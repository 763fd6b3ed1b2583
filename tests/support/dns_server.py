"""A DNS server on loopback that says what a test tells it to say."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

SILENCE = "silence"
GARBAGE = "garbage"
TRUNCATED = "truncated"
HOST = "127.0.0.1"


class DnsServer:
    """Answers over UDP.

    Attributes:
        records: the records of each name, as ``("MX", "10 mx.corp.example.")``; a name that is
            not here does not exist.
        trouble: instead of an answer: an error code like ``SERVFAIL``, ``SILENCE``, ``GARBAGE``
            or ``TRUNCATED``.
        troubled: the one name that meets the trouble; empty where each does.
        asked: what was asked for, in order.
        port: where it listens.
    """

    def __init__(self, listening: socket.socket) -> None:
        self.records: dict[str, list[tuple[str, str]]] = {"ngrok.com": []}
        self.trouble = ""
        self.troubled = ""
        self.asked: list[tuple[str, str]] = []
        self.port = int(listening.getsockname()[1])
        self._socket = listening

    @property
    def address(self) -> str:
        """What ``--nameserver`` takes."""
        return f"{HOST}#{self.port}"

    def serve(self) -> None:
        """Answer until an empty packet comes."""
        while True:
            packet, sender = self._socket.recvfrom(4096)
            if not packet:
                return
            reply = self._reply(packet)
            if reply:
                self._socket.sendto(reply, sender)

    def _reply(self, packet: bytes) -> bytes:
        query = dns.message.from_wire(packet)
        question = query.question[0]
        name = str(question.name).rstrip(".").lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        trouble = self.trouble if self.troubled in ("", name) else ""
        if trouble == SILENCE:
            return b""
        if trouble == GARBAGE:
            return packet[:2] + b"\xff" * 30
        reply = dns.message.make_response(query)
        if trouble == TRUNCATED:
            reply.flags |= dns.flags.TC
        elif trouble:
            reply.set_rcode(dns.rcode.from_text(trouble))
        elif name not in self.records:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        else:
            values = [value for record, value in self.records[name] if record == kind]
            if values:
                reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *values))
        return reply.to_wire()


@contextmanager
def dns_server() -> Iterator[DnsServer]:
    """Run a server, on a port that was free, for as long as the block takes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind((HOST, 0))
        server = DnsServer(listening)
        thread = Thread(target=server.serve)
        thread.start()
        try:
            yield server
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stopping:
                stopping.sendto(b"", (HOST, server.port))
            thread.join()
