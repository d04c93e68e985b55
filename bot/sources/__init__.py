"""One package per source of works: which links belong to it, the address to fetch, and how a page becomes a record."""
