"""The waits of the Discord client."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordLimits:
    """The waits of the client, each in seconds; those without a source were chosen for this bot."""

    pause: float = 1.0
    """The shortest pause between two tries to connect; it doubles with each failure, with jitter."""
    quick: float = 5.0
    """A gateway connection that is lost within this time counts as a failure to connect."""
    rate_limit: float = 60.0
    """The longest rate limit that a request waits out; a longer one is an error. discord.py waits out 30 in any case."""
    ready: float = 2.0
    """The client is ready once no further guild has come for this time; discord.py's default."""
    identify_gap: float = 5.5
    """Between two sessions of a bucket of shards: half a second more than Discord asks for, since requests take time.

    Discord counts the identify requests of five seconds (docs.discord.com, "Session Start Limit Object").
    """
    new_session: float = 5.0
    """The longest pause before a new session in place of one that ended; the shortest is a fifth of it.

    Discord asks for one to five seconds (docs.discord.com, "Gateway", Resuming).
    """
    resume_every: float = 5.0
    """Between two searches for pending jobs."""
    catch_up_pause: float = 1.0
    """Between two channels whose messages are compared with the stored replies."""
    grace: float = 10.0
    """For unfinished work when the bot stops; the rest is then cancelled."""
    goodbye: float = 3.0
    """For the gateway to answer a close; discord.py's own limit is 30."""
    yielding: float = 2.0
    """For another process to answer an interaction before this one, which is stopping, asks the user to try again.

    Discord waits three seconds for an answer (docs.discord.com, "Receiving and Responding to Interactions").
    """
