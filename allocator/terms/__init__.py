"""Terms of design 4.3 in the engine's own code: calendar, travel, bands, live requests, decisions."""
