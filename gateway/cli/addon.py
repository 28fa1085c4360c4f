"""Verbs for the browser add-on: what it is built from, and building it."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.verb import cli, problems_told
from gateway.edge.streams import say

addon = typer.Typer(no_args_is_help=True, help="The browser add-on: build it, see what it is built from.")
cli.add_typer(addon, name="addon")


@addon.command()
def data() -> None:
    """Print the scales, signs, vocabularies and site recipes as JSON, as the add-on's readers take them."""
    from gateway.edge.addon_data import addon_data

    print(addon_data())


@addon.command()
def build(
    out: Annotated[Path | None, typer.Option(help="folder to write to; without it, whence the gateway serves")] = None,
    key: Annotated[Path | None, typer.Option(help="PEM file of an RSA key to sign with; without it its own")] = None,
    url: Annotated[str | None, typer.Option(help="how browsers reach the gateway: http://192.168.1.2:8088")] = None,
    config: Annotated[Path | None, typer.Option(help="installation or policy file; without it the demo's")] = None,
    data: Annotated[Path | None, typer.Option(help="data directory (overrides the file)")] = None,
) -> None:
    """Build the add-on for Chromium and Firefox: folders, zips for stores, CRX and XPI, updates, example policies."""
    from gateway.edge.addon.building import build as build_all
    from gateway.edge.addon.parts import CannotBuild
    from gateway.edge.installation import read_installation

    try:
        with problems_told():
            built = build_all(read_installation(config, data), out, key, url)
    except CannotBuild as fault:
        say(str(fault))
        raise typer.Exit(1) from None
    for name in built.files:
        print(built.out / name)
    say(f"version {built.rollout.version}; browsers fetch it from {built.rollout.base}/addon/")
    if built.note:
        say(built.note)
    say(f"Chromium: {built.rollout.chromium_id}, qorgan.crx is signed")
    say(
        f"Firefox: {built.rollout.gecko_id}, qorgan.xpi is not signed: ESR takes it by policy, the Firefox of homes "
        "only after addons.mozilla.org has signed it"
    )
