import ArgumentParser
import Basis
import Intent
import Paths
import People

/// `leeway planner …`.
struct PlannerCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "planner", abstract: "What mandates ask of people's time, against what they may ask.",
        subcommands: [Preview.self, Load.self, Refresh.self])

    struct Preview: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what a mandate would do to everybody, and publish nothing.")

        @Option(help: "The minutes it asks: 1 to 6,000.") var minutes: Int
        @Option(help: "The deadline, such as 2027-03-31.") var deadline: String
        @Option(help: "Who is asked, such as: unit \"Sales\" and not role manager.") var audience = "everyone"
        @OptionGroup var options: PlannerOptions

        func work() async throws {
            guard let day = Day(deadline) else {
                throw Problem(.invalid, "day", "“\(deadline)” is no day. Write one such as 2027-03-31.")
            }
            try await options.open { planner, directory, tenant in
                let rule = try await directory.audience(parsing: audience, of: tenant)
                let draft = MandateDraft(
                    asker: nil, title: "", why: "", minutes: minutes, audience: rule, deadline: day)
                let preview = try await planner.preview(draft, of: tenant)
                for line in lines(preview) { print(line) }
            }
        }

        private func lines(_ preview: MandatePreview) -> [String] {
            var lines = ["Asked: \(preview.asked) of \(preview.audience); \(preview.held) hold it already."]
            if preview.audience == 0 { lines.append("Nobody is in this audience. Widen --audience.") }
            if !preview.withoutDay.isEmpty {
                let count = preview.withoutDay.count
                lines.append("Without a working day until then: \(count). Choose a later --deadline.")
            }
            if preview.fits { return lines + ["Over budget: nobody."] }
            lines.append("Over budget: \(preview.peopleOver), by \(preview.minutesOver) minutes in all.")
            for month in preview.months where month.peopleOver > 0 {
                lines.append("  \(month.month): \(month.peopleOver) people, \(month.minutesOver) minutes")
            }
            let found = preview.alternatives
            if let day = found.deadline { lines.append("It fits by \(day).") }
            if let minutes = found.minutes { lines.append("\(minutes) minutes fit by \(preview.deadline).") }
            for option in found.options { lines.append("\(option.minutes) minutes fit by \(option.deadline).") }
            for one in found.relief { lines.append("Retiring \(one.mandate) makes room for \(one.people).") }
            return lines
        }
    }

    struct Load: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "List load against leeway by unit and month, tab-separated.",
            discussion: "Groups of fewer than ten people are told together.")

        @Option(help: "How many months, 1 to \(LeewayLoad.monthLimit).") var months = 6
        @OptionGroup var options: PlannerOptions

        func work() async throws {
            try await options.open { planner, directory, tenant in
                let load = try await planner.load(of: tenant, months: months)
                let tree = try await directory.unitTree(of: tenant)
                print("unit\tpeople\tmonth\tasked\tceiling\tguaranteed\tover\tpeople over")
                for row in load.rows {
                    let name =
                        switch row.group {
                        case .unit(let unit): tree.path(of: unit)
                        case .rest: "Smaller units"
                        case .everybody: "Everybody"
                        }
                    for (month, cell) in zip(load.months, row.cells) {
                        print(
                            "\(name)\t\(row.people)\t\(month)\t\(cell.asked)\t\(cell.ceiling)\t\(cell.guaranteed)\t"
                                + "\(cell.over)\t\(cell.peopleOver)")
                    }
                }
            }
        }
    }

    struct Refresh: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring every published mandate up to its audience now, instead of in the night.")

        @OptionGroup var options: PlannerOptions

        func work() async throws {
            try await options.open { planner, _, tenant in
                let done = try await planner.refreshAudiences(of: tenant)
                print("\(done.joined) joined, \(done.released) left, \(done.peopleOver) of them over budget.")
            }
        }
    }
}

/// Whose planner, in which database.
struct PlannerOptions: ParsableArguments {
    @Option(help: "The number of the organisation.") var tenant = 1
    @OptionGroup var settings: SettingsOptions

    /// Opens the database for one command.
    func open(_ work: (LeewayPlanner, Directory, TenantID) async throws -> Void) async throws {
        let (settings, world, tenant) = (try settings.settings(), World.live, TenantID(tenant))
        try await withDatabase(settings, world: world) { database in
            let directory = Directory(database: database, world: world)
            try await expect(tenant, in: directory)
            try await work(LeewayPlanner(database: database, world: world), directory, tenant)
        }
    }
}
