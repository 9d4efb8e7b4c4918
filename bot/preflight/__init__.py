"""Whether the bot could run well here: one line for each part, with what to do where it is not right."""
