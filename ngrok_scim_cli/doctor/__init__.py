"""Which checks run, in what order and side by side, and what each one needs."""
