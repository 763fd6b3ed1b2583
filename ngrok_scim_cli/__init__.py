"""Set up and diagnose Okta user provisioning (SCIM 2.0) for ngrok."""

__version__ = "0.1.0"
