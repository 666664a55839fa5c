"""Reports as files: the same as `cxtext report` writes."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from api import schemas_watch as schemas
from api.deps import Moment, Now, fresh, only_known
from api.interface import described
from cxtext.errors import NotFound
from cxtext.reports import FORMATS, KINDS, MEDIA, render

router = APIRouter(prefix="/api/v1/reports", tags=["reports"], dependencies=[Depends(only_known), Depends(fresh)])
Language = Annotated[Literal["de", "en"], Query(description="Language of the report.")]
Form = Annotated[Literal["html", "pdf", "md", "csv"], Path(examples=["md"])]
DefectForm = Annotated[Literal["html", "pdf", "md", "csv", "json", "jira", "github"], Path(examples=["json"])]
CONTENT = {MEDIA[form].partition(";")[0]: {"schema": {"type": "string"}} for form in FORMATS[:4]}
FILES = {**described(304, 403, 404), 200: {"description": "The report.", "content": CONTENT}}
OBJECT = {"schema": {"type": "object"}, "example": {"title": "Paket nicht angekommen: 41 Fälle in 28 Tagen"}}
DEFECTS = {**FILES, 200: {"description": "The report.", "content": {**CONTENT, "application/json": OBJECT}}}


@router.get("", responses=described(304, 403, 404))
def list_reports(now: Now) -> schemas.Reports:
    """Which reports there are, and in which formats."""
    return schemas.Reports(
        run_id=now.run_id,
        items=[
            schemas.ReportOut(kind=kind, forms=list(FORMATS if kind == "defect" else FORMATS[:4])) for kind in KINDS
        ],
    )


@router.get("/weekly.{form}", response_class=Response, responses=FILES)
def weekly(request: Request, now: Now, form: Form, language: Language = "de") -> Response:
    """The week: what is new, what recurs, what it costs, who owns it."""
    return _file(request, now, "weekly", form, language=language)


@router.get("/department.{form}", response_class=Response, responses=FILES)
def department(
    request: Request,
    now: Now,
    form: Form,
    department: Annotated[str, Query(min_length=1, max_length=120, description="Its key.", examples=["logistics"])],
    language: Language = "de",
) -> Response:
    """What one department can remove."""
    return _file(request, now, "department", form, language=language, department=department)


@router.get("/defect.{form}", response_class=Response, responses=DEFECTS)
def defect(
    request: Request,
    now: Now,
    form: DefectForm,
    topic: Annotated[str | None, Query(max_length=20, examples=["T-0001"])] = None,
    product: Annotated[str | None, Query(max_length=400)] = None,
    project: Annotated[str | None, Query(max_length=40, description="Project in Jira, for the form jira.")] = None,
    language: Language = "de",
) -> Response:
    """One issue or product in the order of an 8D report, also ready to be posted to Jira or GitHub."""
    if (topic is None) == (product is None):
        raise NotFound("a defect report is about one topic or one product: name either")
    if form == "jira" and not project:
        raise NotFound("Jira takes no issue without a project: name it")
    return _file(request, now, "defect", form, language=language, topic=topic, product=product, project=project)


def _file(
    request: Request,
    now: Moment,
    kind: str,
    form: str,
    *,
    language: str,
    topic: str | None = None,
    product: str | None = None,
    department: str | None = None,
    project: str | None = None,
) -> Response:
    if now.run_id == 0:
        raise NotFound("nothing has run yet: `cxtext run FILE` comes first")
    ending = "json" if form in ("jira", "github") else form
    headers = {"Content-Disposition": f'attachment; filename="{kind}.{ending}"', "ETag": request.state.etag}
    if request.scope.get("head_only"):
        return Response(headers=headers, media_type=MEDIA[form])
    content, media = render(
        now.connection, now.run_id, kind, form, language=language, topic=topic, product=product,
        department=department, project=project,
    )  # fmt: skip
    return Response(content, headers=headers, media_type=media)
