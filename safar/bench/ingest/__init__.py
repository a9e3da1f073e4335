"""The way in: HTTP against COPY, single requests, and the engine's application of a batch against its own row writes."""
