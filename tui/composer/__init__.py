"""A text that is written: the parts of its screen, where it is kept, and what is asked of the desk when it is done."""
