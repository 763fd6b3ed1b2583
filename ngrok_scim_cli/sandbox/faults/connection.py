"""Faults of the connection: slow, silent, broken, or no HTTP at all."""

from collections.abc import Callable
from dataclasses import replace

from ngrok_scim_cli.sandbox.faults.fault import Fault, FaultContext, Handler, on_new_key
from ngrok_scim_cli.sandbox.message import Answer, Connection


def late(context: FaultContext) -> Answer:
    """Send the answer after as many seconds as the fault's number."""

    def send(connection: Connection, reply: bytes) -> None:
        if connection.pause(context.value):
            connection.write(reply)

    return replace(context.answer(), send=send)


def _in_drips(context: FaultContext) -> Answer:
    def send(connection: Connection, reply: bytes) -> None:
        for position in range(len(reply)):
            connection.write(reply[position : position + 1])
            if not connection.pause(context.value):
                return

    return replace(context.answer(), send=send)


def _half(context: FaultContext) -> Answer:
    def send(connection: Connection, reply: bytes) -> None:
        connection.write(reply[: -len(reply) // 4])

    return replace(context.answer(), send=send)


def _silent(send: Callable[[Connection, bytes], object]) -> Handler:
    """Do what was asked, and send no answer."""
    return lambda context: replace(context.answer(), send=send, silent=True)


_hangs_up = _silent(lambda _, __: None)

# fmt: off
FAULTS = (
    Fault("slow", "answers late", "SCM516", handler=late, value=12, unit="seconds"),
    Fault("slow-drip", "sends its answer byte by byte", "NET408", handler=_in_drips, value=1,
        unit="seconds between two bytes"),
    Fault("never-answers", "takes the request and never answers", "NET408",
        handler=_silent(lambda connection, _: connection.pause(None))),
    Fault("drops-connection", "hangs up instead of answering", "NET409", handler=_hangs_up),
    Fault("drops-mid-answer", "hangs up in the middle of its answer", "NET409", handler=_half),
    Fault("speaks-no-http", "answers with the greeting of an SSH server", "NET409",
        handler=_silent(lambda connection, _: connection.write(b"SSH-2.0-OpenSSH_9.7\r\n"))),
    Fault("drops-after-create", "makes the key, then hangs up before the answer", "NGR712",
        on_new_key, _hangs_up),
)
# fmt: on
