"""Implementations of the services' store ports in the database."""
