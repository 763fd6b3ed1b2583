"""What Okta answers when it refuses, and the headers of all its replies.

The codes are those of https://developer.okta.com/docs/reference/error-codes/.
"""

from dataclasses import replace
from time import time

from ngrok_scim_cli.sandbox.message import Answer, Request

# Higher than in a real org, and never used up: the fault for it is okta-rate-limited.
_REQUESTS_PER_MINUTE = 10_000

# Code: its status and its summary, with the slots in braces.
_ERRORS: dict[int | str, tuple[int, str]] = {
    "E0000001": (400, "Api validation failed: {what}"),
    "E0000005": (403, "Invalid session"),
    "E0000006": (403, "You do not have permission to perform the requested action"),
    "E0000007": (404, "Not found: Resource not found: {what} ({kind})"),
    "E0000009": (500, "Internal Server Error"),
    "E0000011": (401, "Invalid token provided"),
    "E0000022": (405, "The endpoint does not support the provided HTTP method"),
    "E0000031": (400, "Invalid search criteria."),
    "E0000047": (429, "API call exceeded rate limit due to too many requests."),
    "E0000053": (400, "Invalid SCIM filter."),
}


def okta_error(
    request: Request,
    code: int | str,
    *,
    causes: tuple[str, ...] = (),
    headers: tuple[tuple[str, str], ...] = (),
    **slots: object,
) -> Answer:
    """Return an error of Okta's."""
    status, summary = _ERRORS[code]
    document = {
        "errorCode": code,
        "errorSummary": summary.format(**slots),
        "errorLink": code,
        "errorId": "oae" + request.operation_id.removeprefix("op_")[:22],
        "errorCauses": [{"errorSummary": cause} for cause in causes],
    }
    return replace(Answer.of(status, document), headers=headers)


def rate_limit(answer: Answer, remaining: int, reset: int) -> Answer:
    """Return ``answer`` with the headers of the rate limit.

    Args:
        reset: when the minute ends, in seconds since 1970 (UTC).
    """
    limits = (("Limit", _REQUESTS_PER_MINUTE), ("Remaining", remaining), ("Reset", reset))
    for name, number in limits:
        answer = answer.with_header(f"X-Rate-Limit-{name}", str(number))
    return answer


def add_headers(answer: Answer, request: Request) -> Answer:
    """Add the headers of each of Okta's replies: the request's id, and the rate limit."""
    if all(name != "X-Rate-Limit-Limit" for name, _ in answer.headers):
        answer = rate_limit(answer, _REQUESTS_PER_MINUTE - 1, (int(time()) // 60 + 1) * 60)
    return answer.with_header("X-Okta-Request-Id", request.operation_id.removeprefix("op_"))
