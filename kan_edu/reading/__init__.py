"""Reading a trained KAN: `strength` says how much of the output passes each edge. May import `learning` and below."""
