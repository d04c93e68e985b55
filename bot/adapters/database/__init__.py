"""The database: engine, tables, locks and migrations."""
