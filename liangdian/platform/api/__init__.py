"""What every operation of the API shares: tokens, refusals, answers given once, rates, its description."""
