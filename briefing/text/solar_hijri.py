"""Dates in the Solar Hijri calendar, in which Persian sources are often dated."""

from datetime import date, timedelta

from briefing.text.edtf import Day

MONTHS = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split()
# The Gregorian years in which a cycle of 33 years agrees with the equinox, on which the year begins.
YEARS = range(1800, 2254)
# These years of the cycle have one more day.
_LEAP_YEARS = (1, 5, 9, 13, 17, 22, 26, 30)
_CYCLE = 33
# 1 Farvardin 1354, the first year of a cycle.
_START = (1354, date(1975, 3, 21))
_LONG_MONTHS = 6


def solar_hijri(day: Day) -> Day:
    """Return a Gregorian day, in one of ``YEARS``, in the Solar Hijri calendar."""
    moment = date(*day)
    year = day[0] - 621
    if moment < _first_day(year):
        year -= 1
    passed = (moment - _first_day(year)).days
    # The first six months have 31 days, the others 30 or less.
    if passed < 31 * _LONG_MONTHS:
        return year, passed // 31 + 1, passed % 31 + 1
    passed -= 31 * _LONG_MONTHS
    return year, passed // 30 + _LONG_MONTHS + 1, passed % 30 + 1


def _first_day(year: int) -> date:
    start, first = _START
    cycles, rest = divmod(year - start, _CYCLE)
    leap_years = len(_LEAP_YEARS) * cycles + sum(1 for one in _LEAP_YEARS if one <= rest)
    return first + timedelta(days=365 * (year - start) + leap_years)
