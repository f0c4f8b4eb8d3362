"""Reference values for PsychometricsTests, by other ways than the target's own.

Calibration: the marginal likelihood maximised directly with scipy (no EM); scores of people for the standard errors by
numpy. S-X2: every pattern of answers enumerated (no recursion). Mantel-Haenszel and logistic regression: statsmodels.
The difficulty of a new item: adaptive quadrature. Answers are drawn by SplitMix64 as the tests draw them.

    pip install numpy scipy statsmodels girth && python3 Tests/Oracle/psychometrics.py
"""
import itertools
import numpy as np
from scipy import integrate, stats
from scipy.optimize import minimize
from scipy.special import expit, logsumexp, roots_hermitenorm

MASK = (1 << 64) - 1


class Dice:
    def __init__(self, seed):
        self.state = seed

    def word(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        w = self.state
        w = ((w ^ w >> 30) * 0xBF58476D1CE4E5B9) & MASK
        w = ((w ^ w >> 27) * 0x94D049BB133111EB) & MASK
        return w ^ w >> 31

    def share(self):
        return (self.word() >> 11) * 2.0 ** -53

    def ability(self):
        """Nearly normal: twelve shares less six."""
        return sum(self.share() for _ in range(12)) - 6


def reached(item, theta):
    """P(score >= k) for k = 1 ... m; item = (a, [b], c)."""
    a, b, c = item
    return [c + (1 - c) * expit(a * (theta - one)) for one in b]


def draw(items, people, seed, missing=0.0):
    dice, rows = Dice(seed), []
    for _ in range(people):
        theta, row = dice.ability(), []
        for item in items:
            u, skip = dice.share(), dice.share()
            row.append(np.nan if skip < missing else sum(u < p for p in reached(item, theta)))
        rows.append(row)
    return np.array(rows, float)


TWO = [(0.6 + 0.2 * i, [-1.4 + 0.4 * i], 0.0) for i in range(8)]
THREE = [(0.9 + 0.15 * i, [-1.6 + 0.4 * i], 0.2) for i in range(10)]
FOUR = [(0.8 + 0.3 * i, [-1.2 + 0.2 * i, 0.1 * i, 1.0 + 0.1 * i], 0.0) for i in range(5)]

Q = np.linspace(-6, 6, 61)
LOGW = -Q * Q / 2 - logsumexp(-Q * Q / 2)


def logs(params, m, asymptote):
    """log P by score, then point; params = a, d_1 ... d_m, [logit c]."""
    z = params[0] * Q + np.array(params[1:1 + m])[:, None]
    if asymptote:
        c = expit(params[1 + m])
        p = c + (1 - c) * expit(z[0])
        return np.log([1 - p, p])
    p = np.vstack([np.ones_like(Q), expit(z), np.zeros_like(Q)])
    return np.log(np.maximum(p[:-1] - p[1:], 1e-300))


def fit(X, shapes, prior=None, common=False):
    """shapes: (m, asymptote) by item."""
    J = len(shapes)
    widths = [1 + m + a for m, a in shapes]

    def unpack(v):
        if common:
            parts, k = [], 1
            for w in widths:
                parts.append(np.concatenate([v[:1], v[k:k + w - 1]]))
                k += w - 1
            return parts
        return np.split(v, np.cumsum(widths)[:-1])

    def people(v):
        L = np.tile(LOGW, (len(X), 1))
        for j, part in enumerate(unpack(v)):
            table = logs(part, *shapes[j])
            seen = ~np.isnan(X[:, j])
            L[seen] += table[X[seen, j].astype(int)]
        return logsumexp(L, axis=1)

    def value(v):
        total = -people(v).sum()
        if prior:
            for part, (m, a) in zip(unpack(v), shapes):
                if a:
                    total += ((part[1 + m] - prior[0]) / prior[1]) ** 2 / 2
        return total

    start = [[1.0] + list(np.linspace(1, -1, m) if m > 1 else [0.0]) + ([prior[0]] if a else []) for m, a in shapes]
    v = np.concatenate([[1.0]] + [s[1:] for s in start]) if common else np.concatenate(start)

    def central(f, v, h=1e-5):
        return np.array([(f(v + h * e) - f(v - h * e)) / (2 * h) for e in np.eye(len(v))])

    v = minimize(value, v, jac=lambda v: central(value, v), method="BFGS", options=dict(gtol=1e-5, maxiter=500)).x
    scores = central(people, v).T
    information = scores.T @ scores
    k = 0
    if prior:
        for w, (m, a) in zip(widths, shapes):
            k += w
            if a:
                information[k - 1, k - 1] += 1 / prior[1] ** 2
    V = np.linalg.inv(information)
    out, k = [], 1
    for w, part, (m, a) in zip(widths, unpack(v), shapes):
        at = np.concatenate([[0], np.arange(k, k + w - 1)]) if common else np.arange(k - 1, k - 1 + w)
        k += w - 1 if common else w
        b = -part[1:1 + m] / part[0]
        C = V[np.ix_(at, at)]
        se = np.sqrt(b * b * C[0, 0] + np.diag(C)[1:1 + m] + 2 * b * C[0, 1:1 + m]) / part[0]
        out.append((part[0], np.sqrt(C[0, 0]), list(b), list(se), expit(part[1 + m]) if a else 0.0))
    print("log-likelihood %.6f" % people(v).sum())
    for a, sa, b, sb, c in out:
        print("  (%.5f, %.5f, [%s], [%s], %.5f)," % (
            a, sa, ", ".join("%.5f" % x for x in b), ", ".join("%.5f" % x for x in sb), c))
    return out


def sx2(X, items):
    """Orlando and Thissen by enumeration of all patterns."""
    J = len(items)
    w = np.exp(LOGW)
    P = np.array([expit(a * (Q - b[0])) for a, b, c in items])
    joint = np.zeros((J, J + 1, 2))
    for pattern in itertools.product([0, 1], repeat=J):
        p = (w * np.prod([P[j] if x else 1 - P[j] for j, x in enumerate(pattern)], axis=0)).sum()
        for j, x in enumerate(pattern):
            joint[j, sum(pattern), x] += p
    S = X.sum(1).astype(int)
    for j in range(J):
        groups = []
        for s in range(1, J):
            n = (S == s).sum()
            right = X[S == s, j].sum()
            e = n * joint[j, s, 1] / joint[j, s].sum()
            groups.append(np.array([n - right, right, n - e, e]))

        def merge(part):
            done, held = [], None
            for g in part:
                held = g if held is None else held + g
                if min(held[2:]) >= 1:
                    done.append(held)
                    held = None
            return done + ([held] if held is not None else [])

        half = len(groups) // 2
        groups = merge(groups[:half + 1]) + merge(groups[half + 1:][::-1])[::-1]
        while len(groups) > 1 and any(min(g[2:]) < 1 for g in groups):
            i = next(i for i, g in enumerate(groups) if min(g[2:]) < 1)
            k = 1 if i == 0 else i - 1
            groups[k] = groups[k] + groups[i]
            del groups[i]
        x2 = sum(((g[:2] - g[2:]) ** 2 / g[2:]).sum() for g in groups)
        df = len(groups) - 2
        print("  (%.8f, %d, %.8f)," % (x2, df, stats.chi2.sf(x2, df)))


def eap(answers, mean, sd):
    z = np.linspace(-5, 5, 61)
    theta = mean + sd * z
    L = -z * z / 2
    for (a, b, c), score in answers:
        p = np.vstack([np.ones_like(theta), [c + (1 - c) * expit(a * (theta - one)) for one in b], np.zeros_like(theta)])
        L = L + np.log(p[score] - p[score + 1])
    w = np.exp(L - logsumexp(L))
    m = (w * theta).sum()
    print("EAP %.12f %.12f" % (m, np.sqrt((w * (theta - m) ** 2).sum())))


def lz(answers, theta):
    o = e = v = 0
    for (a, b, c), score in answers:
        p = np.concatenate([[1], reached((a, b, c), theta), [0]])
        p = p[:-1] - p[1:]
        o += np.log(p[score])
        e += (p * np.log(p)).sum()
        v += (p * np.log(p) ** 2).sum() - (p * np.log(p)).sum() ** 2
    print("lz %.12f" % ((o - e) / np.sqrt(v)))


def new_item(answers, mean, sd, a, c):
    x, w = roots_hermitenorm(7)
    w = w / w.sum()

    def density(b):
        total = -((b - mean) / sd) ** 2 / 2
        for right, theta, s in answers:
            p = (w * (c + (1 - c) * expit(a * (theta + s * x - b)))).sum()
            total += np.log(p if right else 1 - p)
        return np.exp(total)

    lo, hi = mean - 8 * sd, mean + 8 * sd
    n = integrate.quad(density, lo, hi, epsabs=0, epsrel=1e-11, limit=400)[0]
    m = integrate.quad(lambda b: b * density(b), lo, hi, epsabs=0, epsrel=1e-11, limit=400)[0] / n
    s = integrate.quad(lambda b: (b - m) ** 2 * density(b), lo, hi, epsabs=0, epsrel=1e-11, limit=400)[0] / n
    print("new item %.8f %.8f" % (m, np.sqrt(s)))


def difference(seed, shift, tilt):
    import statsmodels.api as sm
    from statsmodels.stats.contingency_tables import StratifiedTable
    dice, rows = Dice(seed), []
    for _ in range(1500):
        focal = dice.share() < 0.4
        theta = dice.ability() - (0.5 if focal else 0)
        rest = sum(dice.share() < expit(theta - (-1.5 + 0.3 * i)) for i in range(11))
        item = dice.share() < expit((1.2 - (tilt if focal else 0)) * theta - (shift if focal else 0))
        rows.append((int(rest) + int(item), int(focal), int(item)))
    rows = np.array(rows)
    tables = []
    for s in range(13):
        t = rows[rows[:, 0] == s]
        cell = np.array([[((t[:, 1] == g) & (t[:, 2] == x)).sum() for x in (1, 0)] for g in (0, 1)], float)
        if cell.sum(0).min() > 0 and cell.sum(1).min() > 0:
            tables.append(cell)
    st = StratifiedTable(tables)
    test = st.test_null_odds(correction=True)
    print("MH %.9f %.9f %.9f %.9g" % (st.oddsratio_pooled, 2.35 * st.logodds_pooled_se, test.statistic, test.pvalue))
    y, g, s = rows[:, 2], rows[:, 1].astype(float), rows[:, 0].astype(float)
    one = np.ones(len(y))
    ll = [sm.Logit(y, x).fit(disp=0, tol=1e-12, maxiter=200) for x in (
        one[:, None], np.c_[one, s], np.c_[one, s, g], np.c_[one, s, g, s * g])]
    n = len(y)
    r2 = [(1 - np.exp(2 * (ll[0].llf - f.llf) / n)) / (1 - np.exp(2 * ll[0].llf / n)) for f in ll]
    print("logistic %.9f %.9f %.9f %.9f" % (
        2 * (ll[2].llf - ll[1].llf), 2 * (ll[3].llf - ll[2].llf), r2[3] - r2[1], ll[2].params[2]))


if __name__ == "__main__":
    print("== 2PL"); two = draw(TWO, 600, 11, 0.1); fit(two, [(1, 0)] * 8)
    print("== 1PL"); fit(two, [(1, 0)] * 8, common=True)
    print("== 3PL"); fit(draw(THREE, 1500, 12), [(1, 1)] * 10, prior=(np.log(0.25), 0.5))
    print("== graded"); fit(draw(FOUR, 500, 13), [(3, 0)] * 5)
    print("== S-X2"); sx2(draw(TWO, 800, 14), TWO)
    some = [(TWO[0], 1), (TWO[5], 0), (THREE[3], 1), (FOUR[2], 2), (FOUR[4], 0), (TWO[7], 1)]
    print("== ability"); eap(some, 0, 1); eap(some, -0.7, 0.6); eap([(TWO[0], 1)] * 40, 0, 1); lz(some, 0.25)
    print("== new item")
    dice, answers = Dice(15), []
    for i in range(60):
        theta = dice.ability()
        answers.append((dice.share() < expit(1.3 * (theta - 0.8)), theta, 0.1 * (i % 5)))
    new_item(answers, -0.5, 1, 1.3, 0.0); new_item(answers, -0.5, 1, 1.3, 0.2); new_item(answers[:3], 1.5, 1, 1, 0.0)
    for seed, shift, tilt in ((16, 0.0, 0.0), (17, 0.6, 0.0), (18, 1.1, 0.0), (19, 0.0, 0.9)):
        print("== difference", shift, tilt); difference(seed, shift, tilt)
    print("== reliability")
    w = np.exp(LOGW)
    info = sum(a * a * expit(a * (Q - b[0])) * (1 - expit(a * (Q - b[0]))) for a, b, c in TWO)
    print("marginal %.12f" % (w * info / (info + 1)).sum())
