import API
import Basis
import Hummingbird
import JSON
import People
import Stores
import Testing
import Web

@Suite struct EdgeTests {
    /// The table is the whole server, so a new route is covered as soon as it is mounted.
    @Test func `every route turns strangers away`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            for route in site.edge.table.routes where route.access != .anyone {
                let answer = try await caller.send(route.method, example(route.path))
                #expect(answer.status == .unauthorized, "\(route.method) \(route.path)")
                let code = try answer.problem()
                if case .client = route.access { #expect(code == "credentials") } else { #expect(code == "sign-in") }
            }
        }
    }

    @Test func `every route refuses who lacks the right`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            let learner = try await caller.signedIn(.learner)
            for route in site.edge.table.routes where !route.access.admits([.learn]) {
                if case .client = route.access { continue }
                let answer = try await learner.send(route.method, example(route.path))
                #expect(answer.status == .forbidden, "\(route.method) \(route.path)")
                #expect(try answer.problem() == "right-needed")
            }
        }
    }

    @Test func `a change needs the session's token`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            var caller = try await caller.signedIn(.administrator)
            let token = caller.csrf
            caller.csrf = nil
            for route in site.edge.table.routes where route.method != .get {
                if case .client = route.access { continue }
                let answer = try await caller.send(route.method, example(route.path))
                #expect(answer.status == .forbidden, "\(route.method) \(route.path)")
            }
            let form = ["Content-Type": "application/x-www-form-urlencoded"]
            let bare = try await caller.send(.post, "/page", bytes: Array("name=a".utf8), headers: form)
            #expect(try bare.problem() == "csrf")
            let wrong = try await caller.send(.post, "/page", bytes: Array("name=a&csrf=x".utf8), headers: form)
            #expect(try wrong.problem() == "csrf")
            let right = try await caller.send(
                .post, "/page", bytes: Array("name=a+b%21&csrf=\(token ?? "")".utf8), headers: form)
            #expect(right.text == "a b! 0")
        }
    }

    @Test func `a multipart form carries text, the token and a file`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            var caller = try await caller.signedIn(.learner)
            let body = """
                --xyz\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n\(caller.csrf ?? "")\r\n\
                --xyz\r\nContent-Disposition: form-data; name="name"\r\n\r\nÄpfel\r\n\
                --xyz\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\
                Content-Type: application/octet-stream\r\n\r\n--xy\r\n\r\nz\r\n--xyz--\r\n
                """
            caller.csrf = nil
            let answer = try await caller.send(
                .post, "/page", bytes: Array(body.utf8),
                headers: ["Content-Type": "multipart/form-data; boundary=\"xyz\""])
            #expect(answer.text == "Äpfel 9")
            let cut = try await caller.send(
                .post, "/page", bytes: Array(body.utf8.dropLast(20)),
                headers: ["Content-Type": "multipart/form-data; boundary=xyz"])
            #expect(try cut.problem() == "multipart")
        }
    }

    @Test func `another site's page changes nothing`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            let body: JSONValue = ["name": "learner@example.org", "password": .string(TestSite.password)]
            for header in [["Sec-Fetch-Site": "cross-site"], ["Origin": "https://evil.example"], ["Origin": "null"]] {
                let answer = try await caller.send(.post, "/api/v1/session", body, headers: header)
                #expect(try answer.problem() == "cross-site")
            }
            let own = try await caller.send(.post, "/api/v1/session", body, headers: ["Sec-Fetch-Site": "same-origin"])
            #expect(own.status == .created)
        }
    }

    @Test func `errors are problem documents for programs and pages for browsers`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            #expect(try await caller.send(.get, "/api/v1/nothing").problem() == "missing")
            let wrong = try await caller.send(.delete, "/api/v1/policy")
            #expect(wrong.status == .methodNotAllowed)
            #expect(wrong.headers[.allow] == "GET, HEAD, PUT")
            #expect(try wrong.problem() == "method")
            let html = ["Accept": "text/html"]
            #expect(try await caller.send(.get, "/nothing", headers: html).text.contains("page 404"))
            #expect(try await caller.send(.get, "/api/nothing", headers: html).problem() == "missing")
            let broken = try await caller.send(.get, "/broken")
            #expect(broken.status == .internalServerError)
            #expect(!broken.text.contains("secret"))
            let stranger = try await caller.send(.get, "/page?a=1", headers: html)
            #expect(stranger.status == .seeOther)
            #expect(stranger.headers[.location] == "/sign-in?next=%2Fpage%3Fa%3D1")
            let record = try await caller.send(.get, "/xapi/statements")
            #expect(record.status == .unauthorized)
            #expect(record.headers[.wwwAuthenticate]?.hasPrefix("Basic ") == true)
            #expect(record.headers[named: "X-Experience-API-Version"] != nil)
            #expect(try await caller.send(.get, "/api/v1/people").headers[.wwwAuthenticate] == nil)
        }
    }

    @Test func `a body beyond the limit is refused, with or without a length`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            let learner = try await caller.signedIn(.learner)
            let large = [UInt8](repeating: 0x20, count: Payload.formByteLimit + 1)
            let answer = try await learner.send(
                .put, "/api/v1/me/guidance", bytes: large, headers: ["Content-Type": "application/json"])
            #expect(answer.status == .contentTooLarge)
            #expect(try answer.problem() == "body-too-large")
            // The connection is still good: the body was read to its end.
            #expect(try await learner.send(.get, "/api/v1/session").status == .ok)
            #expect(try await caller.send(.post, "/big", bytes: large, headers: [:]).text == "\(large.count)")
        }
    }

    @Test func `answers carry the security headers and a request id`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            for path in ["/health/live", "/nothing", "/api/openapi.json"] {
                let headers = try await caller.send(.get, path).headers
                #expect(headers[named: "Content-Security-Policy"]?.contains("script-src 'self'") == true)
                #expect(headers[named: "X-Content-Type-Options"] == "nosniff")
                #expect(headers[named: "Referrer-Policy"] == "same-origin")
                #expect(headers[named: "X-Request-Id"]?.count == 36)
            }
            let head = try await caller.send(.head, "/health/ready")
            #expect(head.status == .ok)
            #expect(head.bytes.isEmpty)
        }
    }

    @Test func `sign-in sets a guarded cookie and sign-out ends it`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            let learner = try await caller.signedIn(.learner)
            #expect(try await learner.send(.get, "/api/v1/session").json["name"]?.string == "Learner")
            let gone = try await learner.send(.delete, "/api/v1/session")
            #expect(gone.status == .noContent)
            #expect(gone.headers[.setCookie]?.contains("Max-Age=0; ") == false)
            #expect(gone.headers[.setCookie]?.contains("HttpOnly; SameSite=Lax") == true)
            #expect(try await learner.send(.get, "/api/v1/session").status == .unauthorized)
        }
    }

    @Test func `too many wrong passwords name a wait`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            var last: Answer?
            for _ in 0..<30 where last?.status != .tooManyRequests {
                last = try await caller.send(
                    .post, "/api/v1/session", ["name": "learner@example.org", "password": "wrong wrong wrong"])
            }
            let answer = try #require(last)
            #expect(answer.status == .tooManyRequests)
            #expect(answer.headers[.retryAfter].flatMap { Int($0) } ?? 0 > 0)
            #expect(try answer.problem() == "sign-in-wait")
        }
    }

    @Test func `what cannot be done now says when to try again`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            let answer = try await caller.send(.get, "/full")
            #expect(answer.status == .serviceUnavailable)
            #expect(answer.headers[.retryAfter] == "60")
            #expect(try answer.problem() == "storage-full")
            let page = try await caller.send(.get, "/full", headers: ["Accept": "text/html"])
            #expect(page.status == .serviceUnavailable)
            #expect(page.headers[.retryAfter] == "60")
        }
    }

    @Test func `the description lists every route for programs`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            let answer = try await caller.send(.get, "/api/openapi.json")
            let document = try answer.json
            #expect(document["openapi"]?.string == "3.1.0")
            for route in site.edge.table.routes where route.isForMachines {
                let operation = document["paths"]?[route.path]?[route.method.rawValue.lowercased()]
                #expect(operation?["summary"]?.string == route.summary, "\(route.method) \(route.path)")
            }
            let tag = try #require(answer.headers[.eTag])
            let again = try await caller.send(.get, "/api/openapi.json", headers: ["If-None-Match": tag])
            #expect(again.status == .notModified)
            #expect(again.bytes.isEmpty)
        }
    }

    @Test func `metrics need credentials and count by route`() async throws {
        let site = try await TestSite()
        let (client, secret) = try await site.stores.clients.create(label: "p", scopes: ["metrics"], for: .first)
        try await site.run { caller in
            _ = try await caller.send(.get, "/health/live")
            let basic = ["Authorization": "Basic " + base64("\(client.key):\(secret)")]
            let text = try await caller.send(.get, "/metrics", headers: basic).text
            #expect(text.contains("leeway_http_requests_total{route=\"/health/live\",method=\"GET\",status=\"200\"} 1"))
            #expect(try await caller.send(.get, "/xapi/statements", headers: basic).problem() == "scope-needed")
            let wrong = ["Authorization": "Basic " + base64("\(client.key):nonsense")]
            #expect(try await caller.send(.get, "/metrics", headers: wrong).status == .unauthorized)
        }
    }
}

/// A path with an identity for each captured segment.
func example(_ path: String) -> String {
    path.replacing(/\{[^}]+\}/, with: "0197b2c4-0000-7000-8000-000000000000")
}
