"""What the website asks people: forms and pop-ups, and what they answer."""
