"""Which checks run, in what order and side by side, and what each one needs.

May import: diagnosis, errors, form, hosts, probe, settings, text, wire.
"""
