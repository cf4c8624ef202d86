"""What the service answers, as the OpenAPI document describes it, by subject. Money is in the
contract's currency, rates are fractions a year. Fields that a newer server adds are passed over."""
