"""Okta: what it says, what it shows, and what its API tells.

What a sentence means is judged by ``reasons``: by what Okta was doing (``stages``), then by the row
that fits. The rows stand in ``sentences`` (Okta's own), ``server_details`` (what servers say),
``situations`` (what people tell) and ``http_statuses``; they are known by the words of
``vocabulary``, and each has its causes (``causes``) and what helps (``fixes``). Of the System Log,
``log_events`` reads one event, ``system_log`` all of them. What Okta would show for what was seen
is in ``messages``. What Okta's API tells is in the other modules.
"""
