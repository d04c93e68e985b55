"""One package per site: which links are its own, the address to fetch, and how a page becomes a record."""
