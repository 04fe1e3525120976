"""Bad input: whatever a client sends, it gets an answer and the connection stays up."""
