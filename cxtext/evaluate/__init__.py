"""The measuring code behind `cxtext evaluate` and the model cards."""
