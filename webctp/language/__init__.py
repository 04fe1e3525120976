"""What people read of ours, in English and Chinese: refusals, reasons, log lines, commands."""
