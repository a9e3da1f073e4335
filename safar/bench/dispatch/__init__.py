"""The dispatcher against a bare smtplib loop to the same sink."""
