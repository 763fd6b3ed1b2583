from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from ngrok_scim_cli.sandbox import RequestLine, open_sandbox
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.corpus.servers import Servers
from tests.support.certificates import Authorities

# Every name but those of loopback that a case leads to a server of its own.
NAMES = ("api.ngrok.com", "scim.corp.example", "idp.corp.example")


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    return Authorities(*NAMES)


@pytest.fixture(scope="module")
def bundle(authorities: Authorities, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return authorities.write_bundle(tmp_path_factory.mktemp("tls") / "authorities.pem")


@pytest.fixture(scope="module")
def sandbox_requests() -> list[RequestLine]:
    return []


@pytest.fixture(scope="module")
def corpus_sandbox(sandbox_requests: list[RequestLine]) -> Iterator[Sandbox]:
    with open_sandbox(on_request=sandbox_requests.append) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def servers(
    authorities: Authorities, corpus_sandbox: Sandbox, sandbox_requests: list[RequestLine]
) -> Iterator[Servers]:
    with ExitStack() as closing:
        yield Servers(authorities, corpus_sandbox, sandbox_requests, closing)
