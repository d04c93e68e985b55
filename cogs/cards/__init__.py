"""Study cards as replies to messages: listeners, drawing, buttons, and loops that keep cards up to date."""
