"""What services say of messages they had taken, and when figures stop a sending."""
