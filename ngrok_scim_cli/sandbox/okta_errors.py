"""What Okta answers when it refuses (https://developer.okta.com/docs/reference/error-codes/)."""

from ngrok_scim_cli.sandbox.message import Answer, Request

# Higher than in a real org, so that nobody waits here; the fault for it is okta-rate-limited.
REQUESTS_PER_MINUTE = 10_000

# Code: its status and its summary, with the slots in braces.
_ERRORS: dict[str, tuple[int, str]] = {
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


class RefusedError(Exception):
    """The request is refused with one of Okta's codes."""

    def __init__(self, code: str, *, causes: tuple[str, ...] = (), **slots: object) -> None:
        super().__init__(code)
        self.code = code
        self.causes = causes
        self.slots = slots


def okta_error(
    request: Request, code: str, *, causes: tuple[str, ...] = (), **slots: object
) -> Answer:
    """Return an error of Okta's."""
    status, summary = _ERRORS[code]
    return Answer.of(
        status,
        {
            "errorCode": code,
            "errorSummary": summary.format(**slots),
            "errorLink": code,
            "errorId": "oae" + request.operation_id.removeprefix("op_")[:22],
            "errorCauses": [{"errorSummary": cause} for cause in causes],
        },
    )


def rate_limit(answer: Answer, remaining: int, reset: int) -> Answer:
    """Return ``answer`` with the headers that tell the rate limit.

    Args:
        reset: when they begin anew, in seconds since 1970 (UTC).
    """
    answer = answer.with_header("X-Rate-Limit-Limit", str(REQUESTS_PER_MINUTE))
    answer = answer.with_header("X-Rate-Limit-Remaining", str(remaining))
    return answer.with_header("X-Rate-Limit-Reset", str(reset))


def with_request_id(answer: Answer, request: Request) -> Answer:
    """Add the header that stands on each of Okta's replies."""
    return answer.with_header("X-Okta-Request-Id", request.operation_id.removeprefix("op_"))
