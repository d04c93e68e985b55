"""Settings, read once, from the environment and then `.env`; all problems are named together.

`.env.example` and the table in docs/hosts.md are generated from this class by `python -m bot docs`. Descriptions are written
for the person who runs the bot.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, Self, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, FilePath, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.core.clip import clip
from bot.core.errors import ConfigurationError

MOST_SHARDS = 16_384
MOST_PORTS = 65_535

_ASYNC_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}

_QUERY = {"direct_tls", "host", "passfile", "port", "prepared_statement_cache_size", "ssl", "target_session_attrs"}
"""Options that may follow the `?` in a PostgreSQL address."""
_OURS = "Value error, "
"""The prefix that pydantic adds to the messages of this file's checks."""
_LONGEST_SHOWN = 60
_PORT = "has a port that is no number from 1 to 65535 (in a user or password write : as %3A, / as %2F, @ as %40)"


def _database_url(value: str) -> str:
    """Add the asynchronous driver to a URL without a driver, and write the TLS option in that driver's spelling."""
    scheme, colon, rest = value.partition(":")
    named = _ASYNC_DRIVERS.get(scheme, scheme) + colon + rest
    try:
        url = make_url(named)
    except ArgumentError:
        url = None
    except ValueError:
        raise ValueError(_PORT) from None
    if url is None or url.drivername not in _ASYNC_DRIVERS.values():
        raise ValueError("must start with sqlite+aiosqlite:// or postgresql+asyncpg://")
    if url.get_backend_name() == "sqlite":
        if url.host:
            raise ValueError("needs three slashes before a file's name, four before a path from the root")
        return named
    if not 0 < (url.port or 1) <= MOST_PORTS:
        raise ValueError(_PORT)
    if "sslmode" in url.query:
        url = url.difference_update_query(["sslmode"]).update_query_dict({"ssl": url.query["sslmode"]})
    if unknown := sorted(url.query.keys() - _QUERY):
        raise ValueError(f"asks for what asyncpg does not know: leave out {', '.join(unknown)}")
    return url.render_as_string(hide_password=False) if "sslmode" in rest else named


def _base_url(*schemes: str, path: bool = True) -> AfterValidator:
    def check(value: str) -> str:
        try:
            _ = urlsplit(value).port
        except ValueError:
            raise ValueError(_PORT) from None
        if value and not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            raise ValueError(f"must start with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        value = value.rstrip("/")
        if not path and value != "{0.scheme}://{0.netloc}".format(urlsplit(value)):
            raise ValueError("must end with the host or port: no path, no query")
        return value

    return AfterValidator(check)


def _shard_ids(value: str) -> str:
    """Give a valid list of shards back. Raises ValueError for one that `numbers_in` cannot read."""
    try:
        numbers_in(value)
    except ValueError:
        raise ValueError("must be numbers and ranges, such as 0-3,8") from None
    return value


def numbers_in(value: str) -> tuple[int, ...]:
    """Read numbers and ranges, such as `0-3,8`; give each number once, in order. Raises ValueError for anything else."""
    numbers: set[int] = set()
    for part in filter(None, map(str.strip, value.split(","))):
        first, dash, last = (one.strip() for one in part.partition("-"))
        ends = int(first), int(last if dash else first)
        if not (first.isdecimal() and 0 <= ends[0] <= ends[1] <= MOST_SHARDS):
            raise ValueError(part)
        numbers.update(range(ends[0], ends[1] + 1))
    return tuple(sorted(numbers))


_Level = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


def _level(value: object) -> object:
    """Give a log level in the right case; anything else stays as it is and is refused later."""
    return value.upper() if isinstance(value, str) and value.upper() in get_args(_Level) else value


class Settings(BaseSettings):
    """All settings of the host."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore")

    discord_token: SecretStr | None = Field(
        None, description="The bot's token, from discord.com/developers/applications > your application > Bot."
    )
    message_content: bool = Field(
        True,
        description="Read messages (the privileged Message Content Intent). `false`: links are seen only in messages that "
        "mention the bot and in direct messages.",
    )
    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        "sqlite+aiosqlite:///precis.sqlite3",
        description="Where records, cards and settings are kept: a file of SQLite for one process, or "
        "`postgresql+asyncpg://user:password@host/database`, which any number of processes may share; `?ssl=require` "
        "behind it asks for TLS. A pooler between (pgbouncer) must pool by session, since locks live in sessions.",
    )
    shard_count: Annotated[int, Field(ge=1, le=MOST_SHARDS)] | Literal["auto"] = Field(
        1,
        description="In how many shards Discord divides the bot's servers; `auto` asks Discord at each start. From 2,500 "
        "servers on there must be more than one. Direct messages come to shard 0.",
    )
    shard_ids: Annotated[str, AfterValidator(_shard_ids)] = Field(
        "",
        description="Which of the shards this process runs, such as `0-3,8`. Empty: all of them. Needs a SHARD_COUNT that "
        "is a number, the same in every process.",
    )
    erowid_url: Annotated[str, _base_url("https", "http", path=False)] = Field(
        "https://www.erowid.org", description="The site that Erowid's records are fetched from."
    )
    enrich: Literal["on", "off"] = Field(
        "on",
        description="Look each study up at Europe PMC (and, with a CONTACT, at Crossref and Unpaywall): its DOI, PubMed ID, "
        "retraction and free text. `off`: they are asked only for a study that is given by its PubMed ID or DOI.",
    )
    retraction_watch: Literal["on", "off"] = Field(
        "on",
        description="Ask Crossref once a day which works were retracted, and mark the cards of the last 90 days that show "
        "one. Needs ENRICH and a CONTACT.",
    )
    europepmc_url: Annotated[str, _base_url("https", "http")] = Field(
        "https://www.ebi.ac.uk/europepmc", description="Europe PMC, or a proxy of it; `/webservices/rest/search` is added."
    )
    crossref_url: Annotated[str, _base_url("https", "http")] = Field(
        "https://api.crossref.org", description="Crossref, or a proxy of it; `/works` is added. Asked only with a CONTACT."
    )
    ncbi_url: Annotated[str, _base_url("https", "http")] = Field(
        "https://eutils.ncbi.nlm.nih.gov",
        description="NCBI's E-utilities, or a proxy of them; `/entrez/eutils/efetch.fcgi` is added. Asked for what is at "
        "PubMed and not at Europe PMC, or while that does not answer.",
    )
    unpaywall_url: Annotated[str, _base_url("https", "http")] = Field(
        "https://api.unpaywall.org",
        description="Unpaywall, or a proxy of it; `/v2/` and the DOI are added. Asked only if CONTACT is an e-mail address.",
    )
    discord_api_url: Annotated[str, _base_url("https", "http")] = Field(
        "", description="A REST proxy in front of Discord's API, version included. Empty: Discord's own."
    )
    discord_gateway_url: Annotated[str, _base_url("wss", "ws")] = Field(
        "", description="A gateway proxy. Empty: Discord's own."
    )
    greeting: bool = Field(
        True,
        description="Send one short message when the bot is first added to a server: to the person who added it "
        "if the bot may view the audit log, else to the channel for system messages. `false`: no greeting.",
    )
    contact: str = Field(
        "",
        description="An e-mail address or page where the staff of Erowid and the other services can reach you; it goes into "
        "the User-Agent of every request.",
    )
    ca_bundle: FilePath | None = Field(
        None, description="A PEM file of certificate authorities to trust instead of the usual ones. Empty: the usual ones."
    )
    fresh_days: float = Field(
        30, ge=0, le=36_500, description="For how many days a record that was read is used without asking the site again."
    )
    tell_owner: Literal["on", "off"] = Field(
        "on",
        description="Send the application's owner (of a team: the team's) a direct message when the pages of a site can no "
        "longer be read, and one when they can again. `off`: only the log, `/healthz` and `doctor` say it.",
    )
    health_host: str = Field("127.0.0.1", description="Where `/healthz` and `/metrics` are served: this machine alone.")
    health_port: int | None = Field(
        None, ge=1, le=MOST_PORTS, description="The port of `/healthz` and `/metrics`. Empty: they are not served."
    )
    log_level: Annotated[_Level, BeforeValidator(_level)] = Field(
        "INFO", description="How much is logged: `DEBUG`, `INFO`, `WARNING` or `ERROR`."
    )
    log_format: Literal["console", "json"] = Field("console", description="Lines for people or JSON Lines for machines.")

    @model_validator(mode="after")
    def _check_shards(self) -> Self:
        """Refuse shard numbers that SHARD_COUNT excludes."""
        numbers = numbers_in(self.shard_ids)
        if numbers and self.shard_count == "auto":
            raise ValueError("SHARD_IDS needs a SHARD_COUNT that is a number: processes could be told different ones")
        if numbers and numbers[-1] >= int(self.shard_count):
            raise ValueError(
                f"SHARD_IDS must be below SHARD_COUNT, which is {self.shard_count}: set that to the number of all shards, "
                "which are counted from 0"
            )
        return self


def email_in(contact: str) -> str:
    """Give the e-mail address of a contact, also of `Jane Doe <jane@example.org>`; empty for a page, even one with an @."""
    found = re.fullmatch(r"(?:[^<>@]*<|mailto:)?([^\s<>@/:]+@[^\s<>@/:]+)>?", contact.strip())
    return found[1] if found else ""


def read_settings(**given: object) -> Settings:
    """Read the settings; `given` overrides the environment. Raises ConfigurationError, which names every problem."""
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks them
    except (UnicodeDecodeError, OSError) as error:
        raise ConfigurationError(f"The file .env cannot be read as UTF-8 text: {error}.") from None
    except ValidationError as error:
        found: dict[object, str] = {}
        for problem in error.errors(include_url=False):
            name = problem["loc"][0] if problem["loc"] else None
            found.setdefault(name, _sentence(str(name), problem) if name else problem["msg"].removeprefix(_OURS))
        raise ConfigurationError(" ".join(f"{sentence}." for sentence in found.values())) from None


def _sentence(name: str, problem: ErrorDetails) -> str:
    """Say what a setting must be, and its present value, unless that may be a secret."""
    field = Settings.model_fields.get(name)
    message = problem["msg"].removeprefix(_OURS)
    said = f"must be {_wanted(field.annotation, field.metadata)}" if field and message == problem["msg"] else message
    secret = name.endswith("_url") or "token" in name
    return f"{name.upper()} {said}" + ("" if secret else f"; it is {clip(str(problem['input']), _LONGEST_SHOWN)}")


def _wanted(annotation: object, metadata: Sequence[object] = ()) -> str:
    """Say what values a type allows: `a number from 1 to 16384, or auto`."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _wanted(arguments[0], [bound for one in arguments[1:] for bound in getattr(one, "metadata", [one])])
    if origin is Literal:
        *most, last = arguments
        return f"{', '.join(most)} or {last}" if most else last
    if arguments:
        return ", or ".join(_wanted(one, metadata) for one in arguments if one is not type(None))
    if annotation is bool:
        return "true or false"
    if annotation in {int, float}:
        bounds = [
            f" {word} {bound}"
            for word, name in (("from", "ge"), ("to", "le"))
            for one in metadata
            if (bound := getattr(one, name, None)) is not None
        ]
        return "a number" + "".join(bounds)
    return "the path of a file" if annotation is Path else "text"


def token_of(settings: Settings) -> str:
    """Give the token. Raises ConfigurationError if it is missing or no header can carry it."""
    token = settings.discord_token.get_secret_value().strip() if settings.discord_token else ""
    if not token:
        raise ConfigurationError(
            "DISCORD_TOKEN is not set: put your bot's token into the environment or .env "
            "(discord.com/developers/applications > your application > Bot > Reset Token)."
        )
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ConfigurationError(
            "DISCORD_TOKEN holds a space, a line break or a letter that no token has: copy it anew, alone on one line."
        )
    return token
