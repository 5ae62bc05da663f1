"""What the screen says, in its language; finding and ranking words."""
