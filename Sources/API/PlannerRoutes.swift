import Basis
import Hummingbird
import JSON
import Paths
import People
import Stores
import Web

/// Load against leeway.
func plannerRoutes(_ stores: Stores) -> [Route] {
    [
        .api(
            .get, "/api/v1/mandates/load", .oneOf([.sponsor, .steward, .audit]),
            "Load against leeway by unit and month. Groups of fewer than ten people are told together.",
            queries: [.takes("months", .integer, "How many, 1 to \(LeewayLoad.monthLimit); 6 unless told.")]
        ) { visit in
            let months = try visit.query.textIfAny("months").map { text in
                guard let months = Int(text), (1...LeewayLoad.monthLimit).contains(months) else {
                    throw Problem(
                        .invalid, "months", "Months are 1 to \(LeewayLoad.monthLimit).", at: ["/months"])
                }
                return months
            }
            let load = try await stores.planner.load(of: visit.tenant, months: months ?? 6)
            let tree = try await stores.directory.unitTree(of: visit.tenant)
            return .json([
                "months": .array(load.months.map { .string($0.description) }), "people": .init(load.people),
                "groupMinimum": .init(LeewayLoad.groupMinimum), "unitsTogether": .init(load.unitsTogether),
                "rows": .array(
                    load.rows.map { row in
                        var json = JSONObject([("people", .init(row.people)), ("months", .array(row.cells.map(view)))])
                        switch row.group {
                        case .unit(let unit):
                            json["group"] = .string("unit")
                            json["unit"] = .init(unit)
                            json["name"] = .string(tree.path(of: unit))
                        case .rest: json["group"] = .string("rest")
                        case .everybody: json["group"] = .string("everybody")
                        }
                        return .object(json)
                    }),
            ])
        }
    ]
}

private func view(_ cell: LeewayLoad.Cell) -> JSONValue {
    [
        "budget": .init(cell.budget), "ceiling": .init(cell.ceiling), "guaranteed": .init(cell.guaranteed),
        "asked": .init(cell.asked), "over": .init(cell.over), "peopleOver": .init(cell.peopleOver),
    ]
}

/// The most people over budget that an answer names.
private let overLimit = 1_000

/// As every answer tells what a mandate would do; people only where the access rules let the caller see who is asked.
func previewView(_ preview: MandatePreview, isNamed: Bool) -> JSONValue {
    let alternatives = preview.alternatives
    return [
        "minutes": .init(preview.minutes), "deadline": .init(preview.deadline), "audience": .init(preview.audience),
        "held": .init(preview.held), "asked": .init(preview.asked), "fits": .bool(preview.fits),
        "peopleOver": .init(preview.peopleOver), "minutesOver": .init(preview.minutesOver),
        "over": overView(preview, isNamed: isNamed),
        "withoutDay": isNamed ? .array(preview.withoutDay.prefix(overLimit).map { .init($0) }) : .null,
        "peopleWithoutDay": .init(preview.withoutDay.count),
        "months": .array(
            preview.months.map {
                [
                    "month": .string($0.month.description), "peopleOver": .init($0.peopleOver),
                    "minutesOver": .init($0.minutesOver), "minutesPlanned": .init($0.minutesPlanned),
                    "minutesCeiling": .init($0.minutesCeiling),
                ]
            }),
        "alternatives": [
            "deadline": .init(alternatives.deadline), "minutes": .init(alternatives.minutes),
            "retiring": .init(alternatives.retiring),
            "options": .array(
                alternatives.options.map { ["deadline": .init($0.deadline), "minutes": .init($0.minutes)] }),
            "relief": .array(alternatives.relief.map { ["mandate": .init($0.mandate), "people": .init($0.people)] }),
        ],
    ]
}

/// The most over first.
func overView(_ preview: MandatePreview, isNamed: Bool) -> JSONValue {
    guard isNamed else { return .null }
    return .array(
        preview.over.prefix(overLimit).map {
            [
                "person": .init($0.person), "minutes": .init($0.minutes),
                "months": .array(
                    $0.months.map { ["month": .string($0.month.description), "minutes": .init($0.minutes)] }),
            ]
        })
}

/// Why a person's plan cannot be. `newcomer` is told as null: it has no identity yet.
func view(_ shortfall: Shortfall, newcomer: ID<Mandate>? = nil) -> JSONValue {
    func asks(_ list: [Planner.Ask]) -> JSONValue {
        .array(
            list.map {
                [
                    "mandate": $0.mandate == newcomer ? .null : .init($0.mandate), "minutes": .init($0.minutes),
                    "deadline": .init($0.deadline),
                ]
            })
    }
    return [
        "deadline": .init(shortfall.deadline), "capacity": .init(shortfall.capacity), "asked": .init(shortfall.asked),
        "minutes": .init(shortfall.minutes), "due": asks(shortfall.due), "unplaceable": asks(shortfall.unplaceable),
        "isExact": .bool(shortfall.isExact),
    ]
}
