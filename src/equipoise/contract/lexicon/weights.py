"""Names of sample weights, and of weights that are none."""

from __future__ import annotations

from equipoise.contract.lexicon.terms import terms

_SAMPLE = terms("""
    sample_weight sample_weights sampleweight sampling_weight samp_wt sampwt weight weights wt wgt
    wts expansion_factor exp_factor expfactor pweight pweights pwt fweight fweights iweight aweight
    obs_weight case_weight survey_weight design_weight freq_weight frequency_weight inflation_factor
    factor_expansion factor_de_expansion peso_muestral ponderador ponderacion peso_amostral
    fator_expansao fator_de_expansao poids poids_echantillon ponderation gewicht
    stichprobengewicht hochrechnungsfaktor gewichtung peso_campionario steekproefgewicht waga
    waga_proby вес веса весовои_коэффициент agirlik ornek_agirligi bobot bobot_sampel trong_so
    样本权重 权重 加权 重み ウエイト 가중치 وزن_العينة
""")
_OF_A_BODY_OR_THING = terms("""
    kg kgs lb lbs pounds kilo kilos body birth height bmi vehicle car gross net truck cargo load
    risk rwa woe evidence tare curb kerb axle gold jewel ornament grams gram collateral asset
    loan portfolio client_weight borrower applicant customer person patient 体重 黄金
""")


def sounds_like_weight(header: str) -> bool:
    """Whether the name is that of a sample weight: how many applications a row stands for."""
    return bool(_SAMPLE.within(header)) and not _OF_A_BODY_OR_THING.within(header)
