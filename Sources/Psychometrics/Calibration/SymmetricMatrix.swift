/// A symmetric matrix with positive eigenvalues, such as an information matrix.
struct SymmetricMatrix {
    let size: Int
    /// By rows.
    var values: [Double]

    init(_ size: Int) {
        self.size = size
        values = Array(repeating: 0, count: size * size)
    }

    subscript(row: Int, column: Int) -> Double {
        get { values[row * size + column] }
        set { values[row * size + column] = newValue }
    }

    /// L with L·Lᵀ = this, below the diagonal; nil when not positive definite.
    private func factor() -> [Double]? {
        var lower = values
        for column in 0..<size {
            for row in column..<size {
                var sum = lower[row * size + column]
                for k in 0..<column { sum -= lower[row * size + k] * lower[column * size + k] }
                if row == column {
                    guard sum > abs(values[row * size + row]) * 1e-13, sum.isFinite else { return nil }
                    lower[row * size + row] = sum.squareRoot()
                } else {
                    lower[row * size + column] = sum / lower[column * size + column]
                }
            }
        }
        return lower
    }

    /// The x for which this · x = right; nil when not positive definite.
    func solve(_ right: [Double]) -> [Double]? {
        guard let lower = factor() else { return nil }
        var x = right
        for row in 0..<size {
            for k in 0..<row { x[row] -= lower[row * size + k] * x[k] }
            x[row] /= lower[row * size + row]
        }
        for row in (0..<size).reversed() {
            for k in row + 1..<max(size, row + 1) { x[row] -= lower[k * size + row] * x[k] }
            x[row] /= lower[row * size + row]
        }
        return x
    }

    /// Nil when not positive definite.
    func inverse() -> SymmetricMatrix? {
        guard let lower = factor() else { return nil }
        var triangle = SymmetricMatrix(size)
        for column in 0..<size {
            triangle[column, column] = 1 / lower[column * size + column]
            for row in column + 1..<max(size, column + 1) {
                var sum = 0.0
                for k in column..<row { sum -= lower[row * size + k] * triangle[k, column] }
                triangle[row, column] = sum / lower[row * size + row]
            }
        }
        var inverse = SymmetricMatrix(size)
        for row in 0..<size {
            for column in 0...row {
                var sum = 0.0
                for k in row..<size { sum += triangle[k, row] * triangle[k, column] }
                inverse[row, column] = sum
                inverse[column, row] = sum
            }
        }
        return inverse
    }
}
