import Basis
import Evidence
import Foundation
import JSON
import NIOHTTP1
import Storage

/// A link that fetches: pages from where it stopped on.
extension Errand {
    /// Pages of one turn.
    static let pageLimit = 20
    /// How far a walk begins before the latest that was seen, when the source does not say up to when it is complete.
    static let overlap = Duration.seconds(60)

    /// - Throws: `LeaseLost`, `StorageError`.
    func fetch() async throws -> Turn {
        try await storeLetters()
        var walk = Walk(since: link.since, more: link.more, seen: link.seen)
        for _ in 0..<Errand.pageLimit {
            let answer: Wire.Answer
            let page: TransferPage
            do {
                answer = try await wire.send(.GET, try url(of: walk), headers: fetchHeaders)
                if answer.status != 200 { return .failed(answer.words, wait: answer.wait) }
                page = try log.read(
                    page: answer.bytes, type: answer.headers.first(name: "Content-Type") ?? "",
                    version: link.version ?? .two)
            } catch let problem as Problem {
                return .failed(problem.detail, wait: nil)
            }
            walk.take(page, consistentThrough: answer.headers.first(name: "X-Experience-API-Consistent-Through"))
            try await keep(page, walk)
            if walk.more == nil { return .rest }
        }
        return .more
    }

    /// Where a walk through a source is.
    struct Walk: Sendable {
        var since: Moment?
        var more: String?
        var seen: Moment?

        mutating func take(_ page: TransferPage, consistentThrough header: String?) {
            seen = [seen, page.lastStoredAt].compactMap { $0 }.max()
            more = page.more
            guard more == nil else { return }
            if let seen {
                let complete = header.flatMap { Moment(timestamp: $0) } ?? (seen - Errand.overlap)
                since = max(since ?? min(seen, complete), min(seen, complete))
            }
            seen = nil
        }
    }

    private var fetchHeaders: [(String, String)] {
        var headers = [("X-Experience-API-Version", (link.version ?? .two).header)]
        if let value = authorization(link.username, secret) { headers.append(("Authorization", value)) }
        return headers
    }

    /// - Throws: `Problem` (`more-elsewhere`): credentials go to the source and nowhere else.
    private func url(of walk: Walk) throws(Problem) -> String {
        guard let base = URLComponents(string: link.url) else {
            throw Problem(.invalid, "address-unknown", "“\(link.url)” is no address.")
        }
        if let more = walk.more {
            guard let url = URL(string: more, relativeTo: base.url)?.absoluteURL,
                let found = URLComponents(url: url, resolvingAgainstBaseURL: true), found.host == base.host,
                found.port == base.port, found.scheme == base.scheme
            else {
                throw Problem(
                    .forbidden, "more-elsewhere",
                    "“more” leads away from the source, to \(more). Ask whoever runs it.")
            }
            return url.absoluteString
        }
        var items = [("ascending", "true"), ("attachments", "true"), ("limit", "500")]
        if let since = walk.since { items.append(("since", since.timestamp)) }
        if let verb = link.filter.verbs.first { items.append(("verb", verb)) }
        if let agent = link.filter.agent.flatMap({ AgentName(canonical: $0) }) {
            items.append(("agent", agent.json.text))
        }
        let query = items.map { "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: unreserved) ?? "")" }
        return link.url + "/statements?" + query.joined(separator: "&")
    }

    /// Stores a page and how far it leads, in one transaction.
    private func keep(_ page: TransferPage, _ walk: Walk) async throws {
        let (book, leased, now) = (book, leased, world.now())
        _ = try await log.receive(
            page, by: Authority(client: "pull:\(link.id)"), to: link.tenant
        ) { connection, report in
            let count = try connection.run(
                """
                UPDATE exchange_link SET since_at = \(walk.since), more = \(walk.more), seen_at = \(walk.seen),
                    moved = moved + \(report.created), erased = erased + \(report.erased),
                    failures = 0, failing_since = NULL, last_error = '',
                    leased_until = \(now + LeasedLink.span),
                    last_moved_at = CASE WHEN \(report.created) > 0 THEN \(now) ELSE last_moved_at END
                WHERE tenant = \(leased.link.tenant) AND id = \(leased.link.id) AND lease = \(leased.token)
                """)
            if count == 0 { throw LeaseLost() }
            for refused in page.refused + report.refused {
                try book.keep(letter(refused), of: leased.link, at: now, on: connection)
            }
        }
    }

    /// Tries again to store what was refused.
    private func storeLetters() async throws {
        for letter in try await book.queuedLetters(of: link) {
            let bytes = Array("{\"statements\":[".utf8) + (letter.body ?? []) + Array("]}".utf8)
            do {
                let page = try log.read(page: bytes, type: "application/json", version: link.version ?? .two)
                let report = try await log.receive(
                    page, by: Authority(client: "pull:\(link.id)"), to: link.tenant
                ) { _, _ in }
                let error = (page.refused + report.refused).first?.detail
                try await book.settle(letter, of: link, error: error)
            } catch let problem as Problem {
                try await book.settle(letter, of: link, error: problem.detail)
            }
        }
    }
}

private func letter(_ refused: TransferPage.Refused) -> ExchangeBook.Letter {
    ExchangeBook.Letter(
        statements: [refused.id.isEmpty ? "unnamed" : refused.id], body: refused.body, error: refused.detail)
}

/// - Source: RFC 3986, section 2.3.
private let unreserved = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
