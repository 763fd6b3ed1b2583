"""The sandbox: its account, users and Okta org, what answers at which path, and its faults."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from threading import Lock, RLock
from time import monotonic
from typing import NamedTuple, Self

from ngrok_scim_cli.sandbox.account import Account, now, without_keys
from ngrok_scim_cli.sandbox.errors import ngrok_error, with_operation_id
from ngrok_scim_cli.sandbox.faults import BUILT, FaultContext, arm
from ngrok_scim_cli.sandbox.http_server import HOST, HttpServer
from ngrok_scim_cli.sandbox.message import (
    OKTA_PREFIX,
    Answer,
    RefusedError,
    Request,
    RequestLine,
    SandboxValues,
)
from ngrok_scim_cli.sandbox.ngrok_api import answer_ngrok
from ngrok_scim_cli.sandbox.okta_api import answer_okta
from ngrok_scim_cli.sandbox.okta_errors import add_headers, okta_error
from ngrok_scim_cli.sandbox.okta_oauth import OAUTH_PREFIX, ServiceApp, oauth_error
from ngrok_scim_cli.sandbox.okta_org import OktaOrg, new_api_token
from ngrok_scim_cli.sandbox.people import people
from ngrok_scim_cli.sandbox.scim_endpoint import Directory, ScimEndpoint


class _Part(NamedTuple):
    """What answers below a path, what answers where that refuses, and the headers of both."""

    serve: Callable[[Request], Answer]
    refuse: Callable[..., Answer]
    complete: Callable[[Answer, Request], Answer]

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        try:
            return self.serve(request)
        except RefusedError as refused:
            return self.refuse(request, refused.code, **refused.slots)


class Sandbox:
    """A stand-in for ngrok and the Okta org on loopback, as a context manager.

    Attributes:
        org: the Okta org, from entering on.
        directory: the users whom the SCIM endpoint serves, from entering on.
    """

    org: OktaOrg
    directory: Directory

    def __init__(
        self,
        *,
        users: int,
        faults: Sequence[str] = (),
        port: int = 0,
        on_request: Callable[[RequestLine], None] | None = None,
        empty_account: bool = False,
    ) -> None:
        self._armed = arm(faults)
        self._org_of = new_api_token(), now()
        self._initial_account = self.account = Account()
        if not empty_account:
            self.account.add_scim_key()
        self.service_app = ServiceApp()
        self._users = users
        self._port = port
        self._on_request = on_request
        self._reporting = Lock()
        self._lock = RLock()

    def __enter__(self) -> Self:
        """Start to serve."""
        self._server = HttpServer(self._port, self._respond)
        self.build()
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop. Whoever still waits for an answer is hung up on."""
        self._server.stop()

    @property
    def values(self) -> SandboxValues:
        """What to use, from entering on."""
        scim_key = self.account.scim_key
        return SandboxValues(
            scim_base_url=f"{self._root}/scim/v2/",
            api_base_url=self._root,
            okta_org_url=self._root,
            okta_app=self.org.app.id,
            admin_key=self.account.admin_key.token,
            scim_key=scim_key.token if scim_key is not None else "",
            okta_token=self.org.token,
        )

    @property
    def _root(self) -> str:
        return f"http://{HOST}:{self._server.server_address[1]}"

    def build(self) -> None:
        """Make account, users and org anew, with the faults that are in them; credentials stay."""
        with self._lock:
            root = self._root
            self.account = copy.deepcopy(self._initial_account)
            scim = ScimEndpoint(self.account, people(self._users), root)
            self.directory = scim.directory
            self.org = OktaOrg(*self._org_of)
            self.org.provision(scim.directory.everybody())
            self.org.log_updates()
            self._context = FaultContext(self.account, self.directory, self.org)
            for fault in self._armed:
                if fault.scope is BUILT:
                    fault.apply(replace(self._context, value=fault.value or 0))
            ngrok = partial(answer_ngrok, self.account, root)
            okta = partial(answer_okta, self.org, root)
            tokens = partial(self.service_app.answer, self.org, root)
            self._parts = {
                "/scim/": _Part(scim.answer, ngrok_error, with_operation_id),
                OKTA_PREFIX: _Part(okta, okta_error, add_headers),
                OAUTH_PREFIX: _Part(tokens, oauth_error, add_headers),
                "": _Part(ngrok, ngrok_error, with_operation_id),
            }

    def set_faults(self, names: Sequence[str]) -> None:
        """Switch on these faults and no others, while the sandbox runs.

        A fault of the account, the users or the org comes and goes with a new building: what was
        written meanwhile is lost. The credentials stay.

        Raises:
            ValueError: a fault is not known; then everything stays as it is.
        """
        armed = arm(names)
        with self._lock:
            before, self._armed = self._armed, armed
            if any(one.scope is BUILT for one in (*before, *armed)):
                self.build()

    def _respond(self, request: Request) -> Answer:
        """Answer one request at a time, as the faults want it.

        Each fault replaces what those before it answer.
        """
        started = monotonic()
        with self._lock:
            parts = self._parts.items()
            part = next(part for prefix, part in parts if request.path.startswith(prefix))
            serve, applied = part.answer, [one for one in self._armed if one.is_about(request)]
            for fault in applied:
                serve = partial(fault.answer, replace(self._context, serve=serve))
            answer = part.complete(serve(request), request)
            is_okta_s = self.org.scopes_of(request.header("authorization")) is not None
            credential = "okta-token" if is_okta_s else self.account.presented(request)
        if self._on_request is not None:
            line = RequestLine(
                request.method,
                without_keys(request.target),
                None if answer.silent else answer.status,
                round((monotonic() - started) * 1000),
                credential,
                tuple(fault.name for fault in applied),
            )
            with self._reporting:
                self._on_request(line)
        return answer
