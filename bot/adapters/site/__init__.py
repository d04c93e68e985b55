"""HTTP: the fetcher with its rate limit and circuit breaker, and bibliographic services."""
