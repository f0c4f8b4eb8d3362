import Basis
import HTML
import Hummingbird
import Insight
import Intent
import People
import Statistics
import Stores
import Web

/// The measures: everybody sees what the organisation promises, those who lead and audit see all, with its rows.
func insightRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/insight", .right(.learn), "The measures on one page.") { visit in
            .page(measuresPage(try await measures(stores, visit), in: try await stores.framed(visit)))
        },
        .get("/insight/measures.csv", readers, "The measures as CSV.") { visit in
            let all = try await stores.measures.all(of: visit.tenant)
            return .csv(measureLines(all).joined(), fileName: "measures.csv")
        },
        .get("/insight/measures/{id}", readers, "One measure and what it was counted from.") { visit in
            let model = try await measure(stores, visit)
            return .page(measurePage(model, in: try await stores.framed(visit)))
        },
        .get("/insight/measures/{id}/rows.csv", readers, "What a measure was counted from, as CSV.") { visit in
            let kind = try kind(visit)
            var lines: [String] = []
            var number = 1
            while true {
                let rows = try await stores.measures.rows(of: kind, in: visit.tenant, page: number, pageSize: 1_000)
                if number == 1 { lines.append(csvLine(rows.columns)) }
                lines += rows.rows.map(csvLine)
                if rows.rows.isEmpty || number * 1_000 >= rows.total { break }
                number += 1
            }
            return .csv(lines.joined(), fileName: "\(kind.rawValue).csv")
        },
        .get("/insight/{id}", readers, "Leads to one measure.") { visit in
            .redirect(to: measureLink(try kind(visit)))
        },
    ]
}

private let readers = Access.oneOf(overseers)

/// What everybody may see: how the organisation keeps its own promises, and nothing about anybody's learning.
private let publicKinds: Set<MeasureKind> = [.ownership, .reach, .share]

private func measureLink(_ kind: MeasureKind) -> String { "/insight/measures/\(kind.rawValue)" }

private func kind(_ visit: Visit) throws -> MeasureKind {
    guard let kind = MeasureKind(rawValue: visit.parameter("id")) else { throw nothingHere("measure") }
    return kind
}

// MARK: Models

private func measures(_ stores: Stores, _ visit: Visit) async throws -> MeasuresModel {
    let isReader = visit.holdsAny(overseers)
    var all: [Measure] = []
    for kind in MeasureKind.allCases where isReader || publicKinds.contains(kind) {
        all.append(try await stores.measures.measure(kind, of: visit.tenant))
    }
    return MeasuresModel(
        rows: all.map { MeasuresModel.Row($0) }, asOf: all.map(\.asOf).min() ?? stores.world.now(),
        decisions: isReader ? try await decisions(stores, visit) : [],
        changes: isReader ? try await changeSentences(stores, visit) : [], isPartial: !isReader, canDrill: isReader)
}

private func measure(_ stores: Stores, _ visit: Visit) async throws -> MeasureModel {
    let kind = try kind(visit)
    let measure = try await stores.measures.count(kind, of: visit.tenant)
    let number = try visit.query.page
    let size = 50
    let rows = try await stores.measures.rows(of: kind, in: visit.tenant, page: number, pageSize: size)
    return MeasureModel(
        row: MeasuresModel.Row(measure), asOf: measure.asOf, formula: kind.formula,
        method: method(of: measure),
        parts: measure.parts.map { ($0.name, sentence(of: $0)) }, series: measure.series.map(overTime),
        benchmark: measure.benchmark.map { "The report: \($0.text). Source: \($0.source)." },
        table: MeasureModel.Table(
            columns: rows.columns, numbers: rows.numbers, rows: rows.rows, total: rows.total),
        pageNumber: number, pageCount: max(1, (rows.total + size - 1) / size), address: Address(measureLink(kind)))
}

/// How it is counted, and the method of its interval unless that was said.
private func method(of measure: Measure) -> [String] {
    guard let name = measure.interval?.method,
        !measure.method.contains(where: { $0.lowercased().contains(name.lowercased()) })
    else { return measure.method }
    return measure.method + ["Interval: \(name)."]
}

extension MeasuresModel.Row {
    init(_ measure: Measure) {
        let headline = measure.headline
        var counted: [String] = []
        if headline.value != nil {
            counted = [headline.name + ": " + share(of: headline)]
            if let interval = headline.interval { counted.append(words(of: interval)) }
            if let benchmark = measure.benchmark { counted.append("The report: \(benchmark.text)") }
        }
        var dots: Dots?
        if let value = headline.value {
            let low = headline.interval?.low ?? value
            let high = headline.interval?.high ?? value
            dots = Dots(
                observed: Estimate(value: value, low: low, high: high), benchmark: measure.benchmark?.figure)
        }
        self.init(
            name: measure.name, what: measure.kind.what, link: measureLink(measure.kind),
            figure: headline.value.map(Words.signedPercent), counted: counted, dots: dots,
            needs: "needs \(measure.needs ?? "evidence").")
    }
}

/// Such as `38 of 61 uses`.
private func share(of figure: Figure) -> String {
    guard let numerator = figure.numerator, let denominator = figure.denominator else { return figure.of }
    return "\(amount(numerator)) of \(amount(denominator)) \(figure.of)"
}

private func words(of interval: Interval, _ unit: Figure.Unit = .share) -> String {
    func edge(_ value: Double) -> String {
        switch unit {
        case .share: String(Words.signedPercent(value).dropLast())
        case .days, .riskDays: amount(value)
        case .number: Words.hundredths(value)
        }
    }
    return "95% interval \(edge(interval.low)) to \(edge(interval.high))"
}

/// Such as `38 of 61 uses (62%, 95% interval 50 to 74)`, or what it still needs.
func sentence(of figure: Figure) -> String {
    guard let value = figure.value else { return "Not measured yet: needs \(figure.needs ?? "evidence")." }
    var text = words(value, figure.unit)
    if let interval = figure.interval { text += ", " + words(of: interval, figure.unit) }
    if figure.numerator == nil, figure.unit != .share { return "\(text); \(figure.of)" }
    return "\(share(of: figure)) (\(text))"
}

private func words(_ value: Double, _ unit: Figure.Unit) -> String {
    switch unit {
    case .share: Words.signedPercent(value)
    case .days: "\(amount(value)) days"
    case .riskDays: "\(amount(value)) days × risk"
    case .number: Words.hundredths(value)
    }
}

private func overTime(_ series: Series) -> MeasureModel.OverTime {
    MeasureModel.OverTime(
        name: series.name, of: series.of,
        points: series.points.map { point in
            MeasureModel.OverTime.Point(
                month: Words.month(point.month), share: point.value,
                counted: "\(amount(point.numerator)) of \(amount(point.denominator))")
        })
}

/// Whole, or with one digit.
private func amount(_ value: Double) -> String {
    let tenths = Int((abs(value) * 10).rounded())
    let text = Words.count(tenths / 10) + (tenths % 10 == 0 ? "" : ".\(tenths % 10)")
    return value < 0 ? "−" + text : text
}

private func measureLines(_ measures: [Measure]) -> [String] {
    func field(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    func line(_ measure: Measure, _ figure: Figure) -> String {
        csvLine([
            measure.id, figure.name, field(figure.value), field(figure.numerator), field(figure.denominator), figure.of,
            field(figure.interval?.low), field(figure.interval?.high), field(measure.benchmark?.figure),
            figure.value == nil ? figure.needs ?? "" : "", measure.asOf.timestamp, figure.unit.rawValue, "",
        ])
    }
    func line(_ measure: Measure, _ series: Series, _ point: Series.Point) -> String {
        csvLine([
            measure.id, series.name, field(point.value), field(point.numerator), field(point.denominator), series.of,
            "", "", "", "", measure.asOf.timestamp, Figure.Unit.share.rawValue, "\(point.month)",
        ])
    }
    let heading = csvLine([
        "measure", "figure", "value", "numerator", "denominator", "of", "low", "high", "benchmark", "needs", "as_of",
        "unit", "month",
    ])
    return [heading]
        + measures.flatMap { measure in
            ([measure.headline] + measure.parts).map { line(measure, $0) }
                + measure.series.flatMap { series in series.points.map { line(measure, series, $0) } }
        }
}

/// What was decided lately, a sentence each.
private func changeSentences(_ stores: Stores, _ visit: Visit) async throws -> [String] {
    let latest = try await stores.changes.latest(in: visit.tenant, limit: 3)
    let names = try await stores.directory.names(of: latest.map(\.by), visit.tenant)
    let today = stores.today
    var sentences: [String] = []
    for change in latest {
        let who = names[change.by] ?? "Somebody who has left"
        let what = try await subject(of: change, stores, visit.tenant)
        // Why one person was exempted is not for everybody.
        let isAboutOne = [.excused, .extended, .decided].contains(change.what)
        let detail = change.detail.isEmpty || isAboutOne ? "" : " (\(change.detailWords))"
        let why = change.reason.isEmpty || isAboutOne ? "." : ", because: “\(change.reason)”"
        let day = Words.day(change.at.day, today: today)
        sentences.append("\(day): \(who) \(change.what.verb) \(what)\(detail)\(why)")
    }
    return sentences
}

/// Such as `the mandate “Prompting with sources”`.
private func subject(of change: Change, _ stores: Stores, _ tenant: TenantID) async throws -> String {
    func named(_ noun: String, _ name: String?) -> String { name.map { "the \(noun) “\($0)”" } ?? "a \(noun)" }
    return switch change.subject {
    case .strategy(let id): named("strategy", try await stores.strategies.find(id, of: tenant)?.title)
    case .use(let id): named("AI use", try await stores.register.find(id, of: tenant)?.name)
    case .mandate(let id):
        if let one = try await stores.certifications.find(id, of: tenant) {
            named("certification", one.title)
        } else {
            named("mandate", try await stores.mandates.find(id, of: tenant)?.title)
        }
    case .policy: "the leeway policy"
    case .document(let id):
        named("policy", try await stores.documents.versions(of: id, in: tenant).first?.title)
    case .rules: "the access rules"
    case .experiment(let id): named("experiment", try await stores.experiments.find(id, of: tenant)?.title)
    case .escalation: "a question about an AI use"
    }
}

extension Change.What {
    /// What somebody did to it, as within a sentence.
    fileprivate var verb: String {
        switch self {
        case .registered: "registered"
        case .drafted: "wrote a draft of"
        case .revised: "changed"
        case .published: "published"
        case .superseded: "replaced"
        case .withdrawn: "withdrew"
        case .discarded: "discarded the draft of"
        case .retired: "retired"
        case .restored: "restored"
        case .overridden: "published over budget"
        case .moved: "changed the status of"
        case .proposed: "asked for an owner of"
        case .accepted: "took on"
        case .declined: "declined"
        case .ended: "gave up"
        case .refreshed: "counted anew whom it reaches:"
        case .classified: "classified"
        case .delegated: "named a stand-in for"
        case .promoted: "promoted"
        case .adapted: "adapted"
        case .stopped: "stopped"
        case .escalated: "raised"
        case .decided: "decided"
        case .excused: "exempted somebody from"
        case .extended: "gave somebody more time for"
        }
    }
}
