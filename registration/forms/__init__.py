"""The desk's forms about vehicles: one for each act, and what the officer saw at the inspection."""
