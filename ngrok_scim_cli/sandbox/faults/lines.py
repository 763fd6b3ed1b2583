"""Faults of the connection: slow, silent, broken, or no HTTP at all."""

from collections.abc import Callable
from dataclasses import replace

from ngrok_scim_cli.sandbox.faults.fault import Call, Fault, on_new_key
from ngrok_scim_cli.sandbox.message import Answer, Line


def late(call: Call) -> Answer:
    """Send the answer after the seconds that the fault's number says."""

    def send(line: Line, reply: bytes) -> None:
        if line.pause(call.value):
            line.write(reply)

    return replace(call.answer(), send=send)


def _in_drips(call: Call) -> Answer:
    def send(line: Line, reply: bytes) -> None:
        for place in range(len(reply)):
            line.write(reply[place : place + 1])
            if not line.pause(call.value):
                return

    return replace(call.answer(), send=send)


def _half(call: Call) -> Answer:
    return replace(call.answer(), send=lambda line, reply: line.write(reply[: -len(reply) // 4]))


def _silent(send: Callable[[Line, bytes], object]) -> Callable[[Call], Answer]:
    """Do what was asked, and send no answer."""
    return lambda call: replace(call.answer(), send=send, silent=True)


_hangs_up = _silent(lambda _, __: None)

# fmt: off
FAULTS = (
    Fault("slow", "answers late", "SCM516", strikes=late, value=12, unit="seconds"),
    Fault("slow-drip", "sends its answer byte by byte", "NET408", strikes=_in_drips, value=1,
        unit="seconds between two bytes"),
    Fault("never-answers", "takes the request and never answers", "NET408",
        strikes=_silent(lambda line, _: line.pause(None))),
    Fault("drops-connection", "hangs up instead of answering", "NET409", strikes=_hangs_up),
    Fault("drops-mid-answer", "hangs up in the middle of its answer", "NET409", strikes=_half),
    Fault("speaks-no-http", "answers with the greeting of an SSH server", "NET409",
        strikes=_silent(lambda line, _: line.write(b"SSH-2.0-OpenSSH_9.7\r\n"))),
    Fault("drops-after-create", "makes the key, then hangs up before the answer", "NGR712",
        on_new_key, _hangs_up),
)
# fmt: on
