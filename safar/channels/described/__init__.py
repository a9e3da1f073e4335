"""What a service that is described in a form is asked, and how its answers are read."""
