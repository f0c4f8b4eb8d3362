"""Sound requests of every route: from the OpenAPI document, from the pages' own links and forms, and by hand where
neither says what a body holds (statements, attachments, documents, files to import)."""

import base64
import collections
import hashlib
import html.parser
import http.client
import json
import re
import uuid
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

from bending import encoded, multipart

ROLES = ["administrator", "steward", "sponsor", "designer", "manager", "learner", "auditor"]
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass
class Seed:
    """One sound request. `who` is a role, "client" or "nobody"."""
    method: str
    path: str
    who: str
    query: list = field(default_factory=list)
    headers: list = field(default_factory=list)
    kind: str = "none"          # none, json, form, parts or bytes
    body: object = b""          # bytes; pairs of a form; or (headers, content) of parts
    boundary: bytes = b"b"

    @property
    def route(self):
        return f"{self.method} {UUID.sub('{id}', self.path)}"


class Caller:
    """One person's session, or a client's credentials."""

    def __init__(self, port, who, secret):
        self.port, self.who = port, who
        self.headers = []
        if who == "client":
            self.headers = [("Authorization", secret)]
        elif who != "nobody":
            body = json.dumps({"name": secret[0], "password": secret[1]})
            answer, text = send(port, "POST", "/api/v1/session", [("Content-Type", "application/json")], body.encode())
            if answer.status != 201:
                raise OSError(f"{who} could not sign in: {answer.status} {text[:200]}")
            cookie = answer.getheader("Set-Cookie").split(";")[0]
            self.headers = [("Cookie", cookie), ("X-CSRF-Token", json.loads(text)["csrf"])]


def send(port, method, path, headers, body=b""):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body or None, dict(headers))
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer, text


class Page(html.parser.HTMLParser):
    """The links and forms of a page."""

    def __init__(self, path):
        super().__init__()
        self.path, self.links, self.forms, self.form, self.choice = path, set(), [], None, None

    def handle_starttag(self, tag, pairs):
        given = {name: value or "" for name, value in pairs}
        if tag == "a" and "href" in given:
            self.links.add(given["href"])
        elif tag == "form":
            self.form = {"method": given.get("method", "get").upper(), "action": given.get("action") or self.path,
                         "type": given.get("enctype", ""), "fields": []}
            self.forms.append(self.form)
        elif self.form is not None and "name" in given:
            self.choice = given["name"] if tag == "select" else None
            if tag in ("input", "button", "textarea", "select"):
                value = given.get("value", "1" if given.get("type") == "checkbox" else "")
                self.form["fields"].append((given["name"], value, given.get("type", tag)))
        elif tag == "option" and self.form is not None and self.choice and "value" in given:
            self.form["fields"].append((self.choice, given["value"], "option"))
            self.choice = None

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


def crawled(port, callers, limit=60):
    """The pages that each role reaches, and their forms, one for each route and set of fields."""
    seeds, known = [], set()
    for who in ROLES:
        waiting, seen, fetched = collections.deque(["/", "/catalogue", "/me", "/settings"]), set(), 0
        while waiting and fetched < limit:
            path = waiting.popleft()
            shape = UUID.sub("{id}", urlsplit(path).path)
            if shape in seen or "sign-out" in path:
                continue
            seen.add(shape)
            answer, text = send(port, "GET", path, callers[who].headers + [("Accept", "text/html")])
            fetched += 1
            if answer.status in (302, 303):
                waiting.append(urljoin(path, answer.getheader("Location")))
            if (who, shape) not in known and answer.status == 200:
                known.add((who, shape))
                parts = urlsplit(path)
                seeds.append(Seed("GET", parts.path, who, parse_qsl(parts.query), [("Accept", "text/html")]))
            if "text/html" not in answer.getheader("Content-Type", ""):
                continue
            page = Page(path)
            page.feed(text.decode("utf-8", "replace"))
            waiting.extend(urljoin(path, link) for link in sorted(page.links) if link.startswith(("/", "?", ".")))
            seeds += [seed for seed in map(lambda form: form_seed(form, path, who, known), page.forms) if seed]
    return seeds


def form_seed(form, path, who, known):
    action = urlsplit(urljoin(path, form["action"]))
    fields = [(name, value) for name, value, kind in form["fields"] if name != "csrf" and kind != "file"]
    key = (form["method"], UUID.sub("{id}", action.path), tuple(sorted(name for name, _ in fields)))
    if key in known or "/sign-out" in action.path or "/sign-in" in action.path or "/password" in action.path:
        return None
    known.add(key)
    if form["method"] == "GET":
        return Seed("GET", action.path, who, parse_qsl(action.query) + fields, [("Accept", "text/html")])
    files = [name for name, _, kind in form["fields"] if kind == "file"]
    if files or "multipart" in form["type"]:
        parts = [([("Content-Disposition", f'form-data; name="{name}"')], value.encode()) for name, value in fields]
        parts += [([("Content-Disposition", f'form-data; name="{name}"; filename="a.csv"'),
                    ("Content-Type", "text/csv")], FILES["people"].encode()) for name in files]
        return Seed("POST", action.path, who, parse_qsl(action.query), [("Accept", "text/html")], "parts", parts)
    return Seed("POST", action.path, who, parse_qsl(action.query), [("Accept", "text/html")], "form", fields)


FILES = {
    "people": "id,name,email,unit\n1,Ada,ada@example.org,Sales\n2,\"Bo \"\"B\"\", x\",bo@example.org,Sales / East\n",
    "framework": "key,name,description,parent\na,Ask well,,\nb,Check,,a\n",
    "catalogue": '{"id":"c1","title":"Prompts","kind":"article","language":"en","skills":["Ask well"],"minutes":5}\n',
    "texts": '{"id":"c1","language":"en","text":"# Prompts\\n\\nText."}\n',
    "items": '{"id":"i1","learning_object":"c1","language":"en","kind":"single","stem":"Which?","choices":["a","b"],'
             '"answer":[0],"skills":["Ask well"]}\n',
    "responses": "learner\titem\tskills\tcorrect\tts\nl1\ti1\ta~b\t1\t1700000000\nl2\ti1\ta\t0\t1700000001\n",
    "statements": '{"actor":{"mbox":"mailto:a@example.org"},"verb":{"id":"http://example.org/v"},'
                  '"object":{"id":"urn:x:1"}}\n',
}

TEXTS = ["A name", "everyone", "2026-12-01", "a@example.org", "http://127.0.0.1:1/xapi", "tool", "en", "all", "policy"]


def example(schema, name, ids, dice):
    """A value of a schema of the OpenAPI document."""
    kind = schema.get("type")
    if kind == "object" and "properties" in schema:
        needed = schema.get("required", [])
        return {member: example(inner, member, ids, dice) for member, inner in schema["properties"].items()
                if member in needed or dice.random() < 0.5}
    if kind == "array":
        return [example(schema.get("items", {"type": "string"}), name, ids, dice)]
    if kind in ("integer", "number"):
        return dice.choice([0, 1, 5, 30])
    if kind == "boolean":
        return dice.random() < 0.5
    words = re.findall(r"\b[a-z][\w-]+\b", schema.get("description", ""))
    return dice.choice(TEXTS + words + ids[:5])


def described(port, callers, dice):
    """Requests of every operation of the OpenAPI document, as each role that may send them."""
    document = json.loads(send(port, "GET", "/api/openapi.json", [])[1])
    ids = {}
    for path, operations in document["paths"].items():
        if "get" in operations and "{" not in path and path.startswith("/api/v1"):
            found = send(port, "GET", path, callers["administrator"].headers)[1]
            found += send(port, "GET", path, callers["steward"].headers)[1]
            ids[path] = sorted(set(UUID.findall(found.decode("utf-8", "replace"))))
    whole = sorted({one for some in ids.values() for one in some})
    seeds = []
    for path, operations in document["paths"].items():
        if path.startswith("/xapi") or path == "/api/v1/session":
            continue
        known = ids.get(path.split("/{")[0]) or whole
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            for who in [role for role in ROLES if is_open(role, path)] + ["client", "nobody"]:
                if who in ("client", "nobody") and dice.random() < 0.9:
                    continue
                real = re.sub(r"\{\w+(\.\.\.)?\}", lambda _: dice.choice(known), path)
                query = [(one["name"], dice.choice(["1", "en", "x", "2026-11-01", dice.choice(whole)]))
                         for one in operation.get("parameters", []) if one["in"] == "query" and dice.random() < 0.6]
                seed = Seed(method.upper(), real, who, query)
                if "application/json" in content:
                    schema = content["application/json"].get("schema", {})
                    seed.kind, seed.body = "json", json.dumps(example(schema, "", known, dice)).encode()
                    seed.headers = [("Content-Type", "application/json")]
                elif "multipart/form-data" in content:
                    kind = path.rsplit("/", 1)[-1]
                    name = kind + (".jsonl" if FILES.get(kind, "").startswith("{") else ".csv")
                    seed.kind, seed.body = "parts", [(
                        [("Content-Disposition", f'form-data; name="file"; filename="{name}"')],
                        FILES.get(kind, "{}").encode())]
                seeds.append(seed)
    return seeds


def is_open(role, path):
    """The API's own role for a route shows itself in the answer; a few of each keep the refusals tried as well."""
    return role in ("administrator", "steward", "sponsor", "learner") or "me/" in path


def statement(**more):
    return {"actor": {"mbox": "mailto:a@example.org"}, "verb": {"id": "https://example.org/v", "display": {"en": "did"}},
            "object": {"id": "https://example.org/course"}, **more}


def full():
    """A statement that holds nearly everything that one may hold."""
    agent = {"objectType": "Agent", "account": {"homePage": "https://people.example.org", "name": "a"}}
    return statement(
        id=str(uuid.UUID(int=7, version=4)), timestamp="2026-11-23T20:14:08.123+01:00", version="1.0.3",
        actor={"objectType": "Group", "mbox": "mailto:g@example.org", "member": [agent]},
        object={"objectType": "Activity", "id": "https://example.org/q", "definition": {
            "name": {"en-US": "Q", "de": "F"}, "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
            "interactionType": "choice", "correctResponsesPattern": ["a[,]b"],
            "choices": [{"id": "a", "description": {"en": "A"}}], "extensions": {"https://example.org/x": [1, {}]}}},
        result={"score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10}, "success": True, "completion": False,
                "response": "a", "duration": "PT1H2M3.45S", "extensions": {"https://example.org/y": None}},
        context={"registration": str(uuid.UUID(int=9, version=4)), "instructor": agent, "platform": "P", "language": "en",
                 "contextActivities": {"parent": [{"id": "https://example.org/p"}]},
                 "statement": {"objectType": "StatementRef", "id": str(uuid.UUID(int=8, version=4))}})


def resources():
    """The record store's own, and the session."""
    agent = json.dumps({"mbox": "mailto:a@example.org"})
    version, kind = [("X-Experience-API-Version", "1.0.3")], [("Content-Type", "application/json")]
    new = lambda: str(uuid.uuid4())
    data = b"attached"
    sha = hashlib.sha256(data).hexdigest()
    attached = statement(attachments=[{
        "usageType": "https://example.org/u", "display": {"en": "A"}, "contentType": "text/plain", "length": len(data),
        "sha2": sha}])
    parts = [([("Content-Type", "application/json")], json.dumps(attached).encode()),
             ([("Content-Type", "text/plain"), ("Content-Transfer-Encoding", "binary"), ("X-Experience-API-Hash", sha)],
              data)]
    sub = statement(object={"objectType": "SubStatement", **statement()})
    void = statement(verb={"id": "http://adlnet.gov/expapi/verbs/voided"},
                     object={"objectType": "StatementRef", "id": str(uuid.UUID(int=7, version=4))})
    seeds = []
    for tree in [statement(), full(), [statement(), full()], sub, void, [statement() for _ in range(30)]]:
        body = json.dumps(tree).encode()
        seeds.append(Seed("POST", "/xapi/statements", "client", [], version + kind, "json", body))
        seeds.append(Seed("PUT", "/xapi/statements", "client", [("statementId", new())], version + kind, "json", body))
    two = [("X-Experience-API-Version", "2.0.0")]
    seeds += [Seed("POST", "/xapi/statements", "client", [], two + kind, "json", json.dumps(full()).encode()),
              Seed("POST", "/xapi/statements", "client", [], version, "parts", parts),
              Seed("POST", "/xapi/statements", "client", [("method", "GET")],
                   [("Content-Type", "application/x-www-form-urlencoded")], "form",
                   [("X-Experience-API-Version", "1.0.3"), ("limit", "2"), ("verb", "https://example.org/v")])]
    for query in [[("limit", "3")], [("agent", agent), ("related_agents", "true")], [("statementId", new())],
                  [("verb", "https://example.org/v"), ("format", "ids"), ("ascending", "true")],
                  [("activity", "https://example.org/course"), ("related_activities", "true"), ("attachments", "true")],
                  [("since", "2026-01-01T00:00:00Z"), ("until", "2027-01-01T00:00:00Z"), ("format", "canonical")],
                  [("registration", new())], [("voidedStatementId", new())], [("cursor", "x")]]:
        seeds.append(Seed("GET", "/xapi/statements", "client", query, version + [("Accept-Language", "de, en;q=0.5")]))
    state = [("activityId", "https://example.org/course"), ("agent", agent), ("stateId", "s"), ("registration", new())]
    profiles = [("/xapi/activities/state", state),
                ("/xapi/activities/profile", [("activityId", "https://example.org/course"), ("profileId", "p")]),
                ("/xapi/agents/profile", [("agent", agent), ("profileId", "p")])]
    for path, query in profiles:
        for method in ("GET", "PUT", "POST", "DELETE"):
            seed = Seed(method, path, "client", query, version + [("If-None-Match", "*")] * (method == "PUT"))
            if method in ("PUT", "POST"):
                seed.kind, seed.body, seed.headers = "json", b'{"a":1,"b":{"c":[1]}}', seed.headers + kind
            seeds.append(seed)
        seeds.append(Seed("GET", path, "client", query[:2] + [("since", "2026-01-01T00:00:00Z")], version))
    seeds += [Seed("GET", "/xapi/agents", "client", [("agent", agent)], version), Seed("GET", "/xapi/about", "nobody"),
              Seed("GET", "/xapi/activities", "client", [("activityId", "https://example.org/course")], version),
              Seed("POST", "/api/v1/session", "nobody", [], kind, "json", b'{"name":"a@example.org","password":"x"}'),
              Seed("POST", "/sign-in", "nobody", [], [], "form", [("email", "a@example.org"), ("password", "x")])]
    return seeds


def wire(seed, headers, body, path, query):
    """The bytes of a request with sound framing."""
    target = path + (b"?" + query if query else b"")
    lines = [seed.method.encode() + b" " + target + b" HTTP/1.1", b"Host: localhost"]
    lines += [f"{name}: {value}".encode("utf-8", "surrogateescape") for name, value in headers]
    if body or seed.method in ("POST", "PUT"):
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def body_of(seed):
    """The body and its Content-Type, where the seed's headers do not say it."""
    if seed.kind == "form":
        return encoded(seed.body), [("Content-Type", "application/x-www-form-urlencoded")]
    if seed.kind == "parts":
        form = "mixed" if seed.path.startswith("/xapi") else "form-data"
        return multipart(seed.body, seed.boundary), [("Content-Type", f"multipart/{form}; boundary=b")]
    return seed.body, []
