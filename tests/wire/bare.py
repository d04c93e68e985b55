"""A bare discord.py client that talks to the simulated Discord: what proves the simulation before our bot does."""

from typing import Any

import discord
import yarl
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context


class BareHTTP(HTTPClient):
    """Every request and connection goes to the given addresses; nothing global is touched."""

    api = ""
    gateway = yarl.URL()

    async def request(self, route: Route, **kwargs: Any) -> Any:
        route.url = self.api + route.url.removeprefix(Route.BASE)
        return await super().request(route, **kwargs)

    async def ws_connect(self, url: str, *, compress: int = 0) -> Any:
        return await super().ws_connect(str(self.gateway.with_query(yarl.URL(url).query)), compress=compress)


class BareAdapter(AsyncWebhookAdapter):
    """The same for interaction callbacks and followups, which do not go through HTTPClient."""

    def __init__(self, api: str) -> None:
        super().__init__()
        self._api = api

    async def request(self, route: Route, session: Any, **kwargs: Any) -> Any:
        route.url = self._api + route.url.removeprefix(Route.BASE)
        return await super().request(route, session, **kwargs)


class BareClient(discord.Client):
    """discord.py as it is, but for the addresses."""

    def __init__(self, api: str, gateway: str, *, intents: discord.Intents | None = None) -> None:
        self._addresses = api, gateway
        super().__init__(intents=intents or discord.Intents(guilds=True, messages=True, message_content=True))

    def _get_state(self, **options: Any) -> Any:
        self.http = BareHTTP(self.loop)
        self.http.api, self.http.gateway = self._addresses[0], yarl.URL(self._addresses[1])
        return super()._get_state(**options)

    async def setup_hook(self) -> None:
        async_context.set(BareAdapter(self._addresses[0]))

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once; the real pause of 5 seconds is Discord's wish, not this server's."""
