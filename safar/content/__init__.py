"""What messages are made from: templates in Liquid, one text for each language, and their rendering. See
docs/rooms/content.md.
"""
