"""The screen: a Textual application over a desk, with no mail and no storage in it."""
