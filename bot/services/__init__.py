"""The use-cases: looking a record up, making its card. They ask the world through `ports`."""
