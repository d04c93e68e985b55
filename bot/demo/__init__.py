"""The demo: the real bot in a simulated Discord, with stand-ins for the sites; nothing leaves this machine."""

from bot.demo.command import run_demo

__all__ = ["run_demo"]
