"""All sample records, in the order in which the demo lists them."""

from bot.demo.abstracts import LAID_OUT
from bot.demo.oddities import ODD
from bot.demo.sample import Sample

SAMPLES: tuple[Sample, ...] = (*LAID_OUT, *ODD)
