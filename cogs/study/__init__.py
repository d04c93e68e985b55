"""`/study` and *Summarise studies*: cards on request, search, lists, bibliography and chart."""
