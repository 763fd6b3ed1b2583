"""Okta: the messages that it shows, and what its Management API tells.

``reasons`` judges a message, for `explain` and for the System Log. ``readings`` takes it apart,
``stages`` finds what Okta was doing, and ``vocabulary`` matches words. The rows that it is compared
with are tables: ``sentences`` (Okta's own), ``server_details`` (what servers say), ``situations``
(what people observe) and ``http_statuses``. ``rows`` reads them; ``fixes`` are shared by the rows.
``messages`` goes the other way: it says what Okta would show for a reply. ``log_events`` reads one
event of the System Log and ``system_log`` all of them. The other modules judge what the API tells
of the org, the app and its settings.
"""
