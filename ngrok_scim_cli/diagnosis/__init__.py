"""What was typed and what was seen, turned into findings. Pure: no network, screen or clock.

May import: form, hosts, text, wire.
"""
