"""Lists of tickets, mails and deeds: what they show, how they follow the store, and where their cursor stands."""
