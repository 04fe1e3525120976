"""The blocking face: a thread with a loop beneath the names of the asyncio face."""
