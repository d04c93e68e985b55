"""The words every layer shares, and the rules that need nothing but Python: no clock, no I/O, no environment."""
