from collections.abc import Iterator

import pytest

from ngrok_scim_cli.redact import redactor


@pytest.fixture(autouse=True)
def _nothing_learned() -> Iterator[None]:
    redactor.forget()
    yield
    redactor.forget()
