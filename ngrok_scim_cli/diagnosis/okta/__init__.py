"""Okta: the messages that it shows, and what its Management API tells.

``reasons`` judges a message, for `explain` and for the System Log. ``readings`` takes it apart,
``stages`` finds what Okta was doing, and ``vocabulary`` matches words. The rows that it is compared
with are tables: ``sentences`` (Okta's own), ``server_details`` (what servers say), ``situations``
(what people observe) and ``http_statuses``. ``rows`` reads them; ``fixes`` are shared by the rows.
``messages`` goes the other way: it says what Okta would show for a reply. ``system_log`` judges the
events of the System Log, and the other modules what the API tells of the org, the app and its
settings.
"""
