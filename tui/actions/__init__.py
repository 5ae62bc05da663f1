"""What the keys of the list and the reader do; each asks the desk in the writer's thread."""
