"""Weights of the learned head; `python -m bot.findings.train.head` made them from sentences that people marked."""

WEIGHTS: dict[str, float] = {}
"""What each of `bot.findings.features.NAMES` adds to a sentence's score."""
