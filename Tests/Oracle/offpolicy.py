#!/usr/bin/env python3
"""What obp makes of the log that OffPolicyTests draws: the expected values there.

Usage: offpolicy.py, with obp 0.5.7 (which needs Python 3.9 and numpy 1.23)

The log comes from the same generator as in Swift (SplitMix64), so that only the results need to be written down.
"""
import numpy as np
from obp.ope import DirectMethod, DoublyRobust, InverseProbabilityWeighting, SelfNormalizedInverseProbabilityWeighting
from obp.ope.helper import estimate_bernstein_lower_bound

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


def log(rounds=400, actions=4):
    dice = Dice(2026)
    rows = []
    for _ in range(rounds):
        logging = np.array([dice.share() + 0.05 for _ in range(actions)])
        target = np.array([dice.share() ** 3 for _ in range(actions)])
        logging, target = logging / logging.sum(), target / target.sum()
        predicted = np.array([dice.share() for _ in range(actions)])
        draw, action = dice.share(), 0
        while action < actions - 1 and draw >= logging[action]:
            draw -= logging[action]
            action += 1
        reward = predicted[action] * 0.5 + dice.share() * 0.5
        rows.append((action, reward, logging[action], target, predicted))
    action, reward, propensity, target, predicted = zip(*rows)
    return dict(
        action=np.array(action), reward=np.array(reward), pscore=np.array(propensity),
        action_dist=np.array(target)[:, :, None], estimated_rewards_by_reg_model=np.array(predicted)[:, :, None])


def main():
    data = log()
    estimators = {
        "ips": InverseProbabilityWeighting(),
        "ips, clipped at 3": InverseProbabilityWeighting(lambda_=3),
        "snips": SelfNormalizedInverseProbabilityWeighting(),
        "dm": DirectMethod(),
        "dr": DoublyRobust(),
        "dr, clipped at 3": DoublyRobust(lambda_=3),
    }
    for name, estimator in estimators.items():
        print(name, repr(float(estimator.estimate_policy_value(**data))))
    chosen = np.arange(len(data["reward"])), data["action"], 0
    weights = data["action_dist"][chosen] / data["pscore"]
    print("effective size", repr(float(weights.sum() ** 2 / (weights**2).sum())))
    print("largest weight", repr(float(weights.max())))
    values = weights * data["reward"]
    print("standard error of ips", repr(float(values.std(ddof=1) / np.sqrt(len(values)))))
    # Our interval has this bound on each side, at half the error.
    print("Bernstein, low", repr(float(estimate_bernstein_lower_bound(values, x_max=60.0, delta=0.025))))


main()
