"""A slow and obvious simulator of journeys, written from the documents alone.

It takes one contact at a time, one thing at a time, in plain Python, and imports nothing from safar: what the engine
does in sets is held against what this does one by one. Front doors: `run.simulate`, `run.run`,
`compare.differences`, `generate.generate`, `shrink.shrink`, `fine_print.load`.
"""
