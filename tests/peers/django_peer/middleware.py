"""Who asks: django-scim2 leaves that to the project."""

import os
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

RIGHT = f"Bearer {os.environ['PEER_KEY']}"


class BearerMiddleware:
    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self._get_response = get_response

    def __call__(self, request: Any) -> Any:  # noqa: ANN401 - Django is not there for the checker
        known = request.headers.get("Authorization") == RIGHT
        request.user = SimpleNamespace(is_authenticated=known, is_anonymous=not known)
        return self._get_response(request)
