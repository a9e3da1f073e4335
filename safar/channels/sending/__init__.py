"""The dispatcher: from what is due to what was handed over."""
