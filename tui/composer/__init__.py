"""A text that is written: where it is kept, what goes with it, and what is asked of the desk when it is done."""
