"""Departments."""

from fastapi import APIRouter, Depends

from api import schemas
from api.deps import Now, fresh, only_known
from api.interface import described
from cxtext.export import KINDS

router = APIRouter(
    prefix="/api/v1/departments", tags=["departments"], dependencies=[Depends(only_known), Depends(fresh)]
)


@router.get("", responses=described(304, 403, 404))
def list_departments(now: Now) -> schemas.Departments:
    """Departments that own tickets, most first."""
    rows = KINDS["departments"].rows(now.connection, now.run_id)
    return schemas.Departments(items=[schemas.DepartmentOut(**row) for row in rows])
