"""HTTP: the fetcher, its rate limit and its circuit breaker."""
