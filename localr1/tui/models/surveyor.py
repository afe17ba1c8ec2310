"""Finds out what there is to choose from: here, in the catalog, and on the hub when it is asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace

from localr1.fit.machine import Machine
from localr1.fit.need import Room
from localr1.fit.offers import local_fit, offers
from localr1.fit.recommend import recommend
from localr1.hub.target import HubTarget, hub_target
from localr1.library.local_model import LocalModel
from localr1.runtime import Runtime
from localr1.tui.models.hub_rows import models_row, repo_row
from localr1.tui.models.shelf import Elsewhere, Row, key_of
from localr1.tui.models.survey import Survey


class Surveyor:
    """Threads read headers, measure and speak to the hub; raises LocalR1Error for what can't be found out."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._survey = Survey()

    async def look(self) -> AsyncGenerator[Survey, None]:
        """What there is, at once; then how it fits, and what other programs have."""
        yield await self._first_look()
        yield await self._measure()

    async def ask_hub(self, text: str) -> Survey:
        """What the hub says to a name of it, or to words."""
        target = hub_target(text)
        asked = (await self._models(target),) if target else await self._repos(text)
        self._survey = replace(self._survey, asked=asked)
        return self._survey

    async def _first_look(self) -> Survey:
        known = {(key_of(offer), offer.quant): offer.fit for offer in self._survey.offers}
        listed = await asyncio.to_thread(offers, self._runtime.library, None)
        fitted = (replace(offer, fit=known.get((key_of(offer), offer.quant))) for offer in listed)
        self._survey = replace(self._survey, offers=tuple(fitted))
        return self._survey

    async def _measure(self) -> Survey:
        runtime = self._runtime
        machine = await runtime.machine()
        offered = await asyncio.to_thread(offers, runtime.library, machine, self._room)
        found = await asyncio.to_thread(self._elsewhere, machine)
        best = recommend(offered, machine)
        self._survey = Survey(tuple(offered), found, self._survey.asked, machine, best.offer, best.reason)
        return self._survey

    def _elsewhere(self, machine: Machine) -> tuple[Elsewhere, ...]:
        """What other programs have, each with its header read."""
        found = []
        room = self._room
        for model in self._runtime.elsewhere():
            local = LocalModel(model.name, model.path, model.size, model.quant)
            found.append(Elsewhere(model, local_fit(local, machine, room)))
        return tuple(found)

    @property
    def _room(self) -> Room:
        config = self._runtime.config
        return Room(config.context, config.cache_type)

    async def _repos(self, text: str) -> tuple[Row, ...]:
        found = await self._runtime.ask_hub(lambda hub: hub.search(text))
        return tuple(map(repo_row, found))

    async def _models(self, target: HubTarget) -> Row:
        """Every quant in a repository; one header tells how all of them fit."""
        models, header = await self._runtime.ask_hub(
            lambda hub: (found := hub.models(target), hub.header(found[0]) if found else None)
        )
        return models_row(target, models, header, self._survey.machine, self._runtime.config)
