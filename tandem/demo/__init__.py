"""The demo: mail servers on loopback, sample mails, and a colleague who works beside you."""
