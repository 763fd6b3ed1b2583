"""What a person types: one file a command, and what all commands share. No rule, no request.

May import: diagnosis, doctor, errors, form, hosts, probe, redact, rehearsal, report, sandbox,
settings, setup, wire.
"""
