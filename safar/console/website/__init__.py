"""Forms and pop-ups: listed, drawn, embedded."""
