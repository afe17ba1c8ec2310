"""What is known of a model on the hub, before it is fetched."""

from __future__ import annotations

from localr1.catalog import Catalog
from localr1.cli.fits import Fits
from localr1.cli.hub.access import HubAccess
from localr1.cli.models.facts import Facts, facts_of_remote
from localr1.cli.pull.quants import USUAL, Choice, choices_of_repo
from localr1.gguf.header import GGUFHeader
from localr1.hub.choice import choose
from localr1.hub.hub import Hub
from localr1.hub.remote import RemoteModel
from localr1.hub.target import HubTarget


def look_up_remote(
    target: HubTarget, access: HubAccess, catalog: Catalog, fits: Fits
) -> tuple[Facts, list[Choice]]:
    """The model that is meant, or the usual one of several, and all that there are to choose from."""

    def ask(hub: Hub) -> tuple[RemoteModel, GGUFHeader, tuple[RemoteModel, ...]]:
        models = hub.models(target)
        model = next((model for model in models if model.quant == USUAL), None) or choose(models[:1], target)
        return model, hub.header(model), models

    model, header, models = access.ask(ask)
    known = catalog.file_named(model.name, model.repo)
    choices = choices_of_repo(target, models, [fits.of_header(header, each.size) for each in models])
    return facts_of_remote(model, header, known[0] if known else None, fits), choices
