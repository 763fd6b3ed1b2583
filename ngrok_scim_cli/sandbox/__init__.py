"""A local stand-in for ngrok's API, its SCIM endpoint, and the Okta org.

It answers as ngrok and Okta are known to and can be broken in named ways (``FAULTS``). What is
known and what is assumed is in ``docs/sandbox.md``. Importing this package costs nothing
worth mentioning: the SCIM server behind it is loaded when a sandbox is made.

A request passes ``http_server``, ``server`` (which applies the faults), then ``scim_endpoint``,
``ngrok_api``, ``okta_api`` or ``okta_oauth``. These know ``account`` and ``okta_org``.

May import: none of the others.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ngrok_scim_cli.sandbox.faults import FAULTS, Fault
from ngrok_scim_cli.sandbox.message import RequestLine, SandboxValues

if TYPE_CHECKING:
    from ngrok_scim_cli.sandbox.server import Sandbox

__all__ = ["FAULTS", "Fault", "RequestLine", "SandboxUnavailable", "SandboxValues", "open_sandbox"]


class SandboxUnavailable(Exception):  # noqa: N818 - it is no error of the person who asks
    """The packages that the sandbox needs are not installed; the text says how to get them."""


def open_sandbox(
    *,
    users: int = 3,
    faults: Sequence[str] = (),
    port: int = 0,
    on_request: Callable[[RequestLine], None] | None = None,
    empty_account: bool = False,
) -> "Sandbox":
    """Make a sandbox; it serves while its ``with`` block runs.

    Args:
        faults: what to break from the start, as ``--fault`` takes it.
        port: the port on 127.0.0.1; 0 takes any free one.
        on_request: is called with each request, one at a time, before its answer goes out. It is
            called in the thread of a connection.

    Raises:
        SandboxUnavailable: the extra ``sandbox`` is not installed.
        ValueError: a fault is not known.
    """
    try:
        from ngrok_scim_cli.sandbox.server import Sandbox
    except ModuleNotFoundError as missing:
        raise SandboxUnavailable(
            "The sandbox needs packages that are not installed. "
            "Get them with: pip install 'ngrok-scim-cli[sandbox]'"
        ) from missing
    return Sandbox(
        users=users, faults=faults, port=port, on_request=on_request, empty_account=empty_account
    )
