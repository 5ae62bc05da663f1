"""The terminal itself: what it sends before Textual reads it, what it is sent, and how its line ends."""
