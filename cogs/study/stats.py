"""`/study stats`: a chart of the studies that had a card in a channel or server, by year and kind."""

import asyncio
import io
from collections.abc import Sequence
from typing import Any

import discord

from bot.core.phrase import Say
from bot.core.source import Sources
from bot.core.study import Study
from bot.services.library import Bibliography
from bot.services.studies_by_year import KIND_WORDS, Overview, overview
from cogs.study.bibliography import count_words, days_words, missing_words

NAME = "studies-by-year.png"


async def chart_of(studies: Sequence[Study], say: Say) -> discord.File | None:
    """Draw studies by year and kind, with a text for people who cannot see it; None if no study states its year."""
    counted = await asyncio.to_thread(overview, studies)
    if not counted.dated:
        return None
    return discord.File(io.BytesIO(await asyncio.to_thread(draw, counted, say)), NAME, description=described(counted, say))


def draw(counted: Overview, say: Say) -> bytes:
    """Give the chart as a PNG."""
    # Only here, the first time that a picture is wanted: matplotlib takes some 30 MB, which most bots never need.
    from cogs.study.chart import draw_chart  # noqa: PLC0415

    return draw_chart(counted, say)


def described(counted: Overview, say: Say) -> str:
    """Say in words what the chart shows."""
    first, last = counted.years or (0, 0)
    kinds = ", ".join(
        f"{word.said(say)} {count}" for kind, word in KIND_WORDS.items() if (count := counted.kinds().get(kind))
    )
    shown = say("Chart of {studies} by year, {first} to {last}.", studies=_dated(counted, say), first=first, last=last)
    if first == last:
        shown = say("Chart of {studies} of {year}.", studies=_dated(counted, say), year=first)
    retracted = sum(one.retracted for one in counted.dated)
    parts = [shown, f"{kinds}."] + ([f"{say('Retracted')} {retracted}."] if retracted else [])
    return " ".join(parts)


def _dated(counted: Overview, say: Say) -> str:
    return count_words(len(counted.dated), say)


async def drawn_stats(
    found: Bibliography, where: str, days: int, sources: Sources, say: Say, *, private: bool
) -> dict[str, Any]:
    """Draw the studies that had a card somewhere as arguments of `Messageable.send`."""
    studies = found.studies_for(private=private)
    chart = await chart_of(studies, say)
    undated = sum(not study.record.issued for study in studies)
    lines = [f"**{count_words(len(studies), say)}** · {where} · {days_words(days, say)}"]
    if undated:
        lines.append("-# " + say("Not in the chart, since their records state no year: {count}.", count=undated))
    if len(studies) < len(found.studies):
        lines.append("-# " + say("What stands behind a spoiler is left out."))
    if found.missing:
        lines.append("-# " + missing_words([*map(sources.label, found.missing)], say))
    return {"content": "\n".join(lines), "files": [chart] if chart is not None else [], "silent": True}
