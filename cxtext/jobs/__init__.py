"""The shell around the pipeline: fetch, keep, analyse, publish, tell. Clock, lock and transactions live here."""
