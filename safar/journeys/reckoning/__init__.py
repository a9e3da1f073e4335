"""What figures cost too much to be read while somebody waits: how long people stay, what messages earned and cost, lift."""
