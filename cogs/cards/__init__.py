"""Study cards: the listener for links, the replies and their buttons."""
