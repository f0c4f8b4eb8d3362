import Basis
import Hummingbird
import Insight
import JSON
import People
import Statistics
import Stores
import Web

/// The seven measures and what they were counted from.
func measureRoutes(_ stores: Stores) -> [Route] {
    let readers = Access.oneOf([.sponsor, .steward, .audit])
    return [
        .api(.get, "/api/v1/measures", readers, "The seven measures, each with its denominator and interval.") {
            visit in
            .json(.list(try await stores.measures.all(of: visit.tenant).map(view)))
        },
        .api(.get, "/api/v1/measures/{id}", readers, "One measure.") { visit in
            .json(view(try await stores.measures.measure(kind(visit), of: visit.tenant)))
        },
        .api(
            .get, "/api/v1/measures/{id}/source", readers,
            "What a measure was counted from. No row stands for fewer than \(Measures.cellMinimum) people.",
            queries: [.takes("page", .integer)]
        ) { visit in
            let (kind, page) = (try kind(visit), try visit.query.page)
            let source = try await stores.measures.rows(of: kind, in: visit.tenant, page: page)
            return .json([
                "columns": .init(source.columns), "rows": .array(source.rows.map { .init($0) }),
                "total": .init(source.total), "page": .init(page),
            ])
        },
    ]
}

private func kind(_ visit: Visit) throws(Problem) -> MeasureKind {
    guard let kind = MeasureKind(rawValue: visit.parameter("id")) else { throw missing("measure") }
    return kind
}

private func view(_ measure: Measure) -> JSONValue {
    [
        "id": .string(measure.id), "name": .string(measure.name), "what": .string(measure.kind.what),
        "formula": .string(measure.kind.formula), "headline": view(measure.headline),
        "parts": .array(measure.parts.map(view)), "series": .array(measure.series.map(view)),
        "benchmark": measure.benchmark.map {
            ["figure": .init($0.figure), "text": .string($0.text), "source": .string($0.source)]
        } ?? .null,
        "method": .init(measure.method), "asOf": .init(measure.asOf),
        "source": .string("/api/v1/measures/\(measure.id)/source"),
    ]
}

func view(_ figure: Figure) -> JSONValue {
    [
        "name": .string(figure.name), "value": .init(figure.value), "unit": .string(figure.unit.rawValue),
        "numerator": .init(figure.numerator),
        "denominator": .init(figure.denominator), "of": .string(figure.of),
        "interval": figure.interval.map {
            ["low": .init($0.low), "high": .init($0.high), "level": 0.95, "method": .string($0.method)]
        } ?? .null,
        "needs": .init(figure.needs), "sentence": .string(figure.sentence),
    ]
}

private func view(_ series: Series) -> JSONValue {
    [
        "name": .string(series.name), "of": .string(series.of),
        "points": .array(
            series.points.map {
                [
                    "month": .string("\($0.month)"), "value": .init($0.value), "numerator": .init($0.numerator),
                    "denominator": .init($0.denominator),
                ]
            }),
    ]
}
