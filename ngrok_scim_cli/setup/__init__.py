"""The guided setup: its steps, and the journal that makes it safe to kill."""
