"""`/help`, `/about`, `/privacy` and housekeeping."""
