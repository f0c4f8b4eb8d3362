import ArgumentParser
import Basis
import Evidence
import JSON

/// `leeway retention …`.
struct RetentionCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention", abstract: "For how long which statements are kept.",
        subcommands: [List.self, Add.self, Remove.self, Run.self])

    struct List: ToldCommand {
        static let configuration = CommandConfiguration(abstract: "List the rules, those in force first.")

        @Flag(help: "The latest runs, rather than the rules.") var runs = false
        @Flag(help: "Print JSON, one line a rule or run.") var json = false
        @OptionGroup var options: RightsOptions

        func work() async throws {
            try await options.open { desk, _, tenant in
                if runs {
                    for run in try await desk.runs(of: tenant) { print(json ? run.json.text : run.line) }
                } else {
                    for rule in try await desk.rules(of: tenant) { print(json ? rule.json.text : rule.line) }
                }
            }
        }
    }

    struct Add: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say for how long statements with a verb, about a type of activity, or both, are kept.")

        @Argument(help: "What the statements serve, and why they are not needed longer. It stays on record.")
        var purpose: String
        @Option(help: "The verb, an IRI.") var verb: String?
        @Option(help: "The type of the activity that is the object, an IRI.") var activityType: String?
        @Option(help: "How many days they are kept: 1 to \(RetentionRuleRecord.dayLimit).") var days: Int
        @Flag(help: "They are records of a high-risk AI system: \(RetentionRuleRecord.highRiskDays) days at least.")
        var highRisk = false
        @OptionGroup var options: RightsOptions

        func work() async throws {
            let draft = RetentionDraft(
                purpose: purpose, verb: verb, activityType: activityType, days: days, isHighRisk: highRisk)
            try await options.open { desk, _, tenant in
                let rule = try await desk.makeRule(draft, by: nil, of: tenant)
                let forecast = try await desk.forecast(rule.id, of: tenant)
                print("\(rule.id)\nNow, a run would erase \(forecast.erased) statements.")
            }
        }
    }

    struct Remove: ToldCommand {
        static let configuration = CommandConfiguration(abstract: "End a rule: it erases nothing any longer.")

        @Argument(help: "The rule’s id.") var id: String
        @Option(help: "Why. It stays on record.") var reason: String
        @OptionGroup var options: RightsOptions

        func work() async throws {
            guard let rule = ID<RetentionRule>(id) else {
                throw Problem(.missing, "retention-missing", "There is no such rule. See leeway retention list.")
            }
            try await options.open { desk, _, tenant in
                try await desk.endRule(rule, reason: reason, by: nil, of: tenant)
                print("The rule is ended.")
            }
        }
    }

    struct Run: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run every rule in force now, instead of in the night.",
            discussion: "A run that was killed goes on with the next one.")

        @Flag(help: "Say what it would erase, and change nothing.") var dryRun = false
        @Flag(help: "Print JSON, one line a rule.") var json = false
        @OptionGroup var options: RightsOptions

        func work() async throws {
            try await options.open { desk, _, tenant in
                if dryRun { return try await forecast(desk, tenant) }
                let meter = Meter("retention")
                let runs = try await desk.runRetention(of: tenant) { meter.show($0, of: nil, "erased") }
                meter.end()
                for run in runs { print(json ? run.json.text : run.line) }
                if !json { print("Erased: \(runs.reduce(0) { $0 + $1.erased }).") }
            }
        }

        private func forecast(_ desk: RightsDesk, _ tenant: TenantID) async throws {
            for rule in try await desk.rules(of: tenant) where rule.endedAt == nil {
                let forecast = try await desk.forecast(rule.id, of: tenant)
                if json {
                    let head: JSONValue = ["rule": .string(rule.id.description)]
                    let members = [head, forecast.json].flatMap { $0.object?.members ?? [] }
                    print(JSONValue.object(JSONObject(members.map { ($0.name, $0.value) })).text)
                    continue
                }
                let stop = forecast.isStopped ? "; a hold over everybody forbids every run" : ""
                print("\(rule.id)\twould erase \(forecast.erased)\theld \(forecast.held)\(stop)\t\(rule.purpose)")
            }
        }
    }
}

extension RetentionRuleRecord {
    fileprivate var line: String {
        let state = endedAt == nil ? "in force" : "ended"
        let scope = [verb, activityType].compactMap { $0 }.joined(separator: " ")
        return "\(id)\t\(state)\t\(days) days\(isHighRisk ? ", high risk" : "")\t\(scope)\t\(purpose)"
    }
}

extension RetentionRunRecord {
    fileprivate var line: String {
        let end = finishedAt.map { "finished \($0.timestamp)" } ?? "not finished"
        return "\(rule)\terased \(erased)\theld \(held)\tbefore \(before.timestamp)\t\(end)"
    }
}
