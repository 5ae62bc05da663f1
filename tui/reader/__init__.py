"""A ticket that is read: its conversation as lines, what is folded, found and shown of it."""
