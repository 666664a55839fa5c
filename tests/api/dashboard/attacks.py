"""Sixty ways to smuggle script, style or markup into a page by what a ticket says."""

PAYLOADS = [
    wrapped.format(attack)
    for attack in (
        "<script>window.hacked=1</script>", "<img src=x onerror=window.hacked=1>", "<svg onload=window.hacked=1>",
        "<iframe src=javascript:parent.hacked=1></iframe>", "<body onload=window.hacked=1>",
        "<a href=javascript:window.hacked=1>x</a>", "<style>*{{}}</style>", "<link rel=stylesheet href=//x>",
        "<base href=//x>", "<meta http-equiv=refresh content=0>", "<form action=//x><input autofocus onfocus=window.hacked=1>",
        "</script><script>window.hacked=1</script>",
    )
    for wrapped in ("{}", '">{}', "'>{}", "--></title></blockquote></textarea>{}", "{{{{31337*27183}}}}{{% raw %}}{}")
]  # fmt: skip
HTMX = ' hx-get="/x" hx-on:load="window.hacked=1" data-hx-trigger="load"'
