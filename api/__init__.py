"""The web application: API and dashboard. It is deployed, never installed."""
