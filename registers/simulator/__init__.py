"""A stand-in for the state's registers and the payment gateway: its own process, its own data, no Django."""
