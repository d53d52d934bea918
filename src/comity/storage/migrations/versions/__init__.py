"""One module per revision; what was released is never edited."""
