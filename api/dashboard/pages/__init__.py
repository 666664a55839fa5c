"""The pages, one file each."""

from fastapi import APIRouter, Depends

from api.dashboard.pages import acts, cases, departments, issue, issues, metrics, morning, review, runs, ticket, voices
from api.deps import only_known

router = APIRouter(include_in_schema=False, dependencies=[Depends(only_known)])
for page in (morning, issues, issue, departments, metrics, cases, ticket, review, runs, voices, acts):
    router.include_router(page.router)
