"""Two shops that never were, with half a year of life: what a new installation shows. See docs/rooms/demo.md."""
