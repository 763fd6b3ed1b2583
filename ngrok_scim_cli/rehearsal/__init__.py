"""Plays what Okta does in a user's life, with a throw-away user that it leaves deactivated.

May import: diagnosis, form, settings, text, wire.
"""
