"""The bot's errors as one tree; each has the sentence that people get.

    BotError
    |-- BadSetting              a value that a setting cannot have
    |-- BadSettingsFile         a file that is no settings file, or has invalid values
    |-- BadTarget               not a link, an ID or a file
    |-- ButtonExpired           a button of an older version
    |-- ChatError               Discord did not do what the bot asked in a channel
    |   |-- MessageGone         the message or channel no longer exists
    |   |-- ChatRefused         the bot lacks the permission
    |   `-- ChatUnavailable     Discord cannot do it now; another try may help
    |-- ConfigurationError      a setting is missing or wrong
    |-- DiscordUnreachable      Discord does not answer, or something else answers
    |-- RecordNotFound          the site has no such record
    |-- NotARecord              the page is another page of the site
    |-- NoTarget                the channel of the settings no longer exists
    |-- NotChanged              the database did not store a change of settings
    |-- NotModerator            the user may not manage the server
    |-- NotTheAsker             the button belongs to another person
    |-- NotUndone               the setting has been changed again
    |-- NotYours                the card belongs to another person
    |-- OutputFailed            a command could not write its output
    |-- PageChanged             the page lacks the landmarks of a record
    |-- StorageError            the database did not answer, or failed
    |-- TooManyReports          the user reported too many cards in a day
    |-- UnknownStyle            no citation style has that name
    |-- Unread                  Discord did not give an attached file
    |-- Unseen                  the bot does not see the channel
    `-- SiteError               the site did not give the page
        |-- Unreachable         no connection, or no answer in time
        |-- BadAnswer           an unusable answer: status, size, type, redirect
        |-- UntrustedSite       the certificate is invalid
        |-- Refused             the site refuses this client, or its robots.txt does
        `-- TooBusy             too many requests wait, or the circuit is open after failures

`str(error)` is for the log; `error.advice` is for people: a sentence or two that say what happened and what to try. The
class has it with braces, for translators; `error.details` has the values for the braces, some of which are phrases.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Self

from bot.core.phrase import Phrase
from bot.core.reference import Reference

SHOWN = 10
"""The most problems that the sentence names; the error has them all."""


class BotError(Exception):
    """The base class of all errors that the bot raises and handles."""

    advice = "Something went wrong. Please try again later."
    details: Mapping[str, object] = MappingProxyType({})

    def _fill(self, **details: object) -> None:
        """Fill the braces of the class's sentence with details."""
        self.details = details
        self.advice = str(Phrase(type(self).advice, **details))


class BadSetting(BotError):
    """The value is invalid for the setting, or for its place."""

    advice = "That cannot be chosen: “{key}” {problem}."

    def __init__(self, key: str, problem: Phrase) -> None:
        super().__init__(f"{key} {problem}")
        self._fill(key=key, problem=problem)


class BadSettingsFile(BotError):
    """The file cannot be imported as the settings of a guild; nothing was changed."""

    advice = "Nothing was changed, since the file cannot be used: {problems}."

    def __init__(self, problems: Sequence[Phrase]) -> None:
        super().__init__(f"settings file: {'; '.join(map(str, problems[:SHOWN]))}")
        self.problems = tuple(problems)
        """All problems of the file, each in a few words."""
        more = (
            (Phrase("and {count} more", "and {count} more", count=len(problems) - SHOWN),) if len(problems) > SHOWN else ()
        )
        self._fill(problems=(*problems[:SHOWN], *more))


class BadTarget(BotError):
    """The text is neither a link to a record nor an ID; `advice` may name what else is accepted, such as a file."""

    advice = "Not a link or number of a study. Example: 6004"

    def __init__(self, target: str, advice: str = "") -> None:
        super().__init__(f"not a reference: {target[:200]!r}")
        self.advice = advice or self.advice


class ButtonExpired(BotError):
    """The clicked button is of an older version, or its custom ID has invalid values."""

    advice = "This button has expired."


class ChatError(BotError):
    """Discord did not do what the bot asked in a channel."""

    advice = "Discord did not do what the bot asked. Please try again in a few minutes."


class MessageGone(ChatError):
    """The message or its channel no longer exists."""


class ChatRefused(ChatError):
    """The bot lacks the permission; another try does not help."""


class ChatUnavailable(ChatError):
    """Discord cannot do it now, or cannot be reached; another try may help, after `retry_after` seconds if that is set."""

    def __init__(self, reason: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class ConfigurationError(BotError):
    """A setting of the host is missing or wrong; the message says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.advice = message


class DiscordUnreachable(BotError):
    """Discord does not answer, or something else answers instead; another try may help."""

    advice = "Discord cannot be reached just now: look at the network and at discordstatus.com, and try again."


class RecordNotFound(BotError):
    """The site says that it has no such record."""

    advice = "{name} was not found. Is the number right?"

    def __init__(self, reference: Reference, name: Phrase | None = None) -> None:
        """`name`: the record's name for people, "Erowid reference 6004"."""
        super().__init__(f"no record {reference}")
        self._fill(name=name or str(reference))


class NotARecord(BotError):
    """The page is a page of the site, but not one that shows a record."""

    advice = "That page does not show a study."

    def __init__(self, reason: str) -> None:
        super().__init__(f"not a record: {reason}")


class NoTarget(BotError):
    """The channel no longer exists, or belongs to another server."""

    advice = "That channel is not there any more, or is none of this server; nothing was changed."


class NotChanged(BotError):
    """The database did not store a change of settings."""

    advice = "Settings cannot be changed just now: the bot's database does not answer. Please try again in a few minutes."


class NotModerator(BotError):
    """Somebody without the permission tried to see or change settings."""

    advice = "Only who may manage this server can see and change its settings."


class NotTheAsker(BotError):
    """Somebody clicked another user's button."""

    advice = "These buttons are for who asked; /privacy gives you your own."


class NotUndone(BotError):
    """The change cannot be undone: its setting has been changed again, or the history no longer has the change."""

    advice = "Nothing was undone: that setting was changed again since."


class NotYours(BotError):
    """Somebody clicked another person's Delete button."""

    advice = "Only who posted the link, and who may manage messages here, can delete this card."


class OutputFailed(BotError):
    """A command could not write its output."""

    advice = "The output could not be written."


class PageChanged(BotError):
    """The page lacks the landmarks by which a record is read, so nothing is read from it."""

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
        """`meant`: names of similar styles, in a form that people can type."""
        super().__init__(f"no style {name[:100]!r}")
        hint = Phrase("Try APA, MLA, Chicago, Vancouver, AMA, Harvard, IEEE or Nature.")
        if meant:
            hint = Phrase("Did you mean {styles}?", styles="; ".join(meant))
        self._fill(name=name[:100], hint=hint)


class Unread(BotError):
    """The bot could not download an attached file from Discord."""

    advice = "Discord did not give the file to the bot, so nothing was changed. Please attach it once more."


class Unseen(BotError):
    """A channel or thread that the bot cannot see."""

    advice = "The bot does not see that channel: it needs View Channel there, and has to be let into a private thread."


class SiteError(BotError):
    """The site did not give the page this time."""

    advice = "{site} could not be read just now. Please try again in a few minutes."
    retry_after: float | None = None
    """Seconds after which another try may succeed, from the site's Retry-After or the open circuit; None if unknown."""

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.at(Phrase("The site"))

    def at(self, site: str | Phrase) -> Self:
        """Put the site's name into the sentence for people; return the error itself."""
        self._fill(site=site)
        return self


class Unreachable(SiteError):
    """No connection, or no answer in time."""

    advice = "{site} does not answer just now. Please try again in a few minutes."


class BadAnswer(SiteError):
    """The answer cannot be used because of its status, size, type, redirect or content."""


class UntrustedSite(SiteError):
    """The site's certificate is invalid; verification is never switched off."""

    advice = "{site} could not be reached over a connection that can be trusted."


class Refused(SiteError):
    """The site refuses this client by a block page or by robots.txt; after a block page it gets no requests for an hour."""

    advice = "{site} does not let this bot read pages at present. Please look at the page itself."


class TooBusy(SiteError):
    """Too many requests wait for the site, or the circuit is open after failures."""

    advice = "Too many records are being asked for just now. Please try again in a few minutes."
