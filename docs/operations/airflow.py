"""Airflow: the night as a task; cxtext is called as anybody calls it."""

from datetime import UTC, datetime

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG(
    "cxtext", schedule="10 2 * * *", start_date=datetime(2026, 1, 1, tzinfo=UTC), catchup=False, max_active_runs=1
):
    BashOperator(
        task_id="night", bash_command="cd /srv/cxtext && .venv/bin/cxtext run --quiet || test $? -eq 3", retries=3
    )
