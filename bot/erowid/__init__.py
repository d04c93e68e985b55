"""The site's pages: the address of a record, and page bytes to `Record`."""
