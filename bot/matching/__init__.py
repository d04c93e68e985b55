"""Is a candidate the same work as a record? Pure: records in, a verdict with its reasons out."""

from bot.matching.match import MATCHER_VERSION, Verdict, contradicts, match_record

__all__ = ["MATCHER_VERSION", "Verdict", "contradicts", "match_record"]
