"""`/settings`: commands, panel and controls."""
