"""The engine over SQLite: its file, its turnstile, its full text, and its upkeep."""
