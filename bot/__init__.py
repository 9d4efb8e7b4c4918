"""How people reach the archive: Telegram, and the terminal."""
