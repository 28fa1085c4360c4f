"""Verbs for the browser add-on: what it is built from."""

import typer

from gateway.cli.verb import cli

addon = typer.Typer(no_args_is_help=True, help="The browser add-on: what it is built from.")
cli.add_typer(addon, name="addon")


@addon.command()
def data() -> None:
    """Print the scales, signs, vocabularies and site recipes as JSON, as the add-on's readers take them."""
    from gateway.edge.addon_data import addon_data

    print(addon_data())
