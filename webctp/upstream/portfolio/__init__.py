"""What an account holds and what it is worth, kept by arithmetic from what CTP tells."""
