"""The guided setup: its steps, and the journal that makes it safe to kill.

May import: diagnosis, errors, form, hosts, probe, report, settings, text, wire.
"""
