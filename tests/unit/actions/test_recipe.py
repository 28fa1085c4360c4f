import pytest

from gateway.actions.recipe import WRITES, Recipe, Recipes, plain_name
from gateway.decision.question import Asked
from gateway.document.url import canonical

PAGE = canonical("https://www.a.test/new?x=1")


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("password", "password"),
        ("user[Password_Confirmation]", "passwordconfirmation"),
        ("User.password-confirm", "passwordconfirm"),
        ("a:b", "b"),
        ("first second", "firstsecond"),
        ("тел", "тел"),
        ("list[]", "list"),
        ("[]", ""),
        ("__", ""),
    ],
)
def test_how_names_are_compared(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_without_recipes_everything_is_viewing() -> None:
    assert Recipes().asked("POST", PAGE, fields=("password", "password2")) is Asked.VIEW


def test_the_nearest_name_above_a_host_has_its_recipes() -> None:
    def of(asked: Asked) -> tuple[Recipe, ...]:
        return (Recipe(asked=asked, steps=frozenset({"new"})),)

    recipes = Recipes({"a.test": of(Asked.REGISTER), "b.www.a.test": of(Asked.SEARCH)}, of(Asked.SEARCH))
    assert recipes.asked("GET", PAGE) is Asked.REGISTER
    assert recipes.asked("GET", canonical("https://b.www.a.test/new")) is Asked.SEARCH
    assert recipes.asked("GET", canonical("https://other.test/new")) is Asked.SEARCH
    assert recipes.asked("GET", canonical("https://www.a.test/old")) is Asked.VIEW


def test_every_condition_must_hold() -> None:
    recipe = Recipe(
        asked=Asked.REGISTER,
        methods=frozenset({WRITES}),
        kinds=frozenset({"forum"}),
        steps=frozenset({"new"}),
        query={"x": frozenset({"1"})},
        fields=(frozenset({"password"}),),
        without=frozenset({"old"}),
    )
    recipes = Recipes(everywhere=(recipe,))
    assert recipes.asked("POST", PAGE, "forum", ["password"]) is Asked.REGISTER
    assert recipes.asked("GET", PAGE, "forum", ["password"]) is Asked.VIEW
    assert recipes.asked("POST", PAGE, None, ["password"]) is Asked.VIEW
    assert recipes.asked("POST", canonical("https://a.test/new"), "forum", ["password"]) is Asked.VIEW
    assert recipes.asked("POST", canonical("https://a.test/old?x=1"), "forum", ["password"]) is Asked.VIEW
    assert recipes.asked("POST", PAGE, "forum", ["password", "old"]) is Asked.VIEW
    assert recipes.asked("POST", PAGE, "forum", ["name"]) is Asked.VIEW
    assert recipes.asked("POST", PAGE, "forum", None) is Asked.VIEW


def test_an_address_with_more_parameters_than_any_form_has_none() -> None:
    recipes = Recipes(everywhere=(Recipe(asked=Asked.SEARCH, query={"q": frozenset()}),))
    assert recipes.asked("GET", canonical("https://a.test/?q=cats")) is Asked.SEARCH
    assert recipes.asked("GET", canonical("https://a.test/?q=cats" + "&a=1" * 100)) is Asked.VIEW
