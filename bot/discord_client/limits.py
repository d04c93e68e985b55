"""How long the Discord client waits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordLimits:
    """The waits of the client, each in seconds; where no source is named, we chose them."""

    pause: float = 1.0
    """The shortest pause between two tries to connect; it doubles with each failure, with jitter."""
    quick: float = 5.0
    """A connection to the gateway that is lost within this time counts as a failure to connect."""
    rate_limit: float = 60.0
    """The longest rate limit that a request waits out; a longer one is an error. discord.py waits out 30 in any case."""
    ready: float = 2.0
    """The client is ready once no further guild came for this time: discord.py's default."""
    identify_gap: float = 5.5
    """Between two sessions of a bucket of shards: half a second more than Discord asks for, since requests take their time.

    Discord counts the identify requests of five seconds (docs.discord.com, "Session Start Limit Object").
    """
    new_session: float = 5.0
    """The longest pause before a new session in place of one that ended; the shortest is a fifth of it.

    Discord asks for one to five seconds (docs.discord.com, "Gateway", Resuming).
    """
    resume_every: float = 5.0
    """Between two looks for pending jobs."""
    catch_up_pause: float = 1.0
    """Between two channels whose messages are compared with what is stored of them."""
    grace: float = 10.0
    """For unfinished work once the bot is to stop; what is not done by then is cancelled."""
    goodbye: float = 3.0
    """For the gateway to answer a close; discord.py would wait for 30."""
    yielding: float = 2.0
    """For another process to answer an interaction before this one, which is stopping, asks the user to try again.

    Discord waits three for an answer (docs.discord.com, "Receiving and Responding to Interactions").
    """
