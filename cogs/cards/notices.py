"""Retractions, expressions of concern and corrections, as markdown with links to their notices."""

from bot.core.card_lines import issued, notice_name, other_notices, retraction_parts
from bot.core.channel_settings import Size
from bot.core.enrichment import Notice
from bot.core.phrase import Say, english
from bot.core.study import Study
from bot.core.web_links import doi_url
from cogs.discord_kit.markdown import escape

_ADDRESS = 160
"""Characters of a notice's address; a longer one is not linked."""
_NAMED = 2
"""How many notices are named; further ones are only counted."""


def retraction_line(study: Study, size: Size = Size.FULL, say: Say = english) -> str:
    """Say that a work was retracted, when and according to whom, with a link to the notice; empty if it was not.

    A compact card has room for the date only; the date is then the link.
    """
    if not study.retracted:
        return ""
    date, told = retraction_parts(study, say)
    url = retraction_url(study)
    if size is Size.COMPACT:
        parts = [f"[{date or say('notice')}]({url})" if url is not None else date]
    else:
        parts = [date, f"[{say('notice')}]({url})" if url is not None else "", escape(told)]
    return " · ".join([f"**{say('Retracted')}**", *filter(None, parts)])


def retraction_words(study: Study, size: Size = Size.FULL, say: Say = english) -> str:
    """Say in plain text that a study was retracted, when and according to whom, without a link."""
    date, told = retraction_parts(study, say)
    return " · ".join(filter(None, [say("Retracted"), date, told if size is Size.FULL else ""]))


def retraction_url(study: Study) -> str | None:
    """Give the address of the notice of retraction."""
    notice = study.retraction_notice
    return doi_url(notice.doi, most=_ADDRESS) if notice is not None and notice.doi else None


def notices_line(study: Study, size: Size = Size.FULL, say: Say = english) -> str:
    """Name expressions of concern and corrections, each a link to its notice."""
    found = other_notices(study)
    if size is Size.COMPACT:
        return _named(found[0], say) if found else ""
    said = [_named(one, say) for one in found[:_NAMED]]
    if left := len(found) - len(said):
        said.append(say("{count} more", "{count} more", count=left))
    return " · ".join(said)


def _named(notice: Notice, say: Say) -> str:
    name, url = notice_name(notice, say), doi_url(notice.doi, most=_ADDRESS) if notice.doi else None
    named = f"[{name}]({url})" if url is not None else name
    return f"{named}, {issued((notice.date,), say)}" if notice.date else named
