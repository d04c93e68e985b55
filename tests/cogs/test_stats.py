"""Charts of what was read: `/study stats`, and the one of a bibliography."""

import io
import subprocess
import sys
from collections import Counter

import discord
import pytest
from PIL import Image

from bot.core.channel_settings import Mode
from bot.core.phrase import english
from bot.services.studies_by_year import Counted, Overview, StudyKind
from cogs.study.stats import NAME, described, draw
from tests.cogs.conftest import Room
from tests.cogs.test_bibliography import carded
from tests.cogs.test_watch import LINK, VIEW
from tests.invented import invented_page
from tests.references import erowid

HUMAN, ANIMAL, *_ = StudyKind


@pytest.fixture
async def read(room: Room) -> Room:
    """A room that has seen two studies, one of them retracted."""
    room.pages.answers[erowid(1)] = invented_page("Newtol in the rat", "NOTE: Retracted by authors.", "It was.")
    room.pages.answers[erowid(2)] = invented_page("Newtol for hiccups: a review")
    for number in (1, 2):
        await room.alice.send(room.channel, LINK.format(number))
    return room


async def picture(result) -> Image.Image:
    """The chart of an answer."""
    (chart,) = [file for file in result.response.attachments if file.filename == NAME]
    return Image.open(io.BytesIO(await chart.read()))


async def test_the_chart_of_a_bibliography(read: Room) -> None:
    """One picture, described in words, before the files."""
    result = await read.alice.slash(read.channel, "study bibliography")
    chart, archive = result.response.attachments
    assert chart.description == "Chart of 2 studies of 1988. Animal 1, Reviews 1. Retracted 1."
    assert archive.filename == "bibliography.zip"
    image = await picture(result)
    assert image.format == "PNG"
    assert image.size == (780, 520)


async def test_stats_of_the_channel(read: Room) -> None:
    """Private unless a public answer is asked for, and always where cards are off; one line says what is counted."""
    result = await read.alice.slash(read.channel, "study stats")
    assert result.ephemeral
    assert result.response.content == "**2 studies** · this channel and its threads · last 90 days"
    await picture(result)
    public = await read.alice.slash(read.channel, "study stats", public=True, days=1)
    assert not public.ephemeral
    assert public.response.content == "**2 studies** · this channel and its threads · last 24 hours"
    await read.choose(mode=Mode.OFF)
    assert (await read.alice.slash(read.channel, "study stats", public=True)).ephemeral


async def test_where(read: Room) -> None:
    """The channel alone, with its public threads, or the channels of the server that the reader can see."""
    for number, place in ((3, {"channel": 77, "parent": read.channel.id}), (4, {}), (5, {"channel": 99})):
        await read.services.cards.study(erowid(number))
        await carded(read, number, **place)
    open_to_all = read.guild.create_text_channel("open")
    closed = read.guild.create_text_channel("closed")
    for number, channel in ((6, open_to_all), (7, closed)):
        await read.services.cards.study(erowid(number))
        await carded(read, number, channel=channel.id)
    guild, there = read.env.bot.get_guild(read.guild.id), read.env.bot.get_channel(closed.id)
    let_in = discord.PermissionOverwrite(view_channel=True, read_message_history=True)
    await there.set_permissions(await guild.fetch_member(read.alice.id), overwrite=let_in)
    await there.set_permissions(guild.default_role, overwrite=discord.PermissionOverwrite(view_channel=False))
    await read.env.settle()
    bob = read.guild.add_member(read.env.create_user("bob"))

    async def count(who, **options) -> str:
        return (await who.slash(read.channel, "study stats", **options)).response.content.partition(" · last")[0]

    assert await count(bob, where="channel") == "**3 studies** · this channel"
    assert await count(bob) == "**4 studies** · this channel and its threads"
    assert await count(bob, where="server") == "**5 studies** · this server"
    assert await count(read.alice, where="server") == "**6 studies** · this server"
    assert await count(read.alice, where="server", public=True) == "**5 studies** · this server"


async def test_what_is_not_in_the_chart(read: Room) -> None:
    """Records without a year, and those that were never stored, are named; public answers leave out spoilers."""
    read.pages.answers[erowid(3)] = invented_page("Undated").replace(b"1988 Apr 26;447(1):141-4.", b"")
    await read.alice.send(read.channel, LINK.format(3))
    await carded(read, 9)
    await read.alice.send(read.channel, f"||{VIEW}||")
    private = await read.alice.slash(read.channel, "study stats")
    assert private.response.content.splitlines() == [
        "**4 studies** · this channel and its threads · last 90 days",
        "-# Not in the chart, since their records state no year: 1.",
        "-# Left out, since they could not be stored: Erowid reference 9.",
    ]
    public = await read.alice.slash(read.channel, "study stats", public=True)
    assert public.response.content.startswith("**3 studies**")
    assert "-# What stands behind a spoiler is left out." in public.response.content


async def test_nothing_to_count(room: Room) -> None:
    """One sentence; where no study states a year, there is no picture."""
    result = await room.alice.slash(room.channel, "study stats", days=7)
    assert result.response.content == "No study had a card here in the last 7 days."
    room.pages.answers[erowid(3)] = invented_page("Undated").replace(b"1988 Apr 26;447(1):141-4.", b"")
    await room.alice.send(room.channel, LINK.format(3))
    undated = await room.alice.slash(room.channel, "study stats")
    assert undated.response.attachments == []
    assert "state no year: 1." in undated.response.content


async def test_in_direct_messages(room: Room, asked) -> None:
    """There is no server: what stands here counts."""
    user = room.env.create_user("bob")
    asked |= {"context": 1, "authorizing_integration_owners": {"1": str(user.id)}}
    await user.slash("study show", reference="5")
    assert (await user.slash("study stats", where="server")).response.content.startswith("**1 study**")


def pixels(studies: Overview) -> Counter:
    """How often each colour occurs in a chart."""
    image = Image.open(io.BytesIO(draw(studies, english))).convert("RGB")
    return Counter(image.get_flattened_data() if hasattr(image, "get_flattened_data") else image.getdata())


def test_what_is_drawn() -> None:
    """Each kind in its colour, as many cells as studies; a retracted one is crossed, which takes some of its colour."""
    blue, orange = (0x56, 0xB4, 0xE9), (0xE6, 0x9F, 0x00)
    one, two = (pixels(Overview((Counted(2000, HUMAN),) * count)) for count in (1, 2))
    assert one[orange] == 0
    assert two[blue] > 1.8 * one[blue] > 0
    crossed = pixels(Overview((Counted(2000, HUMAN, retracted=True), Counted(2001, ANIMAL))))
    assert 0 < crossed[blue] < one[blue]
    assert crossed[orange] > 0


@pytest.mark.parametrize("count", [1, 3, 30, 300, 3_000])
def test_any_number_is_drawn(count: int) -> None:
    """Of the same size, whatever the years."""
    kinds = list(StudyKind)
    studies = Overview(tuple(Counted(1900 + n * 7 % 126, kinds[n % 5], n % 20 == 1) for n in range(count)))
    assert Image.open(io.BytesIO(draw(studies, english))).size == (780, 520)
    assert len(described(studies, english)) < 1_024


def test_who_asks_for_no_chart_pays_for_none() -> None:
    """The bot itself does not load matplotlib."""
    code = "import sys, bot.app; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
