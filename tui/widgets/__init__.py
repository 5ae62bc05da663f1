"""Parts of screens: the ticket list, the reader, the composer and what stands around them."""
