__all__ = ["VERSION"]

VERSION = "0.2.0"
