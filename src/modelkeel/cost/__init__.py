"""What a graph costs in a month: low, base and high, with the assumption behind each line."""

from modelkeel.cost.bill import Bill, CostLine, FreeType, Totals, Unpriced, add, dumps, to_document
from modelkeel.cost.estimate import PRICERS, price

__all__ = ["PRICERS", "Bill", "CostLine", "FreeType", "Totals", "Unpriced", "add", "dumps", "price", "to_document"]
