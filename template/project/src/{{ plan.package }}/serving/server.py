"""The server, with the contract of a SageMaker container: GET /ping and POST /invocations on port 8080.

Source: Amazon SageMaker Developer Guide, "Use your own inference code with hosting services" (2026-11-23).
"""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pandas as pd
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ..data import dataset
from ..problem import BadRequestError
from . import request as requests
from .service import RefusedError, Service

_log = logging.getLogger(__name__)
_VARIANT = "x-amzn-sagemaker-target-variant"


def application(service: Service) -> Starlette:
    """The server as an ASGI application."""
    optional = frozenset({*dataset.OPTIONAL, *dataset.GROUPS})

    async def ping(_: Request) -> Response:
        return Response(status_code=200 if service.healthy else 503)

    async def invocations(request: Request) -> Response:
        try:
            _refuse_other_version(request, service)
            body = await request.body()
            if request.headers.get("content-type", "").startswith("text/csv"):
                return PlainTextResponse(scored_lines(body.decode(), service), media_type="text/csv")
            events = requests.parse(body, optional)
            answers = [service.answer(event) for event in events]
        except BadRequestError as problem:
            return _json({"error": problem.what, "problems": problem.got, "allowed": problem.allowed}, 400)
        except RefusedError:
            return _json({"error": "decisions are switched off", "problems": "the kill switch is on refuse"}, 503)
        return _json(answers[0] if len(answers) == 1 else {"predictions": answers}, 200)

    return Starlette(
        routes=[Route("/ping", ping, methods=["GET"]), Route("/invocations", invocations, methods=["POST"])],
    )


def scored_lines(text: str, service: Service) -> str:
    """Score lines of features, as a batch transform sends them: the row's id, then the inputs in the model's order.

    Raises:
        BadRequestError: a line has another number of values, or a value is no number.
    """
    names = list(service.scorer.model.names)
    try:
        rows = pd.read_csv(io.StringIO(text), header=None, names=[dataset.ID, *names], index_col=False)
        rows[names] = rows[names].astype(float)
    except (ValueError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise BadRequestError(
            "the lines are not rows of features", got=str(error)[:200], allowed=f"id and {len(names)} numbers"
        ) from error
    table = service.scorer.table(rows.set_index(dataset.ID))
    return str(table.to_csv(index=False, header=False))


def _refuse_other_version(request: Request, service: Service) -> None:
    asked = request.headers.get(_VARIANT)
    if asked is not None and asked != service.scorer.version:
        raise BadRequestError("that model version is not served here", got=asked, allowed=service.scorer.version)


def _json(document: Any, status: int) -> Response:
    return Response(json.dumps(document), status_code=status, media_type="application/json")
