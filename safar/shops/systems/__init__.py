"""Shop systems, one file each: what a system sends, said in the house's events. See ``safar.shops.system``."""
