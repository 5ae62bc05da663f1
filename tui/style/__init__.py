"""How the screen looks: themes, colours or none, and its signs."""
