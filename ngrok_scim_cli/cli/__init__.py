"""The commands, a file for each or for a group, and what they share. No rule, no request.

May import: diagnosis, doctor, errors, form, hosts, probe, redact, rehearsal, report, sandbox,
settings, setup, wire.
"""
