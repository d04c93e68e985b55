import json
from datetime import timedelta

import discord
import pytest

from bot.core.channel_settings import Mode
from bot.core.phrase import english
from bot.core.record import Record
from bot.core.reply import Reply
from bot.core.study import Study
from bot.services.library import Bibliography
from cogs.study.bibliography import drawn, formatted
from tests.cogs.archives import unpacked
from tests.cogs.conftest import NOW, Room
from tests.cogs.test_watch import LINK, VIEW
from tests.invented import invented_page
from tests.references import SOURCES, erowid


async def carded(room: Room, number: int, *, days: float = 0, parent: int | None = None, channel: int | None = None) -> None:
    """Let the channel have seen a record's card some days ago."""
    where = channel or room.channel.id
    made_at = NOW - timedelta(days=days)
    pair = Reply(10_000 + number, None, erowid(number), where, room.alice.id, made_at, parent_id=parent)
    await room.services.replies.add(pair)


async def test_one_list_and_its_files(room: Room) -> None:
    """In alphabetical order, each study once; three files with all of them, private unless public is asked for."""
    room.pages.answers[erowid(1)] = invented_page("A second study")
    await room.alice.send(room.channel, VIEW)
    await room.alice.send(room.channel, LINK.format(1))
    await room.alice.send(room.channel, VIEW)
    result = await room.alice.slash(room.channel, "study bibliography")
    assert result.ephemeral
    (embed,) = result.response.embeds
    first, second, _pointer = room.cards()
    wanted = "**{}.** Doe, J. A., & Roe, R. B. (1988). {}. *J Imag Pharmacol*, *447*(1), 141–144.\n-# [card]({})"
    assert embed.description.split("\n\n") == [
        wanted.format(1, "A second study", second.jump_url),
        wanted.format(2, "On a drug that does not exist", first.jump_url),
    ]
    assert embed.footer.text == "2 studies · last 30 days · APA"
    texts = await unpacked(result)
    assert list(texts) == ["README.txt", "ris", "bib", "json", "txt"]
    assert [line.partition(":")[0] for line in texts["README.txt"].splitlines()] == [
        f"bibliography.{end}" for end in ("ris", "bib", "json", "txt")
    ]
    items = json.loads(texts["json"])
    assert {item["URL"] for item in items} == {VIEW, LINK.format(1)}
    public = await room.alice.slash(room.channel, "study bibliography", public=True, style="ieee", days=1)
    assert not public.ephemeral
    assert public.response.embeds[0].footer.text == "2 studies · last 24 hours · IEEE"


async def test_only_the_days_that_were_asked_for(room: Room) -> None:
    """Days are counted from now."""
    await room.services.cards.study(erowid(1))
    await carded(room, 1, days=5)
    assert "in the last 4 days" in (await room.alice.slash(room.channel, "study bibliography", days=4)).response.content
    listed = await room.alice.slash(room.channel, "study bibliography", days=6)
    assert listed.response.embeds[0].footer.text == "1 study · last 6 days · APA"
    nothing = await room.alice.slash(room.channel, "study bibliography", days=1, public=True)
    assert nothing.response.content == "No study had a card here in the last 24 hours."
    assert nothing.ephemeral


async def test_missing_records_are_named(room: Room) -> None:
    """Nothing is left out in silence, even where all is missing."""
    await carded(room, 7)
    await carded(room, 8)
    result = await room.alice.slash(room.channel, "study bibliography")
    assert (
        result.response.embeds[0].description
        == "-# Left out, since they could not be stored: Erowid reference 7, Erowid reference 8."
    )
    assert result.response.attachments == []


async def test_a_long_list_goes_into_a_file(room: Room) -> None:
    """The message shows its beginning and says so; the file has all, missing records too."""
    for number in range(1, 61):
        if number <= 35:
            room.pages.answers[erowid(number)] = invented_page(f"Study {number:02} of {'many ' * 15}")
            await room.services.cards.study(erowid(number))
        await carded(room, number)
    result = await room.alice.slash(room.channel, "study bibliography")
    (embed,) = result.response.embeds
    assert len(embed.description) <= 4_096
    assert "-# The text file has all 35." in embed.description
    assert "The text file names all 25." in embed.description
    assert embed.footer.text.startswith("35 studies")
    text = (await unpacked(result))["txt"]
    assert text.count("J Imag Pharmacol") == 35
    assert "Erowid reference 36, Erowid reference 37," in text


async def test_private_threads_stay_private(room: Room) -> None:
    """What a public thread showed belongs to its channel's list; of a private thread the channel learns nothing."""
    await room.services.cards.study(erowid(1))
    await room.services.cards.study(erowid(2))
    await carded(room, 1, channel=5, parent=room.channel.id)
    channel = room.env.bot.get_channel(room.channel.id)
    private = await channel.create_thread(name="secret", type=discord.ChannelType.private_thread)
    await private.add_user(discord.Object(room.alice.id))
    await room.env.settle()
    (handle,) = [thread for thread in room.channel.threads if thread.id == private.id]
    await room.alice.slash(handle, "study show", reference="2")
    await room.alice.send(handle, VIEW)
    assert [pair.parent_id for pair in await room.services.replies.recent(private.id, most=5)] == [None, None]
    result = await room.alice.slash(room.channel, "study bibliography")
    assert result.response.embeds[0].footer.text.startswith("1 study ")


async def test_where_cards_are_off_it_is_private(room: Room) -> None:
    """Moderators want the channel quiet."""
    await room.alice.send(room.channel, VIEW)
    await room.choose(mode=Mode.OFF)
    assert (await room.alice.slash(room.channel, "study bibliography", public=True)).ephemeral


async def test_a_style_that_there_is_not(room: Room) -> None:
    """One sentence."""
    result = await room.alice.slash(room.channel, "study bibliography", style="nonsense")
    assert "There is no citation style “nonsense”." in result.response.content
    assert len(room.env.errors) == 1


@pytest.mark.parametrize("context", [1, 2])
async def test_in_direct_messages(room: Room, asked, context: int) -> None:
    """With the bot, and between people who brought it along."""
    user = room.env.create_user("bob")
    asked |= {"context": context, "authorizing_integration_owners": {"1": str(user.id)}}
    shown = await user.slash("study show", reference="5")
    assert not shown.ephemeral
    listed = await user.slash("study bibliography")
    assert listed.response.embeds[0].footer.text.startswith("1 study ")
    assert "discord.com/channels/@me/" in str((await user.slash("study recent")).response.components)


async def test_a_card_that_is_gone_in_the_meantime() -> None:
    """Its entry leads to the record."""
    seen = Bibliography((Study(Record(erowid(5), "On nothing")),), ())
    made = await formatted(seen, "apa", SOURCES, private=True)
    assert drawn(made, 30, english)["embed"].description.endswith(
        "\n-# [record](https://www.erowid.org/references/refs_view.php?ID=5)"
    )
