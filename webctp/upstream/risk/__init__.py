"""What an account may do: order checks and compliance counters."""
