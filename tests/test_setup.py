"""`python -m bot setup`: a bot that can be invited, from one command; and what it writes into `.env`."""

import asyncio
import os
import pty
import signal
import sys
from asyncio.subprocess import Process as Child
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from discord.http import Route

from bot.cli import main
from bot.commands.setup import check_contact, check_token
from bot.core.errors import ConfigurationError, OutputFailed
from bot.env_file import ENV, store, stored
from bot.settings import Settings
from tests.wire.discord_server import TOKEN, Discord
from tests.wire.erowid import serve_erowid
from tests.wire.process import ROOT, bot

CONTACT = "keeper@precis.example"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(Route, "BASE", Route.BASE)  # which a client with DISCORD_API_URL moves
    monkeypatch.chdir(tmp_path)


def held() -> tuple[str, int]:
    return ENV.read_text("utf-8"), ENV.stat().st_mode & 0o777


async def test_all_from_the_environment(tmp_path: Path) -> None:
    """Nothing is asked; all is done; a second time nothing is written, and the bot runs with what was written."""
    async with Discord.open() as server, serve_erowid() as site:
        for said in (f"DISCORD_TOKEN and CONTACT written to {ENV}.", f"{ENV} has both already."):
            async with bot("setup", server, tmp_path, EROWID_URL=site.url) as process:
                assert await process.exit() == 0, process.out + process.log
            assert said in process.out
            assert "commands sent" in process.out
            assert "https://discord.com/oauth2/authorize?client_id=" in process.out
            assert "as they are here" in process.out
            assert "Start the bot with `make run`" in process.out
            assert held() == (f"DISCORD_TOKEN={TOKEN}\nCONTACT={CONTACT}\n", 0o600)
        assert server.commands["global"]
        async with bot("run", server, tmp_path, DISCORD_TOKEN="", CONTACT="", EROWID_URL=site.url) as process:
            await server.until(server.gateway.connected)
            assert await process.stop() == 0


async def test_what_doctor_finds_is_the_exit_code(tmp_path: Path) -> None:
    """All is done that can be done, and the last word is what is still missing."""
    async with Discord.open() as server, serve_erowid() as site:
        server.gateway.message_content = False
        async with bot("setup", server, tmp_path, EROWID_URL=site.url) as process:
            assert await process.exit() == 78
        assert "Message Content Intent" in process.out
        assert "Start the bot" not in process.out


async def test_a_token_that_discord_refuses(tmp_path: Path) -> None:
    """One sentence, and the exit code of a wrong configuration."""
    async with Discord.open() as server:
        wrong = TOKEN.replace("wire", "other")
        async with bot("setup", server, tmp_path, DISCORD_TOKEN=wrong) as process:
            assert await process.exit() == 78
        assert "copy it anew" in process.log


class Terminal:
    """A program in a terminal of its own."""

    def __init__(self, child: Child, master: int) -> None:
        self._child = child
        self._master = master
        self.text = ""
        self._news, self._ended = asyncio.Event(), asyncio.Event()
        asyncio.get_running_loop().add_reader(master, self._read)

    def _read(self) -> None:
        try:
            more = os.read(self._master, 65_536)
        except OSError:  # the program has ended
            more = b""
        if not more:
            asyncio.get_running_loop().remove_reader(self._master)
            self._ended.set()
        self.text += more.decode()
        self._news.set()

    async def _asked(self, question: str) -> None:
        async with asyncio.timeout(60):
            while question not in self.text:
                self._news.clear()
                await self._news.wait()

    async def interrupt(self, question: str) -> None:
        """Wait for a question, and press Ctrl-C instead of an answer."""
        await self._asked(question)
        self._child.send_signal(signal.SIGINT)

    async def answer(self, question: str, words: str) -> None:
        """Wait for a question, and type the answer to it."""
        await self._asked(question)
        self.text = self.text.partition(question)[2]
        os.write(self._master, words.encode() + b"\n")

    async def exit(self) -> int:
        async with asyncio.timeout(60):
            await self._ended.wait()
            return await self._child.wait()


@asynccontextmanager
async def terminal(environment: dict[str, str]) -> AsyncIterator[Terminal]:
    """Run `setup` in a terminal."""
    master, slave = pty.openpty()
    child = None
    try:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "setup"),
            env=environment,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        yield Terminal(child, master)
    finally:
        if child is not None and child.returncode is None:
            child.kill()
            await child.wait()
        os.close(master)


@pytest.mark.storm
async def test_questions_in_a_terminal(tmp_path: Path) -> None:
    """What is no token or contact is asked for again, the token is never shown, and Enter keeps what `.env` has."""
    async with Discord.open() as server, serve_erowid() as site:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "PYTHONPATH": str(ROOT),
            "DISCORD_API_URL": server.api_url,
            "DISCORD_GATEWAY_URL": server.gateway_url,
            "EROWID_URL": site.url,
            "ENRICH": "off",
        }
        ENV.write_text("# mine\nLOG_LEVEL=ERROR\nCONTACT=\n", "utf-8")
        async with terminal(environment) as aborted:
            await aborted.interrupt("token (it is not shown): ")
            assert await aborted.exit() == 1
            assert "Aborted!" in aborted.text
        rounds = [
            [
                ("token (it is not shown): ", "client-secret"),
                ("ID are none.\r\nThe bot's token (it is not shown): ", ""),
                ("ID are none.\r\nThe bot's token (it is not shown): ", TOKEN),
                ("can reach you: ", "somebody"),
                ("can reach you: ", CONTACT),
            ],
            [("[Enter: the one in .env]: ", ""), (f"can reach you [Enter: {CONTACT}]: ", "")],
        ]
        for questions in rounds:
            shown = ""
            async with terminal(environment) as asking:
                for question, words in questions:
                    await asking.answer(question, words)
                    shown += asking.text
                assert await asking.exit() == 0, asking.text
            assert TOKEN not in shown + asking.text
            assert "All is set up" in asking.text
            assert held() == (f"# mine\nLOG_LEVEL=ERROR\nCONTACT={CONTACT}\nDISCORD_TOKEN={TOKEN}\n", 0o600)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "DISCORD_TOKEN is not set, and nobody can be asked here"),
        ({"DISCORD_TOKEN": TOKEN}, "CONTACT is not set, and nobody can be asked here"),
        ({"DISCORD_TOKEN": "0123456789abcdef" * 4, "CONTACT": CONTACT}, "That is no bot token"),
        ({"DISCORD_TOKEN": TOKEN, "CONTACT": "me"}, "CONTACT must be an e-mail address"),
        ({"DISCORD_TOKEN": TOKEN, "CONTACT": CONTACT, "FRESH_DAYS": "soon"}, "FRESH_DAYS must be"),
    ],
)
def test_nobody_to_ask(given: dict[str, str], says: str) -> None:
    """One sentence, 78, and no file."""
    done = CliRunner().invoke(main, ["setup"], env=given)
    assert done.exit_code == 78
    assert done.stderr.startswith(says)
    assert len(done.stderr.splitlines()) == 1
    assert TOKEN not in done.output
    assert not ENV.exists()


@pytest.mark.parametrize("token", [TOKEN, f" {TOKEN}\n", f"Bot {TOKEN}"])
def test_tokens(token: str) -> None:
    """As people copy them."""
    assert check_token(token) == TOKEN


@pytest.mark.parametrize(
    "token", ["", "0123456789abcdef" * 4, "150000000000000001", "a.b.c", f"{TOKEN} {TOKEN}", "tökentoken.a.b"]
)
def test_no_tokens(token: str) -> None:
    """A public key, an ID, two at once."""
    with pytest.raises(ConfigurationError, match="no bot token"):
        check_token(token)


@pytest.mark.parametrize(
    "contact",
    [CONTACT, f" {CONTACT} ", f"Jane Doe <{CONTACT}>", "https://precis.example", "https://precis.example/@jane?a=b"],
)
def test_contacts(contact: str) -> None:
    """An address of either kind."""
    assert check_contact(contact) == contact.strip()


@pytest.mark.parametrize(
    "contact", ["", "jane", "precis.example", "ftp://precis.example", "jane@a b", "jäne@precis.example"]
)
def test_no_contacts(contact: str) -> None:
    """Nothing that nobody could write to, or that no header can carry."""
    with pytest.raises(ConfigurationError, match="CONTACT must be"):
        check_contact(contact)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "DISCORD_TOKEN=a.b\n"),
        ("", "DISCORD_TOKEN=a.b\n"),
        (
            "# DISCORD_TOKEN=old\nLOG_LEVEL='INFO' # mine",
            "# DISCORD_TOKEN=old\nLOG_LEVEL='INFO' # mine\nDISCORD_TOKEN=a.b\n",
        ),
        ("A=1\nDISCORD_TOKEN=old\n\nDATABASE_URL=x\n", "A=1\nDISCORD_TOKEN=a.b\n\nDATABASE_URL=x\n"),
        ('M="one\nDISCORD_TOKEN=two"\nDISCORD_TOKEN=\n', 'M="one\nDISCORD_TOKEN=two"\nDISCORD_TOKEN=a.b\n'),
    ],
)
def test_the_rest_of_the_file_stays(before: str | None, after: str) -> None:
    """Comments, order, quotes, values of several lines; and the file is its owner's alone from now on."""
    if before is not None:
        ENV.write_text(before, "utf-8")
        ENV.chmod(0o644)
    assert store({"DISCORD_TOKEN": "a.b"}) == ["DISCORD_TOKEN"]
    assert held() == (after, 0o600)
    assert store({"DISCORD_TOKEN": "a.b"}) == []
    assert held() == (after, 0o600)


@pytest.mark.parametrize("value", ["Jane Doe <jane@precis.example>", "it's #1", 'a"b', "$HOME"])
def test_values_come_back(value: str) -> None:
    """Whatever signs they hold."""
    store({"CONTACT": value})
    assert stored("CONTACT") == value
    assert Settings().contact == value


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    """A folder of that name is left alone; a link is followed."""
    ENV.mkdir()
    with pytest.raises(OutputFailed):
        store({"CONTACT": CONTACT})
    ENV.rmdir()
    (tmp_path / "real").write_text("A=1\n", "utf-8")
    ENV.symlink_to("real")
    store({"CONTACT": CONTACT})
    assert ENV.is_symlink()
    assert (tmp_path / "real").read_text("utf-8") == f"A=1\nCONTACT={CONTACT}\n"
