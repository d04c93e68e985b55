"""The data types that all layers share, and pure rules: no clock, no I/O, no environment."""
