"""Small parts that all cogs share: answers, custom IDs, errors, languages, permissions, retries."""
