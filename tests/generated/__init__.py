"""One construction of tiny random partnerships, drawn either by a seed or by hypothesis (``tests/strategies.py``)."""
