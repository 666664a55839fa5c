"""One text, understood at once."""

from fastapi import APIRouter, Depends, Request

from api import schemas
from api.deps import only_known
from api.interface import described

router = APIRouter(prefix="/api/v1/analyze", tags=["analyze"], dependencies=[Depends(only_known)])


@router.post("", responses=described(413))
def analyze(request: Request, body: schemas.AnalyzeIn) -> schemas.AnalyzeOut:
    """Topic, sentiment, causes and evidence of one text. Nothing is stored."""
    return schemas.AnalyzeOut(**request.app.state.analyst.ask({"do": "analyze", **body.model_dump()}))
