"""Requests to ngrok's API, its SCIM endpoint and Okta: sent, timed, and given back as records.

May import: hosts, redact, text.
"""
