"""The image, without an engine: its steps are those of the Makefile, and what they make runs as they say it runs."""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.settings import Settings
from tests.dockerfile import PATH, compose, stages
from tests.wire.discord_server import TOKEN, Discord
from tests.wire.erowid import link, serve_erowid

ROOT = PATH.parent
BUILD, IMAGE = stages(PATH.read_text("utf-8"))
USER = "10001"
PREFIX = "/opt/precis"


def recipe(*variables: str) -> list[str]:
    """The lines of `make install-app`."""
    done = subprocess.run(
        ["make", "--no-print-directory", "-n", "install-app", *variables],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_the_steps_are_the_makefiles() -> None:
    """What builds the image is what `make install-app` does, word for word; pip and its like stay behind."""
    assert BUILD.all("RUN") == recipe("PYTHON=python", f"PREFIX={PREFIX}")
    assert IMAGE.all("COPY") == [f"--from=build {PREFIX} {PREFIX}"]
    assert IMAGE.base == BUILD.base.removesuffix(" AS build")


def test_who_runs_and_where() -> None:
    """Not root; what belongs to the user is /data alone; no shell stands between SIGTERM and Python."""
    assert IMAGE.one("USER") == f"{USER}:{USER}"
    assert IMAGE.one("RUN") == f"install -d -o {USER} -g {USER} -m 0700 /data"
    assert IMAGE.one("VOLUME") == "/data"
    assert IMAGE.environment["DATABASE_URL"] == "sqlite+aiosqlite:////data/precis.sqlite3"
    assert IMAGE.exec_form("ENTRYPOINT") == [f"{PREFIX}/bin/python", "-m", "bot"]
    assert IMAGE.exec_form("CMD") == ["run"]
    assert IMAGE.one("WORKDIR") == PREFIX


def test_settings_of_the_image_are_settings() -> None:
    """Each name of ENV is a setting of ours, of Python's, or of matplotlib's, which needs a folder that it may write to."""
    known = {name.upper() for name in Settings.model_fields} | {"HEALTH_PORT", "MPLCONFIGDIR"}
    assert {name for name in IMAGE.environment if not name.startswith("PYTHON")} <= known


def test_nothing_secret_gets_in() -> None:
    """Only what the program needs is sent to the engine: neither .env, nor a database, nor the history."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    kept = [line[1:] for line in lines if line.startswith("!")]
    assert lines[1] == "*"
    assert set(kept) == {"bot", "cogs", "constraints.txt", "pyproject.toml", "README.md", "LICENSE"}
    assert all((ROOT / name).exists() for name in kept)


def test_compose() -> None:
    """The bot can write to its volume and to /tmp alone, gains no right, has time to end; PostgreSQL is an option."""
    services = compose()["services"]
    bot, database = services["bot"], services["database"]
    assert bot["read_only"] is True
    assert bot["cap_drop"] == ["ALL"]
    assert bot["security_opt"] == ["no-new-privileges:true"]
    assert bot["volumes"] == ["data:/data"]
    assert [mount.split(":")[0] for mount in bot["tmpfs"]] == ["/tmp"]
    assert int(bot["stop_grace_period"].removesuffix("s")) > 10
    assert "ports" not in bot
    assert "ports" not in database
    assert bot["env_file"] == ".env"
    assert bot["depends_on"]["database"] == {"condition": "service_healthy", "required": False}
    assert database["profiles"] == ["postgresql"]
    assert database["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert set(compose()["volumes"]) == {"data", "database"}


def test_no_registry_is_named() -> None:
    """Images are named as the engine's own default has them."""
    for image in (BUILD.base.split()[0], IMAGE.base, *(one["image"] for one in compose()["services"].values())):
        assert re.fullmatch(r"[a-z]+(:[\w.-]+)?", image), image


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False), (302, False), (None, False)])
async def test_the_health_check(status: int | None, healthy: bool) -> None:
    """It passes where /healthz answers 200, through no proxy, and takes less than its time."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=(status or 0) if request.path == "/healthz" else 404)

    options, (_python, *words) = IMAGE.health
    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    if status is None:
        await site.stop()
    env = {"HEALTH_PORT": str(port), "http_proxy": "http://127.0.0.1:9"}
    done = await asyncio.create_subprocess_exec(sys.executable, *words, env=env, stderr=asyncio.subprocess.DEVNULL)
    assert (await done.wait() == 0) is healthy
    await runner.cleanup()
    assert "timeout=5)" in words[-1]
    assert int(options["timeout"].removesuffix("s")) > 5


# From here on as the image is built and run: by `make image`.


@pytest.fixture(scope="module")
def prefix() -> Iterator[Path]:
    """What the RUN steps make, in a folder that is root's and that everyone can read."""
    if os.geteuid() != 0 or not all(map(shutil.which, ("unshare", "setpriv"))):
        pytest.fail("needs root, unshare and setpriv, to become another user on a read-only file system")
    folder = Path(tempfile.mkdtemp(prefix="precis-image-", dir="/var/tmp"))
    folder.chmod(0o755)
    try:
        python = Path(sys.base_prefix, "bin", f"python3.{sys.version_info.minor}")
        for line in recipe(f"PYTHON={python}", f"PREFIX={folder}/precis"):
            subprocess.run(line, shell=True, cwd=ROOT, check=True)  # noqa: S602 - the Dockerfile's own words
        yield folder / "precis"
    finally:
        shutil.rmtree(folder)


@asynccontextmanager
async def contained(
    prefix: Path, data: Path, command: list[str], **settings: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a command as the image does: its user, no rights, a root that is read-only, /data, an empty /tmp."""
    script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro / && mount -t tmpfs -o mode=1777 tmpfs /tmp && exec "$@"'
    # Where Python itself lies in a home that only root may read (pyenv), reading is all that is added.
    reads = ["--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search"]
    user = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--no-new-privs"]
    bare = {name: value.replace("/data/", f"{data}/") for name, value in IMAGE.environment.items()}
    child = await asyncio.create_subprocess_exec(
        *("unshare", "--mount", "sh", "-c", script, str(data), *user, *reads),
        *(word.replace(PREFIX, str(prefix)) for word in command),
        cwd=prefix,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin"} | bare | settings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


@pytest.mark.image
def test_no_tools_are_left(prefix: Path) -> None:
    """Neither pip nor setuptools, and nothing of the tests; all that is ours is there."""
    names = {path.name.partition("-")[0].lower() for path in prefix.glob("lib/python*/site-packages/*")}
    assert not names & {"pip", "setuptools", "wheel", "pytest", "ruff", "mypy", "simcord", "tests"}
    assert names >= {"bot", "cogs", "discord"}
    assert list(prefix.glob("lib/python*/site-packages/cogs/locales/de.po"))
    assert {path.suffix for path in prefix.glob("lib/python*/site-packages/cogs/study/reading_list.*")} == {
        ".py",
        ".css",
        ".js",
    }


@pytest.mark.image
async def test_it_runs_as_the_image_says(prefix: Path) -> None:
    """Unprivileged on a read-only root it answers, passes its health check and ends on SIGTERM; it wrote to /data alone."""
    data = prefix.parent / "data"
    data.mkdir(mode=0o700)
    os.chown(data, int(USER), int(USER))
    async with Discord.open() as server, serve_erowid() as site:
        given = {
            "DISCORD_TOKEN": TOKEN,
            "DISCORD_API_URL": server.api_url,
            "DISCORD_GATEWAY_URL": server.gateway_url,
            "EROWID_URL": site.url,
            "CONTACT": "keeper@precis.example",
            "ENRICH": "off",
            "HEALTH_PORT": str(_free_port()),
        }
        entry, command = IMAGE.exec_form("ENTRYPOINT"), IMAGE.exec_form("CMD")
        async with contained(prefix, data, entry + command, **given) as running:
            await server.until(server.gateway.connected, 60)
            pasted = await server.paste(link(101))
            await server.until(lambda: server.replies(pasted), 60)
            if "health_port" in Settings.model_fields:
                answered = [await _healthy(prefix, data, given)]
                while not answered[-1] and len(answered) < 20:  # as an engine asks, again and again from its start on
                    await asyncio.sleep(0.5)
                    answered.append(await _healthy(prefix, data, given))
                assert answered[-1]
            running.terminate()
            out, _ = await running.communicate()
            assert running.returncode == 0, out.decode()
        async with contained(prefix, data, ["touch", str(prefix / "x")]) as refused:
            assert await refused.wait() != 0
    assert {path.name.partition("-")[0].removesuffix(".lock") for path in data.iterdir()} == {"precis.sqlite3"}
    assert _owned(prefix) == []


async def _healthy(prefix: Path, data: Path, given: dict[str, str]) -> bool:
    async with contained(prefix, data, IMAGE.health[1], **given) as check:
        return await check.wait() == 0


def _owned(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.lstat().st_uid == int(USER)]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
