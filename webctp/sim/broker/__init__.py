"""What the broker checks and keeps before an exchange sees it: orders, quotes, exercises."""
