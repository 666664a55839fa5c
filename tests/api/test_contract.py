"""The interface keeps what its description promises: schemathesis asks what nobody thought of.

A bounded sample of the reading routes; `tests/benchmarks/api_contract.py` asks a served application much more.
"""

from typing import Any

import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings

EXAMPLES = 4  # of each operation


def test_reading_keeps_the_contract(demo: TestClient) -> None:
    described = schemathesis.openapi.from_asgi("/openapi.json", demo.app, headers={"Host": "localhost"})
    asked = []
    for found in described.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # an Err raises here, which is what a test should do
        if operation.method.upper() != "GET" or "exports" in operation.path:
            continue

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        def keeps(case: Any) -> None:
            case.call_and_validate(headers={"Host": "localhost"})

        keeps()
        asked.append(operation.path)
    assert len(asked) >= 9
