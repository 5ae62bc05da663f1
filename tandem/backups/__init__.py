"""A whole desk in one file, and back: what goes into a backup, how it is written and read, and what restoring does."""
