"""What every cog needs of Discord: answers, errors, languages, permissions."""
