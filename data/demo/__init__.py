"""A made-up organisation, its people, its API clients and what happened there: something to look at before there is more."""

from data.demo.organisation import make_demo

__all__ = ["make_demo"]
