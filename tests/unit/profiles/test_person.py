"""Ages."""

from datetime import date, timedelta

from gateway.profiles.person import Age, age_of_birth, youngest

DAY = date(2026, 11, 22)


def test_a_birth_date_becomes_the_next_step() -> None:
    assert age_of_birth(date(2018, 3, 2), DAY) == Age(12, date(2030, 3, 2))
    assert age_of_birth(date(2026, 11, 22), DAY) == Age(6, date(2032, 11, 22))
    assert age_of_birth(date(2008, 11, 22), DAY) == Age(18)
    assert age_of_birth(date(2008, 11, 23), DAY) == Age(18, date(2026, 11, 23))


def test_a_reduced_birth_date_counts_like_the_birth_date() -> None:
    born = date(2013, 5, 17)
    age = age_of_birth(born, DAY)
    for days in range(0, 4000, 13):
        day = DAY + timedelta(days=days)
        completed = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        assert age.at(day) == completed


def test_the_youngest_of_many_needs_two_ages_at_most() -> None:
    ages = [Age(8), Age(15), Age(12, date(2030, 3, 2)), Age(14, date(2030, 3, 1)), Age(6, date(2027, 1, 1))]
    few = youngest(ages)
    assert few == (Age(8), Age(6, date(2027, 1, 1)))
    for days in range(0, 6000, 29):
        day = DAY + timedelta(days=days)
        assert min(age.at(day) for age in few) == min(age.at(day) for age in ages)


def test_the_youngest_of_one_kind_is_one() -> None:
    assert youngest([Age(8), Age(7)]) == (Age(7),)
    assert youngest([Age(8, DAY), Age(9, DAY)]) == (Age(8, DAY),)
    assert youngest([]) == ()
