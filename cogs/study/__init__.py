"""Slash commands about studies."""
