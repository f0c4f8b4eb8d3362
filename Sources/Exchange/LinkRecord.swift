public import Basis
public import Evidence
import Foundation
import JSON
public import Storage

/// The kind of a link's identifier: a target, a source or a webhook.
public enum Link {}

/// What a link does.
public enum LinkKind: String, CaseIterable, Storable, Sendable {
    /// Sends statements to another record store.
    case forward
    /// Fetches statements from another record store.
    case pull
    /// Tells a program of new statements, signed.
    case webhook
}

/// Where evidence goes to or comes from, and how far it came. Its secret is never part of it.
public struct LinkRecord: Hashable, Sendable {
    /// Whether it works.
    public enum State: String, Storable, Sendable { case on, paused }

    public let id: ID<Link>
    public let tenant: TenantID
    public let kind: LinkKind
    public let label: String
    public let url: String
    /// The user name of Basic credentials; empty for none, and for webhooks.
    public let username: String
    /// The version of xAPI that is spoken; nil for the one that each statement came in.
    public let version: XAPIVersion?
    public let filter: StatementFilter
    public let state: State
    /// How many statements went or came so far.
    public let moved: Int
    /// How many statements a source gave that had been erased here, and so were left out, each time.
    public let erased: Int
    public let lastMovedAt: Moment?
    /// Tries in a row that failed.
    public let failures: Int
    public let failingSince: Moment?
    /// What went wrong at the last try; empty when it worked.
    public let lastError: String
    /// When it is tried next.
    public let nextAt: Moment
    public let createdAt: Moment
    let place: Int
    let since: Moment?
    let more: String?
    let seen: Moment?

    init(_ row: Row) throws {
        id = try row.get("id")
        tenant = try row.get("tenant")
        kind = try row.get("kind")
        label = try row.get("label")
        url = try row.get("url")
        username = try row.get("username")
        version = try row.find("edition", as: Int.self).flatMap(XAPIVersion.init)
        filter = StatementFilter((try? JSONValue(parsing: try row.get("filter", as: String.self))) ?? .null)
        state = try row.get("state")
        moved = try row.get("moved")
        erased = try row.get("erased")
        lastMovedAt = try row.find("last_moved_at")
        failures = try row.get("failures")
        failingSince = try row.find("failing_since")
        lastError = try row.get("last_error")
        nextAt = try row.get("next_at")
        createdAt = try row.get("created_at")
        place = try row.get("place")
        since = try row.find("since_at")
        more = try row.find("more")
        seen = try row.find("seen_at")
    }
}

/// A link about to be made.
public struct LinkDraft: Sendable {
    public var kind: LinkKind
    public var label: String
    /// The record store's endpoint, without `/statements`; or the webhook's address.
    public var url: String
    public var username = ""
    /// Empty for a webhook: one is made.
    public var secret = ""
    public var version: XAPIVersion?
    public var filter = StatementFilter()
    /// Whether what is there already goes too; a source gives everything since `filter.since`.
    public var fromTheBeginning = true

    public init(_ kind: LinkKind, label: String, url: String) {
        self.kind = kind
        self.label = label
        self.url = url
    }

    /// - Throws: `Problem` (`link-invalid`, `filter-invalid`) with pointers.
    func check() throws(Problem) {
        var flaws: [(pointer: String, detail: String)] = []
        if label.isEmpty || label.count > 100 { flaws.append(("/label", "Give it a name of at most 100 letters.")) }
        let parts = URLComponents(string: url)
        if !["http", "https"].contains(parts?.scheme ?? "") {
            flaws.append(("/url", "Write an address that begins with https://."))
        } else if parts?.host?.isEmpty != false || parts?.user != nil || parts?.fragment != nil {
            flaws.append(("/url", "Write an address with a host, without user name and #."))
        } else if kind != .webhook, parts?.query != nil {
            flaws.append(("/url", "Write the endpoint without a query."))
        }
        if kind == .webhook {
            if !username.isEmpty { flaws.append(("/username", "A webhook is signed; it takes no user name.")) }
        } else if username.isEmpty != secret.isEmpty || username.contains(":") {
            flaws.append(("/username", "Give both a user name without a colon and a password, or neither."))
        }
        if kind == .pull {
            if filter.verbs.count > 1 { flaws.append(("/verbs", "A source is asked for one verb or for all.")) }
            if filter.activityPrefix != nil {
                flaws.append(("/activityPrefix", "A source cannot be asked by the beginning of an activity."))
            }
        }
        if !flaws.isEmpty {
            throw Problem(
                .invalid, "link-invalid", flaws.map(\.detail).joined(separator: " "), at: flaws.map(\.pointer),
                details: flaws.map(\.detail))
        }
        try filter.check()
    }
}

/// What could not be delivered, or not be stored.
public struct DeadLetter: Hashable, Sendable {
    public let link: ID<Link>
    public let label: String
    public let kind: LinkKind
    /// The first of its statements, which names the letter.
    public let statement: String
    public let count: Int
    public let error: String
    /// Whether it is to be tried again.
    public let isQueued: Bool
    public let failedAt: Moment
}
