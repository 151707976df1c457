"""People's mediation: disputes, the committee, talks, agreements and what became of them."""
