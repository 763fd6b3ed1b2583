"""The checks and the evidence that they share; the audit, the trace and the preview made of it.

May import: diagnosis, errors, form, hosts, probe, settings, text, wire.
"""
