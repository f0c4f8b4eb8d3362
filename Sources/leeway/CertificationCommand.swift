import ArgumentParser
import Basis
import Intent
import JSON
import People
import Storage

/// `leeway certification …`.
struct CertificationCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certification", abstract: "Certifications: who must hold what, and the nightly run.",
        subcommands: [List.self, Show.self, Run.self])

    struct List: ToldCommand {
        static let configuration = CommandConfiguration(abstract: "List the certifications and how they stand.")

        @Flag(help: "Print JSON, one line a certification.") var json = false
        @OptionGroup var options: CertificationOptions

        func work() async throws {
            try await options.open { book, _, world, tenant in
                let counts = try await book.counts(on: world.now().day, in: tenant)
                for record in try await book.list(of: tenant) {
                    let count = counts[record.id] ?? CertificationCounts()
                    print(json ? record.line(count).text : record.words(count))
                }
            }
        }
    }

    struct Show: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one certification, or where one person stands with it.")

        @Argument(help: "The certification’s id.") var id: String
        @Option(help: "A person’s key: prints the cycles of this person.") var person: String?
        @OptionGroup var options: CertificationOptions

        func work() async throws {
            guard let id = ID<Mandate>(id) else { throw noCertification }
            try await options.open { book, directory, world, tenant in
                let today = world.now().day
                guard let record = try await book.find(id, of: tenant) else { throw noCertification }
                if let person {
                    return try await show(person, record, book, directory, tenant, today)
                }
                let counts = try await book.counts(of: id, on: today, in: tenant).all
                print(record.words(counts))
                for standing in CertificationStanding.allCases { print("\(standing.rawValue)\t\(counts[standing])") }
                if let (at, night) = try await book.lastNight(of: tenant) {
                    print("last run\t\(at.timestamp)\t\(night.words)")
                }
            }
        }

        private func show(
            _ key: String, _ record: CertificationRecord, _ book: CertificationBook, _ directory: Directory,
            _ tenant: TenantID, _ today: Day
        ) async throws {
            guard let who = try await directory.person(key: key, of: tenant)?.id,
                let file = try await book.file(of: who, record.id, on: today, in: tenant)
            else {
                throw Problem(.missing, "person-missing", "It was never asked of a person with the key “\(key)”.")
            }
            print("\(record.title)\t\(file.place.standing.rawValue)")
            for cycle in file.cycles {
                let done = cycle.completedOn.map { "completed \($0)" } ?? ""
                let until = cycle.expiresOn.map { "valid until \($0)" } ?? ""
                print(
                    "\(cycle.number)\t\(cycle.state.rawValue)\topened \(cycle.opensOn)\tdue \(cycle.dueOn)\t\(done)\t"
                        + until)
            }
        }
    }

    struct Run: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Do now what the server does every night.",
            discussion: "Running it twice changes nothing more. A run that was killed goes on with the next one.")

        @Option(help: "Bring everybody up to this day, such as 2026-11-26. Today unless told.") var day: String?
        @Flag(help: "Print JSON.") var json = false
        @OptionGroup var options: CertificationOptions

        func work() async throws {
            var through: Day?
            if let day {
                through = Day(day)
                if through == nil {
                    throw Problem(.invalid, "day", "“\(day)” is no day. Write one such as 2026-11-26.")
                }
            }
            try await options.open { book, _, _, tenant in
                let night = try await CertificationNightRun(book).run(of: tenant, through: through)
                print(json ? night.json.text : night.words)
            }
        }
    }
}

private let noCertification = Problem(
    .missing, "certification-missing", "There is no such certification. See leeway certification list.")

/// What these commands have in common.
struct CertificationOptions: ParsableArguments {
    @OptionGroup var settings: SettingsOptions
    @Option(help: "The organisation’s number.") var tenant = 1

    /// Opens the database for one command.
    func open(
        _ work: (CertificationBook, Directory, World, TenantID) async throws -> Void
    ) async throws {
        let (settings, world, tenant) = (try settings.settings(), World.live, TenantID(tenant))
        try await withDatabase(settings, world: world) { database in
            let directory = Directory(database: database, world: world)
            try await expect(tenant, in: directory)
            try await work(CertificationBook(database: database, world: world), directory, world, tenant)
        }
    }
}

extension CertificationRecord {
    fileprivate func words(_ counts: CertificationCounts) -> String {
        "\(id)\t\(state.rawValue)\t\(title)\tasked \(counts.asked)\tcertified \(counts.certified)"
            + "\tlapsed \(counts[.lapsed])"
    }

    fileprivate func line(_ counts: CertificationCounts) -> JSONValue {
        [
            "id": .string(id.description), "state": .string(state.rawValue), "title": .string(title),
            "asked": JSONValue(counts.asked), "certified": JSONValue(counts.certified),
            "lapsed": JSONValue(counts[.lapsed]),
        ]
    }
}

extension CertificationNight {
    fileprivate var words: String {
        "through \(day): \(programmes) certifications, \(joined) joined, \(ended) ended, \(advanced) advanced, "
            + "\(lines) lines, \(notices) notices"
    }

    fileprivate var json: JSONValue {
        [
            "day": .string("\(day)"), "programmes": JSONValue(programmes), "joined": JSONValue(joined),
            "ended": JSONValue(ended), "advanced": JSONValue(advanced), "lines": JSONValue(lines),
            "notices": JSONValue(notices),
        ]
    }
}
