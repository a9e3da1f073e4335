"""E-mail: composed, signed, handed over by SMTP or a service, and what comes back."""
