"""Loads the changes of other processes: settings, and opt-outs.

Every two seconds the store is asked for the changes of the last minute, by its own clock. Every ten minutes, and after the
store could not be reached, everything is compared, which also finds changes that came late, such as those of a transaction
that took over a minute. While the store does not answer, memory stays as it is.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from bot.core.errors import StorageError
from bot.services.guild_settings import SettingsService
from bot.services.privacy import Privacy

EVERY = 2.0
"""Seconds between two refreshes."""
RECENT = 60.0
"""The age in seconds up to which a refresh looks for changes."""
WHOLE = 600.0
"""Seconds between two comparisons of everything."""

log = structlog.get_logger(__name__)


async def follow(
    settings: SettingsService,
    privacy: Privacy,
    *,
    every: float = EVERY,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Refresh until cancelled; the caller has loaded everything just before."""
    compared = refreshed = clock()
    out_of_reach = False
    while True:
        await sleep(every)
        now = clock()
        try:
            if now - refreshed > RECENT / 2 or now - compared > WHOLE:
                await settings.refresh()
                await privacy.refresh()
                compared = now
            else:
                await settings.refresh_recent(RECENT)
                await privacy.refresh_changed()
        except StorageError as error:
            if not out_of_reach:
                log.warning("changes by other processes cannot be loaded for now", reason=str(error))
            out_of_reach = True
        except Exception:
            log.exception("changes by other processes were not loaded")
        else:
            refreshed, out_of_reach = now, False
