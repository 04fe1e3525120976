"""What an account may do: order checks, compliance counters, the kill switch."""
