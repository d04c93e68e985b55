"""The stores: what the services keep, in the database."""
