"""Decides whether a candidate is the same work as a record; pure functions from both to a verdict with its reason."""

from bot.matching.match import MATCHER_VERSION, Verdict, contradicts, match_record

__all__ = ["MATCHER_VERSION", "Verdict", "contradicts", "match_record"]
