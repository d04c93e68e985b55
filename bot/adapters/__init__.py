"""Implementations of the services' ports: HTTP, databases; and monitoring."""
