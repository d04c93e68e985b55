"""The errors, as one tree; each carries the sentence its reader gets.

    BotError
    |-- BadSetting              a value that a moderator cannot choose
    |-- BadSettingsFile         a file that is not this guild's settings
    |-- BadTarget               not a link, an ID or a file
    |-- ButtonExpired           a button of an older version
    |-- ChatError               Discord did not do what the bot asked in a channel
    |   |-- MessageGone         the message or channel is not there any more
    |   |-- ChatRefused         the bot may not do that, or not any more
    |   `-- ChatUnavailable     Discord cannot do it now; trying again may help
    |-- ConfigurationError      a setting is missing or wrong
    |-- DiscordUnreachable      Discord does not answer, or not as itself
    |-- RecordNotFound          the site has no such record
    |-- NotARecord              the page is another page of the site
    |-- NoTarget                the channel whose settings are meant is gone
    |-- NotChanged              the database did not store a change of settings
    |-- NotModerator            who asks may not manage the server
    |-- NotTheAsker             the button belongs to another person
    |-- NotUndone               the setting was changed again since
    |-- NotYours                the card belongs to another person
    |-- OutputFailed            a command could not write its output
    |-- PageChanged             the page lacks the landmarks of a record
    |-- StorageError            the database did not answer, or failed
    |-- TooManyReports          a person reported enough cards for a day
    |-- UnknownStyle            no citation style has that name
    |-- Unread                  Discord did not give an attached file
    |-- Unseen                  the bot does not see the channel
    `-- SiteError               the site did not give the page
        |-- Unreachable         no connection, or no answer in time
        |-- BadAnswer           an answer that is no page: status, size, type, redirect
        |-- UntrustedSite       the certificate does not hold
        |-- Refused             the site refuses this client, or its robots.txt does
        `-- TooBusy             too many are waiting, or the circuit is open after failures

`str(error)` is for the log; `error.advice` is for people: one sentence or two, what happened and what to try. The class has
it with braces, for translators; `error.details` is what stands in them, phrases among it.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Self

from bot.core.phrase import Phrase
from bot.core.reference import Reference

SHOWN = 10
"""Problems that one sentence names; the error holds them all."""


class BotError(Exception):
    """A failure that was foreseen."""

    advice = "Something went wrong. Please try again later."
    details: Mapping[str, object] = MappingProxyType({})

    def _fill(self, **details: object) -> None:
        """Put details into the braces of the class's sentence."""
        self.details = details
        self.advice = str(Phrase(type(self).advice, **details))


class BadSetting(BotError):
    """A value that a setting cannot have, or cannot have in that place."""

    advice = "That cannot be chosen: “{key}” {problem}."

    def __init__(self, key: str, problem: Phrase) -> None:
        super().__init__(f"{key} {problem}")
        self._fill(key=key, problem=problem)


class BadSettingsFile(BotError):
    """A file that cannot be taken as the settings of a guild; nothing was changed."""

    advice = "Nothing was changed, since the file cannot be used: {problems}."

    def __init__(self, problems: Sequence[Phrase]) -> None:
        super().__init__(f"settings file: {'; '.join(map(str, problems[:SHOWN]))}")
        self.problems = tuple(problems)
        """All that is wrong, each a few words."""
        more = (
            (Phrase("and {count} more", "and {count} more", count=len(problems) - SHOWN),) if len(problems) > SHOWN else ()
        )
        self._fill(problems=(*problems[:SHOWN], *more))


class BadTarget(BotError):
    """What was given is neither a link to a record nor an ID; `advice` says what else was looked for, such as a file."""

    advice = "Not a link or number of a study. Example: 6004"

    def __init__(self, target: str, advice: str = "") -> None:
        super().__init__(f"not a reference: {target[:200]!r}")
        self.advice = advice or self.advice


class ButtonExpired(BotError):
    """A click on a button of an older version, or with impossible values."""

    advice = "This button has expired."


class ChatError(BotError):
    """Discord did not do what the bot asked in a channel."""

    advice = "Discord did not do what the bot asked. Please try again in a few minutes."


class MessageGone(ChatError):
    """The message, or its channel, is not there any more."""


class ChatRefused(ChatError):
    """The bot may not do that; trying again does not help."""


class ChatUnavailable(ChatError):
    """Discord cannot do it now, or cannot be reached; trying again may help, after `retry_after` seconds if it says so."""

    def __init__(self, reason: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class ConfigurationError(BotError):
    """The bot cannot run as it is set up; the message says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.advice = message


class DiscordUnreachable(BotError):
    """Discord does not answer, or something else does in its place; it may pass."""

    advice = "Discord cannot be reached just now: look at the network and at discordstatus.com, and try again."


class RecordNotFound(BotError):
    """The site says there is no such record."""

    advice = "{name} was not found. Is the number right?"

    def __init__(self, reference: Reference, name: Phrase | None = None) -> None:
        """`name`: what people call it, "Erowid reference 6004"."""
        super().__init__(f"no record {reference}")
        self._fill(name=name or str(reference))


class NotARecord(BotError):
    """The page is a page of the site, but not one that shows a record."""

    advice = "That page does not show a study."

    def __init__(self, reason: str) -> None:
        super().__init__(f"not a record: {reason}")


class NoTarget(BotError):
    """A channel that no longer exists, or is of another server."""

    advice = "That channel is not there any more, or is none of this server; nothing was changed."


class NotChanged(BotError):
    """The database did not store a change."""

    advice = "Settings cannot be changed just now: the bot's database does not answer. Please try again in a few minutes."


class NotModerator(BotError):
    """Somebody without the permission tried to see or change settings."""

    advice = "Only who may manage this server can see and change its settings."


class NotTheAsker(BotError):
    """Somebody clicked another user's button."""

    advice = "These buttons are for who asked; /privacy gives you your own."


class NotUndone(BotError):
    """A change that cannot be undone: its setting was changed since, or the history no longer has it."""

    advice = "Nothing was undone: that setting was changed again since."


class NotYours(BotError):
    """Somebody clicked another person's Delete button."""

    advice = "Only who posted the link, and who may manage messages here, can delete this card."


class OutputFailed(BotError):
    """A command could not write its output."""

    advice = "The output could not be written."


class PageChanged(BotError):
    """The page lacks the landmarks by which a record is read; nothing is taken from it."""

    advice = "The page could not be read with certainty, so nothing is shown. Please look at the page itself."

    def __init__(self, reason: str) -> None:
        super().__init__(f"page not understood: {reason}")


class StorageError(BotError):
    """The database did not answer, or failed."""

    advice = "The bot's database does not answer just now. Please try again in a few minutes."


class TooManyReports(BotError):
    """Somebody reported as many cards as one person may in a day."""

    advice = "You have reported several cards already. Thank you; please report more tomorrow."


class UnknownStyle(BotError):
    """No citation style has that name."""

    advice = "There is no citation style “{name}”. {hint}"

    def __init__(self, name: str, meant: Sequence[str] = ()) -> None:
        """`meant`: what may have been meant instead, as people can type it."""
        super().__init__(f"no style {name[:100]!r}")
        hint = Phrase("Try APA, MLA, Chicago, Vancouver, AMA, Harvard, IEEE or Nature.")
        if meant:
            hint = Phrase("Did you mean {styles}?", styles="; ".join(meant))
        self._fill(name=name[:100], hint=hint)


class Unread(BotError):
    """Discord did not give an attached file to the bot."""

    advice = "Discord did not give the file to the bot, so nothing was changed. Please attach it once more."


class Unseen(BotError):
    """A channel or thread that the bot cannot see."""

    advice = "The bot does not see that channel: it needs View Channel there, and has to be let into a private thread."


class SiteError(BotError):
    """The site did not give the page this time."""

    advice = "{site} could not be read just now. Please try again in a few minutes."
    retry_after: float | None = None
    """Seconds after which another try may succeed, if known: the site said so, or its circuit is open for so long."""

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.at(Phrase("The site"))

    def at(self, site: str | Phrase) -> Self:
        """Name the site in the sentence for people."""
        self._fill(site=site)
        return self


class Unreachable(SiteError):
    """No connection, or no answer in time."""

    advice = "{site} does not answer just now. Please try again in a few minutes."


class BadAnswer(SiteError):
    """An answer that is no page of a record: its status, size, type or redirect."""


class UntrustedSite(SiteError):
    """The site's certificate does not hold; verification is never switched off."""

    advice = "{site} could not be reached over a connection that can be trusted."


class Refused(SiteError):
    """The site refuses this client, by a block page or by robots.txt. It is not asked again for long."""

    advice = "{site} does not let this bot read pages at present. Please look at the page itself."


class TooBusy(SiteError):
    """Too many are waiting for the site, or the circuit is open after failures."""

    advice = "Too many records are being asked for just now. Please try again in a few minutes."
