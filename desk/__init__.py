"""The domain: tickets, people, events and the rules, in the standard library alone."""
