"""What Okta does, as a client: the connector test, and the look-up of a domain.

May import: diagnosis, form, hosts, text, wire.
"""
