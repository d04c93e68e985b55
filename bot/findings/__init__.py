"""Key findings: which sentences of an abstract say what was found, word for word."""
