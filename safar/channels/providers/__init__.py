"""One file for each provider; found by safar.lib.kinds."""
