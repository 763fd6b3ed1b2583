"""Faults of the connection: slow, silent, broken, or no HTTP at all."""

from ngrok_scim_cli.sandbox.faults.fault import Fault, FaultContext, Line, on_new_key


def _late(line: Line, reply: bytes, context: FaultContext) -> None:
    if line.pause(context.value):
        line.write(reply)


def _in_drips(line: Line, reply: bytes, context: FaultContext) -> None:
    for place in range(len(reply)):
        line.write(reply[place : place + 1])
        if not line.pause(context.value):
            return


def _never(line: Line, _: bytes, __: FaultContext) -> None:
    line.pause(None)


def _nothing(_: Line, __: bytes, ___: FaultContext) -> None:
    return


def _half(line: Line, reply: bytes, _: FaultContext) -> None:
    line.write(reply[: -len(reply) // 4])


def _greeting_of_ssh(line: Line, _: bytes, __: FaultContext) -> None:
    line.write(b"SSH-2.0-OpenSSH_9.7\r\n")


FAULTS = (
    Fault(
        "slow",
        "answers late",
        ("SCM516",),
        value=12,
        unit="seconds",
        send=_late,
    ),
    Fault(
        "slow-drip",
        "sends its answer byte by byte",
        ("NET408",),
        value=1,
        unit="seconds between two bytes",
        send=_in_drips,
    ),
    Fault(
        "never-answers",
        "takes the request and never answers",
        ("NET408",),
        send=_never,
        silent=True,
    ),
    Fault(
        "drops-connection",
        "hangs up instead of answering",
        ("NET409",),
        send=_nothing,
        silent=True,
    ),
    Fault(
        "drops-mid-answer",
        "hangs up in the middle of its answer",
        ("NET409",),
        send=_half,
    ),
    Fault(
        "speaks-no-http",
        "answers with the greeting of an SSH server",
        ("NET409",),
        send=_greeting_of_ssh,
        silent=True,
    ),
    Fault(
        "drops-after-create",
        "makes the key, then hangs up before the answer",
        ("NGR712",),
        on_new_key,
        send=_nothing,
        silent=True,
    ),
)
