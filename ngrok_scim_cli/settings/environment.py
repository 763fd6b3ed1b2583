"""Which variables of the environment hold a secret."""

from collections.abc import Mapping

from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import okta_client

SECRET_VARIABLES = (
    "NGROK_SCIM_API_KEY",
    "NGROK_API_KEY",
    "NGROK_AUTHTOKEN",
    "OKTA_CLIENT_TOKEN",
    "OKTA_CLIENT_PRIVATEKEY",
)
"""Variables that hold a secret, and are kept from what we start."""


def holds_a_secret(name: str, value: str) -> bool:
    """Tell whether a variable is one of ours, or holds a secret, such as a proxy's password."""
    return name in SECRET_VARIABLES or redactor.redact(value) != value


def learn_secrets(environment: Mapping[str, str]) -> None:
    """Tell the redactor the secrets of the environment."""
    for name in SECRET_VARIABLES:
        if name == "OKTA_CLIENT_PRIVATEKEY":
            okta_client.learn_private_key(environment.get(name, ""))
        else:
            redactor.learn(environment.get(name, ""))
