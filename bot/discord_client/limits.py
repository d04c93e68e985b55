"""How long the Discord client waits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordLimits:
    """The waits of the client, in seconds; the defaults are those for Discord."""

    pause: float = 1.0
    """Before the second try to connect; doubled before each later one, with jitter."""
    quick: float = 5.0
    """A gateway session shorter than this counts as one that failed."""
    rate_limit: float = 60.0
    """The longest wait for a rate limit; a longer one is an error. discord.py itself waits for 30 in any case."""
    ready: float = 2.0
    """After the last guild that came, until the client counts as ready."""
    identify_gap: float = 5.5
    """Between two sessions: Discord's five, and half a second, since requests may take differently long to arrive."""
    new_session: float = 5.0
    """The longest pause before a new session after one that Discord ended; the shortest is a fifth of it."""
    resume_every: float = 5.0
    """Between two looks for pending jobs."""
    catch_up_pause: float = 1.0
    """Between two channels whose messages are compared with what is known of them."""
    grace: float = 10.0
    """For what is under way when the bot is to end; what is not done by then is cancelled."""
    goodbye: float = 3.0
    """For the gateway to answer a close."""
    yielding: float = 2.0
    """Of Discord's three, in which another process may answer an interaction that this one puts off."""
