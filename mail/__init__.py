"""Electronic mail: bytes to values and back, IMAP and SMTP; it knows no store and no screen."""
