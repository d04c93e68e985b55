"""The demo: the real bot in a simulated Discord, against a stand-in for the site; nothing leaves this machine."""

from bot.demo.command import run_demo

__all__ = ["run_demo"]
