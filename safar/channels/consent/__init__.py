"""The pages on which contacts say what they want to hear, and how it is written down."""
