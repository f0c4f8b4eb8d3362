import Basis
import Hummingbird
import Input
import Intent
import Paths
import People
import Stores
import Web

/// Load against leeway for those who lead.
func loadRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/mandates/load", .oneOf(overseers), "Load against leeway, by unit and month.") { visit in
            .page(loadPage(try await load(stores, visit), in: try await stores.framed(visit)))
        },
        .get("/mandates/load.csv", .oneOf(overseers), "Load against leeway as CSV.") { visit in
            .csv(loadLines(try await load(stores, visit)).joined(), fileName: "load.csv")
        },
    ]
}

private let spans = [3, 6, 12]

private func load(_ stores: Stores, _ visit: Visit) async throws -> LoadModel {
    let wanted = Int(visit.query.text("months")) ?? 6
    let months = spans.contains(wanted) ? wanted : 6
    let load = try await stores.planner.load(of: visit.tenant, months: months)
    let tree = try await stores.directory.unitTree(of: visit.tenant)
    return LoadModel(
        months: load.months,
        rows: load.rows.map { row in
            let name =
                switch row.group {
                case .unit(let unit): tree.path(of: unit)
                case .rest: "Smaller units"
                case .everybody: "Everybody"
                }
            return LoadModel.Row(name: name, people: row.people, cells: row.cells)
        }, unitsTogether: load.unitsTogether, people: load.people,
        choices: spans.map { span in
            Tab(
                words: "\(span) months", link: "/mandates/load?months=\(span)", isCurrent: span == months, count: nil)
        })
}

private func loadLines(_ model: LoadModel) -> [String] {
    let heading = csvLine([
        "unit", "people", "month", "asked_minutes", "ceiling_minutes", "guaranteed_minutes", "budget_minutes",
        "over_minutes", "people_over",
    ])
    return [heading]
        + model.rows.flatMap { row in
            zip(model.months, row.cells).map { month, cell in
                csvLine([
                    row.name, "\(row.people)", "\(month)", "\(cell.asked)", "\(cell.ceiling)", "\(cell.guaranteed)",
                    "\(cell.budget)", "\(cell.over)", "\(cell.peopleOver)",
                ])
            }
        }
}
