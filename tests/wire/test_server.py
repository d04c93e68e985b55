"""The simulated Discord, proved by bare discord.py: what the wire tests of our bot stand on."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands, ui

from tests.wire import objects as o
from tests.wire.bare import BareAdapter, BareClient, async_context
from tests.wire.discord_server import TOKEN, Discord
from tests.wire.rest import MISSING_PERMISSIONS, broken, rate_limited

NO_CONTENT = discord.Intents(guilds=True, messages=True)


class Ear(BareClient):
    """Keeps what it hears."""

    def __init__(self, server: Discord, **options: Any) -> None:
        super().__init__(server.api_url, server.gateway_url, **options)
        self._server = server
        self.heard: list[discord.Message] = []
        self.asked: list[discord.Interaction] = []

    async def on_message(self, message: discord.Message) -> None:
        if message.author.id != o.APPLICATION:
            self.heard.append(message)
            self._server.notify()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        self.asked.append(interaction)
        self._server.notify()


@asynccontextmanager
async def listening(server: Discord, **options: Any) -> AsyncIterator[Ear]:
    """Run a client until the block ends; its failure ends the block's waits too."""
    client = Ear(server, **options)
    async_context.set(BareAdapter(server.api_url))
    async with client:
        running = asyncio.create_task(client.start(TOKEN))
        running.add_done_callback(lambda _: server.notify())
        await server.until(lambda: server.gateway.connected() or running.done())
        yield client
        await client.close()
    await running


def view() -> ui.LayoutView:
    """A card's parts, with all kinds of components that a card may hold."""
    card: ui.Container[Any] = ui.Container(accent_color=0x336699)
    card.add_item(ui.Section("## title", accessory=ui.Button(label="Open", url="https://site.example/")))
    card.add_item(ui.Separator())
    card.add_item(ui.TextDisplay("> a quotation"))
    card.add_item(
        ui.ActionRow(ui.Button(label="Cite", custom_id="cite:1"), ui.Button(label="Away", custom_id="away", emoji="📄"))
    )
    return ui.LayoutView(timeout=None).add_item(card)


async def test_what_discord_py_sends_is_right(discord_server: Discord) -> None:
    """Common calls of discord.py 2.7.1 break no rule and get what Discord would answer."""
    async with listening(discord_server) as client:
        pasted = await discord_server.paste("hello")
        message = (await discord_server.until(lambda: client.heard))[0]
        assert message.content == "hello"
        reply = await message.reply(view=view(), mention_author=False, silent=True)
        assert [it["id"] for it in discord_server.replies(pasted)] == [str(reply.id)]
        assert reply.flags.value == 1 << 15 | 1 << 12
        await reply.edit(view=view())
        embed = discord.Embed(title="t", description="d", timestamp=discord.utils.utcnow()).add_field(name="a", value="b")
        sent = await message.channel.send(embed=embed, file=discord.File(io.BytesIO(b"x"), "a.bib"))
        await sent.delete()
        await message.add_reaction("📄")
        assert discord_server.reactions_to(pasted) == ["📄"]
        await message.remove_reaction("📄", client.user)  # type: ignore[arg-type]
        async with message.channel.typing():
            pass
        assert discord_server.typing == [str(o.GENERAL)]
        assert discord_server.reactions == []


async def test_interactions(discord_server: Discord) -> None:
    """Answers, deferred answers, edits in place, forms and suggestions arrive as Discord wants them."""
    async with listening(discord_server) as client:
        await discord_server.interact(2, {"id": "5", "name": "cite", "type": 1})
        first = (await discord_server.until(lambda: client.asked)).pop()
        await first.response.send_message("hello", ephemeral=True)
        await first.edit_original_response(content="edited")
        assert (await first.followup.send("more", wait=True)).content == "more"
        await first.delete_original_response()
        assert [it["content"] for it in discord_server.messages.values()] == ["more"]

        await discord_server.interact(2, {"id": "5", "name": "cite", "type": 1})
        slow = (await discord_server.until(lambda: client.asked)).pop()
        await slow.response.defer()
        card = await slow.edit_original_response(view=view())
        await discord_server.interact(2, {"id": "5", "name": "cite", "type": 1})
        failed = (await discord_server.until(lambda: client.asked)).pop()
        await failed.response.defer(thinking=True)
        said = await failed.followup.send("in vain", ephemeral=True, wait=True)
        assert not said.flags.ephemeral  # it takes the place of "thinking ...", which all could see
        assert (await failed.followup.send("to you alone", ephemeral=True, wait=True)).flags.ephemeral

        await discord_server.interact(
            3, {"custom_id": "cite:1", "component_type": 2}, message=discord_server.messages[str(card.id)]
        )
        click = (await discord_server.until(lambda: client.asked)).pop()
        await click.response.edit_message(view=view())
        with pytest.raises(discord.InteractionResponded):
            await click.response.defer()

        await discord_server.interact(
            3, {"custom_id": "away", "component_type": 2}, message=discord_server.messages[str(card.id)]
        )
        other = (await discord_server.until(lambda: client.asked)).pop()
        form = ui.Modal(title="Form").add_item(ui.Label(text="Pages", component=ui.TextInput()))
        await other.response.send_modal(form)

        await discord_server.interact(4, {"id": "5", "name": "cite", "type": 1, "options": []})
        typed = (await discord_server.until(lambda: client.asked)).pop()
        await typed.response.autocomplete([app_commands.Choice(name="one", value="1")])


async def test_commands_are_registered(discord_server: Discord) -> None:
    """A bulk overwrite of commands passes and is kept."""
    async with listening(discord_server) as client:
        tree = app_commands.CommandTree(client)

        @tree.command(description="Cite")
        @app_commands.default_permissions(manage_guild=True)
        async def cite(interaction: discord.Interaction, target: str, pages: app_commands.Range[int, 1, 5] = 1) -> None: ...

        @tree.context_menu(name="Cite this")
        async def cite_this(interaction: discord.Interaction, message: discord.Message) -> None: ...

        await tree.sync()
        assert [it["name"] for it in discord_server.commands["global"]] == ["cite", "Cite this"]


async def test_faults_are_met(discord_server: Discord) -> None:
    """429 and 500 are got over, the latter after the message was made: its nonce keeps it single; 403, 404 are raised."""
    rest = discord_server.rest
    async with listening(discord_server) as client:
        await discord_server.paste("hello")
        message = (await discord_server.until(lambda: client.heard))[0]
        rest.fault("POST", "messages$", rate_limited(0.01))
        rest.fault("POST", "messages$", rate_limited(0.01, everywhere=True))
        await message.reply("one")
        assert [it.status for it in rest.asked("POST", "messages$")] == [429, 429, 200]
        rest.fault("POST", "messages$", broken(500), late=True)
        await message.reply("two")
        assert [it["content"] for it in discord_server.messages.values()] == ["hello", "one", "two"]
        rest.fault("PUT", "reactions", MISSING_PERMISSIONS)
        with pytest.raises(discord.Forbidden, match="50013"):
            await message.add_reaction("📄")
        discord_server.deny(o.GENERAL, o.SEND)
        with pytest.raises(discord.Forbidden, match="50013"):
            await message.reply("three")
        discord_server.deny(o.GENERAL, 0)
        await discord_server.delete(discord_server.messages[str(message.id)])
        with pytest.raises(discord.HTTPException, match="Unknown message"):
            await message.reply("four")
        with pytest.raises(discord.NotFound, match="10008"):
            await message.add_reaction("📄")
        rest.fault("POST", "typing", None)
        with pytest.raises((aiohttp.ClientError, OSError)):
            await message.channel.typing()


async def test_wrong_requests_are_refused_and_noted() -> None:
    """What breaks a rule is answered with 50035 and stands in `violations`; so does a route nobody simulated."""
    async with Discord.open(strict=False) as server:
        async with listening(server) as client:
            await server.paste("hello")
            message = (await server.until(lambda: client.heard))[0]
            with pytest.raises(discord.HTTPException, match="50035"):
                await message.reply("x" * 2001)
            with pytest.raises(discord.NotFound):
                await message.pin()
        assert len(server.rest.violations) == 2


async def test_a_wrong_token_is_refused() -> None:
    """REST answers 401 and the gateway is never reached."""
    async with Discord.open() as server, Ear(server) as client:
        with pytest.raises(discord.LoginFailure):
            await client.start("wrong")
        assert server.gateway.connects == []


async def test_the_privileged_intent_is_guarded(discord_server: Discord) -> None:
    """Where it is switched off the gateway closes with 4014."""
    discord_server.gateway.message_content = False
    async with Ear(discord_server) as client:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await client.start(TOKEN)


async def test_content_without_the_intent(discord_server: Discord) -> None:
    """Without the intent a message is blank, unless it mentions the bot or is a direct one."""
    async with listening(discord_server, intents=NO_CONTENT) as client:
        await discord_server.paste("secret")
        await discord_server.paste("to you", mentions=(o.APPLICATION,))
        await discord_server.paste("to you alone", channel=o.DM)
        await discord_server.until(lambda: len(client.heard) == 3)
        assert [it.content for it in client.heard] == ["", "to you", "to you alone"]
        assert client.heard[2].guild is None


@pytest.mark.parametrize("how", ["closed", "cut", "asked", "resumable"])
async def test_resume(discord_server: Discord, how: str) -> None:
    """A client that lost its connection resumes and gets what it missed, and what it had already if the server says so."""
    gateway = discord_server.gateway
    async with listening(discord_server) as client:
        await discord_server.paste("one")
        await discord_server.until(lambda: client.heard)
        if how == "closed":
            await gateway.close(4000)
            gateway.replay_from = 2
            await discord_server.paste("two")
        elif how == "cut":
            gateway.cut()
        elif how == "asked":
            await gateway.ask_reconnect()
        else:
            await gateway.invalidate(resumable=True)
        await discord_server.until(lambda: gateway.resumes and gateway.connected())
        await discord_server.paste("last")
        await discord_server.until(lambda: client.heard[-1].content == "last")
        assert [it.content for it in client.heard] == (["one", "one", "two", "last"] if how == "closed" else ["one", "last"])
        assert len(gateway.identifies) == 1


async def test_an_invalid_session_begins_anew(discord_server: Discord) -> None:
    """After op 9 the client identifies again; what was missed is lost."""
    gateway = discord_server.gateway
    async with listening(discord_server) as client:
        await discord_server.paste("one")
        await discord_server.until(lambda: client.heard)
        await gateway.invalidate()
        await discord_server.until(lambda: len(gateway.identifies) == 2 and gateway.connected())
        await discord_server.paste("two")
        await discord_server.until(lambda: len(client.heard) == 2)
        assert gateway.resumes == []
