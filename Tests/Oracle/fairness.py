#!/usr/bin/env python3
"""What scikit-learn, lifelines, statsmodels and numpy make of the data that FairnessTests draws.

Usage: fairness.py, with scikit-learn 1.9.1, lifelines 0.30.3, statsmodels 0.15.0 and numpy

The data come from the same generator as in Swift (SplitMix64), so that only the results need to be written down.
"""
import numpy as np
from lifelines import KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time
from sklearn.calibration import calibration_curve
from sklearn.metrics import roc_auc_score, roc_curve
from statsmodels.stats.multitest import multipletests

MASK = (1 << 64) - 1


class Dice:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        word = self.state
        word = ((word ^ word >> 30) * 0xBF58476D1CE4E5B9) & MASK
        word = ((word ^ word >> 27) * 0x94D049BB133111EB) & MASK
        return word ^ word >> 31

    def share(self):
        return (self.next() >> 11) * 2.0**-53


def answers():
    """Learner, group, prediction, right: 60 learners, the first 25 in group 0; predictions in steps, so with ties."""
    dice = Dice(2026)
    rows = []
    for _ in range(400):
        learner = int(dice.share() * 60)
        group = 0 if learner < 25 else 1
        predicted = (np.floor(dice.share() * 80) + 0.5) / 80
        chance = predicted if group == 1 else 0.3 + 0.5 * predicted
        rows.append((learner, group, predicted, dice.share() < chance))
    return [np.array(column) for column in zip(*rows)]


def runs():
    """Learner, attempts, reached, attempts after: 120 runs of 30 learners, stopped where not reached."""
    dice = Dice(7)
    rows = []
    for _ in range(120):
        learner = int(dice.share() * 30)
        attempts = int(dice.share() * 20)
        reached = dice.share() < 0.7
        rows.append((learner, attempts, reached, int(dice.share() * 6) if reached else 0))
    return [np.array(column) for column in zip(*rows)]


def clustered_variance(learner, predicted, right):
    """Obuchowski 1997, from all pairs."""
    pairs = np.where(
        predicted[right][:, None] > predicted[~right][None, :], 1.0,
        np.where(predicted[right][:, None] == predicted[~right][None, :], 0.5, 0.0))
    area, ofright, ofwrong = pairs.mean(), pairs.mean(axis=1), pairs.mean(axis=0)
    m, n = len(ofright), len(ofwrong)
    one, other, hasone, hasother = [], [], 0, 0
    for number in np.unique(learner):
        x, y = ofright[learner[right] == number], ofwrong[learner[~right] == number]
        one.append(x.sum() - len(x) * area)
        other.append(y.sum() - len(y) * area)
        hasone += len(x) > 0
        hasother += len(y) > 0
    one, other, count = np.array(one), np.array(other), len(one)
    s10 = hasone / ((hasone - 1) * m) * (one**2).sum()
    s01 = hasother / ((hasother - 1) * n) * (other**2).sum()
    s11 = count / (count - 1) * (one * other).sum()
    return s10 / m + s01 / n + 2 * s11 / (m * n)


def abroca(one, other):
    curves = [roc_curve(right, predicted, drop_intermediate=False)[:2] for predicted, right in (one, other)]
    ends = np.unique(np.concatenate([curves[0][0], curves[1][0]]))
    area = 0.0
    for low, high in zip(ends, ends[1:]):
        quarter = low + (high - low) * np.array([0.25, 0.75])
        gap = np.interp(quarter, *curves[0]) - np.interp(quarter, *curves[1])
        slope = (gap[1] - gap[0]) / 0.5
        start, end = gap[0] - slope * 0.25, gap[1] + slope * 0.25
        if start * end >= 0:
            area += (high - low) * (abs(start) + abs(end)) / 2
        else:
            root = start / (start - end)
            area += (high - low) * (abs(start) * root + abs(end) * (1 - root)) / 2
    return area


def main():
    learner, group, predicted, right = answers()
    for number in (0, 1):
        mine = group == number
        p, r = predicted[mine], right[mine]
        print("group", number, "learners", len(np.unique(learner[mine])), "answers", mine.sum(), "right", r.sum())
        print("  auc", repr(float(roc_auc_score(r, p))))
        print("  variance by learner", repr(float(clustered_variance(learner[mine], p, r))))
        print("  variance by answer (DeLong)", repr(float(clustered_variance(np.arange(len(p)), p, r))))
        shares, means = calibration_curve(r, p, n_bins=10)
        places = np.minimum(9, (p * 10).astype(int))
        counts = np.bincount(places, minlength=10)
        print("  ece", repr(float((np.abs(shares - means) * counts[counts > 0]).sum() / len(p))))
        print("  gap", repr(float((r - p).mean())), "first bin", counts[0], repr(float(means[0])), repr(float(shares[0])))
    ofone, ofother = [(predicted[group == number], right[group == number]) for number in (0, 1)]
    print("abroca", repr(float(abroca(ofone, ofother))))
    print("holm", [repr(float(value)) for value in multipletests([0.01, 0.04, 0.03, 0.005], method="holm")[1]])
    learner, attempts, reached, after = runs()
    curve = KaplanMeierFitter().fit(attempts, reached)
    print("runs: reached", reached.sum(), "median", curve.median_survival_time_)
    print("  restricted mean to 15", repr(float(restricted_mean_survival_time(curve, t=15))))
    whole = (attempts + after)[reached].sum()
    print("  attempts of reached", whole, "over", repr(float(after[reached].sum() / whole)))
    print("  under", repr(float(1 - reached.mean())))


main()
