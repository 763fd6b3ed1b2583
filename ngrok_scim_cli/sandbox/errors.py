"""What ngrok answers when it refuses: its codes, its literal messages, its shapes.

The messages are those of https://ngrok.com/docs/errors; the slots are in braces. Of the
statuses these are known: 403 for 200, 202 and 203, 400 for 206 and 218, 429 for 226.
"""

from ngrok_scim_cli.sandbox.message import Answer, Request

# Sentences of several messages.
_SENTENCES = {
    "keys": "API keys and instructions are available on your dashboard: "
    "https://dashboard.ngrok.com/api-keys",
    "review": "Check your API client implementation and review the API documentation: "
    "https://ngrok.com/docs/api-reference/.",
    "form": "Check your records for an API key with the form FIRSTPART_SECONDPART.",
}

# The statuses of all other codes are 400.
_STATUSES = {
    403: (
        *(200, 201, 202, 203, 205, 220, 603, 630, 635, 636, 638),
        *(4012, 4111, 4119, 6621, 6622, 29001),
    ),
    404: ("no path", "no object"),
    429: (226, 614),
}
_STATUS_OF = {code: status for status, codes in _STATUSES.items() for code in codes}

# fmt: off
_MESSAGES: dict[int | str, str] = {
    200: "The ngrok API requires that you set the Authorization header for authentication. Your "
        "{keys}",
    201: "The ngrok API requires that you use Basic or Bearer authentication via the Authorization "
        "header. It could not parse the header in this request. Authorization Header: "
        "'{credential}'. {keys}",
    202: "The API authentication you specified does not look like a valid credential. Your "
        "credential: '{credential}'. {keys}",
    203: "The API authentication you specified is properly formed, but it is invalid. Your "
        "authentication: '{credential}'. {keys}",
    205: "The account 'Corp Example' has been suspended. This is usually the result of violating "
        "the ngrok Terms of Service. Email support@ngrok.com if you think your suspension is an "
        "error.",
    206: "The authentication you specified is actually an authtoken. Your credential: "
        "'{credential}'. Check your records for an API key. {keys}",
    207: "The authentication you specified is actually an authtoken, not an API key token. Your "
        "key: '{credential}'. {form} {keys}",
    208: "The authentication you specified is actually an API key ID, not an API key token. Your "
        "credential: '{credential}'. {form} {keys}",
    210: "The content type you specified '{media_type}' is not supported by the API. Check your "
        "API client implementation and see the list of supported content types: https://ngrok.com/docs/api#content-types",
    211: "The '{method}' request you made does not expect a body, but you provided one. {review}",
    213: "The '{media_type}' request body could not be parsed. {review}",
    214: "The request parameter '{name}' is unknown and not expected. The supported fields are: "
        "'{supported}'. {review}",
    215: "The value provided for the request parameter '{name}' is invalid. Check your request and "
        "review the API documentation: https://ngrok.com/docs/api-reference/",
    216: "You did not provide a Content-Type with your request. Check your API client "
        "implementation and use one of the supported content types: https://ngrok.com/docs/api#content-types",
    217: "The provided API version '{version}' is invalid or unsupported. Supported versions: '2'. "
        "Check your API client implementation.",
    218: "Your request has not specified an API version. Include the version you wish to use in "
        "the Ngrok-Version header. Supported versions: '2'.",
    220: "Your IP does not match the IP Policy for this Account.  Authenticate from an IP in the "
        "correct range or update your IP Restrictions from the ngrok dashboard. "
        "https://dashboard.ngrok.com/ip-restrictions",
    226: "Your account is rate limited to '120' API requests per '1m0s'.",
    231: "The query part of the requested URI includes unknown parameters: '{unknown}'. The "
        "supported parameters are: '{supported}'. {review}",
    232: "The request must specify only a single value for the '{name}' parameter but got "
        "'{count}': '{values}'. {review}",
    233: "The page size limit must be between 1 and '100' but '{value}' was provided.",
    244: "The page size limit must be a number between 1 and '100' but '{value}' was provided.",
    603: "Your account is limited to '{limit}' API keys. Upgrade your account at "
        "https://dashboard.ngrok.com/billing.",
    604: "A description is limited to '{limit}' characters; you have entered '{size}' characters.",
    605: "Metadata is limited to '{limit}' characters; you have entered '{size}' characters.",
    606: "The credentials update failed because no values were provided. Specify at least one "
        "value.",
    614: "Your account is rate limited for adding '10' API keys per '1h0m0s'.",
    628: "The API key is already owned by a user and cannot be re-assigned ownership.",
    630: "You must be an admin to set credential ownership.",
    631: "You may specify only one of owner_id, owner_email, or scim_user_id.",
    632: "You may specify either an owner (owner_id, owner_email, or scim_user_id) or "
        "membership_id, but not both.",
    634: "No credential owner could be determined.",
    635: "API access requires that the owner of the API key has write privileges.",
    636: "The credential owner is marked as inactive on the account.",
    638: "Your account is not allowed to create credentials with pre-computed tokens. To create a "
        "new credential, omit pre-computed token field and let ngrok generate one for you. Its "
        "value will be available as part of the response.",
    4012: "Your account does not have access to 'SCIM'.\n\nUpgrade to get access: "
        "https://dashboard.ngrok.com/billing/choose-a-plan",
    4109: "Service User name must not be empty.",
    4110: "Service User name exceeds max length, '{size}' bytes, max: '{limit}'.",
    4111: "You must be an admin to create, update, or delete Bots.",
    4112: "Service User names must be unique within an account.",
    6621: "You do not have permission to change an administrator of this account.",
    6622: "The last administrator of the account cannot be deactivated.",
    29001: "The access token is missing the '{scope}' scope.",
    "IAM_SERVICE_USER_ROLE_NOT_ALLOWED": "A service user can't hold the role '{role}'. Allowed "
        "roles: developer, developer-readonly, team-manager.",
    "IAM_SERVICE_USER_ROLE_CONFLICT": "A service user can hold only one of the roles 'developer' "
        "and 'developer-readonly'.",
    "invalid_cel_expression": "Invalid CEL query: {detail}",
    "no path": "Not Found",
    "no object": "The requested resource does not exist.",  # its shape is assumed
    4119: "This account does not have access to service users, please upgrade to a paid plan.",
}
# fmt: on


def ngrok_error(request: Request, code: int | str, **slots: object) -> Answer:
    """Return ngrok's error.

    Args:
        code: what follows ``ERR_NGROK_``; ``invalid_cel_expression`` is a code as it is, and
            ``no object``, and ``no path`` or a method that is not offered there, have none.
    """
    status = _STATUS_OF.get(code, 400)
    document: dict[str, object] = {
        "status_code": status,
        "msg": _MESSAGES[code].format(**_SENTENCES, **slots),
        "details": {"operation_id": request.operation_id},
    }
    if code == "no path":
        document["details"] = {"path": request.path}
    elif code == "invalid_cel_expression":
        document["error_code"] = code
    elif code != "no object":
        document["error_code"] = f"ERR_NGROK_{code}"
    return Answer.of(status, document)


def with_operation_id(answer: Answer, request: Request) -> Answer:
    """Add the header of each of ngrok's replies."""
    return answer.with_header("ngrok-operation-id", request.operation_id)
