"""What a person can do in Telegram: one file for each thing."""
