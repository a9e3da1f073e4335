"""What the ready-made journeys would have done over the past year (`safar.journeys.lookback`)."""
