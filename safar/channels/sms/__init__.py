"""SMS: its text and patterns, and what people write to a line."""
