"""The Discord client: connection, shards, retries and a graceful stop."""
