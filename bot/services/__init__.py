"""The use-cases, such as looking a record up and replying with its card; the outside world is behind `ports`."""
