"""Measuring: what the engine, the way in, the dispatcher and the back-test cost, as ratios within one run."""
