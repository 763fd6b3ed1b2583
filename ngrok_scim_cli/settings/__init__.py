"""The profile, the secrets, and where each value came from.

May import: errors, form, redact.
"""
