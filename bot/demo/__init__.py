"""The demo: the real bot in a simulated Discord, against a stand-in for the site; nothing leaves this machine."""
