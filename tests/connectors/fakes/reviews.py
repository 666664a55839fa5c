"""Places of reviews and a plain REST interface as their documentation describes them."""

from tests.connectors.fakes.desk import Asked, Desk, Reply, iso, moment, numbered

REFUSED = Reply({"error": "unauthorized"}, status=401)


def google_play(desk: Desk, asked: Asked) -> Reply:
    """developers.google.com/android-publisher: a token for a signed assertion, then pages by token."""
    if asked.path == "/token":
        signed = asked.body.get("assertion", "").count(".") == 2
        return Reply({"access_token": desk.password}) if signed else REFUSED
    if asked.headers.get("Authorization") != f"Bearer {desk.password}":
        return REFUSED
    at, size = int(asked.query.get("token", "0")), 100
    found = sorted(desk.alive(), key=lambda one: one.updated, reverse=True)
    reviews = [
        {"reviewId": str(one.number), "authorName": "Erika Beispiel", "comments": [
            {"userComment": {"text": f"{one.subject}\t{one.text}", "starRating": 2, "reviewerLanguage": "de",
                             "lastModified": {"seconds": str(int(one.created.timestamp()))}, "appVersionName": "5.3.0"}},
            {"developerComment": {"text": "Wir kümmern uns."}}]}
        for one in desk.mixed(found[at : at + size])
    ]  # fmt: skip
    more = at + size < len(found) or desk.loop
    token = {"tokenPagination": {"nextPageToken": "0" if desk.loop else str(at + size)}} if more else {}
    return Reply({"reviews": reviews, **token})


def app_store(desk: Desk, asked: Asked) -> Reply:
    """developer.apple.com: the newest first, the address of the next page in the links."""
    if asked.headers.get("Authorization", "").count(".") != 2:
        return REFUSED
    at, size = int(asked.query.get("cursor", "0")), 100
    found = sorted(desk.alive(), key=lambda one: one.created, reverse=True)
    data = [
        {"id": str(one.number), "type": "customerReviews", "attributes": {
            "rating": 2, "title": one.subject, "body": one.text, "reviewerNickname": "Erika Beispiel",
            "createdDate": one.created.isoformat(), "territory": "DEU"}}
        for one in desk.mixed(found[at : at + size])
    ]  # fmt: skip
    links = {}
    if at + size < len(found) or desk.loop:
        links["next"] = f"{desk.base}{asked.path}?cursor={0 if desk.loop else at + size}"
    return Reply({"data": data, "links": links})


def trustpilot(desk: Desk, asked: Asked) -> Reply:
    """developers.trustpilot.com: pages by number, the newest first."""
    if (asked.headers.get("Authorization"), asked.headers.get("Apikey", asked.headers.get("apikey"))) != (
        f"Bearer {desk.password}", "schluessel",
    ):  # fmt: skip
        return REFUSED
    found = sorted(desk.alive(), key=lambda one: one.updated, reverse=True)
    page = numbered(found, asked, int(asked.query.get("perPage", "20")))
    return Reply({"reviews": [
        {"id": str(one.number), "title": one.subject, "text": one.text, "stars": 1, "language": "de",
         "createdAt": iso(one.created), "updatedAt": iso(one.updated), "referralEmail": "erika@example.org",
         "consumer": {"id": "k1", "displayName": "Erika Beispiel"}, "companyReply": {"text": "Wir kümmern uns."}}
        for one in desk.mixed(page)
    ]})  # fmt: skip


def rest(desk: Desk, asked: Asked) -> Reply:
    """A plain interface of one's own: `data.items`, the next address under `data.next`, changes since a time."""
    if asked.headers.get("X-Api-Key", asked.headers.get("X-api-key")) != desk.password:
        return REFUSED
    start = moment(asked.query["changed_since"]) if "changed_since" in asked.query else desk.entries[0].created
    at, size = int(asked.query.get("at", "0")), 100
    found = desk.since(start, deleted=False)
    items = [
        {"nr": one.number, "betreff": one.subject, "inhalt": {"text": one.text}, "erstellt": iso(one.created),
         "geaendert": iso(one.updated)}
        for one in desk.mixed(found[at : at + size])
    ]  # fmt: skip
    told: dict[str, object] = {"items": items}
    if at + size < len(found) or desk.loop:
        place = 0 if desk.loop else at + size
        told["next"] = f"{asked.path}?at={place}" + f"&changed_since={iso(start)}"
    return Reply({"data": told})
