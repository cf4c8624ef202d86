"""The README beside a simulated lender's files."""

from __future__ import annotations

from equipoise.simulation.parameters import Parameters

TEXT = """# A synthetic lender

{n} applicants, seed {seed}. Made by `equipoise simulate`; nobody here exists. The same seed gives
the same applicants and the same history, and a larger number begins with those of a smaller one.
Every parameter, with its source, stands in `parameters.yaml`.

Applications arrive from {first} over {months} months; the books are looked at on {observed}.

| file | rows | holds |
|---|---|---|
| applications.parquet | one per applicant | what was known, done and seen |
| events.parquet | several per application | event log of the first {head} applications |
| performance.parquet | one per booked loan and month | every booked loan, all months |
| tape.parquet | one per booked loan and month | only by `--only tape`: as a loan system tells |
| truth.parquet | one per applicant | the known truth, **for judging only: fit nothing on it** |
| parameters.yaml | | what the lender is made of |

## applications.parquet
Money is in the lender's currency, rates are fractions a year, missing values are null.

- `application_id`, `application_date`
- Given by the applicant: `age` and `sex` (protected: audits only), `region`, `channel`,
  `employment_type`, `months_employed`, `home_ownership`, `monthly_income` (as declared, some
  overstate), `debt_payments` (a month), `dti` (their ratio), `purpose`, `amount_asked`,
  `term_asked` (months)
- From the bureau: `bureau_score` (missing for thin files), `utilisation`, `enquiries` (six
  months), `months_since_delinquency` (missing when there was none)
- Asked by the check of the income, of those who came to it: `payslip` (brought or not),
  `income_arrives` (missing where not asked)
- What was done: `tier`, `todays_apr` (today's price for the tier, quoted to the declined too),
  `todays_instalment` (at that price, for what was asked), `todays_treatment` (what today's policy
  gives), `offered_treatment` (what was given), `offered_journey`, `offered_apr`,
  `offered_amount`, `offered_term`, `offered_instalment` (missing where declined), `propensity`
  (chance of the treatment given, known in advance), `explored` (not by today's policy alone),
  `assignment` ({assignments}), `checks_acted` (false: results recorded, not acted upon, drawn at
  random for {unacted:.0%})
- What happened: `left_at_step`, `left_while_waiting`, `completed` (missing where declined),
  `wait_days` (calendar days kept waiting by staff, of those who completed), `<check>_stop` (missing
  where the check was not reached), `passed` (of those who completed), `accepted` (of those who
  passed), `booked`
- How loans went: `months_observed` (until the observation date, at most the term),
  `default_{window}m` (**missing unless the loan was watched for the whole window**: a young loan is
  neither good nor bad, even if it has defaulted), `defaulted` (by the observation date),
  `default_month` (first instalment never paid), `exposure_at_default`, `loss` (missing until
  recoveries close, {close} months after default)

## The menu
`decline`, `refer`, and journey_price_amount: journeys {journeys}; price today's {prices}; amount
{amounts} of what was asked. The fast journey is open with a bureau score and up to
{fast:,.0f} asked: `bureau_score IS NOT NULL AND amount_asked <= {fast:.0f}`. {explore:.0%} of
applications get a treatment drawn evenly from those they are eligible for, {test:.0%} today's
treatment at a price drawn evenly.

## events.parquet
`application_id`, `activity`, `lifecycle` (schedule, start, complete), `time`, `resource`,
`treatment`. A step is the applicant's part; `<step>_review` what staff do with it, in business
hours. Ends: `declined_by_policy`, `abandoned`, `stopped_by_checks`, or `offer_made` and then
`offer_accepted` or `offer_rejected`.

## performance.parquet
`application_id`, `month_on_book`, `balance` after the month, `paid`, `status` (current, default,
closed).

## truth.parquet
`kind` (ordinary, misreport, fraud), `true_monthly_income`, `log_odds` (of default within the
window, before checks, at today's price for the tier and what was asked), `lgd`, and the true
outcome of the treatment given (`given_...`). `equipoise.simulation.read_truth(folder)` answers for
any treatment.
"""


def readme(parameters: Parameters, applicants: int, seed: int) -> str:
    """Describe the files of the lender with these parameters."""
    calendar, policy, menu = parameters.calendar, parameters.policy, parameters.menu
    return TEXT.format(
        n=f"{applicants:,}",
        seed=seed,
        first=calendar.first_date,
        months=calendar.months,
        observed=calendar.observation_date,
        head=f"{min(applicants, parameters.files.events_applications):,}",
        window=parameters.default.window_months,
        close=parameters.loss.months_to_close,
        assignments="champion, explore, price_test",
        unacted=policy.checks_unacted_share,
        journeys=", ".join(menu.journeys),
        prices=", ".join(f"{shift:+.0%} ({name})" for name, shift in menu.prices.items()),
        amounts=", ".join(f"{share:.0%} ({name})" for name, share in menu.amounts.items()),
        fast=menu.fast_amount_highest,
        explore=policy.explore_share,
        test=policy.price_test_share,
    )
