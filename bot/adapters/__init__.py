"""The real sides of the ports: HTTP, databases."""
